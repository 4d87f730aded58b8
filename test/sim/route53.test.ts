import type { Change, ResourceRecordSet, RRType } from '@aws-sdk/client-route-53';
import { expect, test } from 'vitest';
import { AwsError } from '../../sim/awsError.ts';
import { propagationSecondsMax, propagationSecondsMin } from '../../sim/route53.ts';
import { World } from '../../sim/world.ts';

const zoneName = 'svc.example.internal';
const srvName = `_http._tcp.web.${zoneName}`;

function givenZone(seed = 1): { world: World; id: string } {
  const world = new World({ seed });
  return { world, id: world.route53.addHostedZone(zoneName, 'Z0EXAMPLE') };
}

function set(type: RRType, values: readonly string[], name = srvName, ttl = 10): ResourceRecordSet {
  return { Name: name, Type: type, TTL: ttl, ResourceRecords: values.map((value) => ({ Value: value })) };
}

const create = (recordSet: ResourceRecordSet): Change => ({ Action: 'CREATE', ResourceRecordSet: recordSet });
const remove = (recordSet: ResourceRecordSet): Change => ({ Action: 'DELETE', ResourceRecordSet: recordSet });
const upsert = (recordSet: ResourceRecordSet): Change => ({ Action: 'UPSERT', ResourceRecordSet: recordSet });

function change(world: World, changes: Change[], comment?: string): string {
  const batch = { Changes: changes, Comment: comment };
  return world.route53.changeResourceRecordSets({ HostedZoneId: 'Z0EXAMPLE', ChangeBatch: batch }).ChangeInfo?.Id ?? '';
}

function refusal(world: World, changes: Change[], comment?: string): AwsError {
  try {
    change(world, changes, comment);
  } catch (error) {
    if (error instanceof AwsError) {
      return error;
    }
    throw error;
  }
  throw new Error('Expected the batch to be refused, but it was accepted');
}

function valuesOf(world: World, name = srvName): readonly string[] | undefined {
  const found = world.route53.records('Z0EXAMPLE').find((recordSet) => recordSet.Name === `${name}.`);
  return found?.ResourceRecords?.map((record) => record.Value ?? '');
}

const old = set('SRV', ['0 1 443 a.example', '0 2 443 b.example']);
const next = set('SRV', ['0 3 443 c.example']);

test('changeResourceRecordSets() swaps a record set by DELETE and CREATE in one batch, values in any order', () => {
  const { world } = givenZone();
  change(world, [create(old)]);
  change(world, [remove(set('SRV', ['0 2 443 b.example', '0 1 443 a.example'])), create(next)]);
  expect(valuesOf(world)).toEqual(['0 3 443 c.example']);
});

test('changeResourceRecordSets() refuses a lost swap whole, with one text for each fault, and changes nothing', () => {
  const { world } = givenZone();
  change(world, [create(old)]);
  const other = create(set('A', ['10.0.0.1'], `i-1.${zoneName}`));
  const error = refusal(world, [other, remove(set('SRV', ['0 1 443 a.example'])), create(next)]);
  expect(error.name).toBe('InvalidChangeBatch');
  expect(error.statusCode).toBe(400);
  expect(error.messages).toEqual([
    `Tried to delete resource record set [name='${srvName}.', type='SRV'] but the values provided do not match the current values`,
    `Tried to create resource record set [name='${srvName}.', type='SRV'] but it already exists`,
  ]);
  expect(error.message).toBe(`[${error.messages.join(', ')}]`);
  expect(valuesOf(world)).toEqual(['0 1 443 a.example', '0 2 443 b.example']);
  expect(valuesOf(world, `i-1.${zoneName}`)).toBeUndefined();
  expect(world.route53.writes).toHaveLength(1);
});

const absent = `Tried to delete resource record set [name='${srvName}.', type='SRV'] but it was not found`;
const mismatch = `Tried to delete resource record set [name='${srvName}.', type='SRV'] but the values provided do not match the current values`;
const exists = `Tried to create resource record set [name='${srvName}.', type='SRV'] but it already exists`;
const repeated = `The request contains an invalid set of changes for a resource record set 'SRV ${srvName}.'`;
const fatal = (code: string, value: string): string =>
  `Invalid Resource Record: 'FATAL problem: ${code} encountered with '${value}''`;
