import { describe, expect, onTestFinished, test } from 'vitest';
import type { LifecycleAction, Ports } from '../lambda/ports.ts';
import type { ChangeBatch, RecordSet } from '../lambda/reconcile/model.ts';
import { AwsError } from '../sim/awsError.ts';
import type { PortCallName } from '../sim/ports/gate.ts';
import { createSimPorts } from '../sim/ports.ts';
import { createRequestHandler, type RequestHandler } from '../sim/wire/requestHandler.ts';
import { createRouter, type WireCall } from '../sim/wire/router.ts';
import { startServer } from '../sim/wire/server.ts';
import { World } from '../sim/world.ts';
import { adapterPorts } from './adapterPorts.ts';
import { destroySdkClients, sdkClients } from './sdkClients.ts';

const zone = 'svc.example.internal';
const hostedZoneId = 'Z0EXAMPLE';
const owner = 'contract';
const groupNameTag = 'aws:autoscaling:groupName';

/** How the ports reach the world: directly, or through the adapters, the SDK and the wire. */
const skins = ['in process', 'by the SDK in process', 'by the SDK over HTTP'] as const;

interface Fault {
  readonly call: PortCallName;
  /** The cluster, instance or group that a failing call is about. @default every call */
  readonly about?: string;
  readonly is: AwsError | 'appliedButError';
}

interface Given {
  readonly world: World;
  readonly ports: Ports;
  readonly queueUrl: string;
  /** AWS actions called so far; none where no wire is used. */
  readonly actions: readonly string[];
}

async function given(skin: (typeof skins)[number], fault?: Fault): Promise<Given> {
  const world = new World();
  world.route53.addHostedZone(zone, hostedZoneId);
  world.route53.propagationSeconds = 30;
  const actions: string[] = [];
  const queue = (): string => world.sqs.createQueue({ QueueName: 'asg-srv' }).QueueUrl ?? '';
  if (skin === 'in process') {
    const queueUrl = queue();
    const strikes = (name: PortCallName, subject: string): boolean =>
      fault !== undefined && name === fault.call && subject.includes(fault.about ?? '');
    const ports = createSimPorts(
      world,
      { hostedZoneId, zone, owner, queueUrl },
      { fault: (name, subject) => (strikes(name, subject) ? fault?.is : undefined) },
    );
    return { world, ports, queueUrl, actions };
  }
  const strikes = ({ action, input }: WireCall): boolean =>
    fault !== undefined && action === actionOf[fault.call] && JSON.stringify(input).includes(fault.about ?? '');
  const router = createRouter(world, {
    onCall: ({ action }) => void actions.push(action),
    fault: (call) => (strikes(call) ? fault?.is : undefined),
  });
  if (skin === 'by the SDK in process') {
    const queueUrl = queue();
    return { world, actions, queueUrl, ...adapters({ requestHandler: createRequestHandler(router) }, world, queueUrl) };
  }
  const server = await startServer(router);
  world.sqs.endpoint = server.url;
  const queueUrl = queue();
  const { ports, close } = adapters({ endpoint: server.url }, world, queueUrl);
  onTestFinished(async () => {
    close();
    await server.close();
  });
  return { world, actions, queueUrl, ports };
}

/** The AWS action behind a port's call, of those that the tests make fail. */
const actionOf: Partial<Record<PortCallName, string>> = {
  'records.list': 'ListResourceRecordSets',
  'records.change': 'ChangeResourceRecordSets',
  'records.hasPropagated': 'GetChange',
  'groups.ofClusters': 'DescribeAutoScalingGroups',
  'groups.warmPool': 'DescribeWarmPool',
  'instances.isDenied': 'DescribeInstances',
};

function adapters(
  connection: { readonly endpoint: string } | { readonly requestHandler: RequestHandler },
  world: World,
  queueUrl: string,
): { readonly ports: Ports; readonly close: () => void } {
  // One attempt: the SDK would wait between two.
  const clients = sdkClients('AKIDSYNC', { ...connection, maxAttempts: 1 });
  return {
    ports: adapterPorts(clients, world, { hostedZoneId, zone, owner, queueUrl }),
    close: () => destroySdkClients(clients),
  };
}

function hook(name: string, transition: 'LAUNCHING' | 'TERMINATING') {
  return {
    LifecycleHookName: name,
    LifecycleTransition: `autoscaling:EC2_INSTANCE_${transition}`,
    DefaultResult: 'ABANDON',
    HeartbeatTimeout: 60,
  };
}

