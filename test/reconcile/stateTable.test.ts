import { expect, test } from 'vitest';
import type { HookChange, Observation } from '../../lambda/reconcile/model.ts';
import { after, given, id, planned, tags, weights } from '../given.ts';

/** The other host of each case, so that the record is never empty and MinServing has nothing to refuse. */
const other = { id: id(99), tags: tags('10.0.0.1', '65535'), recorded: 65_535, address: '10.0.0.1' };

function settled(host: Parameters<typeof one>[0]): {
  readonly weight: number | undefined;
  readonly hooks: readonly string[];
} {
  const observation = one(host);
  const plan = planned(observation);
  const hooks = plan.kind === 'change' ? plan.changes.filter((change): change is HookChange => 'hook' in change) : [];
  return { weight: weights(after(observation, plan))[id(1)], hooks: hooks.map(({ kind, hook }) => `${kind} ${hook}`) };
}

function one(host: {
  state: string | null;
  ec2?: string | null;
  recorded?: number;
  weight?: string | null;
  leavingFor?: number;
}): Observation {
  const { weight = '1000', ...rest } = host;
  const own = weight === null ? {} : { tags: tags('10.0.0.2', weight) };
  return given({ hosts: [other, { id: id(1), address: '10.0.0.2', ...own, ...rest }] });
}

// Row by row of the table in phase.ts: state, weight after one pass when recorded at 1000, lifecycle actions of that pass.
test.each([
  ['Pending', 1000, []],
  ['Pending:Wait', 1000, ['complete srv-register']],
  ['Pending:Proceed', 1000, []],
  ['InService', 1000, []],
  ['Terminating', 0, []],
  ['Terminating:Wait', 0, []],
  ['Terminating:Proceed', undefined, []],
  ['Terminated', undefined, []],
  ['Detaching', undefined, []],
  ['Detached', undefined, []],
  ['Terminating:Retained', undefined, []],
  ['EnteringStandby', 0, []],
  ['Standby', 0, []],
  ['Quarantined', 0, []],
  ['ReplacingRootVolume', 0, []],
  ['ReplacingRootVolume:Wait', 0, []],
  ['ReplacingRootVolume:Proceed', 0, []],
  ['RootVolumeReplaced', 0, []],
  ['Warmed:Pending', undefined, []],
  ['Warmed:Pending:Wait', undefined, ['complete srv-drain']],
  ['Warmed:Pending:Proceed', undefined, []],
  ['Warmed:Pending:Retained', undefined, []],
  ['Warmed:Terminating', undefined, []],
  ['Warmed:Terminating:Wait', undefined, ['complete srv-drain']],
  ['Warmed:Terminating:Proceed', undefined, []],
  ['Warmed:Terminating:Retained', undefined, []],
  ['Warmed:Terminated', undefined, []],
  ['Warmed:Stopped', undefined, []],
  ['Warmed:Running', undefined, []],
  ['Warmed:Hibernated', undefined, []],
  ['SomethingNew', 1000, []],
])('a recorded host in %s has weight %s after a pass', (state, weight, hooks) => {
  expect(settled({ state, recorded: 1000 })).toEqual({ weight, hooks });
});

test.each([
  ['Pending:Wait', 65_535, []],
  ['Pending', 65_535, []],
  ['Pending:Proceed', 65_535, []],
  ['InService', 65_535, []],
  ['Terminating:Wait', undefined, ['complete srv-drain']],
  ['Standby', undefined, []],
  ['Warmed:Pending:Wait', undefined, ['complete srv-drain', 'complete srv-register']],
  ['SomethingNew', undefined, []],
])('a host never registered in %s has weight %s after a pass', (state, weight, hooks) => {
  expect(settled({ state, weight: null })).toEqual({ weight, hooks });
});

test.each(['shutting-down', 'terminated', 'stopping', 'stopped'])(
  'a host that EC2 calls %s leaves at once, whatever Auto Scaling says',
  (ec2) => {
    expect(settled({ state: 'InService', ec2, recorded: 1000 })).toEqual({ weight: undefined, hooks: [] });
    expect(settled({ state: 'Terminating:Wait', ec2, recorded: 1000 })).toEqual({
      weight: undefined,
      hooks: ['complete srv-drain'],
    });
    expect(settled({ state: null, ec2, recorded: 1000 })).toEqual({ weight: undefined, hooks: [] });
  },
);

test('an unknown state is reported by name', () => {
  expect(planned(one({ state: 'SomethingNew', recorded: 1000 })).notices).toEqual([
    expect.objectContaining({ kind: 'unknownState', subject: id(1), text: expect.stringContaining('"SomethingNew"') }),
  ]);
});

test('a host that rests keeps its tags, and has its weight back when it serves again', () => {
  const resting = one({ state: 'Standby', recorded: 1000 });
  const rested = after(resting, planned(resting));
  expect(weights(rested)[id(1)]).toBe(0);
  expect(rested.instances.get(id(1))?.tags).toEqual(tags('10.0.0.2', '1000'));
  const back = { ...rested, groups: one({ state: 'Pending' }).groups };
  expect(weights(after(back, planned(back)))[id(1)]).toBe(1000);
});

test('a host that Auto Scaling and EC2 do not mention stays as recorded', () => {
  const observation = one({ state: null, ec2: null, recorded: 1000 });
  expect(planned(observation).kind).toBe('inSync');
});

test('a host whose group is not read stays as recorded while EC2 shows it running', () => {
  expect(planned(one({ state: null, recorded: 1000 })).kind).toBe('inSync');
});

test('a detached host leaves: Auto Scaling took its tag away', () => {
  const observation = given({
    hosts: [
      other,
      { id: id(1), address: '10.0.0.2', tags: tags('10.0.0.2', '1000'), state: null, attached: false, recorded: 1000 },
    ],
  });
  expect(weights(after(observation, planned(observation)))).toEqual({ [id(99)]: 65_535 });
});

test('a forgotten host leaves on the second denial, 60 seconds after the first', () => {
  const hosts = [other, { id: id(1), address: '10.0.0.2', state: null, ec2: null, recorded: 1000 }];
  const first = planned(given({ hosts, denied: [id(1)] }));
  expect(first.kind).toBe('inSync');
  const wakeUp = first.kind === 'inSync' ? first.wakeUp : undefined;
  expect(wakeUp?.denied).toEqual({ [id(1)]: given().now });
  expect(wakeUp?.at).toBe(given().now + 60);
  const early = given({ hosts, denied: [id(1)], now: given().now + 59, woken: { denied: wakeUp?.denied ?? {} } });
  expect(weights(after(early, planned(early)))[id(1)]).toBe(1000);
  const late = given({ hosts, denied: [id(1)], now: given().now + 60, woken: { denied: wakeUp?.denied ?? {} } });
  expect(weights(after(late, planned(late)))[id(1)]).toBeUndefined();
  const seen = given({ hosts, now: given().now + 60, woken: { denied: wakeUp?.denied ?? {} } });
  expect(weights(after(seen, planned(seen)))[id(1)]).toBe(1000);
});

test('a launch hook waits while there is no address to register, and completes when an operator took the host out', () => {
  const blind = given({ hosts: [other, { id: id(1), state: 'Pending:Wait', address: null }] });
  expect(planned(blind).kind).toBe('inSync');
  const out = given({
    hosts: [other, { id: id(1), state: 'Pending:Wait', address: '10.0.0.2', tags: { ip_address: '10.0.0.2' } }],
  });
  expect(planned(out)).toMatchObject({ kind: 'change', changes: [{ kind: 'complete', hook: 'srv-register' }] });
});
