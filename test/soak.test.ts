import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faultClasses } from '../sim/scenario/faultClass.ts';
import { chunks } from '../sim/soak/chunks.ts';
import { durationText } from '../sim/soak/durationText.ts';
import { markdownTable } from '../sim/soak/markdownTable.ts';
import { pace } from '../sim/soak/pace.ts';
import { progressLines } from '../sim/soak/progress.ts';
import { findingsMax } from '../sim/soak/runSoak.ts';
import { coverageSeedsMin } from '../sim/soak/shortfalls.ts';
import { readSoakArguments } from '../sim/soak/soakArguments.ts';
import { soakCommand } from '../sim/soak/soakCommand.ts';
import { emptyTally, sum, tallyOf, tallyOfFailure } from '../sim/soak/tally.ts';
import { testCase } from '../sim/soak/testCase.ts';
import {
  brokenFrom,
  brokenSeeds,
  calmFrom,
  deadlySeed,
  simulatorDouble,
  throwingSeed,
  verdictOf,
} from './simulatorDouble.ts';

const folder = mkdtempSync(join(tmpdir(), 'asg-srv-soak-'));
const report = join(folder, 'report.md');
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the command on the double, and keeps what it prints. */
async function soaked(
  argv: readonly string[],
  interrupted = false,
): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const interruption = new AbortController();
  if (interrupted) {
    interruption.abort();
  }
  const code = await soakCommand(argv.includes('--seed') ? argv : [...argv, '--report', report], {
    simulator: simulatorDouble,
    workerModule: new URL('./soakWorkerDouble.ts', import.meta.url),
    write: (text) => {
      out += text;
    },
    writeError: (text) => {
      err += text;
    },
    progress: () => ({ advance: () => undefined, stop: () => undefined }),
    cores: 2,
    commit: '0123456789ab',
    nodeVersion: 'v24.0.0',
    now: () => new Date(0),
    signal: interruption.signal,
  });
  return { code, out, err };
}

describe('readSoakArguments()', () => {
  test('takes defaults for what is not given', () => {
    expect(readSoakArguments([], 4)).toEqual({
      kind: 'soak',
      from: 1,
      seeds: 2000,
      workers: 4,
      report: 'soak-report.md',
    });
  });

  test('takes what is given', () => {
    const argv = ['--seeds', '200000', '--from', '7', '--workers', '3', '--report', 'x.md'];
    expect(readSoakArguments(argv, 4)).toEqual({ kind: 'soak', from: 7, seeds: 200_000, workers: 3, report: 'x.md' });
    expect(readSoakArguments(['--seed', '17'], 4)).toEqual({ kind: 'replay', seed: 17 });
  });

  test.each([
    [['--seeds', '0'], 'Cannot read option "--seeds": must be a whole number from 1 to 2147483647: found "0"'],
    [['--seeds', '1e3'], 'Cannot read option "--seeds": must be a whole number from 1 to 2147483647: found "1e3"'],
    [
      ['--from', '2147483647', '--seeds', '2'],
      'Cannot read option "--seeds": must be a whole number from 1 to 1: found "2"',
    ],
    [['--workers', '257'], 'Cannot read option "--workers": must be a whole number from 1 to 256: found "257"'],
    [['--seed', ''], 'Cannot read option "--seed": must be a whole number from 0 to 2147483647: found ""'],
    [['--seed', '1', '--from', '2'], 'Cannot read the options: "--seed" must stand alone: found "--from"'],
    [['--report', 'x.html'], 'Cannot read option "--report": must be a Markdown file, ending in ".md": found "x.html"'],
    [['--sed', '1'], "Unknown option '--sed'"],
  ])('refuses %j', (argv, sentence) => {
    expect(() => readSoakArguments(argv, 4)).toThrow(sentence);
  });
});

test.each([
  [
    1,
    120,
    2,
    [
      { from: 1, count: 50 },
      { from: 51, count: 50 },
      { from: 101, count: 20 },
    ],
  ],
  [
    5,
    3,
    2,
    [
      { from: 5, count: 2 },
      { from: 7, count: 1 },
    ],
  ],
  [5, 1, 8, [{ from: 5, count: 1 }]],
])('chunks() cuts seeds from %i, %i of them, for %i threads', (from, seeds, workers, expected) => {
  expect([...chunks(from, seeds, workers)]).toEqual(expected);
});

