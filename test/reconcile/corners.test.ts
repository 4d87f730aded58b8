import { expect, test } from 'vitest';
import { targetsMax } from '../../lambda/reconcile/limits.ts';
import { after, given, id, noon, planned, registry, tags, weights } from '../given.ts';

const other = { id: id(99), tags: tags('10.0.0.1', '65535'), recorded: 65_535, address: '10.0.0.1' };
const host = { id: id(1), address: '10.0.0.2', tags: tags('10.0.0.2', '1000') };

test('a record set takes no more than 400 values, however short they are', () => {
  const hosts = Array.from({ length: targetsMax + 5 }, (_, index) => ({
    id: `i-${index.toString(16).padStart(8, '0')}`,
    address: `10.0.${index >> 8}.${index & 255}`,
  }));
  const observation = {
    ...given({ hosts, groups: { blue: { srv_cluster: 'w' } } }),
    cluster: 'w',
    zone: 'a.b',
  };
  const plan = planned(observation);
  expect(plan.targets).toBe(targetsMax);
  expect(plan.notices.filter(({ kind }) => kind === 'full')).toHaveLength(5);
});

test('a resting host of a group with an unreadable tag is not registered', () => {
  const observation = given({
    hosts: [other, { ...host, state: 'Standby', group: 'green' }],
    groups: { blue: {}, green: { srv_port: 'x' } },
  });
  expect(weights(after(observation, planned(observation)))[id(1)]).toBeUndefined();
});

test('a host whose address EC2 does not show keeps the published one, whatever its tag says', () => {
  const observation = given({ hosts: [other, { ...host, recorded: 1000 }] });
  const blind = {
    ...observation,
    instances: new Map(
      [...observation.instances].map(([key, one]) => [
        key,
        key === id(1) ? { ...one, addresses: [], tags: tags('203.0.113.66', '1000') } : one,
      ]),
    ),
  };
  expect(planned(blind).kind).toBe('inSync');
});

test.each([
  ['a value is added to', { values: ['10.0.0.2', '203.0.113.66'] }],
  ['a value is put before its own in', { values: ['203.0.113.66', '10.0.0.2'] }],
  ['the TTL is changed in', { ttl: 300 }],
])('of a resting host, %s the address record by hand: the next pass undoes it, and writes no more', (_, edit) => {
  const observation = given({ hosts: [other, { ...host, state: 'Standby', recorded: 0 }] });
  const recordSets = observation.recordSets.map((set) => (set.name.startsWith(id(1)) ? { ...set, ...edit } : set));
  const edited = { ...observation, recordSets };
  const next = after(edited, planned(edited));
  expect(next.recordSets.find(({ name }) => name.startsWith(id(1)))).toMatchObject({ ttl: 10, values: ['10.0.0.2'] });
  expect(planned(next).kind).toBe('inSync');
});

test('a resting host keeps the published one of its own addresses, also where a hand adds the other', () => {
  const observation = given({ hosts: [other, { ...host, state: 'Standby', recorded: 0 }] });
  const own = { ...observation.instances.get(id(1)), addresses: ['10.0.0.2', '10.0.0.9'] };
  const instance = { id: id(1), state: 'running', tags: tags('10.0.0.9', '1000'), ...own };
  const instances = new Map([...observation.instances, [id(1), instance]]);
  expect(planned({ ...observation, instances }).kind).toBe('inSync');
});

test.each(['InService', 'Standby', 'Terminating:Wait'])(
  'a refused address tag is reported once, of a host in %s',
  (state) => {
    const poisoned = { ...host, tags: tags('203.0.113.66', '1000') };
    const { notices } = planned(given({ hosts: [other, { ...poisoned, state, recorded: 0 }] }));
    expect(notices.map(({ kind }) => kind)).toEqual(['badAddress']);
  },
);

test('an instance that both its group and its warm pool list is moving, and serves', () => {
  for (const order of [
    ['InService', 'Warmed:Stopped'],
    ['Warmed:Stopped', 'InService'],
  ]) {
    const observation = given({ hosts: [other, { ...host, recorded: 1000 }] });
    const groups = observation.groups.map((group) => ({
      ...group,
      members: [
        ...group.members.filter(({ instanceId }) => instanceId !== id(1)),
        ...order.map((lifecycleState) => ({ instanceId: id(1), lifecycleState })),
      ],
    }));
    const moving = { ...observation, groups };
    expect(weights(after(moving, planned(moving)))[id(1)]).toBe(1000);
  }
});

test.each(['shutting-down', 'terminated'])('the launch hook of a host that EC2 calls %s is completed', (ec2) => {
  const observation = given({ hosts: [other, { ...host, state: 'Pending:Wait', ec2 }] });
  expect(planned(observation)).toMatchObject({
    kind: 'change',
    changes: [{ kind: 'complete', hook: 'srv-register', instanceId: id(1) }],
  });
});

test('an accepted write is followed by one more pass within seconds', () => {
  const observation = given({ hosts: [{ ...other, tags: tags('10.0.0.1', '7') }] });
  expect(planned(observation)).toMatchObject({ kind: 'change', wakeUp: { at: observation.now + 5 } });
});

test.each([
  ['in the second of the write before it', noon, 0, noon + 1],
  ['in the middle of a second', noon + 0.1, 1000, noon + 1],
  ['on the second', noon, 1000, noon],
])('a write %s carries whole seconds, never early, and later than the last', (_, now, writtenFor, written) => {
  const observation = given({ now, writtenFor, hosts: [other, { id: id(1) }] });
  expect(registry(after(observation, planned(observation)))?.written).toBe(written);
});
