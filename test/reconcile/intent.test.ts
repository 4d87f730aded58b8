import { expect, test } from 'vitest';
import { after, given, id, noon, planned, tags, weights } from '../given.ts';

const other = { id: id(99), tags: tags('10.0.0.1', '65535'), recorded: 65_535, address: '10.0.0.1' };

function noticesOf(of: Parameters<typeof given>[0]): readonly string[] {
  return planned(given(of)).notices.map(({ kind, subject }) => `${kind} ${subject}`);
}

test('a new host is tagged with its address and its group’s weight in one write, and recorded with them', () => {
  const observation = given({
    hosts: [{ id: id(1), state: 'Pending:Wait', address: '10.0.0.7' }],
    groups: { blue: { srv_weight: '10%', srv_port: '8443' } },
  });
  const plan = planned(observation);
  expect(plan).toMatchObject({
    kind: 'change',
    changes: [
      { kind: 'tag', set: { ip_address: '10.0.0.7', srv_weight: '6554' } },
      { kind: 'target', after: { weight: 6554, port: 8443, priority: 0 } },
    ],
  });
  const next = after(observation, plan);
  expect(next.recordSets.find(({ type }) => type === 'A')).toEqual({
    name: `${id(1)}.web.svc.example.internal.`,
    type: 'A',
    ttl: 10,
    values: ['10.0.0.7'],
  });
  expect(planned(next).kind).toBe('inSync');
});

test('a host with an IPv6 address only gets an AAAA record', () => {
  const observation = given({ hosts: [{ id: id(1), address: '2001:db8::7' }] });
  expect(after(observation, planned(observation)).recordSets.find(({ type }) => type === 'AAAA')?.values).toEqual([
    '2001:db8::7',
  ]);
});

test.each([
  ['0', 0],
  ['50%', 32_768],
  ['1', 1],
])('an operator’s weight tag %s becomes the weight %i', (raw, weight) => {
  const observation = given({ hosts: [other, { id: id(1), tags: tags('10.0.0.2', raw), recorded: 1000 }] });
  expect(weights(after(observation, planned(observation)))[id(1)]).toBe(weight);
});

test('an unreadable weight keeps the last good one, and is reported', () => {
  const of = { hosts: [other, { id: id(1), tags: tags('10.0.0.2', 'heavy'), recorded: 1000 }] };
  expect(planned(given(of)).kind).toBe('inSync');
  expect(noticesOf(of)).toEqual([`badTag ${id(1)}`]);
});

test('an unreadable weight of a host that was never recorded is the group’s', () => {
  const observation = given({ hosts: [{ id: id(1), tags: tags('10.0.0.1', 'heavy') }] });
  expect(weights(after(observation, planned(observation)))).toEqual({ [id(1)]: 65_535 });
});

test('removing the weight tag takes the host out, and writing it again brings it back', () => {
  const out = given({ hosts: [other, { id: id(1), tags: { ip_address: '10.0.0.2' }, recorded: 1000 }] });
  const gone = after(out, planned(out));
  expect(weights(gone)).toEqual({ [id(99)]: 65_535 });
  expect(planned(gone).kind).toBe('inSync');
  const back = given({ hosts: [other, { id: id(1), tags: tags('10.0.0.2', '7') }] });
  expect(weights(after(back, planned(back)))[id(1)]).toBe(7);
});

test('a recorded host that is read without tags is kept as recorded, and not registered again', () => {
  expect(planned(given({ hosts: [other, { id: id(1), recorded: 5 }] })).kind).toBe('inSync');
});

test('an instance older than the stack, with neither tag, is registered', () => {
  const observation = given({ hosts: [other, { id: id(1) }] });
  expect(weights(after(observation, planned(observation)))[id(1)]).toBe(65_535);
});

test('a poisoned ip_address is refused, counted, and the instance’s own address is used', () => {
  const of = { hosts: [other, { id: id(1), address: '10.0.0.2', tags: tags('203.0.113.66', '1000'), recorded: 1000 }] };
  expect(planned(given(of)).kind).toBe('inSync');
  expect(noticesOf(of)).toEqual([`badAddress ${id(1)}`]);
  const fresh = given({ hosts: [other, { id: id(1), address: '10.0.0.2', tags: tags('203.0.113.66', '1000') }] });
  expect(JSON.stringify(after(fresh, planned(fresh)).recordSets)).not.toContain('203.0.113.66');
});

test('a recorded host keeps its address while EC2 shows none', () => {
  const observation = given({
    hosts: [other, { id: id(1), address: '10.0.0.2', tags: tags('10.0.0.2', '1000'), recorded: 1000 }],
  });
  const blind = {
    ...observation,
    instances: new Map([...observation.instances].map(([key, value]) => [key, { ...value, addresses: [] }])),
  };
  expect(planned(blind).kind).toBe('inSync');
});