interface GivenGroup {
  readonly tags?: Readonly<Record<string, string>>;
  /** @default 0 */
  readonly desired?: number;
  /** @default false */
  readonly hooks?: boolean;
}

function createGroup(world: World, name: string, { tags = {}, desired = 0, hooks = false }: GivenGroup): void {
  world.autoScaling.createAutoScalingGroup({
    AutoScalingGroupName: name,
    MinSize: 0,
    MaxSize: 100,
    DesiredCapacity: desired,
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value, PropagateAtLaunch: false })),
    LifecycleHookSpecificationList: hooks ? [hook('srv-register', 'LAUNCHING'), hook('srv-drain', 'TERMINATING')] : [],
  });
}

/** Instances that a group of that name would have, without the group. */
function launch(world: World, count: number, group: string): readonly string[] {
  return Array.from({ length: count }, () => world.ec2.launch({ tags: { [groupNameTag]: group } }));
}

function stateOf(world: World, instanceId: string): string | undefined {
  return world.autoScaling.describeAutoScalingInstances({ InstanceIds: [instanceId] }).AutoScalingInstances?.[0]
    ?.LifecycleState;
}

function memberIds(world: World): readonly string[] {
  const { AutoScalingInstances = [] } = world.autoScaling.describeAutoScalingInstances({});
  return AutoScalingInstances.map(({ InstanceId = '' }) => InstanceId);
}

/** An instance's tags but Auto Scaling's own. */
function tagsOf(world: World, instanceId: string): Readonly<Record<string, string>> {
  const tags = world.ec2.instance(instanceId)?.tags ?? new Map<string, string>();
  return Object.fromEntries([...tags].filter(([key]) => key !== groupNameTag));
}

function address(host: string, ...values: readonly string[]): RecordSet {
  return { name: `${host}.${zone}.`, type: 'A', ttl: 10, values };
}

function text(cluster: string, value: string): RecordSet {
  return { name: `${cluster}.${zone}.`, type: 'TXT', ttl: 10, values: [value] };
}

function create(...creates: readonly RecordSet[]): ChangeBatch {
  return { deletes: [], creates };
}

function described(world: World): readonly RecordSet[] {
  return world.route53
    .records(hostedZoneId)
    .filter(({ Type }) => Type !== 'NS' && Type !== 'SOA')
    .map(({ Name = '', Type = '', TTL = 0, ResourceRecords = [] }) => ({
      name: Name,
      type: Type,
      ttl: TTL,
      values: ResourceRecords.map(({ Value = '' }) => Value),
    }));
}

function bodies(world: World, queueUrl: string): readonly string[] {
  return world.sqs.receiveUpTo(queueUrl, 1000).map(({ body }) => body);
}

async function failure(call: Promise<unknown>): Promise<Error> {
  const outcome = await call.catch((error: unknown) => error);
  if (outcome instanceof Error) {
    return outcome;
  }
  throw new Error('Expected the call to fail, but it succeeded');
}

