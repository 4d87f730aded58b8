import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';

const repository = join(import.meta.dirname, '..', '..');

/** Puts a copy of `lambda/` into a folder, with a patch applied. */
export function putPatchedLambda(patch: string, folder: string): void {
  cpSync(join(repository, 'lambda'), join(folder, 'lambda'), { recursive: true });
  try {
    execFileSync('git', ['apply', '--whitespace=nowarn', patch], {
      cwd: folder,
      encoding: 'utf8',
      stdio: 'pipe',
      // Below a repository, git takes the paths of a "diff --git" from its root, leaves out what lies elsewhere, and calls that a success.
      env: { ...process.env, GIT_CEILING_DIRECTORIES: join(folder, '..') },
    });
  } catch (cause) {
    throw new Error(`Cannot load variant "${patch}": its patch must apply to lambda/: git says otherwise`, { cause });
  }
}
