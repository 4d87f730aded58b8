import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { propertyNames } from '../sim/properties/propertyName.ts';
import { eventRules } from '../sim/scenario/eventRules.ts';
import { faultClasses } from '../sim/scenario/faultClass.ts';
import { runScenario } from '../sim/scenario/runScenario.ts';
import { scenarioOf } from '../sim/scenario/scenarioOf.ts';
import { shrink } from '../sim/scenario/shrink.ts';
import type { Verdict } from '../sim/scenario/verdict.ts';
import { loadVariant } from './variants/loadVariant.ts';

/** Seeds of `npm test`; `npm run soak` takes as many as one likes. */
const seeds = 2000;
const seedsPerTest = 250;

const faultsSeen = new Map<string, number>();
const propertiesSeen = new Map<string, number>();

function count({ faults, checks }: Verdict): void {
  for (const [seen, counts] of [
    [faultsSeen, faults],
    [propertiesSeen, checks],
  ] as const) {
    for (const [name, times] of Object.entries(counts)) {
      seen.set(name, (seen.get(name) ?? 0) + times);
    }
  }
}

describe('runScenario()', () => {
  test.each(Array.from({ length: seeds / seedsPerTest }, (_, index) => index * seedsPerTest + 1))(
    `finds every property to hold in the scenarios of ${seedsPerTest} seeds from %d on`,
    async (from) => {
      for (let seed = from; seed < from + seedsPerTest; seed += 1) {
        const verdict = await runScenario(scenarioOf(seed));
        const told = verdict.violation === undefined ? '' : `npm run soak -- --seed ${seed}: ${verdict.violation.text}`;
        expect(told).toBe('');
        count(verdict);
      }
    },
  );

  test(`has seen every class of fault happen, and every property looked at, in ${seeds} seeds`, () => {
    const never = [...faultClasses.filter((name) => (faultsSeen.get(name) ?? 0) === 0)];
    const unseen = propertyNames.filter((name) => (propertiesSeen.get(name) ?? 0) === 0);
    expect({ never, unseen }).toEqual({ never: [], unseen: [] });
  });

  test.each([3, 17, 200])('gives the same run of seed %d each time, line by line', async (seed) => {
    const [one, other] = [await runScenario(scenarioOf(seed)), await runScenario(scenarioOf(seed))];
    expect(other.timeline()).toEqual(one.timeline());
    expect(one.timeline().length).toBeGreaterThan(20);
  });
});

test.each([1, 109, 110, 111, 239, 240, 241, 262, 263, 264])(
  'every property holds in a cluster that grows to %d hosts, and loses all of them',
  async (desired) => {
    const { violation, faults } = await runScenario({
      seed: desired,
      groups: [{ cluster: 'web', desired, drainSeconds: 5 }],
      rates: {},
      concurrency: 2,
      steps: [
        { kind: 'wait', pauseSeconds: 150 },
        { kind: 'scale', group: 0, to: 0, pauseSeconds: 60 },
      ],
    });
    expect(violation).toBeUndefined();
    expect(faults.wholeFleet).toBe(1);
  },
);

test('every property holds in a drain that is longer than SQS delays and than its hook, which lives by heartbeats', async () => {
  const { violation, histories } = await runScenario({
    seed: 7,
    groups: [{ cluster: 'web', desired: 2, drainSeconds: 2000, hookSeconds: 1200 }],
    rates: {},
    steps: [
      { kind: 'wait', pauseSeconds: 200 },
      { kind: 'terminate', group: 0, host: 0, replace: true, pauseSeconds: 2400 },
    ],
  });
  expect(violation).toBeUndefined();
  expect(histories['web']).toContain('65535 → 0 → gone');
});

test('shrink() leaves a handful of steps of a scenario that breaks a property, and it still breaks it', async () => {
  const { handleBatch: handle } = await loadVariant('removalOnAbsence');
  const seed = await firstBroken(handle);
  const { scenario, verdict } = await shrink(seed, { handle });
  expect(verdict.violation?.property).toBe('NonEmptyPreserved');
  expect(scenario.steps.length).toBeLessThan(scenarioOf(seed).steps.length + 1);
  expect(scenario.steps.length).toBeLessThan(5);
  const again = await runScenario(JSON.parse(JSON.stringify(scenario)), { handle });
  expect(again.violation).toEqual(verdict.violation);
});

async function firstBroken(handle: Awaited<ReturnType<typeof loadVariant>>['handleBatch']): Promise<number> {
  for (let seed = 1; ; seed += 1) {
    const { violation } = await runScenario(scenarioOf(seed), { handle });
    if (violation?.property === 'NonEmptyPreserved') {
      return seed;
    }
  }
}

const rules = z.record(
  z.string(),
  z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()) }).loose(),
);

test('eventRules are the event patterns of the synthesized template', () => {
  const template = z
    .object({ Resources: rules })
    .parse(JSON.parse(readFileSync('cdk.out/AsgSrv.template.json', 'utf8')));
  const patterns = Object.values(template.Resources)
    .filter(({ Type, Properties }) => Type === 'AWS::Events::Rule' && Properties['EventPattern'] !== undefined)
    .map(({ Properties }) => Properties['EventPattern']);
  expect(patterns).toEqual(expect.arrayContaining(Object.values(eventRules)));
  expect(patterns).toHaveLength(Object.keys(eventRules).length);
});
