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

/** Every variant there is a patch for. */
export function variantNames(): readonly string[] {
  return readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith(suffix))
    .map((file) => file.slice(0, -suffix.length))
    .toSorted();
}

/** Patches a copy of `lambda/`, bundles what handles a batch of messages, and imports that; nothing stays on disk. */
export async function loadVariant(name: string): Promise<Variant> {
  if (!variantNames().includes(name)) {
    throw new Error(`Cannot load variant "${name}": must be one of ${variantNames().join(', ')}`);
  }
  const caughtBy = readCaughtBy(name);
  const folder = mkdtempSync(join(tmpdir(), `asg-srv-${name}-`));
  try {
    putPatchedLambda(name, folder);
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
function readCaughtBy(name: string): readonly PropertyName[] {
  const [preamble = ''] = readFileSync(join(import.meta.dirname, `${name}${suffix}`), 'utf8').split('\n--- ');
  const named = /^Caught by: (.+)$/m.exec(preamble)?.[1]?.split(', ') ?? [];
  const known = z.array(z.enum(propertyNames)).nonempty().safeParse(named);
  if (!known.success) {
    throw new Error(
      `Cannot load variant "${name}": its patch must say "Caught by:" and which properties: found "${named.join(', ')}"`,
    );
  }
  return known.data;
}
