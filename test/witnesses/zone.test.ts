import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Observation, RecordSet } from '../../lambda/reconcile/model.ts';
import { after, type Given, type GivenHost, given, id, planned, tags } from '../given.ts';
import { checkZone, meantRecords } from './checkZone.ts';

/** Where a cluster's records are. */
interface Names {
  readonly zone: string;
  readonly cluster: string;
  readonly owner: string;
}

const ordinary: Names = { zone: 'svc.example.internal', cluster: 'web', owner: '111122223333/eu-west-1/AsgSrv' };
const longest = (letter: string, characters = 63): string => letter.repeat(characters);

/** What the zone holds of a cluster after each of the passes that met these worlds one after the other. */
function passes(names: Names, worlds: readonly Given[], hand: (records: readonly RecordSet[]) => readonly RecordSet[]) {
  const zones: (readonly RecordSet[])[] = [];
  let recordSets: readonly RecordSet[] = [];
  let now = 1_795_251_600;
  for (const world of worlds) {
    const { groups, ...met } = given({ ...world, now });
    const observation: Observation = {
      ...met,
      ...names,
      groups: groups.map((group) => ({ ...group, tags: { ...group.tags, srv_cluster: names.cluster } })),
      recordSets: hand(recordSets),
    };
    ({ recordSets, now } = after(observation, planned(observation), 45));
    zones.push(recordSets);
  }
  return zones;
}

const untouched = (records: readonly RecordSet[]): readonly RecordSet[] => records;

/** What somebody may write into the tag ip_address. */
const noAddresses = [
  '',
  ' ',
  '.',
  'beef',
  '1.2.3',
  '256.0.0.1',
  '10.0.0.1.',
  ':::',
  '1::2::3',
  '12345::',
  '1:2:3:4::5:6:7:8',
];
const states = [
  'Pending',
  'Pending:Wait',
  'InService',
  'Standby',
  'Terminating:Wait',
  'Terminating:Proceed',
  'Unheard',
];
const group = fc.oneof(fc.constant(0), fc.nat(0xffff)).map((number) => number.toString(16));
const addresses = fc.oneof(
  fc.ipV4(),
  fc.array(group, { minLength: 6, maxLength: 6 }).map((groups) => ['2001', 'db8', ...groups].join(':')),
  group.map((last) => `2001:db8::${last}`),
);
const host = fc.record({
  number: fc.nat(9),
  state: fc.constantFrom('Pending:Wait', 'InService', ...states, null),
  ec2: fc.constantFrom('running', 'running', 'running', 'shutting-down', null),
  address: fc.option(addresses, { freq: 4 }),
  weight: fc.constantFrom(undefined, '0', '1', '9', '50%', '100%', '65535', 'heavy'),
  tagged: fc.oneof(fc.constantFrom(undefined, 'own'), fc.constantFrom(...noAddresses), addresses),
});
const groupTags = fc.record(
  {
    srv_port: fc.constantFrom('1', '443', '65535', '0'),
    srv_priority: fc.constantFrom('0', '7', '65535'),
    srv_weight: fc.constantFrom('0', '1', '65535', '50%'),
    srv_ttl: fc.constantFrom('1', '10', '60', '2147483647'),
    srv_service: fc.constantFrom('http', 'a', '0a', 'a1-b2-c3-d4-e56', longest('x', 15)),
  },
  { requiredKeys: [] },
);
const world: fc.Arbitrary<Given> = fc
  .record({
    hosts: fc.uniqueArray(host, { maxLength: 8, selector: ({ number }) => number }),
    groups: fc.record({ blue: groupTags }),
    untaggable: fc.constantFrom([], [id(0)]),
  })
  .map(({ hosts, ...rest }) => ({
    ...rest,
    hosts: hosts.map(
      ({ number, weight, tagged, address, ...one }): GivenHost => ({
        ...one,
        id: number === 9 ? 'i-0123abcd' : id(number),
        address,
        tags: {
          ...(weight === undefined ? {} : { srv_weight: weight }),
          ...(tagged === undefined || (tagged === 'own' && address === null)
            ? {}
            : { ip_address: tagged === 'own' ? (address ?? '') : tagged }),
        },
      }),
    ),
  }));
const label = fc.oneof(
  fc.constantFrom('web', 'w', '0', longest('c'), `a${longest('-', 61)}b`),
  fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/),
);
const names: fc.Arbitrary<Names> = fc.record({
  zone: fc.constantFrom('svc.example.internal', 'example', [longest('a'), longest('b'), longest('d', 38)].join('.')),
  cluster: label,
  owner: fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,99}$/).map((stack) => `111122223333/ap-southeast-2/${stack}`),
});
const worlds = fc.array(world, { minLength: 1, maxLength: 5 });

