import { spawn } from 'node:child_process';

/** Runs the project's CDK command line, and gives back what it printed. An error holds the end of that. */
export async function cdk(
  parameters: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  // Not of our process group: who interrupts a run must not cut a deployment off half way.
  const child = spawn('npx', ['--no-install', 'cdk', ...parameters, '--no-color'], {
    detached: true,
    env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: 'true', CI: 'true', ...environment },
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
  });
  if (code !== 0) {
    throw new Error(`Cannot run "cdk ${parameters.join(' ')}": it ended with ${code}: ${output.slice(-3000)}`);
  }
  return output;
}
