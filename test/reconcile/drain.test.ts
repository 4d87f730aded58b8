import { expect, test } from 'vitest';
import { propagationSecondsMax } from '../../lambda/reconcile/limits.ts';
import type { Observation, Plan } from '../../lambda/reconcile/model.ts';
import { after, given, id, noon, planned, registry, tags, weights } from '../given.ts';

const other = { id: id(99), tags: tags('10.0.0.1', '65535'), recorded: 65_535, address: '10.0.0.1' };
const leaving = {
  id: id(1),
  state: 'Terminating:Wait',
  address: '10.0.0.2',
  tags: tags('10.0.0.2', '1000'),
  recorded: 1000,
};

function completions(plan: Plan): readonly string[] {
  return plan.kind === 'change'
    ? plan.changes.filter(({ kind }) => kind === 'complete').map(({ instanceId }) => instanceId)
    : [];
}

/** Plans and applies once a second for so long; answers the second of each step. */
function watch(start: Observation, seconds: number): Readonly<Record<string, number>> {
  const steps: Record<string, number> = {};
  let world = start;
  for (let second = 0; second <= seconds; second += 1) {
    const plan = planned(world);
    const next = after(world, plan);
    const was = weights(world)[id(1)];
    const is = weights(next)[id(1)];
    if (was !== is) {
      steps[is === undefined ? 'gone' : `weight ${is}`] = second;
    }
    if (next.instances.get(id(1))?.tags.srv_drain_until !== world.instances.get(id(1))?.tags.srv_drain_until) {
      steps['clock'] = second;
    }
    if (completions(plan).includes(id(1)) && steps['complete'] === undefined) {
      steps['complete'] = second;
    }
    world = { ...next, now: world.now + 1 };
  }
  return steps;
}

test('the drain goes weight 0, propagation, TTL + drain, removal and completion, each by the clock', () => {
  expect(watch(given({ hosts: [other, leaving] }), 200)).toEqual({
    'weight 0': 0,
    clock: 120,
    gone: 190,
    complete: 190,
  });
});

test('the drain starts its clock as soon as GetChange says that weight 0 has propagated', () => {
  const begun = given({
    hosts: [other, { ...leaving, recorded: 0, leavingFor: 20 }],
    writtenFor: 20,
    woken: { propagated: noon - 20 },
  });
  expect(planned(begun)).toMatchObject({
    kind: 'change',
    changes: [{ kind: 'tag', set: { srv_drain_until: noon + 70 } }, { kind: 'heartbeat' }],
  });
  const older = given({
    hosts: [other, { ...leaving, recorded: 0, leavingFor: 20 }],
    writtenFor: 20,
    woken: { propagated: noon - 21 },
  });
  expect(planned(older)).toMatchObject({ kind: 'change', changes: [{ kind: 'tag', set: { srv_weight: '0' } }] });
});

test('other writes of the cluster do not put the drain clock off', () => {
  const busy = given({ hosts: [other, { ...leaving, recorded: 0, leavingFor: propagationSecondsMax }], writtenFor: 1 });
  expect(planned(busy)).toMatchObject({ kind: 'change', changes: [{ kind: 'tag' }, { kind: 'heartbeat' }] });
});

test('a host that begins to leave at weight 0 gets its entry by a swap of its own', () => {
  const resting = given({ hosts: [other, { ...leaving, tags: tags('10.0.0.2', '0'), recorded: 0 }] });
  const plan = planned(resting);
  expect(plan).toMatchObject({ kind: 'change', changes: [], write: { serial: 42 } });
  expect(registry(after(resting, plan))?.leaving.get(id(1))).toBe(noon);
});

test('a host that is not recorded is remembered as leaving before its hook completes', () => {
  const unrecorded = given({ hosts: [other, { id: id(1), state: 'Terminating:Wait', address: '10.0.0.2' }] });
  const plan = planned(unrecorded);
  expect(completions(plan)).toEqual([id(1)]);
  expect(registry(after(unrecorded, plan))?.leaving.get(id(1))).toBe(noon);
});

test('a host that an operator took out just before still waits out what resolvers hold', () => {
  const taken = given({
    hosts: [other, { id: id(1), state: 'Terminating:Wait', address: '10.0.0.2', tags: { ip_address: '10.0.0.2' } }],
    writtenFor: 1,
  });
  const steps = watch(taken, 200);
  expect(steps['complete']).toBe(propagationSecondsMax + 70);
});

test('a host does not complete its hook as never registered while the cluster has no registry entry: a hand may have deleted it', () => {
  const untagged = { id: id(1), state: 'Terminating:Wait', address: '10.0.0.2' };
  const deleted = given({ hosts: [{ id: id(99), tags: tags('10.0.0.1', '65535') }, untagged], recordSets: [] });
  const plan = planned(deleted);
  expect(completions(plan)).toEqual([]);
  expect(registry(after(deleted, plan))?.leaving.get(id(1))).toBe(noon);
  expect(watch(deleted, 200)['complete']).toBe(190);
});

test.each([
  ['in the past, from an earlier life', '2026-11-20T00:00:00.000Z'],
  ['before the drain can have ended', '2026-11-21T08:59:09.000Z'],
  ['in the year 9999', '9999-12-31T23:59:59.000Z'],
  ['unreadable', 'soon'],
])('a drain tag %s is not believed', (_, until) => {
  // TTL and drain, 70 s, since the host began to leave: 08:59:10 at the earliest.
  const host = { ...leaving, tags: tags('10.0.0.2', '0', until), recorded: 0, leavingFor: 120 };
  expect(planned(given({ hosts: [other, host] }))).toMatchObject({
    kind: 'change',
    changes: [{ kind: 'tag', set: { srv_drain_until: noon + 70 } }, {}],
  });
});

