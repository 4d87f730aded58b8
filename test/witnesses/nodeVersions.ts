import { execFileSync } from 'node:child_process';
import type { Emulator } from './emulator.ts';

/** Major versions of Node.js that an emulator's functions run on, such as `v24`: one for each running function, each once. */
export function nodeVersions({ processId }: Emulator): readonly string[] {
  const processes = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(processId)], { encoding: 'utf8' });
  const functions = [...processes.matchAll(/^ *(\d+) node/gmu)].map(([, child]) => `/proc/${child}/exe`);
  const versions = functions.map((program) => execFileSync(program, ['--version'], { encoding: 'utf8' }));
  return [...new Set(versions.map((version) => version.split('.')[0] ?? ''))];
}