describe('sum()', () => {
  const tally = [
    tallyOf(9, verdictOf(2, { violation: { property: 'Isolation', text: 'x' } })),
    tallyOf(2, verdictOf(0)),
    tallyOf(3, verdictOf(5)),
    tallyOfFailure(1, 'y'),
  ].reduce(sum, emptyTally);

  test('adds what seeds showed', () => {
    expect(tally).toMatchObject({ seeds: 4, passes: 9, writes: 6, seconds: 5400 });
  });

  test('counts times, and seeds in which there was one', () => {
    expect(tally.faults.get('outage')).toEqual({ times: 7, seeds: 2 });
    expect(tally.checks.get('Isolation')).toEqual({ times: 7, seeds: 2 });
    expect(tally.faults.size).toBe(faultClasses.length);
  });

  test('puts findings in the order of their seeds', () => {
    expect(tally.findings).toEqual([
      { seed: 1, property: undefined, text: 'y' },
      { seed: 9, property: 'Isolation', text: 'x' },
    ]);
  });
});

test.each([
  [0.4, '0 s'],
  [59.6, '1 min 0 s'],
  [185, '3 min 5 s'],
  [7620, '2 h 7 min'],
])('durationText(%d) is "%s"', (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});

test('pace() says how fast, and how long still', () => {
  expect(pace(50, 200, 2)).toEqual({ rate: '25 seeds/s', left: '6 s left' });
  expect(pace(0, 200, 0)).toEqual({ rate: '0 seeds/s', left: 'time left unknown' });
});

test('progressLines() writes a line for each tenth, and one where several pass at once', () => {
  const lines: string[] = [];
  const progress = progressLines(2000, (text) => lines.push(text));
  for (const done of [150, 200, 250, 700]) {
    progress.advance(done, 1, 10);
  }
  expect(lines).toEqual([
    '200 of 2,000 seeds, 20 seeds/s, 1 min 30 s left, 1 failed\n',
    '700 of 2,000 seeds, 70 seeds/s, 19 s left, 1 failed\n',
  ]);
});

test('markdownTable() aligns its columns', () => {
  expect(
    markdownTable(
      ['Name', 'Times'],
      [
        ['outage', '1'],
        ['crash', '200,000'],
      ],
    ),
  ).toBe('| Name   |   Times |\n| ------ | ------: |\n| outage |       1 |\n| crash  | 200,000 |');
});

test('testCase() shows all of a scenario as a literal, objects without a prototype too', () => {
  const bare: unknown = Object.assign(Object.create(null), { at: 1, who: "it's" });
  const steps = [
    ...Array.from({ length: 200 }, (_, index) => ({ kind: 'pass', deep: { deep: { deep: [index] } } })),
    bare,
  ];
  const text = testCase(7, { steps }, { property: 'Isolation', text: 'one\n  two' });
  expect(text.split('\n')[0]).toBe('// one two');
  const literal = /const scenario: Scenario = ([\s\S]*?);\n {2}expect/u.exec(text)?.[1] ?? '';
  const read: unknown = runInThisContext(`(${literal})`);
  expect(read).toEqual({ steps: steps.map((step) => ({ ...Object(step) })) });
});

describe('soakCommand() on seeds that hold', () => {
  let out = '';
  let code: number | undefined;
  beforeAll(async () => {
    ({ code, out } = await soaked(['--seeds', '2000', '--workers', '3']));
  });

  test('exits with 0, and says that they held', () => {
    expect(out).toContain('**Held**: 2,000 seeds broke no property.');
    expect(code).toBe(0);
  });

  test('sums all of them', () => {
    expect(out).toContain('- Seeds: 1 to 2000, 2,000 of 2,000 run\n');
    expect(out).toContain('- In the worlds: 6,000 passes, 4,000 writes, 1,000 hours\n');
    expect(out).toContain('| NoStaleOverwrite         |  2,000 | 2,000 |          0 |\n');
    expect(out).toContain('| outage          | 2,000 | 2,000 |\n');
  });

  test('says what was run, and on what', () => {
    expect(out).toContain('- Begun: 1970-01-01T00:00:00.000Z');
    expect(out).toContain('- Commit: 0123456789ab\n- Machine: 2 cores, 3 threads, Node.js v24.0.0\n');
  });

  test('writes the same as a report', () => {
    expect(readFileSync(report, 'utf8')).toBe(out);
  });
});

