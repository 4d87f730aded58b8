import { z } from 'zod';
import { askWitness } from './askWitness.ts';

const findingSchema = z.object({ issue: z.string(), detail: z.unknown() });

/**
 * What parliament finds in the policy of an identity, the checks of its community included: one text for each finding. A policy of a resource
 * is not for it.
 *
 * @see https://github.com/duo-labs/parliament
 */
export function lintPolicy(document: unknown): readonly string[] {
  const { exitCode, output, complaint } = askWitness('parliament', [
    '--json',
    '--include-community-auditors',
    '--minimum_severity',
    'INFO',
    '--string',
    JSON.stringify(document),
  ]);
  const findings = output.split('\n').filter((line) => line !== '');
  // It ends with 1 where it found something, and also where it broke: https://docs.python.org/3/library/sys.html#sys.exit
  if (exitCode > 1 || (exitCode === 1) !== findings.length > 0) {
    throw new Error(`Cannot ask the witness "parliament": must judge the policy: found ${exitCode}: ${complaint}`);
  }
  return findings.map((line) => {
    const { issue, detail } = findingSchema.parse(JSON.parse(line));
    return `${issue}: ${typeof detail === 'string' ? detail : JSON.stringify(detail)}`;
  });
}
