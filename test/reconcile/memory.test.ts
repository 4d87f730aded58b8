import { expect, test } from 'vitest';
import { arrived } from '../../lambda/reconcile/arrived.ts';
import { after, type GivenHost, given, id, noon, planned, registry, tags, weights } from '../given.ts';

const other = { id: id(99), tags: tags('10.0.0.1', '65535'), recorded: 65_535, address: '10.0.0.1' };
const weighed = { ...other, tags: tags('10.0.0.1', '7') };
const host = { id: id(1), address: '10.0.0.2', tags: tags('10.0.0.2', '1000') };

test.each<[string, Partial<GivenHost>, number]>([
  ['that left, and that no group lists any more', { state: null, ec2: null, leavingFor: 30 }, 30],
  ['that left, and that Auto Scaling still lists', { state: 'Terminating:Proceed', leavingFor: 30 }, 30],
  ['at weight 0 that no group lists', { state: null, recorded: 0, leavingFor: 130 }, 130],
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
  ['InService', 119, 0],
  ['InService', 120, 1000],
  ['Standby', 119, 0],
  ['Pending', 59, 0],
])(
  'a read of %s is believed only so long after the host began to leave: %i s ago, weight %i',
  (state, since, weight) => {
    const observation = given({ hosts: [other, { ...host, state, recorded: 0, leavingFor: since }] });
    expect(weights(after(observation, planned(observation)))[id(1)]).toBe(weight);
  },
);

test('how old a read is counts from the instant before it, however long the reads took', () => {
  const observation = given({ hosts: [other, { ...host, recorded: 0, leavingFor: 122 }] });
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
  const early = given({ hosts: [other, { ...drain, leavingFor: 739 }], recordedTtl: 600 });
  expect(weights(after(early, planned(early)))[id(1)]).toBe(0);
  const late = given({ hosts: [other, { ...drain, leavingFor: 740 }], recordedTtl: 600 });
  expect(weights(after(late, planned(late)))[id(1)]).toBeUndefined();
});
