import { expect, test } from 'vitest';
import { arrived } from '../../lambda/reconcile/arrived.ts';
import { after, type GivenHost, given, id, noon, planned, registry, tags, weights } from '../given.ts';

const other = { id: id(99), tags: tags('10.0.0.1', '65535'), recorded: 65_535, address: '10.0.0.1' };
const weighed = { ...other, tags: tags('10.0.0.1', '7') };
const host = { id: id(1), address: '10.0.0.2', tags: tags('10.0.0.2', '1000') };

test.each<[string, Partial<GivenHost>, number]>([
  ['that left, and that no group lists any more', { state: null, ec2: null, leavingFor: 30 }, 30],
  ['that left, and that Auto Scaling still lists', { state: 'Terminating:Proceed', leavingFor: 30 }, 30],
  ['at weight 0 that no group lists', { state: null, recorded: 0, leavingFor: 220 }, 220],
])('a swap for another host still remembers one %s', (_, found, since) => {
  const observation = given({ hosts: [weighed, { ...host, ...found }] });
  const next = after(observation, planned(observation));
  expect(registry(next)?.serial).toBe(42);
  expect(registry(next)?.leaving.get(id(1))).toBe(noon - since);
});

test('a host that leaves at once is remembered by the swap that removes it: an older read must not bring it back', () => {
  const crashed = given({ hosts: [other, { ...host, ec2: 'terminated', recorded: 1000 }] });
  const next = after(crashed, planned(crashed));
  expect(weights(next)[id(1)]).toBeUndefined();
  expect(registry(next)?.leaving.get(id(1))).toBe(noon);
});

test.each([
  ['InService', 209, 0],
  ['InService', 210, 1000],
  ['Standby', 209, 0],
  ['Pending', 209, 0],
  ['Pending', 210, 1000],
])(
  'a read of %s is believed only so long after a recorded host began to leave: %i s ago, weight %i',
  (state, since, weight) => {
    const observation = given({ hosts: [other, { ...host, state, recorded: 0, leavingFor: since }] });
    expect(weights(after(observation, planned(observation)))[id(1)]).toBe(weight);
  },
);

test.each([
  ['InService', 119, undefined],
  ['InService', 120, 1000],
  ['Standby', 119, undefined],
  ['Standby', 120, 0],
  ['Pending', 59, undefined],
  ['Pending', 60, 1000],
])(
  'a read of %s is believed only so long after a host left the record: %i s ago, weight %s',
  (state, since, weight) => {
    const observation = given({ hosts: [other, { ...host, state, leavingFor: since }] });
    expect(weights(after(observation, planned(observation)))[id(1)]).toBe(weight);
  },
);

test('a spot host that was warned while it launched, and whose tag could not be written, never gains weight while reads may show it alive', () => {
  const launching = { ...host, state: 'Pending:Wait', recorded: 1000 };
  const warned = given({ hosts: [other, launching], woken: { interrupted: { [id(1)]: noon } } });
  const lowered = after(warned, planned(warned));
  expect(weights(lowered)[id(1)]).toBe(0);
  const untagged = { ...lowered, instances: warned.instances, woken: given().woken };
  for (const state of ['Pending:Wait', 'Pending:Proceed', 'InService']) {
    // EC2 ends it 120 s after the warning; a read may be 60 s old, and the clock of whoever wrote the entry 30 s behind.
    for (const seconds of [61, 121, 209]) {
      const { groups } = given({ hosts: [other, { ...host, state }] });
      const late = { ...untagged, groups, now: noon + seconds, readFrom: noon + seconds };
      expect(weights(after(late, planned(late)))[id(1)]).toBe(0);
    }
  }
});

test('how old a read is counts from the instant before it, however long the reads took', () => {
  const observation = given({ hosts: [other, { ...host, recorded: 0, leavingFor: 212 }] });
  const slow = { ...observation, readFrom: noon - 5 };
  expect(weights(after(slow, planned(slow)))[id(1)]).toBe(0);
});

test('a recorded host that EC2 shows without any tag, Auto Scaling’s included, is kept as recorded: it was not detached', () => {
  const bare = { ...host, tags: {}, state: null, attached: false, recorded: 1000 };
  expect(planned(given({ hosts: [other, bare] })).kind).toBe('inSync');
});

test('a rival’s entry with the same serial is no proof that a write arrived', () => {
  const observation = given({ hosts: [other, host] });
  const plan = planned(observation);
  const write = plan.kind === 'change' ? plan.write : undefined;
  if (write === undefined) {
    throw new Error('Expected a plan that writes: found none');
  }
  const there = after(observation, plan).recordSets;
  expect(arrived(write, there)).toBe(true);
  const rivals = there.map((set) =>
    set.type === 'TXT' ? { ...set, values: set.values.map((value) => value.replace(/written=\d+/, 'written=5')) } : set,
  );
  expect(arrived(write, rivals)).toBe(false);
});

test('a leaving host that no group lists, and whose weight a hand raised, is lowered again', () => {
  const edited = given({ hosts: [other, { ...host, state: null, recorded: 500, leavingFor: 30 }] });
  expect(weights(after(edited, planned(edited)))[id(1)]).toBe(0);
});

test('a drain waits out the TTL that the record had, where that is longer than the group’s', () => {
  const drain = { ...host, state: 'Terminating:Wait', tags: tags('10.0.0.2', '0'), recorded: 0 };
  const early = given({ hosts: [other, { ...drain, leavingFor: 779 }], recordedTtl: 600 });
  expect(weights(after(early, planned(early)))[id(1)]).toBe(0);
  const late = given({ hosts: [other, { ...drain, leavingFor: 780 }], recordedTtl: 600 });
  expect(weights(after(late, planned(late)))[id(1)]).toBeUndefined();
});