test('a removal cut off between tag and record is finished by the next pass', () => {
  const host = {
    ...leaving,
    tags: { ip_address: '10.0.0.2', srv_drain_until: new Date((noon - 1) * 1000).toISOString() },
    recorded: 0,
    leavingFor: 200,
  };
  const plan = planned(given({ hosts: [other, host] }));
  expect(completions(plan)).toEqual([id(1)]);
  expect(plan).toMatchObject({ kind: 'change', write: {} });
});

test('a removal cut off between record and completion is finished by the next pass, without draining again', () => {
  const host = {
    id: id(1),
    state: 'Terminating:Wait',
    address: '10.0.0.2',
    tags: { ip_address: '10.0.0.2', srv_drain_until: new Date((noon - 1) * 1000).toISOString() },
  };
  expect(completions(planned(given({ hosts: [other, { ...host, leavingFor: 90 }] })))).toEqual([id(1)]);
});

test('a drain’s end long ago is believed of a host without target only once its weight tag has gone, too', () => {
  const longAgo = '2020-01-01T00:00:00.000Z';
  const host = { id: id(1), state: 'Terminating:Wait', address: '10.0.0.2', leavingFor: 2 };
  const weighted = { ...host, tags: { ip_address: '10.0.0.2', srv_weight: '0', srv_drain_until: longAgo } };
  expect(completions(planned(given({ hosts: [other, weighted] })))).toEqual([]);
  const done = { ...host, tags: { ip_address: '10.0.0.2', srv_drain_until: longAgo } };
  expect(completions(planned(given({ hosts: [other, done] })))).toEqual([id(1)]);
});

test('a stale read of a leaving host never gives it weight, nor brings it back', () => {
  for (const state of ['InService', 'Pending', 'Pending:Wait', 'Pending:Proceed', 'Standby']) {
    const draining = given({ hosts: [other, { ...leaving, state, recorded: 0, leavingFor: 59 }] });
    expect(weights(after(draining, planned(draining)))[id(1)]).toBe(0);
    const gone = given({
      hosts: [other, { id: id(1), state, address: '10.0.0.2', tags: tags('10.0.0.2', '1000'), leavingFor: 59 }],
    });
    expect(weights(after(gone, planned(gone)))[id(1)]).toBeUndefined();
  }
});

test('an entry edited in the console is no way back either', () => {
  const edited = given({ hosts: [other, { ...leaving, recorded: 500, leavingFor: 30 }] });
  const next = after(edited, planned(edited));
  expect(weights(next)[id(1)]).toBe(0);
  expect(registry(next)?.leaving.get(id(1))).toBe(noon);
});

test('a new life is believed from 60 seconds after the instance left, and registers anew', () => {
  const reborn = {
    id: id(1),
    state: 'Pending:Wait',
    address: '10.0.0.2',
    tags: { ip_address: '10.0.0.2', srv_drain_until: '2026-11-21T08:58:00.000Z' },
  };
  const early = given({ hosts: [other, { ...reborn, leavingFor: 59 }] });
  expect(weights(after(early, planned(early)))[id(1)]).toBeUndefined();
  const late = given({ hosts: [other, { ...reborn, leavingFor: 60 }] });
  const next = after(late, planned(late));
  expect(weights(next)[id(1)]).toBe(65_535);
  expect(next.instances.get(id(1))?.tags).toEqual(tags('10.0.0.2', '65535'));
  expect(registry(next)?.leaving.has(id(1))).toBe(false);
});

test('a drain that a warm pool cut short is marked as over, so that the next life does not start at weight 0', () => {
  const pooled = given({
    hosts: [
      other,
      { ...leaving, state: 'Warmed:Stopped', ec2: 'stopped', tags: tags('10.0.0.2', '0'), recorded: 0, leavingFor: 40 },
    ],
  });
  const next = after(pooled, planned(pooled));
  const reborn = {
    ...next,
    groups: given({ hosts: [{ ...leaving, state: 'Pending:Wait' }] }).groups,
    now: noon + 300,
    readFrom: noon + 300,
    instances: new Map([...next.instances].map(([key, value]) => [key, { ...value, state: 'running' }])),
  };
  expect(weights(after(reborn, planned(reborn)))[id(1)]).toBe(65_535);
});

test('a long drain sends a heartbeat where a hop of its chain of wake-ups woke it, and only there', () => {
  const until = new Date((noon + 950) * 1000).toISOString();
  const host = { ...leaving, tags: tags('10.0.0.2', '0', until), recorded: 0, leavingFor: 2700 };
  const of = { hosts: [other, host], groups: { blue: { srv_drain_seconds: '3600' } } };
  expect(planned(given({ ...of, woken: { hop: true, instances: new Set([id(1)]) } }))).toMatchObject({
    kind: 'change',
    changes: [{ kind: 'heartbeat' }],
    wakeUp: { at: noon + 950 },
  });
  expect(planned(given({ ...of, woken: { instances: new Set([id(1)]) } })).kind).toBe('inSync');
  expect(planned(given(of)).kind).toBe('inSync');
});

test('only the pass that changed a host, or that its chain woke, sends the next wake-up', () => {
  const begun = {
    hosts: [other, { ...leaving, recorded: 0, tags: tags('10.0.0.2', '0'), leavingFor: 10 }],
    writtenFor: 10,
  };
  expect(planned(given(begun))).not.toHaveProperty('wakeUp');
  expect(planned(given({ ...begun, woken: { instances: new Set([id(1)]) } }))).toMatchObject({
    kind: 'inSync',
    wakeUp: { instances: [id(1)] },
  });
});