const notFour = "SRVRRDATANotFourFields (SRV record doesn't have 4 fields)";
const illegal = 'SRVRRDATAIllegalNumber (SRV priority, weight and port must be between 0 and 65535)';
const unquoted = 'InvalidCharacterString (Value should be enclosed in quotation marks)';
const long = 'a'.repeat(256);

test.each<[string, ResourceRecordSet[], Change[], string[]]>([
  ['a DELETE of what is not there', [], [remove(old)], [absent]],
  ['a DELETE with another TTL', [old], [remove({ ...old, TTL: 11 })], [mismatch]],
  ['a DELETE with one value less', [old], [remove(set('SRV', ['0 1 443 a.example']))], [mismatch]],
  ['a DELETE with a value spelt otherwise', [next], [remove(set('SRV', ['0 3 443 c.example.']))], [mismatch]],
  ['a DELETE with a routing field', [next], [remove({ ...next, Weight: 1 })], [mismatch]],
  ['a CREATE of what exists', [old], [create(next)], [exists]],
  ['the same DELETE twice', [old], [remove(old), remove(old)], [repeated]],
  ['the same CREATE twice', [], [create(old), create(old)], [repeated]],
  ['a CREATE before its DELETE', [old], [create(next), remove(old)], [repeated]],
  [
    'values that differ in case only',
    [],
    [create(set('SRV', ['0 1 443 a.example', '0 1 443 A.example']))],
    ["Duplicate Resource Record: '0 1 443 A.example'"],
  ],
  [
    'a name outside the zone',
    [],
    [create(set('A', ['10.0.0.1'], 'web.example.org'))],
    [`RRSet with DNS name web.example.org. is not permitted in zone ${zoneName}.`],
  ],
  [
    'a name that only ends like the zone',
    [],
    [create(set('A', ['10.0.0.1'], `x${zoneName}`))],
    [`RRSet with DNS name x${zoneName}. is not permitted in zone ${zoneName}.`],
  ],
  ['an SRV of three fields', [], [create(set('SRV', ['0 443 a.example']))], [fatal(notFour, '0 443 a.example')]],
  ['an SRV of five fields', [], [create(set('SRV', ['0 1 443 a b']))], [fatal(notFour, '0 1 443 a b')]],
  ['an SRV weight of 65536', [], [create(set('SRV', ['0 65536 443 a']))], [fatal(illegal, '0 65536 443 a')]],
  ['an SRV port that is negative', [], [create(set('SRV', ['0 1 -1 a']))], [fatal(illegal, '0 1 -1 a')]],
  [
    'an SRV target with an empty label',
    [],
    [create(set('SRV', ['0 1 443 a..b']))],
    [fatal('DomainLabelEmpty (Domain label is empty)', '0 1 443 a..b')],
  ],
  ['a TXT without quotes', [], [create(set('TXT', ['plain']))], [fatal(unquoted, 'plain')]],
  ['a TXT with a lone quote', [], [create(set('TXT', ['"a" "b']))], [fatal(unquoted, '"a" "b')]],
  [
    'a TXT string of 256 characters',
    [],
    [create(set('TXT', [`"a" "${long}"`]))],
    [fatal('CharacterStringTooLong (Value is too long)', `"a" "${long}"`)],
  ],
  [
    'an A that is a name',
    [],
    [create(set('A', ['a.example']))],
    [fatal('ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)', 'a.example')],
  ],
  [
    'an AAAA that is IPv4',
    [],
    [create(set('AAAA', ['10.0.0.1']))],
    [fatal('AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)', '10.0.0.1')],
  ],
  [
    'an A with two addresses in one value',
    [],
    [create(set('A', ['10.0.0.1 10.0.0.2']))],
    [fatal('ARRDATANotSingleField (Value contains spaces)', '10.0.0.1 10.0.0.2')],
  ],
  [
    'a CNAME beside another type',
    [old],
    [create(set('CNAME', ['a.example']))],
    [
      `RRSet of type CNAME with DNS name ${srvName}. is not permitted as it conflicts with other records with the same DNS name in zone ${zoneName}.`,
    ],
  ],
  [
    'another type beside a CNAME',
    [set('CNAME', ['a.example'])],
    [create(old)],
    [
      `RRSet of type SRV with DNS name ${srvName}. is not permitted because a conflicting RRSet of type  CNAME with the same DNS name already exists in zone ${zoneName}.`,
    ],
  ],
  [
    'a DELETE beside a CREATE of another set that fails',
    [old],
    [remove(old), create(set('TXT', ['x']))],
    [fatal(unquoted, 'x')],
  ],
])('changeResourceRecordSets() refuses %s and changes nothing', (_, before, changes, messages) => {
  const { world, id } = givenZone();
  if (before.length > 0) {
    change(world, before.map(create));
  }
  const content = world.route53.records(id);
  expect(refusal(world, changes)).toMatchObject({ name: 'InvalidChangeBatch', messages });
  expect(world.route53.records(id)).toEqual(content);
});

