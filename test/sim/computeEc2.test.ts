import type { DescribeInstancesCommandInput, Filter, Instance } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import {
  shutdownSeconds,
  spotWarningSeconds,
  tagsKeptSeconds,
  tagVanishesSeconds,
  terminatedShownSeconds,
} from '../../sim/ec2/delays.ts';
import type { EventBridgeEvent } from '../../sim/eventBridge.ts';
import { World } from '../../sim/world.ts';

function given() {
  const world = new World();
  const events: EventBridgeEvent[] = [];
  world.eventBridge.putRule({
    name: 'all',
    pattern: { account: [world.account] },
    targets: [(event) => void events.push(event)],
  });
  const described = (input: DescribeInstancesCommandInput = {}): Instance[] =>
    (world.ec2.describeInstances(input).Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []);
  const ids = (input: DescribeInstancesCommandInput = {}) => described(input).map((instance) => instance.InstanceId);
  const states = () =>
    events.filter((event) => event.source === 'aws.ec2').map((event) => event.detail['state'] ?? event['detail-type']);
  const tagEvents = () => events.filter((event) => event.source === 'aws.tag').map((event) => event.detail);
  return { world, ec2: world.ec2, described, ids, states, tagEvents, events };
}

describe('an instance', () => {
  test('goes from pending to running, and has its private host name then', async () => {
    const { world, ec2, described, states } = given();
    const id = ec2.launch({ availabilityZone: 'eu-west-1b', ipv6: true, tags: { Name: 'web' } });
    expect(described()).toMatchObject([
      {
        InstanceId: id,
        State: { Code: 0, Name: 'pending' },
        LaunchTime: new Date('2026-11-21T09:00:00.000Z'),
        PrivateIpAddress: '10.0.0.4',
        Ipv6Address: '2001:db8:0:1::4',
        PrivateDnsName: '',
        Tags: [{ Key: 'Name', Value: 'web' }],
        Placement: { AvailabilityZone: 'eu-west-1b' },
      },
    ]);
    await world.advance(10);
    expect(described()[0]).toMatchObject({
      State: { Code: 16, Name: 'running' },
      PrivateDnsName: 'ip-10-0-0-4.eu-west-1.compute.internal',
      NetworkInterfaces: [{ PrivateIpAddress: '10.0.0.4', Ipv6Addresses: [{ Ipv6Address: '2001:db8:0:1::4' }] }],
    });
    expect(states()).toEqual(['pending', 'running']);
  });

  test('loses its network at once when terminated, its tags gradually, and is forgotten after an hour', async () => {
    const { world, ec2, described, ids } = given();
    const id = ec2.launch({ tags: { Name: 'web', stage: 'live' } });
    await world.advance(10);
    expect(ec2.terminateInstances({ InstanceIds: [id] })).toEqual({
      TerminatingInstances: [
        {
          InstanceId: id,
          CurrentState: { Code: 32, Name: 'shutting-down' },
          PreviousState: { Code: 16, Name: 'running' },
        },
      ],
    });
    expect(described()[0]?.PrivateIpAddress).toBe('10.0.0.4');
    await world.advance(shutdownSeconds);
    expect(described()[0]).toMatchObject({
      State: { Code: 48, Name: 'terminated' },
      NetworkInterfaces: [],
      PrivateDnsName: '',
    });
    expect(described()[0]).not.toHaveProperty('PrivateIpAddress');
    expect(described()[0]).not.toHaveProperty('SubnetId');
    expect(described()[0]?.Tags).toHaveLength(2);
    await world.advance(tagsKeptSeconds);
    expect(described()[0]?.Tags).toEqual([{ Key: 'stage', Value: 'live' }]);
    await world.advance(tagVanishesSeconds);
    expect(described()[0]?.Tags).toEqual([]);
    await world.advance(terminatedShownSeconds - tagsKeptSeconds - tagVanishesSeconds - 1);
    expect(ids({ InstanceIds: [id] })).toEqual([id]);
    await world.advance(1);
    expect(ids()).toEqual([]);
    expect(() => described({ InstanceIds: [id] })).toThrow(
      expect.objectContaining({
        name: 'InvalidInstanceID.NotFound',
        message: `The instance ID '${id}' does not exist`,
      }),
    );
  });

  test('stops and starts with its address', async () => {
    const { world, ec2, described, states } = given();
    const id = ec2.launch();
    await world.advance(10);
    ec2.stopInstance(id);
    await world.advance(10);
    expect(described()[0]).toMatchObject({ State: { Name: 'stopped' }, PrivateIpAddress: '10.0.0.4' });
    ec2.startInstance(id);
    await world.advance(10);
    expect(described()[0]).toMatchObject({
      State: { Name: 'running' },
      LaunchTime: new Date('2026-11-21T09:00:20.000Z'),
    });
    expect(states()).toEqual(['pending', 'running', 'stopping', 'stopped', 'pending', 'running']);
  });

  test('that crashes is terminated soon, and only once', async () => {
    const { world, ec2, described, states } = given();
    const id = ec2.launch();
    await world.advance(1);
    ec2.crash(id);
    ec2.crash(id);
    await world.advance(30);
    expect(states()).toEqual(['pending', 'shutting-down', 'terminated']);
    expect(described()[0]?.StateReason?.Code).toBe('Server.InternalError');
  });

  test('on spot is warned two minutes ahead', async () => {
    const { world, ec2, described, events } = given();
    const id = ec2.launch({ spot: true });
    await world.advance(10);
    ec2.interrupt(id);
    await world.advance(spotWarningSeconds - 1);
    expect(described()[0]).toMatchObject({ State: { Name: 'running' }, InstanceLifecycle: 'spot' });
    expect(events.at(-1)).toMatchObject({
      'detail-type': 'EC2 Spot Instance Interruption Warning',
      detail: { 'instance-id': id, 'instance-action': 'terminate' },
    });
    await world.advance(1);
    expect(described()[0]?.State?.Name).toBe('shutting-down');
  });

  test('gets the address of another only after that one is gone', async () => {
    const { world, ec2, described } = given();
    const first = ec2.launch();
    expect(() => ec2.launch({ privateIpAddress: '10.0.0.4' })).toThrow(
      'Cannot launch with address "10.0.0.4": it is in use',
    );
    ec2.terminateInstances({ InstanceIds: [first] });
    await world.advance(shutdownSeconds);
    const second = ec2.launch({ privateIpAddress: '10.0.0.4' });
    expect(described({ InstanceIds: [second] })[0]?.PrivateIpAddress).toBe('10.0.0.4');
  });
});

