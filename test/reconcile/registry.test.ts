import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeTarget, encodeTarget, hostName, serviceName } from '../../lambda/reconcile/record.ts';
import { decodeRegistry, encodeRegistry } from '../../lambda/reconcile/registry.ts';

const instanceId = fc.stringMatching(/^i-[0-9a-f]{17}$/);
const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
const memories = fc
  .dictionary(instanceId, fc.nat(4_000_000_000), { maxKeys: 110 })
  .map((record) => new Map(Object.entries(record)));

test('decoding an encoded registry entry gives the entry', () => {
  const entry = fc.record({
    owner: fc.stringMatching(/^[A-Za-z0-9/:._-]{1,128}$/),
    serial: fc.nat(),
    written: fc.nat(4_000_000_000),
    leaving: memories,
    joining: memories,
  });
  fc.assert(
    fc.property(entry, (one) => {
      expect(decodeRegistry(encodeRegistry(one))).toEqual({ entry: one, damaged: false });
    }),
  );
});

test('no string of an encoded registry entry is longer than 255 characters', () => {
  fc.assert(
    fc.property(memories, (leaving) => {
      const value = encodeRegistry({ owner: 'o', serial: 1, written: 2, leaving, joining: new Map() });
      expect(value.split('" "').every((text) => text.replaceAll('"', '').length <= 255)).toBe(true);
    }),
  );
});

test('decoding an encoded target gives the target, with or without the trailing dot', () => {
  const port = fc.nat(65_535);
  fc.assert(
    fc.property(
      label,
      label,
      fc.record({ instanceId, priority: port, weight: port, port }),
      (cluster, zone, target) => {
        const names = { cluster, zone };
        const value = encodeTarget(names, target);
        expect(decodeTarget(names, value)).toEqual(target);
        expect(decodeTarget(names, value.slice(0, -1))).toEqual(target);
        expect(value.split(' ')[3]).toBe(hostName(names, target.instanceId));
      },
    ),
  );
});

test.each([
  '0 1 443 10.0.0.1',
  '0 1 443 i-0a.web.svc.example.internal.evil.example.',
  '0 1 443 i-0a.api.svc.example.internal.',
  '0 1 443',
  '',
])('a value that is no host of the cluster is no target: %j', (value) => {
  expect(decodeTarget({ cluster: 'web', zone: 'svc.example.internal' }, value)).toBeUndefined();
});

test.each(['"v=spf1 -all"', '', 'heritage=asg-srv', '"heritage=external-dns,external-dns/owner=x"'])(
  'a TXT value of others is no registry entry: %j',
  (value) => {
    expect(decodeRegistry(value)).toBeUndefined();
  },
);

test('names are those of RFC 2782, lower case, in the zone', () => {
  const names = { cluster: 'web', zone: 'svc.example.internal' };
  expect(serviceName(names, 'http')).toBe('_http._tcp.web.svc.example.internal.');
  expect(hostName(names, 'i-0abc')).toBe('i-0abc.web.svc.example.internal.');
});
