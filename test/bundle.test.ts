import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { bundleFunction } from '../lib/bundle/bundleFunction.ts';
import { inlineSchemaKeys } from '../lib/bundle/inlineSchemaKeys.ts';

const nodeModules = join(import.meta.dirname, '..', 'node_modules');
const folder = mkdtempSync(join(tmpdir(), 'asg-srv-bundle-'));
const exported = z.object({ handler: z.function({ input: [], output: z.unknown() }) });

/** A folder with an entry point of that source, and the packages that it may import. */
function given(name: string, source: string): { readonly entryPoint: string; readonly outputFolder: string } {
  const home = join(folder, name);
  mkdirSync(home);
  symlinkSync(nodeModules, join(home, 'node_modules'));
  writeFileSync(join(home, 'handler.ts'), source);
  return { entryPoint: join(home, 'handler.ts'), outputFolder: join(home, 'out') };
}

function contents(outputFolder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readdirSync(outputFolder).map((name) => [name, readFileSync(join(outputFolder, name), 'utf8')]),
  );
}

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('bundleFunction()', () => {
  const source = `
    import { EC2Client, paginateDescribeInstances } from '@aws-sdk/client-ec2';
    const answer: { readonly status: number; readonly body: string } = {
      status: 200,
      body: '<DescribeInstancesResponse><reservationSet><item><instancesSet><item><instanceId>i-1</instanceId>' +
        '<tagSet><item><key>srv_weight</key><value>5</value></item></tagSet></item></instancesSet></item></reservationSet></DescribeInstancesResponse>',
    };
    export async function handler() {
      const client = new EC2Client({
        region: 'eu-west-1',
        credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
        requestHandler: {
          metadata: { handlerProtocol: 'http/1.1' },
          handle: async () => ({ response: { statusCode: answer.status, headers: {}, body: new TextEncoder().encode(answer.body) } }),
        },
      });
      const pages = await Array.fromAsync(paginateDescribeInstances({ client }, {}));
      return pages.flatMap((page) => page.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []);
    }`;
  const bundle = given('client', source);

  beforeAll(async () => {
    mkdirSync(bundle.outputFolder);
    writeFileSync(join(bundle.outputFolder, 'stranger.js'), '');
    await bundleFunction(bundle);
  });

  test('writes one module and its source map, and leaves nothing else in the folder', () => {
    expect(Object.keys(contents(bundle.outputFolder)).sort()).toEqual(['handler.mjs', 'handler.mjs.map']);
    expect(readdirSync(join(folder, 'client')).sort()).toEqual(['handler.ts', 'node_modules', 'out']);
  });

  test('writes a module whose AWS SDK still reads what AWS answers', async () => {
    const { handler } = exported.parse(await import(pathToFileURL(join(bundle.outputFolder, 'handler.mjs')).href));
    expect(await handler()).toEqual([{ InstanceId: 'i-1', Tags: [{ Key: 'srv_weight', Value: '5' }] }]);
  });

  test('drops the schemas of commands that nobody imports', () => {
    const module = contents(bundle.outputFolder)['handler.mjs'];
    expect(module).toContain('DescribeInstancesRequest');
    expect(module).not.toContain('CreateVpnGateway');
  });

  test('writes the same bytes for the same sources', async () => {
    const before = contents(bundle.outputFolder);
    await bundleFunction(bundle);
    expect(contents(bundle.outputFolder)).toEqual(before);
  });

  test('fails when it finds no schemas in a client of the AWS SDK', async () => {
    const { entryPoint, outputFolder } = given('moved', `export { answer as handler } from '@aws-sdk/client-moved';`);
    const home = join(folder, 'moved');
    rmSync(join(home, 'node_modules'));
    mkdirSync(join(home, 'node_modules', '@aws-sdk', 'client-moved'), { recursive: true });
    writeFileSync(join(home, 'node_modules', '@aws-sdk', 'client-moved', 'index.js'), 'exports.answer = () => 42;');
    await expect(bundleFunction({ entryPoint, outputFolder })).rejects.toThrow(
      'Cannot inline the schema keys of "@aws-sdk/client-moved": no file of it matches',
    );
  });
});

describe('inlineSchemaKeys()', () => {
  test('replaces computed keys by the constants they stand for, and nothing else', () => {
    const source =
      'const _a = "alpha";\nconst _b = "b\\"eta";\nexport var X = [3, _a, { [_a]: 1, [_b] : [_a] }, [[_a]]];\n';
    expect(inlineSchemaKeys(source, 'x.js')).toBe(
      'const _a = "alpha";\nconst _b = "b\\"eta";\nexport var X = [3, _a, { "alpha": 1, "b\\"eta" : [_a] }, [[_a]]];\n',
    );
  });

  test.each([
    ['const _a = "alpha";\nexport var X = [3, _a];', 'it has no computed key that is a constant: found 1 constants'],
    ['export var X = { [_a]: 1 };', 'the key "[_a]" is not a string constant of the module'],
    ['let _a = "alpha";\nexport var X = { [_a]: 1 };', 'the key "[_a]" is not a string constant of the module'],
  ])('refuses a module that it does not recognise: %j', (source, reason) => {
    expect(() => inlineSchemaKeys(source, 'x.js')).toThrow(`Cannot inline the schema keys of "x.js": ${reason}`);
  });
});
