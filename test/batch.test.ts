import { beforeEach, expect, test } from 'vitest';
import { handleBatch } from '../lambda/batch.ts';
import type { Ports } from '../lambda/ports.ts';
import { propagationSecondsMax } from '../lambda/reconcile/limits.ts';
import { createSimPorts } from '../sim/ports.ts';
import { World } from '../sim/world.ts';
import { about, publishedEvents } from './publishedEvents.ts';

const zone = 'svc.example.internal';
const sweep = publishedEvents.schedule.event;

let world: World;
let hostedZoneId: string;
let ports: Ports;

beforeEach(async () => {
  world = new World();
  hostedZoneId = world.route53.addHostedZone(zone);
  const { QueueUrl: queueUrl = '' } = world.sqs.createQueue({ QueueName: 'queue' });
  ports = createSimPorts(world, { hostedZoneId, zone, owner: 'me', queueUrl });
  for (const name of ['web', 'api']) {
    world.autoScaling.createAutoScalingGroup({
      AutoScalingGroupName: name,
      MinSize: 0,
      MaxSize: 9,
      DesiredCapacity: 2,
      Tags: [{ Key: 'srv_cluster', Value: name, PropagateAtLaunch: false }],
    });
  }
  await world.advance(30);
});

function message(id: string, body: object | string): { readonly id: string; readonly body: string } {
  return { id, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

function launched(group: string): object {
  const { event } = about(publishedEvents.launchSuccessful, { AutoScalingGroupName: group });
  return { ...event, time: world.timestamp };
}

function clusters(): readonly string[] {
  const sets = world.route53.records(hostedZoneId).filter(({ Type }) => Type === 'SRV');
  return sets.map(({ Name = '' }) => Name.split('.')[2] ?? '').toSorted();
}

/** The ports with the records of one cluster unreadable. */
function blindTo(cluster: string): Ports {
  const list: Ports['records']['list'] = async (scope) => {
    const found = new Map(await ports.records.list(scope));
    return scope === 'all' || scope.has(cluster) ? found.set(cluster, new Error('unreadable')) : found;
  };
  return { ...ports, records: { ...ports.records, list } };
}

test('a batch answers with the messages of the clusters that failed, and with no others', async () => {
  const batch = [
    message('1', launched('web')),
    message('2', launched('api')),
    message('3', '{'),
    message('4', launched('web')),
    message('5', launched('other')),
  ];
  const report = await handleBatch(batch, blindTo('web'));
  expect(report.failed).toEqual(['1', '4']);
  expect(clusters()).toEqual(['api']);
  expect(report.ignored.map(({ id }) => id)).toEqual(['3', '5']);
});

test('a sweep syncs every cluster and never comes back: the next one is its second try', async () => {
  const report = await handleBatch([message('1', sweep), message('2', launched('web'))], blindTo('web'));
  expect(report.failed).toEqual(['2']);
  expect(clusters()).toEqual(['api']);
  await handleBatch([message('3', sweep)], ports);
  expect(clusters()).toEqual(['api', 'web']);
});

test('clusters that change together are written in one batch', async () => {
  await handleBatch([message('1', sweep)], ports);
  expect(clusters()).toEqual(['api', 'web']);
  expect(world.route53.writes).toHaveLength(1);
});

test('a batch whose groups cannot be read fails its messages and changes nothing', async () => {
  const down: Ports = {
    ...ports,
    groups: { ...ports.groups, ofClusters: () => Promise.reject(new Error('throttled')) },
  };
  const report = await handleBatch([message('1', launched('web')), message('2', '{'), message('3', sweep)], down);
  expect(report.failed).toEqual(['1']);
  expect(report.errors.map(String)).toEqual(['Error: throttled']);
  expect(clusters()).toEqual([]);
});

test('a batch whose events cannot be placed fails those, and still does the rest', async () => {
  const lost: Ports = { ...ports, groups: { ...ports.groups, named: () => Promise.reject(new Error('throttled')) } };
  const wakeUp = { asgSrv: 'wakeUp', cluster: 'api', at: 0, instances: [], publications: [], denied: {} };
  const report = await handleBatch([message('1', launched('web')), message('2', wakeUp)], lost);
  expect(report.failed).toEqual(['1']);
  expect(clusters()).toEqual(['api']);
});

test('a change whose propagation cannot be asked for is reported, and holds nobody up', async () => {
  const deaf: Ports = {
    ...ports,
    records: { ...ports.records, hasPropagated: () => Promise.reject(new Error('throttled')) },
  };
  const publications = [{ changeId: 'C1', written: 5 }];
  const wakeUp = { asgSrv: 'wakeUp', cluster: 'web', at: 0, instances: [], publications, denied: {} };
  const report = await handleBatch([message('1', wakeUp)], deaf);
  expect(report.failed).toEqual([]);
  expect(report.troubles.map(({ cluster, error }) => `${cluster}: ${error.message}`)).toEqual(['web: throttled']);
  expect(clusters()).toEqual(['web']);
});

test('an instance whose tags cannot be written is left out and reported; its cluster goes on without it', async () => {
  const [group] = world.autoScaling.describeAutoScalingGroups({ AutoScalingGroupNames: ['web'] }).AutoScalingGroups;
  const full = group?.Instances[0]?.InstanceId ?? '';
  const limited: Ports = {
    ...ports,
    instances: {
      ...ports.instances,
      tag: async (writes) => {
        const failed = new Map(await ports.instances.tag(writes.filter(({ instanceId }) => instanceId !== full)));
        return writes.some(({ instanceId }) => instanceId === full)
          ? failed.set(full, new Error('TagLimitExceeded'))
          : failed;
      },
    },
  };
  const report = await handleBatch([message('1', launched('web'))], limited);
  expect(report.troubles.map(({ error }) => error.message)).toContain('TagLimitExceeded');
  const srv = world.route53.records(hostedZoneId).find(({ Type }) => Type === 'SRV');
  expect(srv?.ResourceRecords).toHaveLength(1);
  expect(JSON.stringify(srv)).not.toContain(full);
});

test('a group that opts in with a name no cluster can have is reported by name', async () => {
  world.autoScaling.createOrUpdateTags({
    Tags: [
      {
        ResourceId: 'api',
        ResourceType: 'auto-scaling-group',
        Key: 'srv_cluster',
        Value: 'Bad_Name',
        PropagateAtLaunch: false,
      },
    ],
  });
  const report = await handleBatch([message('1', sweep)], ports);
  expect(report.troubles.map(({ error }) => error.message)).toEqual([
    'Cannot read tag "srv_cluster" of group "api": must be a lower-case DNS label: current value is "Bad_Name"',
  ]);
  expect(clusters()).toEqual(['web']);
});

test('a hand-made target whose host is no instance id is removed, and stops no sweep', async () => {
  await handleBatch([message('1', sweep)], ports);
  const srv = world.route53
    .records(hostedZoneId)
    .find(({ Name, Type }) => Type === 'SRV' && Name?.includes('.web.') === true);
  const value = `0 1 443 i-123.web.${zone}.`;
  const edited = {
    ...srv,
    Name: srv?.Name,
    Type: 'SRV' as const,
    ResourceRecords: [...(srv?.ResourceRecords ?? []), { Value: value }],
  };
  world.route53.changeResourceRecordSets({
    HostedZoneId: hostedZoneId,
    ChangeBatch: {
      Changes: [
        { Action: 'DELETE', ResourceRecordSet: srv },
        { Action: 'CREATE', ResourceRecordSet: edited },
      ],
    },
  });
  const report = await handleBatch([message('2', sweep)], ports);
  expect(report.errors).toEqual([]);
  expect(JSON.stringify(world.route53.records(hostedZoneId))).not.toContain('i-123');
});

test('what else is in the zone is nobody’s business', async () => {
  const foreign = {
    Name: `_sip._tcp.voice.${zone}.`,
    Type: 'SRV' as const,
    TTL: 60,
    ResourceRecords: [{ Value: '0 0 5060 pbx.example.com.' }],
  };
  world.route53.changeResourceRecordSets({
    HostedZoneId: hostedZoneId,
    ChangeBatch: { Changes: [{ Action: 'CREATE', ResourceRecordSet: foreign }] },
  });
  const report = await handleBatch([message('1', sweep)], ports);
  expect(report.outcomes.map(({ cluster }) => cluster).toSorted()).toEqual(['api', 'web']);
  expect(world.route53.records(hostedZoneId)).toContainEqual(foreign);
});

test('an event that led to a write says how long that took', async () => {
  const event = launched('web');
  await world.advance(3);
  expect((await handleBatch([message('1', event)], ports)).latenciesSeconds).toEqual([3]);
  expect((await handleBatch([message('1', event)], ports)).latenciesSeconds).toEqual([]);
});

test('a hook of ours that was completed before is no change, while another tool’s hook holds the instance', async () => {
  world.autoScaling.createAutoScalingGroup({
    AutoScalingGroupName: 'held',
    MinSize: 0,
    MaxSize: 9,
    DesiredCapacity: 1,
    Tags: [{ Key: 'srv_cluster', Value: 'held', PropagateAtLaunch: false }],
    LifecycleHookSpecificationList: ['srv-register', 'chef'].map((LifecycleHookName) => ({
      LifecycleHookName,
      LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
      DefaultResult: 'CONTINUE',
      HeartbeatTimeout: 7200,
    })),
  });
  await world.advance(30);
  const changed = async () => {
    await world.advance(propagationSecondsMax + 1);
    const { outcomes } = await handleBatch([message('1', sweep)], ports);
    return outcomes.find(({ cluster }) => cluster === 'held')?.plan?.kind;
  };
  expect([await changed(), await changed(), await changed(), await changed()]).toEqual([
    'change',
    'change',
    'inSync',
    'inSync',
  ]);
});

/** Ports with something that happens just before the first write. */
function beforeTheWrite(happens: () => Promise<void>): Ports {
  let pending = true;
  const change: Ports['records']['change'] = async (batch) => {
    if (pending) {
      pending = false;
      await happens();
    }
    return ports.records.change(batch);
  };
  return { ...ports, records: { ...ports.records, change } };
}

function memberOf(name: string): string {
  const [group] = world.autoScaling.describeAutoScalingGroups({ AutoScalingGroupNames: [name] }).AutoScalingGroups;
  return group?.Instances[0]?.InstanceId ?? '';
}

function weightOf(instanceId: string): string | undefined {
  const values = world.route53
    .records(hostedZoneId)
    .flatMap(({ Type, ResourceRecords = [] }) => (Type === 'SRV' ? ResourceRecords : []));
  return values.find(({ Value = '' }) => Value.includes(instanceId))?.Value?.split(' ')[1];
}

/** A rival pass that writes something else of cluster "web", just before this one writes. */
function rival(): Ports {
  return beforeTheWrite(async () => {
    world.ec2.createTags({ Resources: [memberOf('web')], Tags: [{ Key: 'srv_weight', Value: '9' }] });
    await handleBatch([message('0', launched('web'))], ports);
  });
}

test('a lost swap is planned anew by the same pass: nothing fails, and no message comes back', async () => {
  await handleBatch([message('0', sweep)], ports);
  world.autoScaling.setDesiredCapacity({ AutoScalingGroupName: 'web', DesiredCapacity: 3 });
  await world.advance(30);
  const report = await handleBatch([message('1', launched('web'))], rival());
  expect(report.failed).toEqual([]);
  expect(report.outcomes).toMatchObject([{ kind: 'done', cluster: 'web', conflicts: 1 }]);
  expect(weightOf(memberOf('web'))).toBe('9');
  expect(clusters()).toEqual(['api', 'web']);
});

test('the tags that a pass wrote before it lost its swap overlay what it then reads', async () => {
  await handleBatch([message('0', sweep)], ports);
  world.autoScaling.setDesiredCapacity({ AutoScalingGroupName: 'web', DesiredCapacity: 3 });
  await world.advance(30);
  const tagged: string[] = [];
  const stale: Ports = {
    ...rival(),
    instances: {
      ...ports.instances,
      // EC2 goes on showing what it showed before this pass tagged anything.
      ofGroups: async (names) =>
        (await ports.instances.ofGroups(names)).map((one) => (tagged.includes(one.id) ? { ...one, tags: {} } : one)),
      tag: (writes) => {
        tagged.push(...writes.map(({ instanceId }) => instanceId));
        return ports.instances.tag(writes);
      },
    },
  };
  const report = await handleBatch([message('1', launched('web'))], stale);
  expect(report.outcomes).toMatchObject([{ kind: 'done', conflicts: 1 }]);
  expect(tagged).toHaveLength(1);
});

test('a plan that waited too long is made anew, and writes no tag before', async () => {
  const start = world.now;
  const tagged: number[] = [];
  let readings = 0;
  const slow: Ports = {
    ...ports,
    // The fourth reading, after the three of the observation, asks how old the plan is: six seconds.
    now: () => ports.now() + (++readings === 4 ? 6 : 0),
    pause: () => world.advance(10),
    instances: {
      ...ports.instances,
      tag: (writes) => {
        tagged.push((world.now - start) / 1000);
        return ports.instances.tag(writes);
      },
    },
  };
  const report = await handleBatch([message('1', launched('web'))], slow);
  expect(report.outcomes).toMatchObject([{ kind: 'done', conflicts: 1 }]);
  expect(tagged).toEqual([10]);
});

test('a pass that wrote looks once more within seconds', async () => {
  await handleBatch([message('1', launched('web'))], ports);
  const url = world.sqs.getQueueUrl({ QueueName: 'queue' }).QueueUrl ?? '';
  expect((world.sqs.visibleAt(url) ?? 0) - world.now).toBe(5000);
});
