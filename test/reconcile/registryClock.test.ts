import { expect, test } from 'vitest';
import type { Plan } from '../../lambda/reconcile/model.ts';
import { after, given, id, noon, planned, registry, tags, weights } from '../given.ts';

const other = { id: id(99), tags: tags('10.0.0.1', '65535'), recorded: 65_535, address: '10.0.0.1' };

test('an entry whose instants lie ahead of the clock is repaired, and holds nobody up for longer than one that begins to leave now', () => {
  const host = { id: id(1), address: '10.0.0.2', tags: tags('10.0.0.2', '9'), recorded: 0 };
  const frozen = given({ hosts: [other, { ...host, leavingFor: -1_000_000 }] });
  const repaired = after(frozen, planned(frozen));
  expect(registry(repaired)?.leaving.get(id(1))).toBe(noon);
  const weightAt = (now: number): number | undefined => {
    const later = { ...repaired, now, readFrom: now };
    return weights(after(later, planned(later)))[id(1)];
  };
  expect(weightAt(noon + 209)).toBe(0);
  expect(weightAt(noon + 210)).toBe(9);
});

test('a write carries a later instant than the write before it, so that its propagation is not taken for this one’s', () => {
  const first = given({
    hosts: [other, { id: id(1), state: 'Pending:Wait', address: '10.0.0.2' }],
    now: noon + 0.1,
    writtenFor: 0.1,
  });
  const written = registry(first)?.written ?? 0;
  const next = registry(after(first, planned(first)));
  expect(next?.written).toBe(written + 1);
  expect(next?.joining.get(id(1))).toBe(written + 1);
});

test('a TTL is lowered only when nobody leaves: resolvers hold a leaving host’s old weight for the old TTL', () => {
  const leaving = {
    id: id(1),
    state: 'Terminating:Wait',
    address: '10.0.0.2',
    tags: tags('10.0.0.2', '9'),
    recorded: 9,
  };
  const busy = given({ hosts: [other, leaving], recordedTtl: 600 });
  const next = after(busy, planned(busy));
  expect(next.recordSets.find(({ type }) => type === 'SRV')?.ttl).toBe(600);
  const quiet = given({ hosts: [other], recordedTtl: 600 });
  expect(after(quiet, planned(quiet)).recordSets.find(({ type }) => type === 'SRV')?.ttl).toBe(10);
});

test('a host first recorded while Pending is remembered as joining, so that later writes do not put its hook off', () => {
  const pending = given({ hosts: [other, { id: id(1), state: 'Pending', address: '10.0.0.2' }] });
  const plan = planned(pending);
  expect(plan).toMatchObject({ wakeUp: { instances: [id(1)] } });
  const joined = after(pending, plan);
  expect(registry(joined)?.joining.get(id(1))).toBe(noon);
  const waiting = given({
    hosts: [
      other,
      {
        id: id(1),
        state: 'Pending:Wait',
        address: '10.0.0.2',
        tags: tags('10.0.0.2', '65535'),
        recorded: 65_535,
        joiningFor: 120,
      },
    ],
    writtenFor: 3,
  });
  expect(planned(waiting)).toMatchObject({ changes: [{ kind: 'complete', hook: 'srv-register' }] });
});

test('a launch hook waits for a write that left as late as its function lived, 60 seconds after its plan', () => {
  const host = { id: id(1), state: 'Pending:Wait', address: '10.0.0.2', tags: tags('10.0.0.2', '9') };
  const joining = given({ hosts: [other, host] });
  // The plan was made at noon, its write left 60 s later, and takes up to 60 s more to propagate.
  const plannedAfter = (seconds: number): Plan => planned(after(joining, planned(joining), seconds));
  expect(plannedAfter(119).kind).toBe('inSync');
  expect(plannedAfter(120)).toMatchObject({ kind: 'change', changes: [{ kind: 'complete', hook: 'srv-register' }] });
});

