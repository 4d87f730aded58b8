import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Before the tests: bundles the function and synthesizes the repository's own stack, which the end-to-end tests then run. */
export function setup(): void {
  const command = join('node_modules', '.bin', 'cdk');
  execFileSync(process.execPath, [command, 'synth', '--quiet'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, CI: 'true' },
  });
}