test('the weight tag written before the first registration is the operator’s: the address is added to it', () => {
  const observation = given({ hosts: [other, { id: id(1), tags: { srv_weight: '0' } }] });
  const next = after(observation, planned(observation));
  expect(next.instances.get(id(1))?.tags).toEqual(tags('10.0.0.2', '0'));
  expect(weights(next)[id(1)]).toBe(0);
});

test('a spot interruption warning sets weight 0 by tag, while another host keeps serving', () => {
  const warned = { woken: { interrupted: { [id(1)]: noon - 1 } } };
  const two = given({ hosts: [other, { id: id(1), tags: tags('10.0.0.2', '1000'), recorded: 1000 }], ...warned });
  const next = after(two, planned(two));
  expect(weights(next)[id(1)]).toBe(0);
  expect(next.instances.get(id(1))?.tags.srv_weight).toBe('0');
  const alone = given({ hosts: [{ id: id(1), tags: tags('10.0.0.1', '1000'), recorded: 1000 }], ...warned });
  expect(planned(alone).kind).toBe('inSync');
  const old = given({
    hosts: [other, { id: id(1), tags: tags('10.0.0.2', '1000'), recorded: 1000 }],
    woken: { interrupted: { [id(1)]: noon - 121 } },
  });
  expect(planned(old).kind).toBe('inSync');
});

test('two groups of one cluster share the record, each with its port; the lowest TTL wins', () => {
  const observation = given({
    hosts: [
      { id: id(1), group: 'blue' },
      { id: id(2), group: 'green' },
    ],
    groups: { blue: { srv_port: '8001', srv_ttl: '30' }, green: { srv_port: '8002', srv_ttl: '5' } },
  });
  const srv = after(observation, planned(observation)).recordSets.find(({ type }) => type === 'SRV');
  expect(srv).toMatchObject({
    ttl: 5,
    values: [`0 65535 8001 ${id(1)}.web.svc.example.internal.`, `0 65535 8002 ${id(2)}.web.svc.example.internal.`],
  });
});

test('a group with an unreadable tag keeps its hosts as recorded, registers none, and is reported', () => {
  const of = {
    hosts: [
      { id: id(1), tags: tags('10.0.0.1', '5'), recorded: 1000, recordedPort: 443 },
      { id: id(2), address: '10.0.0.2' },
      { id: id(3), group: 'green', address: '10.0.0.3' },
    ],
    groups: { blue: { srv_port: '70000' }, green: {} },
  };
  const observation = given(of);
  expect(weights(after(observation, planned(observation)))).toEqual({ [id(1)]: 1000, [id(3)]: 65_535 });
  expect(planned(observation).notices).toEqual([
    {
      kind: 'badGroup',
      subject: 'blue',
      text: 'Cannot read tag "srv_port" of group "blue": must be 1 to 65535: current value is "70000"',
    },
  ]);
});

test('groups that disagree on the service: the recorded one stays, the other group is reported', () => {
  const of = {
    hosts: [
      { id: id(1), group: 'blue', tags: tags('10.0.0.1', '5'), recorded: 5 },
      { id: id(2), group: 'apple' },
    ],
    groups: { apple: { srv_service: 'grpc' }, blue: {} },
  };
  expect(planned(given(of)).kind).toBe('inSync');
  expect(noticesOf(of)).toEqual(['badGroup apple']);
});

test('a group that asks for another zone is left alone', () => {
  expect(
    planned(given({ hosts: [{ id: id(1) }], groups: { blue: { srv_zone: 'other.example.internal' } } })).kind,
  ).toBe('inSync');
  expect(planned(given({ hosts: [{ id: id(1) }], groups: { blue: { srv_zone: 'SVC.example.internal.' } } })).kind).toBe(
    'change',
  );
});

test('the launch hook completes once the record that holds the host has propagated, other writes notwithstanding', () => {
  const host = { id: id(1), state: 'Pending:Wait', tags: tags('10.0.0.2', '9'), recorded: 9 };
  const young = given({ hosts: [other, { ...host, joiningFor: 119 }], writtenFor: 1 });
  expect(planned(young).kind).toBe('inSync');
  const old = given({ hosts: [other, { ...host, joiningFor: 120 }], writtenFor: 1 });
  expect(planned(old)).toMatchObject({ kind: 'change', changes: [{ kind: 'complete', hook: 'srv-register' }] });
  const inSync = given({
    hosts: [other, { ...host, joiningFor: 30 }],
    writtenFor: 1,
    woken: { propagated: noon - 30 },
  });
  expect(planned(inSync)).toMatchObject({ kind: 'change', changes: [{ kind: 'complete' }] });
  const unknown = given({ hosts: [other, host], writtenFor: 119 });
  expect(planned(unknown).kind).toBe('inSync');
});