test('a write that goes on propagating is asked about after 20, 40, 60, 80 and 100 seconds, and then the clock decides', () => {
  const nextLookAfter = (seconds: number): number | undefined => {
    const host = { id: id(1), state: 'Pending:Wait', address: '10.0.0.2', tags: tags('10.0.0.2', '9'), recorded: 9 };
    const plan = planned(
      given({
        hosts: [other, { ...host, joiningFor: seconds }],
        writtenFor: seconds,
        woken: { instances: new Set([id(1)]), publications: [{ changeId: 'C1', written: noon - seconds }] },
      }),
    );
    const wakeUp = plan.kind === 'refuse' ? undefined : plan.wakeUp;
    return wakeUp === undefined ? undefined : wakeUp.at - noon + seconds;
  };
  expect([5, 20, 40, 60, 80, 100, 120].map(nextLookAfter)).toEqual([20, 40, 60, 80, 100, 120, undefined]);
});

test('a launch hook waits for the address that this very plan publishes', () => {
  const moved = given({
    hosts: [other, { id: id(1), state: 'Pending:Wait', address: '10.0.0.2', tags: tags('10.0.0.2', '9'), recorded: 9 }],
  });
  const recordSets = moved.recordSets.map((set) =>
    set.type === 'A' && set.name.startsWith(id(1)) ? { ...set, values: ['10.0.0.77'] } : set,
  );
  const plan = planned({ ...moved, recordSets });
  expect(plan.kind === 'change' && plan.changes.some(({ kind }) => kind === 'complete')).toBe(false);
  expect(plan).toMatchObject({ wakeUp: { instances: [id(1)] } });
});

test('a host that joined from a warm pool is not taken out by a read of what it was there', () => {
  const host = { id: id(1), address: '10.0.0.2', tags: tags('10.0.0.2', '9'), recorded: 9, joiningFor: 30 };
  for (const was of [
    { state: 'Warmed:Stopped' },
    { state: 'Pending:Wait', ec2: 'stopped' },
    { state: 'InService', ec2: 'stopping' },
  ]) {
    const observation = given({ hosts: [other, { ...host, ...was }] });
    expect(weights(after(observation, planned(observation)))[id(1)]).toBe(9);
  }
  const dead = given({ hosts: [other, { ...host, state: 'InService', ec2: 'terminated' }] });
  expect(weights(after(dead, planned(dead)))[id(1)]).toBeUndefined();
});

test('a registry entry doubled by hand is read by its highest serial, and the double goes', () => {
  const observation = given({ hosts: [other] });
  const recordSets = observation.recordSets.map((set) =>
    set.type === 'TXT'
      ? { ...set, values: [...set.values.map((value) => value.replace('serial=41', 'serial=7')), ...set.values] }
      : set,
  );
  const next = after({ ...observation, recordSets }, planned({ ...observation, recordSets }));
  const texts = next.recordSets.filter(({ type }) => type === 'TXT').flatMap(({ values }) => values);
  expect(texts).toHaveLength(1);
  expect(registry(next)?.serial).toBeGreaterThan(41);
});

test('a host that a read leaves out is not forgotten as joining: its hook may still wait', () => {
  const unseen = {
    id: id(1),
    state: null,
    address: '10.0.0.2',
    tags: tags('10.0.0.2', '9'),
    recorded: 9,
    joiningFor: 100,
  };
  const observation = given({ hosts: [{ ...other, tags: tags('10.0.0.1', '7') }, unseen] });
  expect(registry(after(observation, planned(observation)))?.joining.has(id(1))).toBe(true);
});

test('a wake-up asks no more about writes from before all that is waited for', () => {
  const waits = { id: id(1), state: 'Pending:Wait', address: '10.0.0.2', tags: tags('10.0.0.2', '9'), recorded: 9 };
  const publications = [30, 20, 10].map((age) => ({ changeId: `${age}`, written: noon - age }));
  const woken = { instances: new Set([id(1)]), publications, propagated: noon - 30 };
  const plan = planned(given({ hosts: [other, { ...waits, joiningFor: 20 }], writtenFor: 10, woken }));
  expect(plan).toMatchObject({ wakeUp: { publications: publications.slice(1) } });
});