test.each<[string, Change[], RegExp]>([
  ['no changes', [], /at least one Change/],
  [
    'a set without values',
    [create({ Name: srvName, Type: 'SRV', TTL: 10, ResourceRecords: [] })],
    /Expected exactly one of \[AliasTarget/,
  ],
  [
    'a set without a TTL',
    [create({ Name: srvName, Type: 'A', ResourceRecords: [{ Value: '10.0.0.1' }] })],
    /Expected exactly one of/,
  ],
  ['a TTL beyond 31 bits', [create({ ...old, TTL: 2_147_483_648 })], /TTL must be between/],
  ['a value of 4,001 characters', [create(set('TXT', [`"${'a'.repeat(3_999)}"`]))], /1 to 4000 characters/],
])('changeResourceRecordSets() calls %s an InvalidInput', (_, changes, message) => {
  const { world } = givenZone();
  const error = refusal(world, changes);
  expect(error.name).toBe('InvalidInput');
  expect(error.message).toMatch(message);
});

test('changeResourceRecordSets() takes a comment of 256 characters and refuses one of 257', () => {
  const { world } = givenZone();
  const id = change(world, [create(old)], 'c'.repeat(256));
  expect(world.route53.getChange({ Id: id }).ChangeInfo?.Comment).toHaveLength(256);
  expect(refusal(world, [remove(old)], 'c'.repeat(257)).name).toBe('InvalidInput');
});

/** Record sets whose values number and measure exactly what is asked for. */
function sized(values: number, characters: number): ResourceRecordSet[] {
  const each = Math.floor(characters / values);
  return Array.from({ length: values }, (_, index) => {
    const length = index === 0 ? characters - each * (values - 1) : each;
    const strings = `"${'x'.repeat(length - 2)}"`;
    return set('TXT', [strings], `n${index}.${zoneName}`);
  });
}

const addresses = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `10.0.${index >> 8}.${index & 255}`);

test.each<[string, Change[], string | undefined]>([
  ['1,000 values', sized(1_000, 9_000).map(create), undefined],
  ['1,001 values', sized(1_001, 9_000).map(create), 'Number of records limit of 1000 exceeded.'],
  ['500 values by UPSERT', sized(500, 5_000).map(upsert), undefined],
  ['501 values by UPSERT', sized(501, 5_000).map(upsert), 'Number of records limit of 1000 exceeded.'],
  ['32,000 characters', sized(320, 32_000).map(create), undefined],
  ['32,001 characters', sized(320, 32_001).map(create), 'RDATA character limit of 32000 exceeded.'],
  ['16,001 characters by UPSERT', sized(160, 16_001).map(upsert), 'RDATA character limit of 32000 exceeded.'],
  ['400 values in one set', [create(set('A', addresses(400)))], undefined],
  ['401 values in one set', [create(set('A', addresses(401)))], 'Cannot have more than 400 records in a RRSet.'],
])('changeResourceRecordSets() knows the limits: %s', (_, changes, message) => {
  const { world } = givenZone();
  if (message === undefined) {
    change(world, changes);
    expect(world.route53.writes).toHaveLength(1);
  } else {
    expect(refusal(world, changes).messages).toEqual([message]);
  }
});