describe('describeInstances()', () => {
  test.each<[string, Filter, readonly string[]]>([
    ['a tag value', { Name: 'tag:group', Values: ['web'] }, ['one']],
    ['a tag value among several', { Name: 'tag:group', Values: ['web', 'api'] }, ['one', 'two']],
    ['a star', { Name: 'tag:group', Values: ['*'] }, ['one', 'three', 'two']],
    ['a question mark', { Name: 'tag:group', Values: ['?pi'] }, ['two']],
    ['an escaped star', { Name: 'tag:group', Values: ['a\\*'] }, ['three']],
    ['another case', { Name: 'tag:group', Values: ['WEB'] }, []],
    ['a tag key', { Name: 'tag-key', Values: ['gro*'] }, ['one', 'three', 'two']],
    ['a state', { Name: 'instance-state-name', Values: ['running', 'stopped'] }, ['four', 'one', 'three']],
    ['an address', { Name: 'private-ip-address', Values: ['10.0.0.5'] }, ['two']],
  ])('filters by %s', async (_name, filter, expected) => {
    const { world, ec2, described } = given();
    ec2.launch({ tags: { Name: 'one', group: 'web' } });
    const two = ec2.launch({ tags: { Name: 'two', group: 'api' } });
    ec2.launch({ tags: { Name: 'three', group: 'a*' } });
    ec2.launch({ tags: { Name: 'four' } });
    await world.advance(10);
    ec2.crash(two);
    const names = described({ Filters: [filter] }).map(
      (instance) => instance.Tags?.find((tag) => tag.Key === 'Name')?.Value,
    );
    expect(new Set(names)).toEqual(new Set(expected));
  });

  test('takes an id that a filter does not know for absent, and needs all filters to match', () => {
    const { ec2, ids } = given();
    const id = ec2.launch();
    const known = { Name: 'instance-id', Values: [id, 'i-0ffffffffffffffff'] };
    expect(ids({ Filters: [known] })).toEqual([id]);
    expect(ids({ Filters: [known, { Name: 'instance-state-name', Values: ['stopped'] }] })).toEqual([]);
  });

  test('shows every instance for an empty list of ids', () => {
    const { ec2, ids } = given();
    const launched = [ec2.launch(), ec2.launch()];
    expect(new Set(ids({ InstanceIds: [] }))).toEqual(new Set(launched));
  });

  test('gives all instances once over its pages, though some come and go between', () => {
    const { ec2, ids, world } = given();
    const launched = Array.from({ length: 12 }, () => ec2.launch());
    const seen: (string | undefined)[] = [];
    let token: string | undefined;
    do {
      const page = ec2.describeInstances({ MaxResults: 5, NextToken: token });
      seen.push(
        ...(page.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []).map((one) => one.InstanceId),
      );
      token = page.NextToken;
      ec2.launch();
    } while (token !== undefined);
    expect(launched.filter((id) => !seen.includes(id))).toEqual([]);
    expect(new Set(seen).size).toBe(seen.length);
    expect(ids()).toHaveLength(12 + Math.ceil(seen.length / 5));
    expect(world.now).toBe(Date.parse('2026-11-21T09:00:00Z'));
  });

  test.each<[string, DescribeInstancesCommandInput, string, string]>([
    ['an id that is none', { InstanceIds: ['i-xyz'] }, 'InvalidInstanceID.Malformed', 'Invalid id: "i-xyz"'],
    [
      'two unknown ids',
      { InstanceIds: ['i-0aaaaaaaaaaaaaaa1', 'i-0aaaaaaaaaaaaaaa2'] },
      'InvalidInstanceID.NotFound',
      "The instance IDs 'i-0aaaaaaaaaaaaaaa1, i-0aaaaaaaaaaaaaaa2' do not exist",
    ],
    [
      'ids with pages',
      { InstanceIds: ['i-0aaaaaaaaaaaaaaa1'], MaxResults: 5 },
      'InvalidParameterCombination',
      'The parameter instancesSet cannot be used with the parameter maxResults',
    ],
    ['pages of 4', { MaxResults: 4 }, 'InvalidParameterValue', 'Value ( 4 ) for parameter maxResults is invalid.'],
    [
      'pages of 1001',
      { MaxResults: 1001 },
      'InvalidParameterValue',
      'Value ( 1001 ) for parameter maxResults is invalid.',
    ],
    ['51 filters', { Filters: Array(51).fill({ Name: 'tag-key', Values: ['a'] }) }, 'FilterLimitExceeded', 'filters'],
    ['201 values', { Filters: [{ Name: 'tag-key', Values: Array(201).fill('a') }] }, 'FilterLimitExceeded', '200'],
    [
      'an unknown filter',
      { Filters: [{ Name: 'weight', Values: ['1'] }] },
      'InvalidParameterValue',
      "The filter 'weight' is invalid",
    ],
    ['a token of another kind', { NextToken: 'x' }, 'InvalidParameterValue', 'Unable to parse pagination token'],
    ['a dry run', { DryRun: true }, 'DryRunOperation', 'Request would have succeeded'],
  ])('refuses %s', (_name, input, name, message) => {
    const { ec2 } = given();
    ec2.launch();
    expect(() => ec2.describeInstances(input)).toThrow(expect.objectContaining({ name }));
    expect(() => ec2.describeInstances(input)).toThrow(message);
  });

  test('takes the limits themselves', () => {
    const { ids } = given();
    expect(ids({ MaxResults: 5, Filters: Array(50).fill({ Name: 'tag-key', Values: Array(200).fill('a') }) })).toEqual(
      [],
    );
    expect(ids({ MaxResults: 1000 })).toEqual([]);
  });

  test('can lag behind: an old read does not know a new instance, shows old tags and the old state', async () => {
    const { world, ec2, described } = given();
    const id = ec2.launch({ tags: { weight: '1' } });
    await world.advance(20);
    ec2.createTags({ Resources: [id], Tags: [{ Key: 'weight', Value: '2' }] });
    await world.advance(10);
    const seen = (lag: number) => {
      ec2.readLagSeconds = () => lag;
      return described().map((instance) => [instance.State?.Name, instance.Tags?.[0]?.Value]);
    };
    expect(seen(31)).toEqual([]);
    expect(seen(30)).toEqual([['pending', '1']]);
    expect(seen(11)).toEqual([['running', '1']]);
    expect(seen(0)).toEqual([['running', '2']]);
    ec2.readLagSeconds = () => 31;
    expect(() => described({ InstanceIds: [id] })).toThrow('does not exist');
  });
});

