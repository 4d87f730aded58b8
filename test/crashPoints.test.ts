import { describe, expect, test } from 'vitest';
import { runScenario } from '../sim/scenario/runScenario.ts';
import type { Scenario, Step } from '../sim/scenario/scenario.ts';

/** Long enough for a group to be in service and its record to be at rest. */
const settled: Step = { kind: 'wait', pauseSeconds: 240 };

const plain = { seed: 7, rates: {}, concurrency: 2 } as const;

/** The ten things that happen most to clusters, each with a second cluster beside it that has nothing to do with it. */
const commonest: Readonly<Record<string, Pick<Scenario, 'groups' | 'steps'>>> = {
  'a group launches': { groups: groups(3), steps: [settled] },
  'a group scales out': { groups: groups(1), steps: [settled, { kind: 'scale', group: 1, to: 3, pauseSeconds: 120 }] },
  'a group scales in': { groups: groups(3), steps: [settled, { kind: 'scale', group: 1, to: 1, pauseSeconds: 200 }] },
  'a host is replaced': {
    groups: groups(2),
    steps: [settled, { kind: 'terminate', group: 1, host: 0, replace: true, pauseSeconds: 200 }],
  },
  'a whole group is replaced': {
    groups: groups(2),
    steps: [settled, { kind: 'terminateAll', group: 1, pauseSeconds: 200 }],
  },
  'a host dies': { groups: groups(2), steps: [settled, { kind: 'crash', group: 1, host: 0, pauseSeconds: 120 }] },
  'a host rests in standby': {
    groups: groups(2),
    steps: [
      settled,
      { kind: 'enterStandby', group: 1, host: 0, pauseSeconds: 90 },
      { kind: 'exitStandby', group: 1, host: 0, pauseSeconds: 60 },
    ],
  },
  'an operator halves a weight, and takes a host out': {
    groups: groups(3),
    steps: [
      settled,
      { kind: 'tag', group: 1, host: 0, key: 'srv_weight', value: '50%', pauseSeconds: 30 },
      { kind: 'untag', group: 1, host: 1, keys: ['srv_weight'], pauseSeconds: 90 },
    ],
  },
  'green takes over from blue': {
    groups: groups(2),
    steps: [
      settled,
      { kind: 'createGroup', setup: { cluster: 'web', desired: 2, drainSeconds: 5 }, pauseSeconds: 180 },
      { kind: 'scale', group: 1, to: 0, pauseSeconds: 200 },
    ],
  },
  'a spot host is reclaimed': {
    groups: groups(2),
    steps: [settled, { kind: 'interrupt', group: 1, host: 0, pauseSeconds: 200 }],
  },
  'a host is detached': {
    groups: groups(2),
    steps: [settled, { kind: 'detach', group: 1, host: 0, pauseSeconds: 90 }],
  },
};

function groups(desired: number): Scenario['groups'] {
  return [
    { cluster: 'api', desired: 1, drainSeconds: 5 },
    { cluster: 'web', desired, drainSeconds: 5 },
  ];
}

describe.each(Object.entries(commonest))('CrashSafe: when %s', (_, scenario) => {
  test('a function that dies right after any one of its effects leaves what later passes finish, with the same writes for each host', async () => {
    const whole = await runScenario({ ...plain, ...scenario });
    expect(whole.violation).toBeUndefined();
    expect(whole.effects).toBeGreaterThan(3);
    for (let effect = 1; effect <= whole.effects; effect += 1) {
      const { violation, histories, faults } = await runScenario({ ...plain, ...scenario, dieAfterEffect: effect });
      const found = { effect, violation, histories, crashes: faults.crash };
      expect(found).toEqual({ effect, violation: undefined, histories: whole.histories, crashes: 1 });
    }
  });
});