describe.each(skins)('the ports, %s', (skin) => {
  describe('groups.ofClusters()', () => {
    test.each([
      { scope: ['web'], expected: ['blue', 'green'] },
      { scope: ['web', 'api'], expected: ['api-1', 'blue', 'green'] },
      { scope: ['nobody'], expected: [] },
      { scope: 'all' as const, expected: ['api-1', 'blue', 'green'] },
    ])('reads the groups of $scope', async ({ scope, expected }) => {
      const { world, ports } = await given(skin);
      createGroup(world, 'blue', { tags: { srv_cluster: 'web' } });
      createGroup(world, 'green', { tags: { srv_cluster: 'web', srv_port: '8443' } });
      createGroup(world, 'api-1', { tags: { srv_cluster: 'api' } });
      createGroup(world, 'other', { tags: { Name: 'web' } });
      const groups = await ports.groups.ofClusters(scope === 'all' ? 'all' : new Set(scope));
      expect(groups.map(({ name }) => name).toSorted()).toEqual(expected);
    });

    test('reads tags, members and their states', async () => {
      const { world, ports } = await given(skin);
      createGroup(world, 'blue', { tags: { srv_cluster: 'web', srv_port: '8443' }, desired: 2 });
      await world.advance(30);
      const [first = '', second = ''] = memberIds(world);
      world.autoScaling.setLifecycleState(second, 'Hovering');
      expect(await ports.groups.ofClusters(new Set(['web']))).toEqual([
        {
          name: 'blue',
          tags: { srv_cluster: 'web', srv_port: '8443' },
          members: expect.arrayContaining([
            { instanceId: first, lifecycleState: 'InService' },
            { instanceId: second, lifecycleState: 'Hovering' },
          ]),
        },
      ]);
    });

    test('reads every group asked for, beyond 20 clusters and 100 groups', async () => {
      const { world, ports } = await given(skin);
      const numbers = Array.from({ length: 120 }, (_, index) => index);
      for (const number of numbers) {
        createGroup(world, `group-${number}`, { tags: { srv_cluster: `cluster-${number}` } });
      }
      const wanted = numbers.slice(0, 60).map((number) => `cluster-${number}`);
      const clusters = (await ports.groups.ofClusters(new Set(wanted))).map(({ tags }) => tags['srv_cluster']);
      expect(clusters).toEqual(expect.arrayContaining(wanted));
      expect(new Set(clusters).size).toBe(clusters.length);
      expect(await ports.groups.ofClusters('all')).toHaveLength(120);
    });

    test('reads the members of warm pools too, beyond 50', async () => {
      const { world, ports } = await given(skin);
      createGroup(world, 'blue', { tags: { srv_cluster: 'web' }, desired: 1 });
      world.autoScaling.putWarmPool({
        AutoScalingGroupName: 'blue',
        MaxGroupPreparedCapacity: 61,
        PoolState: 'Running',
      });
      await world.advance(60);
      const [group] = await ports.groups.ofClusters(new Set(['web']));
      const states = Map.groupBy(group?.members ?? [], ({ lifecycleState }) => lifecycleState);
      expect([...states].map(([state, members]) => [state, members.length])).toEqual([
        ['InService', 1],
        ['Warmed:Running', 60],
      ]);
    });

    test('answers the error of a warm pool that could not be read with its group only', async () => {
      const is = new AwsError('Throttling', 'Rate exceeded');
      const { world, ports } = await given(skin, { call: 'groups.warmPool', about: 'green', is });
      for (const name of ['blue', 'green']) {
        createGroup(world, name, { tags: { srv_cluster: 'web' } });
        world.autoScaling.putWarmPool({ AutoScalingGroupName: name, MinSize: 1, PoolState: 'Running' });
      }
      await world.advance(60);
      const groups = new Map((await ports.groups.ofClusters('all')).map((group) => [group.name, group]));
      expect(groups.get('blue')?.members.map(({ lifecycleState }) => lifecycleState)).toEqual(
        Array(100).fill('Warmed:Running'),
      );
      expect(groups.get('blue')?.error).toBeUndefined();
      expect(groups.get('green')?.error?.name).toBe('Throttling');
    });

    test('fails whole when Auto Scaling does not answer, by AWS’s own name of the error', async () => {
      const error = new AwsError('Throttling', 'Rate exceeded');
      const { ports } = await given(skin, { call: 'groups.ofClusters', is: error });
      const failed = await failure(ports.groups.ofClusters('all'));
      expect([failed.name, failed.message]).toEqual(['Throttling', expect.stringContaining('Rate exceeded')]);
    });
  });

  describe('groups.named()', () => {
    test('reads groups by name, beyond 100, without warm pools, and leaves unknown names out', async () => {
      const { world, ports } = await given(skin);
      const names = Array.from({ length: 120 }, (_, index) => `group-${index}`);
      for (const name of names) {
        createGroup(world, name, {});
      }
      world.autoScaling.putWarmPool({ AutoScalingGroupName: 'group-7', MinSize: 2 });
      await world.advance(60);
      const groups = await ports.groups.named(new Set([...names, 'nobody']));
      expect(groups.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
      expect(groups.flatMap(({ members }) => members)).toEqual([]);
    });

    test('reads nothing for no names', async () => {
      const { world, ports } = await given(skin);
      createGroup(world, 'blue', { tags: { srv_cluster: 'web' } });
      expect(await ports.groups.named(new Set())).toEqual([]);
    });
  });

  describe('groups.hooks()', () => {
    test('reads the hooks of a group', async () => {
      const { world, ports } = await given(skin);
      createGroup(world, 'blue', { hooks: true });
      expect(await ports.groups.hooks('blue')).toEqual([
        {
          name: 'srv-register',
          transition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
          defaultResult: 'ABANDON',
          heartbeatTimeoutSeconds: 60,
        },
        {
          name: 'srv-drain',
          transition: 'autoscaling:EC2_INSTANCE_TERMINATING',
          defaultResult: 'ABANDON',
          heartbeatTimeoutSeconds: 60,
        },
      ]);
    });

    test('fails for an unknown group', async () => {
      const { ports } = await given(skin);
      expect((await failure(ports.groups.hooks('nobody'))).name).toBe('ValidationError');
    });
  });

  describe('groups.act()', () => {
    async function waiting(): Promise<
      Given & { readonly actionsOf: (kind: LifecycleAction['kind']) => LifecycleAction[] }
    > {
      const set = await given(skin);
      createGroup(set.world, 'blue', { desired: 3, hooks: true });
      await set.world.advance(10);
      const ids = memberIds(set.world);
      expect(ids.map((id) => stateOf(set.world, id))).toEqual(Array(3).fill('Pending:Wait'));
      const actionsOf = (kind: LifecycleAction['kind']): LifecycleAction[] =>
        ids.map((instanceId) => ({ kind, group: 'blue', hook: 'srv-register', instanceId }));
      return { ...set, actionsOf };
    }

    test('completes actions with CONTINUE, and says of a second time that they are over', async () => {
      const { world, ports, actionsOf } = await waiting();
      const actions = actionsOf('complete');
      expect(await ports.groups.act(actions)).toEqual(new Map());
      expect(await ports.groups.act(actions)).toEqual(new Map(actions.map((action) => [action, 'over'])));
      await world.advance(10);
      expect(actions.map(({ instanceId }) => stateOf(world, instanceId))).toEqual(Array(3).fill('InService'));
    });

    test('restarts the timeout by a heartbeat', async () => {
      const { world, ports, actionsOf } = await waiting();
      const [prolonged, ...others] = actionsOf('heartbeat');
      await world.advance(40);
      expect(await ports.groups.act(prolonged === undefined ? [] : [prolonged])).toEqual(new Map());
      await world.advance(40);
      expect(stateOf(world, prolonged?.instanceId ?? '')).toBe('Pending:Wait');
      for (const { instanceId } of others) {
        expect(stateOf(world, instanceId)).not.toBe('Pending:Wait');
      }
    });

    test('says so of a heartbeat after the end', async () => {
      const { world, ports, actionsOf } = await waiting();
      await ports.groups.act(actionsOf('complete'));
      await world.advance(10);
      expect([...(await ports.groups.act(actionsOf('heartbeat'))).values()]).toEqual(['over', 'over', 'over']);
    });

    test('answers what could not be done, and does the rest', async () => {
      const { world, ports, actionsOf } = await waiting();
      const [first, ...others] = actionsOf('complete');
      const lost: LifecycleAction = {
        kind: 'complete',
        group: 'nobody',
        hook: 'srv-register',
        instanceId: first?.instanceId ?? '',
      };
      const failed = await ports.groups.act([lost, ...others]);
      expect([...failed.keys()]).toEqual([lost]);
      expect(String(failed.get(lost))).toContain("AutoScalingGroup 'nobody' not found");
      await world.advance(10);
      expect(stateOf(world, lost.instanceId)).toBe('Pending:Wait');
      expect(others.map(({ instanceId }) => stateOf(world, instanceId))).toEqual(['InService', 'InService']);
    });
  });

  describe('instances.ofGroups()', () => {
    test('takes wildcards in a group’s name for what they are', async () => {
      const { world, ports } = await given(skin);
      const names = ['web-*', 'web-?', 'web-b', 'web-\\b', 'web-blue'];
      const idOf = new Map(names.map((name) => [name, launch(world, 1, name)]));
      for (const name of names) {
        const found = await ports.instances.ofGroups(new Set([name]));
        expect(found.map(({ id }) => id)).toEqual(idOf.get(name));
        expect(found.map(({ autoScalingGroup }) => autoScalingGroup)).toEqual([name]);
      }
    });

    test('reads all instances, beyond a page of 1,000', async () => {
      const { world, ports } = await given(skin);
      const ids = launch(world, 1030, 'big');
      launch(world, 5, 'small');
      const found = await ports.instances.ofGroups(new Set(['big']));
      expect(found.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    });

    test('reads the instances of more groups than one filter holds', async () => {
      const { world, ports } = await given(skin);
      const names = Array.from({ length: 250 }, (_, index) => `group-${index}`);
      const ids = names.flatMap((name) => launch(world, 1, name));
      const found = await ports.instances.ofGroups(new Set(names));
      expect(found.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    });
  });

  describe('instances.byId()', () => {
    test('reads instances as EC2 has them, and leaves unknown ones out', async () => {
      const { world, ports } = await given(skin);
      const tags = { ip_address: '10.0.9.9', srv_weight: '50%', srv_drain_until: '2026-11-21T10:00:00Z' };
      const member = world.ec2.launch({
        privateIpAddress: '10.0.9.9',
        ipv6: true,
        tags: { ...tags, [groupNameTag]: 'blue', Name: 'a & b <c>' },
      });
      const loner = world.ec2.launch({ privateIpAddress: '10.0.9.10' });
      const found = await ports.instances.byId(new Set([member, 'i-0123456789abcdef0', loner]));
      expect(found).toHaveLength(2);
      expect(found).toEqual(
        expect.arrayContaining([
          {
            id: member,
            state: 'pending',
            addresses: ['10.0.9.9', expect.stringContaining('2001:db8:')],
            autoScalingGroup: 'blue',
            tags,
          },
          { id: loner, state: 'pending', addresses: ['10.0.9.10'], tags: {} },
        ]),
      );
    });

    test('shows a terminated instance without addresses, and with its tags for a while', async () => {
      const { world, ports } = await given(skin);
      const id = world.ec2.launch({ tags: { srv_weight: '7' } });
      await world.advance(30);
      world.ec2.crash(id);
      await world.advance(30);
      expect(await ports.instances.byId(new Set([id]))).toEqual([
        { id, state: 'terminated', addresses: [], tags: { srv_weight: '7' } },
      ]);
    });

    test('reads more instances than one filter holds', async () => {
      const { world, ports } = await given(skin);
      const ids = launch(world, 450, 'big');
      const found = await ports.instances.byId(new Set(ids));
      expect(found.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    });
  });

  describe('instances.isDenied()', () => {
    test('tells an instance that EC2 does not know from one that it does, gone or not', async () => {
      const { world, ports } = await given(skin);
      const id = world.ec2.launch();
      expect(await ports.instances.isDenied(id)).toBe(false);
      world.ec2.crash(id);
      await world.advance(60);
      expect(await ports.instances.isDenied(id)).toBe(false);
      await world.advance(4000);
      expect(await ports.instances.isDenied(id)).toBe(true);
    });

    test('fails where EC2 says anything else', async () => {
      const { ports } = await given(skin, {
        call: 'instances.isDenied',
        is: new AwsError('RequestLimitExceeded', 'Request limit exceeded.', 503),
      });
      expect((await failure(ports.instances.isDenied('i-0123456789abcdef0'))).name).toBe('RequestLimitExceeded');
    });
  });

  describe('instances.tag()', () => {
    const unknown = 'i-0123456789abcdef0';

    test('sets and removes tags, and leaves the others', async () => {
      const { world, ports } = await given(skin);
      const ids = [1, 2, 3].map(() =>
        world.ec2.launch({ tags: { Name: 'kept', srv_weight: '9', srv_drain_until: 'x' } }),
      );
      const [set = '', removed = '', both = ''] = ids;
      const failed = await ports.instances.tag([
        { instanceId: set, set: { ip_address: '10.0.0.1', srv_weight: '0' }, remove: [], mustExist: true },
        { instanceId: removed, set: {}, remove: ['srv_weight', 'srv_drain_until'], mustExist: false },
        { instanceId: both, set: { srv_weight: '5' }, remove: ['srv_drain_until', 'ip_address'], mustExist: false },
      ]);
      expect(failed).toEqual(new Map());
      expect(ids.map((id) => tagsOf(world, id))).toEqual([
        { Name: 'kept', srv_weight: '0', srv_drain_until: 'x', ip_address: '10.0.0.1' },
        { Name: 'kept' },
        { Name: 'kept', srv_weight: '5' },
      ]);
    });

    test('tags more instances than one call takes, alike ones together', async () => {
      const { world, ports, actions } = await given(skin);
      const ids = launch(world, 1050, 'big');
      const failed = await ports.instances.tag(
        ids.map((instanceId, index) => ({
          instanceId,
          set: { srv_weight: index < 10 ? '1' : '0' },
          remove: ['srv_drain_until'],
          mustExist: false,
        })),
      );
      expect(failed).toEqual(new Map());
      const weights = ids.map((id) => tagsOf(world, id)['srv_weight']);
      expect(weights).toEqual(ids.map((_, index) => (index < 10 ? '1' : '0')));
      if (skin !== 'in process') {
        // 10 of one weight in one call, 1,040 of the other in two; all lose the same tag, in two.
        expect(actions).toEqual([...Array(3).fill('CreateTags'), ...Array(2).fill('DeleteTags')]);
      }
    });

    test.each([
      { mustExist: true, what: 'answers an instance that is gone', failing: [unknown] },
      { mustExist: false, what: 'leaves out an instance that is gone and was to lose weight', failing: [] },
    ])('$what, and tags the others', async ({ mustExist, failing }) => {
      const { world, ports } = await given(skin);
      const ids = launch(world, 30, 'blue');
      const failed = await ports.instances.tag(
        [...ids.slice(0, 15), unknown, ...ids.slice(15)].map((instanceId) => ({
          instanceId,
          set: { srv_weight: '0' },
          remove: ['srv_drain_until'],
          mustExist,
        })),
      );
      expect([...failed.keys()]).toEqual(failing);
      expect([...failed.values()].map(({ name }) => name)).toEqual(failing.map(() => 'InvalidInstanceID.NotFound'));
      expect(ids.map((id) => tagsOf(world, id))).toEqual(ids.map(() => ({ srv_weight: '0' })));
    });

    test('removes nothing, tags and error alike, from an instance that is gone', async () => {
      const { ports } = await given(skin);
      const removal = { instanceId: unknown, set: {}, remove: ['srv_weight'], mustExist: false };
      expect(await ports.instances.tag([removal])).toEqual(new Map());
    });
  });

  describe('records.list()', () => {
    const web = [
      text('web', '"heritage=asg-srv" "owner=contract" "serial=1"'),
      {
        name: `_http._tcp.web.${zone}.`,
        type: 'SRV',
        ttl: 20,
        values: [`0 1 443 b.web.${zone}.`, `0 2 443 a.web.${zone}.`],
      },
      address('a.web', '10.0.0.1'),
      address('b.web', '10.0.0.2'),
    ];
    const others = [
      text('api', '"api"'),
      text('zweb', '"zweb"'),
      text('web-api', '"web-api"'),
      text('we', '"we"'),
      address('a.web-api', '10.0.0.3'),
    ];

    test('reads clusters by name, each with all below it and nothing of its neighbours', async () => {
      const { ports } = await given(skin);
      await ports.records.change(create(...others, ...web));
      const found = await ports.records.list(new Set(['web', 'web-api', 'nobody']));
      expect([...found.keys()].toSorted()).toEqual(['nobody', 'web', 'web-api']);
      expect(found.get('web')).toHaveLength(web.length);
      expect(found.get('web')).toEqual(expect.arrayContaining(web));
      expect(found.get('web-api')).toEqual([text('web-api', '"web-api"'), address('a.web-api', '10.0.0.3')]);
      expect(found.get('nobody')).toEqual([]);
    });

    test('reads the whole zone, sorted by the label below it', async () => {
      const { ports } = await given(skin);
      await ports.records.change(create(...others, ...web));
      const found = await ports.records.list('all');
      const counts = [...found].map(([cluster, sets]) => [cluster, sets instanceof Error ? 0 : sets.length]);
      expect(Object.fromEntries(counts)).toEqual({ api: 1, we: 1, web: 4, 'web-api': 2, zweb: 1 });
    });

    test('reads beyond a page of 300 sets', async () => {
      const { ports } = await given(skin);
      const hosts = Array.from({ length: 350 }, (_, index) => `host-${index}.web`);
      await ports.records.change(create(...hosts.map((host) => address(host, '10.0.0.1'))));
      await ports.records.change(
        create(...hosts.map((host) => ({ ...address(host, '2001:db8::1'), type: 'AAAA' })), ...others),
      );
      expect((await ports.records.list(new Set(['web']))).get('web')).toHaveLength(700);
      expect((await ports.records.list('all')).get('web')).toHaveLength(700);
    });

    test('says how a set is routed where it is not a simple one', async () => {
      const { world, ports } = await given(skin);
      const named = { Name: `web.${zone}`, Type: 'A' as const };
      const sets = [
        {
          ...named,
          Name: `x.web.${zone}`,
          AliasTarget: { DNSName: `a.${zone}`, HostedZoneId: hostedZoneId, EvaluateTargetHealth: false },
        },
        { ...named, SetIdentifier: 'one', Weight: 1, TTL: 5, ResourceRecords: [{ Value: '10.0.0.1' }] },
      ];
      const Changes = sets.map((ResourceRecordSet) => ({ Action: 'CREATE' as const, ResourceRecordSet }));
      world.route53.changeResourceRecordSets({ HostedZoneId: hostedZoneId, ChangeBatch: { Changes } });
      const found = (await ports.records.list(new Set(['web']))).get('web');
      expect(found).toEqual([
        { name: `web.${zone}.`, type: 'A', ttl: 5, values: ['10.0.0.1'], routing: 'set identifier "one"' },
        { name: `x.web.${zone}.`, type: 'A', ttl: 0, values: [], routing: 'an alias' },
      ]);
    });

    test('answers the error of the cluster that could not be listed, and the others’ records', async () => {
      const is = new AwsError('Throttling', 'Rate exceeded');
      const { ports } = await given(skin, { call: 'records.list', about: 'api', is });
      await ports.records.change(create(...others, ...web));
      const found = await ports.records.list(new Set(['web', 'api']));
      expect(found.get('web')).toHaveLength(web.length);
      expect(found.get('api')).toMatchObject({ name: 'Throttling' });
    });
  });

  describe('records.change()', () => {
    const old = {
      name: `_http._tcp.web.${zone}.`,
      type: 'SRV',
      ttl: 20,
      values: [`0 1 443 b.web.${zone}`, `0 2 443 a.web.${zone}.`],
    };
    const entry = text('web', '"heritage=asg-srv" "serial=1"');
    const next = text('web', '"heritage=asg-srv" "serial=2" "leaving=i-0123456789abcdef0@1,i-0123456789abcdef1@2"');

    test('swaps what was listed for something else, whole', async () => {
      const { world, ports } = await given(skin);
      await ports.records.change(create(old, entry));
      const listed = (await ports.records.list(new Set(['web']))).get('web');
      const deletes = listed === undefined || listed instanceof Error ? [] : listed;
      expect(deletes).toEqual(expect.arrayContaining([old, entry]));
      const changed = await ports.records.change({ deletes, creates: [next] });
      expect(changed).toEqual({ kind: 'accepted', changeId: expect.stringMatching(/./) });
      expect(described(world)).toEqual([next]);
    });

    test.each<{ what: string; batch: ChangeBatch; says: string }>([
      {
        what: 'the entry is another by now',
        batch: { deletes: [next], creates: [entry] },
        says: `Tried to delete resource record set [name='web.${zone}.', type='TXT'] but the values provided do not match the current values`,
      },
      {
        what: 'the TTL is another',
        batch: { deletes: [{ ...old, ttl: 21 }], creates: [] },
        says: 'but the values provided do not match the current values',
      },
      {
        what: 'a value is spelt differently',
        batch: {
          deletes: [{ ...old, values: old.values.map((value) => `${value.replace(/\.$/, '')}.`) }],
          creates: [],
        },
        says: 'but the values provided do not match the current values',
      },
      {
        what: 'what is to go is not there',
        batch: { deletes: [text('api', '"x"')], creates: [] },
        says: `Tried to delete resource record set [name='api.${zone}.', type='TXT'] but it was not found`,
      },
      {
        what: 'what is to come is there',
        batch: create(entry),
        says: `Tried to create resource record set [name='web.${zone}.', type='TXT'] but it already exists`,
      },
      {
        what: 'another part of it is at fault',
        batch: { deletes: [entry, text('api', '"x"')], creates: [next, address('a.web', '10.0.0.1')] },
        says: 'but it was not found',
      },
    ])('is rejected whole when $what, and says so', async ({ batch, says }) => {
      const { world, ports } = await given(skin);
      await ports.records.change(create(old, entry));
      const before = described(world);
      expect(await ports.records.change(batch)).toEqual({
        kind: 'rejected',
        error: expect.objectContaining({ message: expect.stringContaining(says) }),
      });
      expect(described(world)).toEqual(before);
    });

    test('fails when it was certainly not applied', async () => {
      const is = new AwsError('Throttling', 'Rate exceeded');
      const { world, ports } = await given(skin, { call: 'records.change', is });
      expect((await failure(ports.records.change(create(entry)))).name).toBe('Throttling');
      expect(described(world)).toEqual([]);
    });

    test.each<{ what: string; is: Fault['is']; after: readonly RecordSet[] }>([
      { what: 'was not applied', is: new AwsError('ServiceUnavailable', 'Try again', 503), after: [] },
      { what: 'was applied', is: 'appliedButError', after: [entry] },
    ])('is uncertain when the answer does not tell, as when it $what', async ({ is, after }) => {
      const { world, ports } = await given(skin, { call: 'records.change', is });
      expect(await ports.records.change(create(entry))).toEqual({ kind: 'uncertain', error: expect.any(Error) });
      expect(described(world)).toEqual(after);
    });

    test('refuses a type that is never ours', async () => {
      const { world, ports } = await given(skin);
      const alias = { name: `a.${zone}.`, type: 'CNAME', ttl: 1, values: [`b.${zone}`] };
      expect(await failure(ports.records.change(create(alias)))).toBeInstanceOf(RangeError);
      expect(described(world)).toEqual([]);
    });
  });

  describe('records.hasPropagated()', () => {
    test('is false until every name server has the change', async () => {
      const { world, ports } = await given(skin);
      const changed = await ports.records.change(create(text('web', '"x"')));
      const changeId = changed.kind === 'accepted' ? changed.changeId : '';
      await world.advance(29);
      expect(await ports.records.hasPropagated(changeId)).toBe(false);
      await world.advance(1);
      expect(await ports.records.hasPropagated(changeId)).toBe(true);
    });

    test('is false for a change that Route 53 no longer knows', async () => {
      const { ports } = await given(skin);
      expect(await ports.records.hasPropagated('/change/C0UNKNOWN')).toBe(false);
    });

    test('fails where Route 53 says anything else', async () => {
      const is = new AwsError('Throttling', 'Rate exceeded');
      const { ports } = await given(skin, { call: 'records.hasPropagated', is });
      expect((await failure(ports.records.hasPropagated('/change/C0UNKNOWN'))).name).toBe('Throttling');
    });
  });

  describe('wakeUps.send()', () => {
    const messages = Array.from({ length: 25 }, (_, index) => ({
      cluster: `cluster-${index}`,
      body: JSON.stringify({ number: index, text: 'ä "quoted" & <more>' }),
      delaySeconds: index === 0 ? 0 : 900,
    }));

    test('sends each message with its delay, beyond ten', async () => {
      const { world, ports, queueUrl } = await given(skin);
      expect(await ports.wakeUps.send(messages)).toEqual(new Map());
      expect(bodies(world, queueUrl)).toEqual([messages[0]?.body]);
      await world.advance(899);
      expect(bodies(world, queueUrl).filter((body) => body !== messages[0]?.body)).toEqual([]);
      await world.advance(1);
      const late = bodies(world, queueUrl).filter((body) => body !== messages[0]?.body);
      expect(late.toSorted()).toEqual(
        messages
          .slice(1)
          .map(({ body }) => body)
          .toSorted(),
      );
    });

    test('answers the clusters whose message was not taken, and sends the others', async () => {
      const { world, ports, queueUrl } = await given(skin);
      world.sqs.sendFault = (body) => body.includes('"number":7,');
      const failed = await ports.wakeUps.send(messages.map((message) => ({ ...message, delaySeconds: 0 })));
      expect([...failed.keys()]).toEqual(['cluster-7']);
      expect(failed.get('cluster-7')?.message).toContain('internal error');
      expect(bodies(world, queueUrl)).toHaveLength(24);
    });

    test('answers every cluster of a call that failed', async () => {
      const { ports } = await given(skin);
      const tooLate = messages.slice(0, 2).map((message) => ({ ...message, delaySeconds: 901 }));
      expect([...(await ports.wakeUps.send(tooLate)).keys()]).toEqual(['cluster-0', 'cluster-1']);
    });
  });
});
