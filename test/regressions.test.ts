import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runScenario } from '../sim/scenario/runScenario.ts';
import type { Scenario } from '../sim/scenario/scenario.ts';
import { loadVariant, variantNames } from './variants/loadVariant.ts';

/** Patches that bring back what the simulator found (docs/reliability.md), each with the scenario that shows it. */
const folder = join(import.meta.dirname, 'regressions');

const scenarios: Readonly<Record<string, Scenario>> = {
  addressStaysAsRecorded: {
    seed: 1,
    groups: [{ cluster: 'web', desired: 2 }],
    rates: {},
    steps: [
      { kind: 'wait', pauseSeconds: 120 },
      { kind: 'enterStandby', group: 0, host: 0, pauseSeconds: 20 },
      { kind: 'console', cluster: 'web', edit: 'changeAddress', pauseSeconds: 20 },
    ],
  },
  pendingIsNewLifeWhileRecorded: {
    seed: 2,
    groups: [{ cluster: 'web', desired: 2 }],
    rates: { crash: 0.3 },
    steps: [
      { kind: 'wait', pauseSeconds: 12 },
      { kind: 'interrupt', group: 0, host: 0, pauseSeconds: 110 },
    ],
  },
  warnedForTwoMinutesOnly: {
    seed: 1,
    groups: [{ cluster: 'web', desired: 2 }],
    rates: { staleRead: 1 },
    steps: [
      { kind: 'wait', pauseSeconds: 120 },
      { kind: 'outage', of: 'tags', seconds: 600, pauseSeconds: 0 },
      { kind: 'interrupt', group: 0, host: 0, pauseSeconds: 170 },
    ],
  },
  warnedJoinsWithZeroTag: {
    seed: 6,
    groups: [{ cluster: 'web', desired: 2 }],
    rates: { staleRead: 1 },
    steps: [
      { kind: 'outage', of: 'writes', seconds: 60, pauseSeconds: 39 },
      { kind: 'interrupt', group: 0, host: 0, pauseSeconds: 80 },
    ],
  },
  writesLeaveWithinTwentySeconds: {
    seed: 161,
    groups: [{ cluster: 'web', desired: 1 }],
    rates: { zombie: 0.3 },
    steps: [{ kind: 'wait', pauseSeconds: 120 }],
  },
};

test('every patch of a bug that the simulator found has its scenario', () => {
  expect(Object.keys(scenarios)).toEqual(variantNames(folder));
});

describe.each(Object.entries(scenarios))('the scenario of %s', (name, scenario) => {
  test('breaks a property with the fault back in place', async () => {
    const { handleBatch: handle, caughtBy } = await loadVariant(name, folder);
    const { violation } = await runScenario(scenario, { handle });
    expect(caughtBy).toContain(violation?.property);
  });

  test('breaks none without', async () => {
    const { violation } = await runScenario(scenario);
    expect(violation).toBeUndefined();
  });
});
