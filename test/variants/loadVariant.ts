import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { z } from 'zod';
import { type PropertyName, propertyNames } from '../../sim/properties/propertyName.ts';
import type { HandleBatch } from '../../sim/scenario/handleBatch.ts';
import { putPatchedLambda } from './patchedLambda.ts';

/** The sync with one known fault, planted by a patch that is never shipped. */
export interface Variant {
  readonly name: string;
  /** The properties that may catch it. */
  readonly caughtBy: readonly PropertyName[];
  readonly handleBatch: HandleBatch;
}

const suffix = '.patch';

const variantModule = z.object({
  handleBatch: z.custom<HandleBatch>((value) => typeof value === 'function', 'must be a function'),
});

/** Every variant that a folder has a patch for. */
export function variantNames(folder = import.meta.dirname): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(suffix))
    .map((file) => file.slice(0, -suffix.length))
    .toSorted();
}

/** The patch of a variant in a folder of them. */
export function patchOf(name: string, folder = import.meta.dirname): string {
  return join(folder, `${name}${suffix}`);
}

/** Patches a copy of `lambda/`, bundles what handles a batch of messages, and imports that; nothing stays on disk. */
export async function loadVariant(name: string, from = import.meta.dirname): Promise<Variant> {
  if (!variantNames(from).includes(name)) {
    throw new Error(`Cannot load variant "${name}": must be one of ${variantNames(from).join(', ')}`);
  }
  const patch = patchOf(name, from);
  const caughtBy = readCaughtBy(patch);
  const folder = mkdtempSync(join(tmpdir(), `asg-srv-${name}-`));
  try {
    putPatchedLambda(patch, folder);
    const { outputFiles } = await build({
      absWorkingDir: folder,
      entryPoints: [join('lambda', 'batch.ts')],
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'esm',
      write: false,
      // The copy lies outside the repository, whose settings say nothing that the bundle needs.
      tsconfigRaw: {},
      logLevel: 'silent',
    });
    // The name makes the module's address its own, and stands in its stack traces.
    const text = `${outputFiles[0]?.text ?? ''}\n//# sourceURL=${name}`;
    const loaded: unknown = await import(`data:text/javascript;base64,${Buffer.from(text).toString('base64')}`);
    return { name, caughtBy, handleBatch: variantModule.parse(loaded).handleBatch };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The line `Caught by: <PropertyName>, …` before the patch's first file. */
function readCaughtBy(patch: string): readonly PropertyName[] {
  const [preamble = ''] = readFileSync(patch, 'utf8').split('\n--- ');
  const named = /^Caught by: (.+)$/m.exec(preamble)?.[1]?.split(', ') ?? [];
  const known = z.array(z.enum(propertyNames)).nonempty().safeParse(named);
  if (!known.success) {
    throw new Error(
      `Cannot load variant "${patch}": its patch must say "Caught by:" and which properties: found "${named.join(', ')}"`,
    );
  }
  return known.data;
}
