import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** One row of the table "Who may import whom": files, and what they may name in an import. The first row that fits a file counts. */
interface Rule {
  readonly files: RegExp;
  readonly may: readonly RegExp[];
  /** May be imported as a type only. */
  readonly mayType?: readonly RegExp[];
  /** Must not occur in the text. */
  readonly never?: readonly RegExp[];
}

const libraries = /^(?!\.)/;

/** An import that no one can follow by reading. */
const importOfWhatever = /\bimport\((?!['"])/;

const rules: readonly Rule[] = [
  {
    files: /^lambda\/reconcile\//,
    may: [/^lambda\/reconcile\//],
    never: [
      /\bDate\b(?!\.parse\b)/,
      /\bMath\.random\b/,
      /\bprocess\b/,
      /\bconsole\b/,
      /\b[lL]ogger\b/,
      /\bglobalThis\b/,
      /\bperformance\b/,
      /\bcrypto\b/,
      /\bfetch\b/,
      /\bset(Timeout|Interval|Immediate)\b/,
      importOfWhatever,
    ],
  },
  {
    files: /^lambda\/aws\//,
    may: [/^lambda\/aws\//, /^lambda\/reconcile\/model\.ts$/, /^lambda\/ports\.ts$/, /^@aws-sdk\//],
  },
  {
    files: /^lambda\/handler\.ts$/,
    may: [/^lambda\//, /^@aws-sdk\//, /^@aws-lambda-powertools\//],
    mayType: [/^aws-lambda$/],
  },
  {
    files: /^lambda\/telemetry\.ts$/,
    may: [/^lambda\/reconcile\//, /^lambda\/[a-zA-Z]+\.ts$/, /^@aws-lambda-powertools\//],
  },
  {
    files: /^lambda\//,
    may: [/^lambda\/reconcile\//, /^lambda\/(?!handler|telemetry|settings)[a-zA-Z]+\.ts$/],
    never: [/\bprocess\b/, importOfWhatever],
  },
  {
    files: /^(lib\/|bin\/)/,
    may: [/^lib\//, /^node:/, /^aws-cdk-lib(\/|$)/, /^constructs$/, /^cdk-nag$/, /^zod(\/|$)/, /^esbuild$/],
    mayType: [/^lambda\/settings\.ts$/],
  },
  {
    files: /^sim\//,
    may: [
      /^sim\//,
      /^node:/,
      /^@aws-sdk\//,
      /^(cli-progress|fast-check|fast-xml-parser|zod)$/,
      /^lambda\/(ports|pass|observe|apply|batch)\.ts$/,
      /^lambda\/reconcile\/model\.ts$/,
    ],
    mayType: [/^aws-lambda$/, libraries],
  },
  { files: /^(test\/|vitest\.(witnesses\.)?config\.ts$)/, may: [/./] },
];

/** What a file imports against the rules, a sentence each. */
function violations(file: string, source: string): readonly string[] {
  const rule = rules.find(({ files }) => files.test(file));
  if (rule === undefined) {
    return [`${file}: no rule says what it may import`];
  }
  const imports = [
    ...source.matchAll(/^\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm),
    ...source.matchAll(/\b(?:import|require)\(()['"]([^'"]+)['"]\)/g),
  ];
  const bad = imports.flatMap(([, isType = '', name = '']) => {
    const target = name.startsWith('.') ? join(file, '..', name) : name;
    const allowed = [...rule.may, ...(isType === '' ? [] : (rule.mayType ?? []))].some((pattern) =>
      pattern.test(target),
    );
    return allowed ? [] : [`${file} must not import ${target}`];
  });
  const code = source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
  const words = (rule.never ?? []).flatMap((pattern) => {
    const found = pattern.exec(code)?.[0];
    return found === undefined ? [] : [`${file} must not contain ${found}`];
  });
  return [...bad, ...words];
}

/** Every source file that git knows or does not ignore, in whatever folder and of whatever flavour. */
function sourceFiles(folder: string): readonly string[] {
  const listing = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return listing.split('\n').filter((file) => /\.[cm]?[jt]sx?$/.test(file) && existsSync(join(folder, file)));
}

test('no file imports what its folder must not', () => {
  const files = sourceFiles('.');
  expect(files.length).toBeGreaterThan(100);
  expect(files.flatMap((file) => violations(file, readFileSync(file, 'utf8')))).toEqual([]);
});

test('a file in a folder that no rule knows is found', () => {
  const folder = mkdtempSync(join(tmpdir(), 'asg-srv-imports-'));
  try {
    execFileSync('git', ['init', '--quiet'], { cwd: folder });
    mkdirSync(join(folder, 'scripts'));
    writeFileSync(join(folder, 'scripts', 'new.mts'), '');
    expect(sourceFiles(folder).flatMap((file) => violations(file, ''))).toEqual([
      'scripts/new.mts: no rule says what it may import',
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([
  [
    'lambda/reconcile/plan.ts',
    "import { EC2Client } from '@aws-sdk/client-ec2';",
    'lambda/reconcile/plan.ts must not import @aws-sdk/client-ec2',
  ],
  [
    'lambda/reconcile/plan.ts',
    "import { join } from 'node:path';",
    'lambda/reconcile/plan.ts must not import node:path',
  ],
  [
    'lambda/reconcile/plan.ts',
    "import type { Ports } from '../ports.ts';",
    'lambda/reconcile/plan.ts must not import lambda/ports.ts',
  ],
  ['lambda/reconcile/plan.ts', 'const now = Date.now();', 'lambda/reconcile/plan.ts must not contain Date'],
  ['lambda/reconcile/plan.ts', 'const dice = Math.random();', 'lambda/reconcile/plan.ts must not contain Math.random'],
  ['lambda/reconcile/plan.ts', 'const zone = process.env;', 'lambda/reconcile/plan.ts must not contain process'],
  ['lambda/reconcile/plan.ts', "console.log('x');", 'lambda/reconcile/plan.ts must not contain console'],
  [
    'lambda/aws/groups.ts',
    "import { plan } from '../reconcile/plan.ts';",
    'lambda/aws/groups.ts must not import lambda/reconcile/plan.ts',
  ],
  [
    'lambda/pass.ts',
    "import { createGroups } from './aws/groups.ts';",
    'lambda/pass.ts must not import lambda/aws/groups.ts',
  ],
  ['lambda/pass.ts', "import {\n  World,\n} from '../sim/world.ts';", 'lambda/pass.ts must not import sim/world.ts'],
  ['lambda/handler.ts', "import { Stack } from 'aws-cdk-lib';", 'lambda/handler.ts must not import aws-cdk-lib'],
  [
    'lib/asgSrvSync.ts',
    "import { handler } from '../lambda/handler.ts';",
    'lib/asgSrvSync.ts must not import lambda/handler.ts',
  ],
  [
    'lib/asgSrvSync.ts',
    "import { Settings } from '../lambda/settings.ts';",
    'lib/asgSrvSync.ts must not import lambda/settings.ts',
  ],
  ['sim/world.ts', "export { given } from '../test/given.ts';", 'sim/world.ts must not import test/given.ts'],
  [
    'sim/world.ts',
    "const lib = await import('../lib/asgSrvStack.ts');",
    'sim/world.ts must not import lib/asgSrvStack.ts',
  ],
  ['lambda/reconcile/plan.ts', 'const { env } = process;', 'lambda/reconcile/plan.ts must not contain process'],
  ['lambda/reconcile/plan.ts', 'const now = new Date();', 'lambda/reconcile/plan.ts must not contain Date'],
  ['lambda/reconcile/plan.ts', 'performance.now();', 'lambda/reconcile/plan.ts must not contain performance'],
  ['lambda/pass.ts', 'await import(name);', 'lambda/pass.ts must not contain import('],
  ['scripts/new.ts', '', 'scripts/new.ts: no rule says what it may import'],
])('a planted forbidden import is found and named: %s, %s', (file, source, sentence) => {
  expect(violations(file, source)).toEqual([sentence]);
});