test('changeResourceRecordSets() refuses the 10,001st record set of a zone, but not a swap in a full one', () => {
  const { world } = givenZone();
  const room = 10_000 - world.route53.records('Z0EXAMPLE').length;
  const all = Array.from({ length: room }, (_, index) => set('A', ['10.0.0.1'], `n${index}.${zoneName}`));
  for (let start = 0; start < room; start += 1_000) {
    change(world, all.slice(start, start + 1_000).map(create));
  }
  expect(refusal(world, [create(old)]).messages).toEqual(['Exceeded limit MAX_RRSETS_BY_ZONE for zone: Z0EXAMPLE']);
  change(world, [remove(set('A', ['10.0.0.1'], `n0.${zoneName}`)), create(old)]);
  expect(valuesOf(world)).toHaveLength(2);
});

test('changeResourceRecordSets() lets UPSERT overwrite blindly, and says so in the log of writes', () => {
  const { world } = givenZone();
  change(world, [create(old)]);
  world.route53.changeResourceRecordSets(
    { HostedZoneId: '/hostedzone/Z0EXAMPLE', ChangeBatch: { Changes: [upsert(next)] } },
    'AKIDSYNC',
  );
  expect(valuesOf(world)).toEqual(['0 3 443 c.example']);
  expect(world.route53.writes[1]).toMatchObject({ at: world.now, hostedZoneId: 'Z0EXAMPLE', principal: 'AKIDSYNC' });
  expect(world.route53.writes[1]?.changes.map((each) => each.Action)).toEqual(['UPSERT']);
});

test('changeResourceRecordSets() lets an A become a CNAME in one batch, and TXT strings of 255 pass', () => {
  const { world } = givenZone();
  const name = `www.${zoneName}`;
  change(world, [create(set('A', ['10.0.0.1'], name)), create(set('TXT', [`"${'a'.repeat(255)}" "b\\"\\101"`]))]);
  change(world, [remove(set('A', ['10.0.0.1'], name)), create(set('CNAME', ['a.example'], name))]);
  expect(valuesOf(world, name)).toEqual(['a.example']);
});

test('changeResourceRecordSets() keeps the zone its NS and SOA', () => {
  const { world, id } = givenZone();
  const soa = world.route53.records(id).find((recordSet) => recordSet.Type === 'SOA');
  expect(soa).toBeDefined();
  expect(refusal(world, soa === undefined ? [] : [remove(soa)]).messages).toEqual([
    'A HostedZone must contain exactly one SOA record.',
  ]);
});

test('names are stored in lower case with a trailing dot and octal escapes, values as they were submitted', () => {
  const { world, id } = givenZone();
  change(world, [
    create(set('A', ['10.0.0.1'], `*.WEB.${zoneName}`)),
    create(set('SRV', ['0 1 443 I-1.Example.'], `_a-b.${zoneName}.`)),
  ]);
  const stored = world.route53.records(id).filter((recordSet) => recordSet.Type === 'A' || recordSet.Type === 'SRV');
  expect(stored.map((recordSet) => [recordSet.Name, recordSet.ResourceRecords?.[0]?.Value])).toEqual([
    [`_a-b.${zoneName}.`, '0 1 443 I-1.Example.'],
    [`\\052.web.${zoneName}.`, '10.0.0.1'],
  ]);
  expect(refusal(world, [create(set('A', ['10.0.0.2'], `\\052.web.${zoneName}`))]).message).toContain('already exists');
});

