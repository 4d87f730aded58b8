import { expect, test } from 'vitest';
import { clusterOf, groupSettings } from '../../lambda/reconcile/groupSettings.ts';

const group = (tags: Readonly<Record<string, string>>) => ({ name: 'web-blue', tags, members: [] });

test('groupSettings() has a default for each tag', () => {
  expect(groupSettings(group({}))).toEqual({
    port: 443,
    service: 'http',
    weight: 65_535,
    priority: 0,
    ttl: 10,
    drainSeconds: 60,
    problems: [],
  });
});

test.each([
  ['srv_port', '1', { port: 1 }],
  ['srv_port', '65535', { port: 65_535 }],
  ['srv_service', 'grpc', { service: 'grpc' }],
  ['srv_weight', '50%', { weight: 32_768 }],
  ['srv_weight', '0', { weight: 0 }],
  ['srv_priority', '65535', { priority: 65_535 }],
  ['srv_ttl', '1', { ttl: 1 }],
  ['srv_ttl', '2147483647', { ttl: 2_147_483_647 }],
  ['srv_drain_seconds', '0', { drainSeconds: 0 }],
])('groupSettings() reads tag %s %s', (tag, raw, settings) => {
  expect(groupSettings(group({ [tag]: raw }))).toMatchObject({ ...settings, problems: [] });
});

test.each([
  ['srv_port', '0'],
  ['srv_port', '65536'],
  ['srv_port', 'https'],
  ['srv_port', '-1'],
  ['srv_port', '4.5'],
  ['srv_service', 'HTTP'],
  ['srv_service', '_http'],
  ['srv_service', '12'],
  ['srv_service', 'a-very-long-name'],
  ['srv_weight', '70000'],
  ['srv_priority', '65536'],
  ['srv_ttl', '0'],
  ['srv_ttl', '2147483648'],
  ['srv_drain_seconds', 'a minute'],
])('groupSettings() reports tag %s %j by group and value', (tag, raw) => {
  const { problems } = groupSettings(group({ [tag]: raw }));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(`Cannot read tag "${tag}" of group "web-blue": must be `);
  expect(problems[0]).toContain(`current value is "${raw}"`);
});

test.each([
  ['web', undefined, 'web'],
  ['web', 'svc.example.internal', 'web'],
  ['web', 'other.internal', undefined],
  ['Web', undefined, undefined],
  ['a.b', undefined, undefined],
  ['-a', undefined, undefined],
  ['', undefined, undefined],
  ['a'.repeat(63), undefined, 'a'.repeat(63)],
  ['a'.repeat(64), undefined, undefined],
])('clusterOf() reads cluster %j with zone %j as %j', (cluster, zone, found) => {
  expect(
    clusterOf(
      group({ srv_cluster: cluster, ...(zone === undefined ? {} : { srv_zone: zone }) }),
      'svc.example.internal',
    ),
  ).toBe(found);
});
