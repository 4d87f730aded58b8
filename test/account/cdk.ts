import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** All that a program finds in its environment, credentials and endpoints among it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Runs the project's CDK command line, with a cloud assembly of its own, and gives back what it printed. An error holds the end of that. */
export async function cdk(parameters: readonly string[], environment: Environment): Promise<string> {
  const assembly = mkdtempSync(join(tmpdir(), 'asg-srv-assembly-'));
  // Not of our process group: who interrupts a run must not cut a deployment off half way.
  const child = spawn('npx', ['--no-install', 'cdk', ...parameters, '--output', assembly, '--no-color'], {
    detached: true,
    env: { ...environment, CDK_DISABLE_CLI_TELEMETRY: 'true', CI: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  }).finally(() => rmSync(assembly, { recursive: true }));
  if (code !== 0) {
    throw new Error(`Cannot run "cdk ${parameters.join(' ')}": it ended with ${code}: ${output.slice(-3000)}`);
  }
  return output;
}
