import { readFile } from 'node:fs/promises';
import type { Metafile, Plugin } from 'esbuild';

const schemaModule = /[\\/]@aws-sdk[\\/].*[\\/]schemas[\\/]schemas_\d+\.js$/;
const clientModule = /(?:^|\/)(@aws-sdk\/client-[^/]+)\//;
const stringConstant = /^const ([\w$]+) = ("(?:[^"\\]|\\.)*");$/gm;
const computedKey = /([{,]\s*)\[([\w$]+)\](?=\s*:)/g;

/**
 * Replaces, in the source of one generated schema module of the AWS SDK, each computed key `[_name]:` by the string constant it stands for.
 *
 * The SDK's schema objects are keyed by constants of their own module. esbuild cannot prove a computed key free of side effects and keeps
 * every schema of the service; with plain string keys it drops those that no imported command uses. The value of the module is the same.
 *
 * @throws Error if no computed key is found, or one that is no string constant of the module: the SDK's generator has changed, and the
 * bundle would silently grow or change.
 */
export function inlineSchemaKeys(source: string, path: string): string {
  const constants = new Map([...source.matchAll(stringConstant)].map(([, name, value]) => [name, value]));
  let replaced = 0;
  const inlined = source.replaceAll(computedKey, (_match, before: string, name: string) => {
    const value = constants.get(name);
    if (value === undefined) {
      throw new Error(
        `Cannot inline the schema keys of "${path}": the key "[${name}]" is not a string constant of the module`,
      );
    }
    replaced += 1;
    return `${before}${value}`;
  });
  if (replaced === 0) {
    throw new Error(
      `Cannot inline the schema keys of "${path}": it has no computed key that is a constant: found ${constants.size} constants`,
    );
  }
  return inlined;
}

/**
 * The esbuild plugin around `inlineSchemaKeys()`. Needs `metafile: true`: the build fails if an AWS SDK client is in the bundle whose schema
 * module was never seen, as when a later SDK keeps its schemas elsewhere.
 */
export const inlineSchemaKeysPlugin: Plugin = {
  name: 'inline-schema-keys',
  setup(build) {
    const inlined = new Set<string>();
    build.onLoad({ filter: schemaModule }, async ({ path }) => {
      const contents = inlineSchemaKeys(await readFile(path, 'utf8'), path);
      const client = clientOf(path);
      if (client !== undefined) {
        inlined.add(client);
      }
      return { contents, loader: 'js' };
    });
    build.onEnd(({ metafile }) => ({
      errors: clientsOf(metafile)
        .filter((client) => !inlined.has(client))
        .map((client) => ({
          text: `Cannot inline the schema keys of "${client}": no file of it matches ${schemaModule.source}`,
        })),
    }));
  },
};

function clientsOf(metafile: Metafile | undefined): readonly string[] {
  const clients = Object.keys(metafile?.inputs ?? {}).map(clientOf);
  return [...new Set(clients)].filter((client) => client !== undefined).sort();
}

function clientOf(path: string): string | undefined {
  return clientModule.exec(path.replaceAll('\\', '/'))?.[1];
}
