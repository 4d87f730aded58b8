import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Json, parseJson } from './json.ts';

/** One stack of a cloud assembly, as `cdk synth` left it. */
export interface StackAssembly {
  readonly stackName: string;
  readonly template: Json;
  /** The folder behind each object key that the template may name as a function's code. */
  readonly assetFolders: ReadonlyMap<string, string>;
}

const manifestSchema = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      properties: z
        .object({ templateFile: z.string().optional(), file: z.string().optional(), stackName: z.string().optional() })
        .optional(),
      dependencies: z.array(z.string()).default([]),
    }),
  ),
});

const assetsSchema = z.object({
  files: z
    .record(
      z.string(),
      z.object({
        source: z.object({ path: z.string(), packaging: z.string() }),
        destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
      }),
    )
    .default({}),
});

/**
 * Reads a stack of a cloud assembly: the one named, or the only one. Throws an `Error` where there is no such stack.
 * The layout is that of `cdk.out`: https://github.com/aws/aws-cdk/tree/main/packages/aws-cdk-lib/cloud-assembly-schema
 */
export function readAssembly(assemblyPath: string, stackName?: string): StackAssembly {
  const read = (file: string): Json => parseJson(readFileSync(join(assemblyPath, file), 'utf8'));
  const { artifacts } = manifestSchema.parse(read('manifest.json'));
  const stacks = Object.entries(artifacts).flatMap(([id, { type, properties, dependencies }]) =>
    type === 'aws:cloudformation:stack' && properties?.templateFile !== undefined
      ? [{ name: properties.stackName ?? id, templateFile: properties.templateFile, dependencies }]
      : [],
  );
  const chosen = stacks.filter(({ name }) => stackName === undefined || name === stackName);
  const [stack] = chosen;
  if (stack === undefined || chosen.length > 1) {
    const found = stacks.map(({ name }) => `"${name}"`).join(', ');
    throw new Error(
      `Cannot choose a stack of "${assemblyPath}": ${stackName === undefined ? 'exactly one is needed' : `none is named "${stackName}"`}: found ${found === '' ? 'none' : found}`,
    );
  }
  const assetFolders = new Map<string, string>();
  for (const dependency of stack.dependencies) {
    const artifact = artifacts[dependency];
    if (artifact?.type === 'cdk:asset-manifest' && artifact.properties?.file !== undefined) {
      for (const { source, destinations } of Object.values(assetsSchema.parse(read(artifact.properties.file)).files)) {
        for (const { objectKey } of Object.values(destinations)) {
          if (source.packaging === 'zip') {
            assetFolders.set(objectKey, join(assemblyPath, source.path));
          }
        }
      }
    }
  }
  return { stackName: stack.name, template: read(stack.templateFile), assetFolders };
}
