import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build, type OutputFile } from 'esbuild';
import { inlineSchemaKeysPlugin } from './inlineSchemaKeys.ts';

const repository = join(import.meta.dirname, '..', '..');

/** What to bundle, and where to put it. */
export interface BundleOptions {
  /** The module that exports `handler`. @default `lambda/handler.ts` of this repository */
  readonly entryPoint?: string;
  /** The folder to write, which holds nothing else afterwards. @default `dist/function` of this repository */
  readonly outputFolder?: string;
}

/** One file of the bundle. */
export interface BundledFile {
  readonly name: string;
  readonly bytes: number;
}

/**
 * Bundles the function: one minified ES module `handler.mjs` for the `nodejs24.x` runtime, the AWS SDK included, with its source map. The same
 * sources give the same bytes, so that the CDK asset keeps its hash.
 *
 * Files are moved into place one by one and never changed in place, so that a synthesis that reads the folder meanwhile sees whole files.
 */
export async function bundleFunction(options: BundleOptions = {}): Promise<readonly BundledFile[]> {
  const outputFolder = options.outputFolder ?? join(repository, 'dist', 'function');
  const { outputFiles } = await build({
    absWorkingDir: repository,
    entryPoints: [options.entryPoint ?? join(repository, 'lambda', 'handler.ts')],
    outfile: join(outputFolder, 'handler.mjs'),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // The SDK's `main` is CommonJS, which cannot be shaken; `module` makes the bundle a quarter of the size.
    mainFields: ['module', 'main'],
    minify: true,
    // Stack traces need names and positions only; the sources would be most of what Lambda downloads.
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    metafile: true,
    write: false,
    plugins: [inlineSchemaKeysPlugin],
  });
  put(outputFiles, outputFolder);
  return outputFiles.map(({ path, contents }) => ({ name: basename(path), bytes: contents.byteLength }));
}

function put(files: readonly OutputFile[], folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const { path, contents } of files) {
    const temporary = `${folder}.${basename(path)}.${process.pid}`;
    writeFileSync(temporary, contents);
    renameSync(temporary, path);
  }
  const kept = new Set(files.map(({ path }) => basename(path)));
  for (const stranger of readdirSync(folder).filter((name) => !kept.has(name))) {
    rmSync(join(folder, stranger), { recursive: true });
  }
}