describe('soakCommand() on seeds that do not hold', () => {
  let out = '';
  let code: number | undefined;
  beforeAll(async () => {
    ({ code, out } = await soaked(['--from', '3000001', '--seeds', '100']));
  });

  test('runs them all, and exits with 1', () => {
    expect(out).toContain('**Did not hold.**\n\nSeeds that did not hold, see below: 2\n');
    expect(out).toContain('100 of 100 run');
    expect(out).toContain('| Quiescence               |    100 |   100 |          2 |\n');
    expect(code).toBe(1);
  });

  test('names each with its sentence, and how to run it again', () => {
    for (const seed of brokenSeeds) {
      expect(out).toContain(`- \`npm run soak -- --seed ${seed}\`: Quiescence: pass 3 wrote "a" again\n`);
    }
  });

  test('shrinks one of each property, to a test case with its timeline', () => {
    expect(out.match(/^## Seed \d+, shrunk: Quiescence$/gmu)).toHaveLength(1);
    expect(out).toContain("  const scenario: Scenario = { seed: 3000010, steps: [ 'pass' ] };\n");
    expect(out).toContain('```text\n00:00 a host launches\n00:01 a pass writes\n```');
  });
});

test('soakCommand() ends early where nothing holds', async () => {
  const { code, out } = await soaked(['--from', `${brokenFrom}`, '--seeds', '10000']);
  const found = Number(/Seeds that did not hold, see below: (\d+)/u.exec(out)?.[1]);
  expect(found).toBeGreaterThanOrEqual(findingsMax);
  expect(found).toBeLessThanOrEqual(200);
  expect(out.match(/^- `npm run soak/gmu)).toHaveLength(findingsMax);
  expect(out).toContain(`\n- and ${found - findingsMax} more\n`);
  expect(out).toContain('Seeds that were not run, as it ended early: 9,');
  expect(code).toBe(1);
});

test('soakCommand() runs nothing more once it is interrupted, and still reports', async () => {
  const { code, out } = await soaked(['--seeds', '100'], true);
  expect(out).toContain('0 of 100 run');
  expect(code).toBe(1);
});

test('soakCommand() tells of a seed that throws like of one that breaks a property', async () => {
  const { code, out } = await soaked(['--from', `${throwingSeed}`, '--seeds', '100']);
  expect(out).toContain('100 of 100 run');
  expect(out).toContain(`--seed ${throwingSeed}\`: the run did not end: RangeError: Cannot run this seed\n`);
  expect(code).toBe(1);
});

test('soakCommand() names the seed that ends its thread, and runs the other chunks on a new one', async () => {
  const { code, out } = await soaked(['--from', '1000000', '--seeds', '200', '--workers', '1']);
  expect(out).toContain('151 of 200 run');
  expect(out).toContain(`--seed ${deadlySeed}\`: the run did not end: the thread ended with exit code 7\n`);
  expect(code).toBe(1);
});

describe('soakCommand() on seeds that miss a fault class and a property', () => {
  const sentences = (seeds: string): string =>
    `- Fault class "outage" never fired in ${seeds} seeds\n- Property "Isolation" was never looked at in ${seeds} seeds\n`;

  test('fails by their names', async () => {
    const { code, out } = await soaked(['--from', `${calmFrom}`, '--seeds', `${coverageSeedsMin}`]);
    expect(out).toContain(`**Did not hold.**\n\n${sentences('2,000')}`);
    expect(code).toBe(1);
  });

  test('only says so where there were few', async () => {
    const { code, out } = await soaked(['--from', `${calmFrom}`, '--seeds', `${coverageSeedsMin - 1}`]);
    expect(out).toContain(`${sentences('1,999')}\nOnly from 2,000 seeds on does this fail a soak.\n`);
    expect(code).toBe(0);
  });
});

describe('soakCommand() on one seed', () => {
  test('shows its scenario, its timeline and its verdict', async () => {
    const { code, out } = await soaked(['--seed', '5']);
    expect(out).toContain('"seed": 5,');
    expect(out).toContain('00:01 a pass writes\n');
    expect(out).toContain('- Every property held\n- Checks: EventuallyStable 1, ');
    expect(out).not.toContain('shrunk');
    expect(code).toBe(0);
  });

  test('shrinks it where it does not hold', async () => {
    const { code, out } = await soaked(['--seed', `${brokenSeeds[0]}`]);
    expect(out).toContain('- Quiescence did not hold: pass 3 wrote');
    expect(out).toContain(`## Seed ${brokenSeeds[0]}, shrunk: Quiescence\n`);
    expect(code).toBe(1);
  });
});

test('soakCommand() says what is wrong with its arguments, and exits with 2', async () => {
  const { code, out, err } = await soaked(['--seeds', 'many']);
  expect(err).toContain('found "many"\n\nRuns the simulator');
  expect(out).toBe('');
  expect(code).toBe(2);
});

test('"npm run soak" runs the simulator itself', () => {
  const argv = ['sim/soak/main.ts', '--seeds', '10', '--report', report];
  const out = execFileSync(process.execPath, argv, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  expect(out).toContain('**Held**: 10 seeds broke no property.');
  expect(out).toContain('10 of 10 run');
});