test('listResourceRecordSets() orders by reversed labels, then type, so that a cluster is one stretch', () => {
  const { world, id } = givenZone();
  const names = ['web', 'web-api', '_http._tcp.web', 'i-2.web', 'i-1.web', 'weba'].map(
    (label) => `${label}.${zoneName}`,
  );
  change(world, [
    ...names.map((name) => create(set('TXT', ['"x"'], name))),
    create(set('A', ['10.0.0.1'], `i-1.web.${zoneName}`)),
    create(set('AAAA', ['::1'], `i-1.web.${zoneName}`)),
  ]);
  const page = world.route53.listResourceRecordSets({ HostedZoneId: id });
  expect(
    page.ResourceRecordSets?.map((recordSet) => `${recordSet.Name?.replace(`.${zoneName}.`, '')} ${recordSet.Type}`),
  ).toEqual([
    `${zoneName}. NS`,
    `${zoneName}. SOA`,
    'web-api TXT',
    'web TXT',
    '_http._tcp.web TXT',
    'i-1.web A',
    'i-1.web AAAA',
    'i-1.web TXT',
    'i-2.web TXT',
    'weba TXT',
  ]);
  expect(page).toMatchObject({ IsTruncated: false, MaxItems: 300 });
});

test.each<[string, RRType | undefined, string]>([
  [`i-1.web.${zoneName}`, undefined, 'i-1.web A'],
  [`I-1.WEB.${zoneName}.`, 'AAAA', 'i-1.web TXT'],
  [`i-1.web.${zoneName}`, 'TXT', 'i-1.web TXT'],
  [`web.${zoneName}`, 'TXT', 'i-1.web A'],
])('listResourceRecordSets() starts at or after %s %s', (name, type, first) => {
  const { world, id } = givenZone();
  change(world, [
    create(set('A', ['10.0.0.1'], `i-1.web.${zoneName}`)),
    create(set('TXT', ['"x"'], `i-1.web.${zoneName}`)),
  ]);
  const page = world.route53.listResourceRecordSets({ HostedZoneId: id, StartRecordName: name, StartRecordType: type });
  const found = page.ResourceRecordSets?.[0];
  expect(`${found?.Name?.replace(`.${zoneName}.`, '')} ${found?.Type}`).toBe(first);
});

test('listResourceRecordSets() pages by 300 at most, each page naming where the next begins', () => {
  const { world, id } = givenZone();
  change(
    world,
    Array.from({ length: 699 }, (_, index) => create(set('A', ['10.0.0.1'], `n${index}.${zoneName}`))),
  );
  const sizes: number[] = [];
  const seen = new Set<string>();
  let start: { StartRecordName?: string | undefined; StartRecordType?: RRType | undefined } | undefined = {};
  while (start !== undefined) {
    const page = world.route53.listResourceRecordSets({ HostedZoneId: id, MaxItems: 1_000, ...start });
    sizes.push(page.ResourceRecordSets?.length ?? 0);
    for (const recordSet of page.ResourceRecordSets ?? []) {
      seen.add(`${recordSet.Name} ${recordSet.Type}`);
    }
    start =
      page.IsTruncated === true
        ? { StartRecordName: page.NextRecordName, StartRecordType: page.NextRecordType }
        : undefined;
  }
  expect(sizes).toEqual([300, 300, 101]);
  expect(seen.size).toBe(701);
});

test('listResourceRecordSets() refuses a start type without a start name', () => {
  const { world, id } = givenZone();
  expect(() => world.route53.listResourceRecordSets({ HostedZoneId: id, StartRecordType: 'A' })).toThrow(
    expect.objectContaining({ name: 'InvalidInput' }),
  );
});

test('what a listing returns is the caller’s own', () => {
  const { world, id } = givenZone();
  change(world, [create(old)]);
  const listed = world.route53.listResourceRecordSets({ HostedZoneId: id }).ResourceRecordSets?.at(-1);
  listed?.ResourceRecords?.pop();
  expect(valuesOf(world)).toHaveLength(2);
});

