import { expect, test } from 'vitest';
import { batchCharactersMax, memoriesMax } from '../../lambda/reconcile/limits.ts';
import { encodeRegistry } from '../../lambda/reconcile/registry.ts';
import { after, type GivenHost, given, id, noon, owner, planned, registry, tags, weights } from '../given.ts';

const txt = (value: string) => ({ name: 'web.svc.example.internal.', type: 'TXT', ttl: 10, values: [value] });
const srv = (...values: string[]) => ({ name: '_http._tcp.web.svc.example.internal.', type: 'SRV', ttl: 10, values });
const entry = { owner, serial: 41, written: noon - 1000, leaving: new Map(), joining: new Map() };

test('plan() refuses to leave a cluster in service without a positive weight', () => {
  // One host drains, the other is in service but cannot be registered: nobody asked for a cluster that serves nothing.
  const observation = given({
    hosts: [
      { id: id(1), state: 'Terminating:Wait', tags: tags('10.0.0.1', '9'), recorded: 9 },
      { id: id(2), address: null },
    ],
  });
  expect(planned(observation)).toMatchObject({ kind: 'refuse', reason: expect.stringContaining(id(2)) });
});

test('an operator may take the last weight, by zero or by removing the tag', () => {
  for (const own of [tags('10.0.0.1', '0'), { ip_address: '10.0.0.1' }]) {
    const observation = given({ hosts: [{ id: id(1), tags: own, recorded: 9 }] });
    expect(Object.values(weights(after(observation, planned(observation))))).not.toContain(9);
  }
});

test('a whole fleet that terminates drains, and its empty record keeps the registry entry', () => {
  const fleet = given({
    hosts: [1, 2].map((n) => ({ id: id(n), state: 'Terminating:Wait', tags: tags(`10.0.0.${n}`, '9'), recorded: 9 })),
  });
  expect(weights(after(fleet, planned(fleet)))).toEqual({ [id(1)]: 0, [id(2)]: 0 });
  const dead = given({ hosts: [1, 2].map((n) => ({ id: id(n), ec2: 'terminated', recorded: 9 })) });
  const empty = after(dead, planned(dead));
  expect(empty.recordSets.map(({ type }) => type)).toEqual(['TXT']);
  expect(registry(empty)).toMatchObject({ serial: 42 });
});

test.each([
  ['an SRV set without a registry entry', [srv('0 1 80 elsewhere.example.com.')], 'found SRV record set'],
  [
    'our own hosts without a registry entry',
    [srv(`0 1 80 ${id(1)}.web.svc.example.internal.`)],
    'found SRV record set',
  ],
  ['a TXT set that is no registry entry', [txt('"v=spf1 -all"')], 'found TXT record set'],
  ['another deployment’s entry', [txt(encodeRegistry({ ...entry, owner: 'somebody' }))], 'found owner "somebody"'],
  [
    'a host’s address record',
    [{ name: `${id(1)}.web.svc.example.internal.`, type: 'A', ttl: 5, values: ['10.9.9.9'] }],
    'found A record set',
  ],
  [
    'a weighted SRV set under our entry',
    [txt(encodeRegistry(entry)), { ...srv('0 1 80 a.example.com.'), routing: 'set identifier "blue"' }],
    'simple record set',
  ],
  [
    'a CNAME at the cluster’s name',
    [{ name: 'web.svc.example.internal.', type: 'CNAME', ttl: 5, values: ['a.example.com.'] }],
    'found a CNAME',
  ],
])('plan() never touches %s', (_, recordSets, found) => {
  expect(planned(given({ hosts: [{ id: id(1) }], recordSets }))).toMatchObject({
    kind: 'refuse',
    reason: expect.stringContaining(found),
  });
});

test('a record of ours edited by hand is put right, and what was no host is reported', () => {
  const host = { id: id(1), tags: tags('10.0.0.1', '9') };
  const recordSets = [
    txt(encodeRegistry(entry)),
    { ...srv(`7 1 80 ${id(1)}.web.svc.example.internal`, '0 5 443 console.example.com.'), ttl: 300 },
  ];
  const observation = given({ hosts: [host], recordSets });
  const plan = planned(observation);
  expect(plan.notices.map(({ kind }) => kind)).toEqual(['drift']);
  const next = after(observation, plan);
  expect(next.recordSets.find(({ type }) => type === 'SRV')).toEqual(srv(`0 9 443 ${id(1)}.web.svc.example.internal.`));
  expect(next.recordSets.find(({ type }) => type === 'A')?.values).toEqual(['10.0.0.1']);
});

test.each([
  '"heritage=asg-srv" "owner=OWNER"',
  '"heritage=asg-srv" "owner=OWNER" "serial=x" "written=-1" "leaving=zzz"',
])('a damaged registry entry is written anew, with a serial it cannot have had: %s', (text) => {
  const observation = given({ hosts: [], recordSets: [txt(text.replace('OWNER', owner))] });
  const next = after(observation, planned(observation));
  expect(registry(next)).toMatchObject({ serial: noon, written: noon });
  expect(planned(next).kind).toBe('inSync');
});

test('other people’s values in the TXT set of the entry stay', () => {
  const set = { ...txt(encodeRegistry(entry)), values: ['"site=verified"', encodeRegistry(entry)] };
  const observation = given({ hosts: [{ id: id(1) }], recordSets: [set] });
  expect(after(observation, planned(observation)).recordSets.find(({ type }) => type === 'TXT')?.values).toContain(
    '"site=verified"',
  );
});

