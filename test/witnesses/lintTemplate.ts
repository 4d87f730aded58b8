import { z } from 'zod';
import { askWitness } from './askWitness.ts';

/** One thing that a linter has to say. */
export interface Finding {
  /** The linter's name of the rule. */
  readonly rule: string;
  /** The logical id of the resource. */
  readonly resource: string;
  readonly text: string;
}

const findingsSchema = z.array(
  z.object({
    Message: z.string(),
    Rule: z.object({ Id: z.string() }),
    Location: z.object({ Path: z.array(z.union([z.string(), z.number()])).nullable() }),
  }),
);

/**
 * What cfn-lint finds in a template, in every Region that it knows, hints included.
 *
 * @see https://github.com/aws-cloudformation/cfn-lint
 */
export function lintTemplate(path: string): readonly Finding[] {
  const { output, complaint } = askWitness('cfn-lint', [
    '--format',
    'json',
    '--include-checks',
    'I',
    '--include-experimental',
    '--regions',
    'ALL_REGIONS',
    '--',
    path,
  ]);
  if (!output.startsWith('[')) {
    throw new Error(`Cannot ask the witness "cfn-lint": must answer with a list: found "${output}": ${complaint}`);
  }
  return findingsSchema.parse(JSON.parse(output)).map(({ Message, Rule, Location }) => ({
    rule: Rule.Id,
    resource: String(Location.Path?.[0] === 'Resources' ? Location.Path[1] : Location.Path?.join('/')),
    text: Message,
  }));
}