describe('the records of a cluster', () => {
  test('load, mean what the core meant, and have an address for every target, after every pass', () => {
    fc.assert(
      fc.property(names, worlds, (where, met) => {
        for (const recordSets of passes(where, met, untouched)) {
          expect(checkZone(where.zone, recordSets)).toEqual({
            loads: true,
            complaints: [],
            records: meantRecords(recordSets),
          });
        }
      }),
      { numRuns: 150 },
    );
  });

  test('load and mean what the core meant, even where a hand takes away addresses and adds texts', () => {
    const hand = (records: readonly RecordSet[]): readonly RecordSet[] =>
      records
        .filter(({ type }) => type !== 'A' && type !== 'AAAA')
        .map((set) =>
          set.type === 'TXT' && set.values.length === 1 ? { ...set, values: [...set.values, '"v=spf1 -all"'] } : set,
        );
    fc.assert(
      fc.property(worlds, (met) => {
        for (const recordSets of passes(ordinary, met, hand)) {
          const { loads, complaints, records } = checkZone(ordinary.zone, recordSets);
          expect({
            loads,
            records,
            complaints: complaints.filter((line) => !line.includes('no address records')),
          }).toEqual({
            loads: true,
            records: meantRecords(recordSets),
            complaints: [],
          });
        }
      }),
      { numRuns: 150 },
    );
  });

  test.each([...noAddresses, '2001:db8::5', '10.0.0.5'])(
    'load where the tag ip_address "%s" is all that is left of an address',
    (tagged) => {
      const joins: Given = { hosts: [{ id: id(1), state: 'Pending:Wait' }] };
      const loses: Given = { hosts: [{ id: id(1), address: null, tags: tags(tagged, '65535') }] };
      const withoutAddresses = (records: readonly RecordSet[]): readonly RecordSet[] =>
        records.filter(({ type }) => type !== 'A');
      const recordSets = passes(ordinary, [joins, loses], withoutAddresses).at(-1) ?? [];
      expect(checkZone(ordinary.zone, recordSets).loads).toBe(true);
      const published = recordSets
        .filter(({ type }) => type === 'A' || type === 'AAAA')
        .flatMap(({ values }) => values);
      expect(published).toEqual(noAddresses.includes(tagged) ? [] : [tagged]);
    },
  );

  test.each([
    ['web', 200],
    [longest('c'), 120],
  ])(
    'of %s load at their fullest: at least %i targets, as many memories as the limits let in, and none in the end',
    (cluster, targetsLeast) => {
      const hosts = (state: string, leaving: string, left: number): readonly GivenHost[] =>
        Array.from({ length: 300 }, (_, index): GivenHost => {
          const address = `2001:db8::${index.toString(16)}`;
          return {
            id: id(index),
            state: index < left ? leaving : state,
            address,
            tags: state === 'Pending:Wait' ? {} : tags(address, '65535'),
          };
        });
      const extremes = { blue: { srv_port: '65535', srv_priority: '65535', srv_ttl: '2147483647' } };
      const where = { ...ordinary, cluster };
      const met = [
        hosts('Pending:Wait', '', 0),
        hosts('InService', 'Terminating:Wait', 110),
        hosts('InService', 'Terminating:Proceed', 110),
        hosts('Detached', '', 0),
      ];
      const zones = passes(
        where,
        met.map((one) => ({ hosts: one, groups: extremes })),
        untouched,
      );
      for (const recordSets of zones) {
        expect(checkZone(where.zone, recordSets)).toEqual({
          loads: true,
          complaints: [],
          records: meantRecords(recordSets),
        });
      }
      const count = (recordSets: readonly RecordSet[], type: string): number =>
        recordSets.filter((set) => set.type === type).flatMap(({ values }) => values).length;
      const strings = (recordSets: readonly RecordSet[], key: string): number =>
        recordSets.flatMap(({ values }) => values.flatMap((value) => value.split(`"${key}=`).slice(1))).length;
      const [joined = [], began = [], gone = [], none = []] = zones;
      expect(count(joined, 'SRV')).toBeGreaterThanOrEqual(targetsLeast);
      expect(count(began, 'SRV')).toBe(count(joined, 'AAAA'));
      expect(strings(joined, 'joining')).toBeGreaterThan(1);
      // 110 memories, eight to a string of 255 characters.
      expect(strings(gone, 'leaving')).toBe(14);
      expect(none.map(({ type }) => type)).toEqual(['TXT']);
    },
  );
});

describe('named-checkzone', () => {
  const [recordSets = []] = passes(ordinary, [{ hosts: [{ id: id(1) }, { id: id(2) }] }], untouched);

  test.each([
    ['a weight above 65535', 'SRV', / 65535 /u, ' 65536 ', 'out of range'],
    ['a target without a port', 'SRV', / 443 /u, ' ', 'not loaded due to errors'],
    ['a target without an address', 'SRV', /i-0aaaaaaaaaaa00002/u, 'i-0aaaaaaaaaaa00003', 'has no address records'],
    ['a target that is an address', 'SRV', /i-0aaaaaaaaaaa00002.*/u, '10.0.0.2', 'has no address records'],
    ['a label of 64 characters', 'SRV', /i-0aaaaaaaaaaa00002/u, longest('i', 64), 'label too long'],
    ['a text of 256 characters', 'TXT', /heritage/u, longest('h', 256), 'not loaded due to errors'],
    ['a text without its end', 'TXT', /"$/u, '', 'not loaded due to errors'],
    ['an address that is none', 'A', /10\.0\.0/u, '10.0.256', 'bad dotted quad'],
  ])('complains of %s', (_, type, right, wrong, complaint) => {
    const planted = recordSets.map((set) =>
      set.type === type ? { ...set, values: set.values.map((value) => value.replace(right, wrong)) } : set,
    );
    expect(planted).not.toEqual(recordSets);
    expect(checkZone(ordinary.zone, planted).complaints.join()).toContain(complaint);
  });

  test('shows a value that is there twice, and one that is read as another', () => {
    const doubled = recordSets.map((set) => ({ ...set, values: [...set.values, ...set.values.slice(0, 1)] }));
    const bare = recordSets.map((set) => ({ ...set, values: set.values.map((value) => value.replace(/\.$/u, '')) }));
    for (const planted of [doubled, bare]) {
      expect(checkZone(ordinary.zone, planted).records).not.toEqual(meantRecords(planted));
    }
  });
});