test('a foreign SRV set beside ours below the cluster is left alone', () => {
  const sip = {
    name: '_sip._tcp.web.svc.example.internal.',
    type: 'SRV',
    ttl: 60,
    values: ['0 0 5060 pbx.example.com.'],
  };
  const observation = given({ hosts: [{ id: id(1) }], recordSets: [txt(encodeRegistry(entry)), sip] });
  expect(after(observation, planned(observation)).recordSets).toContain(sip);
});

test('plan() refuses a service whose SRV set holds none of our hosts while another SRV set of the cluster does', () => {
  const foreign = srv('0 0 8080 somebody.example.com.');
  const host = { id: id(1), tags: tags('10.0.0.1', '9') };
  const first = given({ hosts: [host], groups: { blue: { srv_service: 'https' } }, recordSets: [foreign] });
  const https = after(first, planned(first));
  expect(weights(https)[id(1)]).toBe(9);
  const strayed = https.recordSets.map((set) =>
    set.name.startsWith('_https.') ? { ...set, values: [...set.values, '0 5 443 console.example.com.'] } : set,
  );
  for (const recordSets of [https.recordSets, strayed]) {
    const back = given({ hosts: [host], recordSets });
    expect(planned(back)).toMatchObject({ kind: 'refuse', reason: expect.stringContaining(foreign.name) });
  }
});

test('a stray in our only SRV set does not make us forget its hosts while the tags of their group cannot be read', () => {
  const host = { id: id(1), tags: tags('10.0.0.1', '9') };
  const first = given({ hosts: [host], groups: { blue: { srv_service: 'https' } } });
  const recordSets = after(first, planned(first)).recordSets.map((set) =>
    set.type === 'SRV' ? { ...set, values: [...set.values, '0 5 443 console.example.com.'] } : set,
  );
  const unread = given({ hosts: [host], groups: { blue: { srv_service: 'https', srv_port: 'x' } }, recordSets });
  const next = after(unread, planned(unread));
  expect(weights(next)[id(1)]).toBe(9);
  expect(next.recordSets.filter(({ type }) => type === 'A')).toHaveLength(1);
});

test('our only SRV set is put right although a hand replaced all of its values', () => {
  const observation = given({ hosts: [{ id: id(1), tags: tags('10.0.0.1', '9'), recorded: 9 }] });
  const recordSets = observation.recordSets.map((set) =>
    set.type === 'SRV' ? srv('0 5 443 console.example.com.') : set,
  );
  const next = after({ ...observation, recordSets }, planned({ ...observation, recordSets }));
  expect(next.recordSets.find(({ type }) => type === 'SRV')).toEqual(srv(`0 9 443 ${id(1)}.web.svc.example.internal.`));
});

function fleet(count: number, host: Partial<GivenHost>): readonly GivenHost[] {
  return Array.from({ length: count }, (_, index) => ({
    id: id(index),
    address: `10.0.${index >> 8}.${index & 255}`,
    ...host,
  }));
}

test('a record that is full takes no further host, says so, and goes on with the rest', () => {
  const most = Math.floor(
    (batchCharactersMax / 2 - 300 - 20 * 33) / `0 65535 443 ${id(0)}.web.svc.example.internal.`.length,
  );
  for (const [count, kept] of [
    [most - 1, most - 1],
    [most, most],
    [most + 1, most],
  ] as const) {
    const observation = given({ hosts: fleet(count, {}) });
    const plan = planned(observation);
    expect(Object.keys(weights(after(observation, plan)))).toHaveLength(kept);
    expect(plan.notices.filter(({ kind }) => kind === 'full')).toHaveLength(count - kept);
  }
});

test('no more hosts begin to leave than the registry entry can remember; the others keep serving and follow', () => {
  const hosts = fleet(memoriesMax + 20, { state: 'Terminating:Wait', recorded: 9 }).map((host) => ({
    ...host,
    tags: tags(host.address ?? '', '9'),
  }));
  const observation = given({ hosts });
  const next = after(observation, planned(observation));
  expect(Object.values(weights(next)).filter((weight) => weight === 0)).toHaveLength(memoriesMax);
  expect(registry(next)?.leaving.size).toBe(memoriesMax);
});

test('the registry entry of the largest record still fits one change batch with it', () => {
  const hosts = fleet(260, { state: 'Terminating:Wait', recorded: 65_535 }).map((host) => ({
    ...host,
    tags: tags(host.address ?? '', '65535'),
  }));
  const plan = planned(given({ hosts }));
  const write = plan.kind === 'change' ? plan.write : undefined;
  const values = [...(write?.swap.deletes ?? []), ...(write?.swap.creates ?? [])].flatMap((set) => set.values);
  expect(values.reduce((sum, value) => sum + value.length, 0)).toBeLessThanOrEqual(batchCharactersMax);
  expect(values.length).toBeGreaterThan(500);
});

test('plan() refuses although the instances in service are of a group whose tags cannot be read', () => {
  const observation = given({
    hosts: [
      { id: id(1), state: 'Terminating:Wait', tags: tags('10.0.0.1', '9'), recorded: 9 },
      { id: id(2), group: 'green' },
    ],
    groups: { blue: {}, green: { srv_port: '80a' } },
  });
  expect(planned(observation).kind).toBe('refuse');
});