test('answer() gives only what is INSYNC: a listing sees a write at once, DNS when it has propagated', async () => {
  const { world } = givenZone();
  world.route53.propagationSeconds = 30;
  const id = change(world, [create(old)]);
  expect(valuesOf(world)).toHaveLength(2);
  expect(world.route53.answer(srvName, 'SRV')).toBeUndefined();
  expect(world.route53.getChange({ Id: id }).ChangeInfo).toMatchObject({
    Id: id,
    Status: 'PENDING',
    SubmittedAt: new Date(world.now),
  });
  await world.advance(29.999);
  expect(world.route53.answer(srvName, 'SRV')).toBeUndefined();
  await world.advance(0.001);
  expect(world.route53.answer(srvName.toUpperCase(), 'SRV')).toEqual({
    name: `${srvName}.`,
    type: 'SRV',
    ttl: 10,
    values: ['0 1 443 a.example', '0 2 443 b.example'],
  });
  expect(world.route53.getChange({ Id: id.replace('/change/', '') }).ChangeInfo?.Status).toBe('INSYNC');
});

test('a later batch is never INSYNC before an earlier one, and an answer never goes back in time', async () => {
  const { world } = givenZone();
  world.route53.propagationSeconds = 40;
  change(world, [create(old)]);
  world.route53.propagationSeconds = 0;
  const second = change(world, [remove(old), create(next)]);
  expect(world.route53.getChange({ Id: second }).ChangeInfo?.Status).toBe('PENDING');
  await world.advance(40);
  expect(world.route53.answer(srvName, 'SRV')?.values).toEqual(['0 3 443 c.example']);
  change(world, [remove(next)]);
  expect(world.route53.answer(srvName, 'SRV')).toBeUndefined();
});

test('the time to INSYNC is drawn from the world’s seed, within the named bounds', async () => {
  const delays = async (seed: number): Promise<number[]> => {
    const { world } = givenZone(seed);
    const found: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      const id = change(world, [upsert(set('A', [`10.0.0.${round}`]))]);
      const from = world.now;
      while (world.route53.getChange({ Id: id }).ChangeInfo?.Status === 'PENDING') {
        await world.advance(1);
      }
      found.push((world.now - from) / 1000);
    }
    return found;
  };
  const first = await delays(7);
  expect(Math.min(...first)).toBeGreaterThanOrEqual(propagationSecondsMin);
  expect(Math.max(...first)).toBeLessThanOrEqual(propagationSecondsMax);
  expect(new Set(first).size).toBeGreaterThan(5);
  expect(await delays(7)).toEqual(first);
  expect(await delays(8)).not.toEqual(first);
});

test('unknown zones and changes are told by name', () => {
  const { world } = givenZone();
  expect(() => world.route53.getChange({ Id: '/change/C1' })).toThrow(
    expect.objectContaining({ name: 'NoSuchChange', message: 'Could not find resource with ID: C1', statusCode: 404 }),
  );
  expect(() => world.route53.listResourceRecordSets({ HostedZoneId: '/hostedzone/Z1' })).toThrow(
    expect.objectContaining({ name: 'NoSuchHostedZone', message: 'No hosted zone found with ID: Z1', statusCode: 404 }),
  );
});

test('hosted zones are made, read and listed by name', () => {
  const { world } = givenZone();
  const made = world.route53.createHostedZone({
    Name: 'Other.Internal',
    CallerReference: 'r',
    VPC: { VPCId: 'vpc-1' },
  });
  const id = made.HostedZone?.Id ?? '';
  expect(world.route53.getHostedZone({ Id: id })).toMatchObject({
    HostedZone: { Id: id, Name: 'other.internal.', Config: { PrivateZone: true }, ResourceRecordSetCount: 2 },
    VPCs: [{ VPCId: 'vpc-1' }],
  });
  const names = (input: { DNSName?: string; MaxItems?: number }): unknown =>
    world.route53.listHostedZonesByName(input).HostedZones?.map((zone) => zone.Name);
  expect(names({})).toEqual([`${zoneName}.`, 'other.internal.']);
  expect(names({ DNSName: 'other.internal' })).toEqual(['other.internal.']);
  expect(world.route53.listHostedZonesByName({ MaxItems: 1 })).toMatchObject({
    IsTruncated: true,
    NextDNSName: 'other.internal.',
  });
});
