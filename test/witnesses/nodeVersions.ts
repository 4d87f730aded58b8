import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Emulator } from './emulator.ts';

/** Major versions of Node.js that an emulator's functions run on, such as `v24`: one for each running function, each once. */
export function nodeVersions({ processId }: Emulator): readonly string[] {
  // https://docs.kernel.org/filesystems/proc.html: each thread's file names the processes that it started.
  const children = readdirSync(`/proc/${processId}/task`).flatMap((thread) =>
    readFileSync(`/proc/${processId}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
  );
  const programs = new Set(
    children.map((child) => readlinkSync(`/proc/${child}/exe`)).filter((path) => path.endsWith('/node')),
  );
  const versions = [...programs].map((path) => execFileSync(path, ['--version'], { encoding: 'utf8' }));
  return [...new Set(versions.map((version) => version.split('.')[0] ?? ''))];
}