describe('tags', () => {
  test('are written to all instances, and each change is told with all tags after it', async () => {
    const { world, ec2, tagEvents, described } = given();
    const ids = [ec2.launch({ tags: { Name: 'a' } }), ec2.launch({ tags: { srv_weight: '5' } })];
    ec2.createTags({ Resources: ids, Tags: [{ Key: 'srv_weight', Value: '5' }, { Key: 'ip_address' }] });
    await world.advance(1);
    expect(tagEvents()).toEqual([
      {
        'changed-tag-keys': ['srv_weight', 'ip_address'],
        service: 'ec2',
        'resource-type': 'instance',
        version: 3,
        tags: { Name: 'a', srv_weight: '5', ip_address: '' },
      },
      {
        'changed-tag-keys': ['ip_address'],
        service: 'ec2',
        'resource-type': 'instance',
        version: 3,
        tags: { srv_weight: '5', ip_address: '' },
      },
    ]);
    expect(described({ Filters: [{ Name: 'tag:srv_weight', Values: ['5'] }] })).toHaveLength(2);
  });

  test('are told to listeners once they have changed, also as they go with their instance', async () => {
    const { world, ec2, described } = given();
    const id = ec2.launch({ tags: { Name: 'a' } });
    const told: unknown[] = [];
    ec2.onTagsChange((instanceId) => void told.push([instanceId, described()[0]?.Tags?.map((tag) => tag.Key)]));
    ec2.createTags({ Resources: [id], Tags: [{ Key: 'Name', Value: 'a' }] });
    ec2.createTags({ Resources: [id], Tags: [{ Key: 'srv_weight', Value: '5' }] });
    ec2.deleteTags({ Resources: [id], Tags: [{ Key: 'srv_weight' }] });
    ec2.crash(id);
    await world.advance(tagsKeptSeconds + 60);
    expect(told).toEqual([
      [id, ['Name', 'srv_weight']],
      [id, ['Name']],
      [id, []],
    ]);
  });

  test('written again as they are make no event', async () => {
    const { world, ec2, tagEvents } = given();
    const id = ec2.launch({ tags: { srv_weight: '5' } });
    ec2.createTags({ Resources: [id], Tags: [{ Key: 'srv_weight', Value: '5' }] });
    ec2.deleteTags({ Resources: [id], Tags: [{ Key: 'other' }] });
    await world.advance(1);
    expect(tagEvents()).toEqual([]);
  });

  test.each([
    ['by key', [{ Key: 'a' }], ['aws:x', 'b']],
    ['by key and value', [{ Key: 'a', Value: '1' }], ['aws:x', 'b']],
    ['not by another value', [{ Key: 'a', Value: '' }], ['a', 'aws:x', 'b']],
    ['all of the user, without a list', undefined, ['aws:x']],
    ['all of the user, by an empty list', [], ['aws:x']],
  ])('are deleted %s', (_name, tags, left) => {
    const { ec2, described } = given();
    const id = ec2.launch({ tags: { a: '1', b: '2', 'aws:x': '3' } });
    ec2.deleteTags({ Resources: [id], Tags: tags });
    expect(new Set(described()[0]?.Tags?.map((tag) => tag.Key))).toEqual(new Set(left));
  });

  test.each([
    ['a key of AWS', [{ Key: 'aws:autoscaling:groupName', Value: 'x' }], 'reserved for internal use'],
    ['a key of 129 characters', [{ Key: 'k'.repeat(129), Value: 'x' }], '128'],
    ['a value of 257 characters', [{ Key: 'k', Value: 'v'.repeat(257) }], '256'],
    ['an empty key', [{ Key: '', Value: 'x' }], 'empty'],
    ['a key twice', [{ Key: 'k' }, { Key: 'k' }], "Duplicate tag key 'k'"],
    ['51 tags', Array.from({ length: 51 }, (_one, index) => ({ Key: `k${index}` })), 'maximum number of Tags'],
    ['no tags', [], 'tagSet'],
  ])('are refused for %s, and nothing is written', (_name, tags, message) => {
    const { ec2, described } = given();
    const id = ec2.launch();
    expect(() => ec2.createTags({ Resources: [id], Tags: tags })).toThrow(message);
    expect(described()[0]?.Tags).toEqual([]);
  });

  test('may have 128 and 256 characters, and be 50 beside those of AWS', () => {
    const { ec2, described } = given();
    const id = ec2.launch({ tags: { 'aws:autoscaling:groupName': 'web' } });
    const many = Array.from({ length: 49 }, (_one, index) => ({ Key: `k${index}` }));
    ec2.createTags({ Resources: [id], Tags: [...many, { Key: 'k'.repeat(128), Value: 'v'.repeat(256) }] });
    expect(described()[0]?.Tags).toHaveLength(51);
    expect(() => ec2.createTags({ Resources: [id], Tags: [{ Key: 'one more' }] })).toThrow('maximum number of Tags');
    ec2.createTags({ Resources: [id], Tags: [{ Key: 'k0', Value: 'new' }] });
  });

  test('of no instance are written if one id is unknown', () => {
    const { ec2, described } = given();
    const id = ec2.launch();
    const resources = [id, 'i-0aaaaaaaaaaaaaaa1'];
    expect(() => ec2.createTags({ Resources: resources, Tags: [{ Key: 'a' }] })).toThrow('does not exist');
    expect(() =>
      ec2.createTags({ Resources: Array.from({ length: 1001 }, (_one, index) => `i-${index}`), Tags: [{ Key: 'a' }] }),
    ).toThrow('1000');
    expect(() => ec2.deleteTags({ Resources: [], Tags: [] })).toThrow('resourceIdSet');
    expect(described()[0]?.Tags).toEqual([]);
  });
});
