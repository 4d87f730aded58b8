import { beforeEach, expect, test } from 'vitest';
import { apply } from '../lambda/apply.ts';
import { handleBatch } from '../lambda/batch.ts';
import type { Ports, Scope } from '../lambda/ports.ts';
import { propagationSecondsMax } from '../lambda/reconcile/limits.ts';
import { decodeRegistry, encodeRegistry, type RegistryEntry } from '../lambda/reconcile/registry.ts';
import { encodeWakeUp, parseTrigger } from '../lambda/reconcile/trigger.ts';
import { wakeUpMessages } from '../lambda/wakeUpMessages.ts';
import { AwsError } from '../sim/awsError.ts';
import type { PortFaults } from '../sim/ports/gate.ts';
import { createSimPorts } from '../sim/ports.ts';
import { ourHooks } from '../sim/scenario/ourHooks.ts';
import { World } from '../sim/world.ts';
import { given, id, noon, planned, tags } from './given.ts';
import { publishedEvents } from './publishedEvents.ts';

const zone = 'svc.example.internal';
const sweep = { id: 'sweep', body: JSON.stringify(publishedEvents.schedule.event) };

let world: World;
let hostedZoneId: string;
let queueUrl: string;

beforeEach(async () => {
  world = new World();
  hostedZoneId = world.route53.addHostedZone(zone);
  queueUrl = world.sqs.createQueue({ QueueName: 'queue' }).QueueUrl ?? '';
  for (const name of ['web', 'api']) {
    world.autoScaling.createAutoScalingGroup({
      AutoScalingGroupName: name,
      MinSize: 0,
      MaxSize: 9,
      DesiredCapacity: 1,
      Tags: [
        { Key: 'srv_cluster', Value: name, PropagateAtLaunch: false },
        { Key: 'srv_drain_seconds', Value: '2000', PropagateAtLaunch: false },
      ],
      LifecycleHookSpecificationList: ourHooks(7200),
    });
  }
  await world.advance(30);
});

function createPorts(faults: PortFaults = {}): Ports {
  return createSimPorts(world, { hostedZoneId, zone, owner: 'me', queueUrl }, faults);
}

/** A sweep a minute. */
async function sweeps(count: number, ports: Ports): Promise<void> {
  for (let done = 0; done < count; done += 1) {
    await handleBatch([sweep], ports);
    await world.advance(60);
  }
}

function entrySet(cluster: string) {
  return world.route53.records(hostedZoneId).find(({ Name, Type }) => Type === 'TXT' && Name === `${cluster}.${zone}.`);
}

function entry(cluster: string): RegistryEntry {
  const found = decodeRegistry(entrySet(cluster)?.ResourceRecords?.[0]?.Value ?? '')?.entry;
  if (found === undefined) {
    throw new Error(`Expected cluster "${cluster}" to have a registry entry: found none`);
  }
  return found;
}

/** Another pass wins a swap of the cluster. */
function overtake(cluster: string): void {
  const { serial, ...rest } = entry(cluster);
  const set = entrySet(cluster);
  const next = encodeRegistry({ ...rest, serial: serial + 1 });
  world.route53.changeResourceRecordSets({
    HostedZoneId: hostedZoneId,
    ChangeBatch: {
      Changes: [
        { Action: 'DELETE', ResourceRecordSet: set },
        {
          Action: 'CREATE',
          ResourceRecordSet: { Name: set?.Name, Type: 'TXT', TTL: set?.TTL, ResourceRecords: [{ Value: next }] },
        },
      ],
    },
  });
}

function memberOf(group: string): string {
  const [found] = world.autoScaling.describeAutoScalingGroups({ AutoScalingGroupNames: [group] }).AutoScalingGroups;
  return found?.Instances.at(-1)?.InstanceId ?? '';
}

test('a pass writes in order: tags of joining hosts, records, tags of leaving hosts, lifecycle actions, wake-ups', async () => {
  const passes: string[][] = [];
  const effects: ReadonlySet<string> = new Set(['instances.tag', 'records.change', 'groups.act', 'wakeUps.send']);
  const ports = createPorts({
    onCall: ({ name }) => {
      const own = passes.at(-1);
      if (name === 'records.list') {
        passes.push([]);
      } else if (effects.has(name) && own?.at(-1) !== name) {
        own?.push(name);
      }
    },
  });
  world.autoScaling.createOrUpdateTags({
    Tags: [
      {
        ResourceId: 'web',
        ResourceType: 'auto-scaling-group',
        Key: 'srv_drain_seconds',
        Value: '10',
        PropagateAtLaunch: false,
      },
    ],
  });
  world.autoScaling.setDesiredCapacity({ AutoScalingGroupName: 'web', DesiredCapacity: 2 });
  await sweeps(4, ports);
  const joined = passes.splice(0);
  world.autoScaling.setDesiredCapacity({ AutoScalingGroupName: 'web', DesiredCapacity: 1 });
  await sweeps(5, ports);
  expect(joined[0]).toEqual(['instances.tag', 'records.change', 'wakeUps.send']);
  expect(passes[0]).toEqual(['records.change', 'instances.tag', 'wakeUps.send']);
  expect(passes).toContainEqual(['records.change', 'instances.tag', 'groups.act', 'wakeUps.send']);
});

test('a plan that grew old while its tags were written is made anew: the entry’s instant is never far from the write', async () => {
  const ports = createPorts();
  let slow = true;
  const instances: Ports['instances'] = {
    ...ports.instances,
    tag: async (writes) => {
      const failed = await ports.instances.tag(writes);
      if (slow) {
        slow = false;
        await world.advance(6);
      }
      return failed;
    },
  };
  expect((await handleBatch([sweep], { ...ports, instances })).errors).toEqual([]);
  expect(entry('web').written).toBeGreaterThanOrEqual(world.now / 1000);
});

test('a plan that is old before anything of it was done writes no tags', async () => {
  const observation = given({ now: world.now / 1000 - 6, hosts: [{ id: memberOf('web') }] });
  const [applied] = await apply([{ observation, plan: planned(observation) }], createPorts());
  expect(applied?.kind).toBe('again');
  expect(world.ec2.instance(memberOf('web'))?.tags.has('srv_weight')).toBe(false);
});

test('after a lost swap only its cluster goes again, with the tags that the pass wrote laid over an older read', async () => {
  await sweeps(3, createPorts());
  for (const name of ['web', 'api']) {
    world.autoScaling.setDesiredCapacity({ AutoScalingGroupName: name, DesiredCapacity: 2 });
  }
  await world.advance(30);
  const ports = createPorts({ staleSeconds: (name) => (name === 'instances.ofGroups' ? 15 : 0) });
  const scopes: Scope[] = [];
  const tagged: string[] = [];
  const rival: Ports = {
    ...ports,
    groups: {
      ...ports.groups,
      ofClusters: (scope) => {
        scopes.push(scope);
        return ports.groups.ofClusters(scope);
      },
    },
    instances: {
      ...ports.instances,
      tag: async (writes) => {
        if (tagged.length === 0) {
          overtake('web');
        }
        tagged.push(...writes.map(({ instanceId }) => instanceId));
        return ports.instances.tag(writes);
      },
    },
  };
  const { outcomes } = await handleBatch([sweep], rival);
  expect(outcomes.map(({ cluster, kind, conflicts }) => `${cluster} ${kind} ${conflicts}`).toSorted()).toEqual([
    'api done 0',
    'web done 1',
  ]);
  expect(scopes).toEqual(['all', new Set(['web'])]);
  expect(tagged.toSorted()).toEqual([memberOf('api'), memberOf('web')].toSorted());
});

test('a cluster of which a warm pool could not be read waits, and its messages come back; the others go on', async () => {
  world.autoScaling.putWarmPool({ AutoScalingGroupName: 'web', MinSize: 1, PoolState: 'Running' });
  const ports = createPorts({
    fault: (name) => (name === 'groups.warmPool' ? new AwsError('Throttling', 'Rate exceeded') : undefined),
  });
  const { outcomes } = await handleBatch([sweep], ports);
  expect(outcomes.map(({ cluster, kind }) => `${cluster} ${kind}`).toSorted()).toEqual(['api done', 'web failed']);
  expect(entrySet('web')).toBeUndefined();
});

test('the wake-up after a write carries its change id, so that propagation can be asked for', async () => {
  await handleBatch([sweep], createPorts());
  await world.advance(60);
  const triggers = world.sqs.receiveUpTo(queueUrl, 10).map(({ body }) => parseTrigger(body));
  const publications = triggers.flatMap((trigger) => (trigger.kind === 'wakeUp' ? trigger.wakeUp.publications : []));
  expect(publications).toHaveLength(2);
  expect(publications.every(({ written }) => written === entry('web').written)).toBe(true);
});

test('a wait longer than SQS delays hops, and says so', async () => {
  const draining = { id: id(1), state: 'Terminating:Wait', address: '10.0.0.2', tags: tags('10.0.0.2', '0') };
  const observation = given({
    now: world.now / 1000,
    hosts: [{ ...draining, recorded: 0, leavingFor: propagationSecondsMax + 1 }],
    groups: { blue: { srv_drain_seconds: '3600' } },
  });
  const [applied] = await apply([{ observation, plan: planned(observation) }], createPorts());
  // Nobody knows group "blue" here: its heartbeat fails, which holds nothing up.
  expect(applied?.kind).toBe('done');
  expect(applied?.troubles).toHaveLength(1);
  await world.advance(899);
  expect(world.sqs.receiveUpTo(queueUrl, 10)).toEqual([]);
  await world.advance(1);
  expect(world.sqs.receiveUpTo(queueUrl, 10).map(({ body }) => parseTrigger(body))).toMatchObject([
    { kind: 'wakeUp', hop: true },
  ]);
});

test('a hop of its chain prolongs a long drain', async () => {
  const ports = createPorts();
  await sweeps(3, ports);
  const host = memberOf('web');
  world.autoScaling.setDesiredCapacity({ AutoScalingGroupName: 'web', DesiredCapacity: 0 });
  await sweeps(4, ports);
  const acted: string[] = [];
  const groups: Ports['groups'] = {
    ...ports.groups,
    act: (actions) => {
      acted.push(...actions.map(({ kind, instanceId }) => `${kind} ${instanceId}`));
      return ports.groups.act(actions);
    },
  };
  const wakeUp = { cluster: 'web', at: 0, instances: [host], publications: [], denied: {} };
  await handleBatch([{ id: 'last', body: encodeWakeUp(wakeUp, false) }], { ...ports, groups });
  expect(acted).toEqual([]);
  await handleBatch([{ id: 'hop', body: encodeWakeUp(wakeUp, true) }], { ...ports, groups });
  expect(acted).toEqual([`heartbeat ${host}`]);
});

test('a change that has not propagated completes no launch hook', async () => {
  world.route53.propagationSeconds = 50;
  const ports = createPorts();
  await handleBatch([sweep], ports);
  const { serial, written } = entry('web');
  await world.advance(30);
  const [change] = world.route53.writes;
  expect(serial).toBe(1);
  const wakeUp = {
    cluster: 'web',
    at: 0,
    instances: [memberOf('web')],
    publications: [{ changeId: change?.changeId ?? '', written }],
    denied: {},
  };
  await handleBatch([{ id: '1', body: encodeWakeUp(wakeUp, false) }], ports);
  await world.advance(5);
  expect(
    world.autoScaling.describeAutoScalingInstances({}).AutoScalingInstances?.map((one) => one.LifecycleState),
  ).toEqual(['Pending:Wait', 'Pending:Wait']);
});

test('of more writes than a wake-up asks about the oldest is kept: a host of a cluster that writes often waits for it alone', async () => {
  const ports = createPorts();
  await handleBatch([sweep], ports);
  const { written } = entry('web');
  await world.advance(60);
  const [change] = world.route53.writes;
  const young = [1, 2, 3, 4].map((age) => ({ changeId: `young${age}`, written: world.now / 1000 - age }));
  const messages = [...young, { changeId: change?.changeId ?? '', written }].map((publication) => ({
    id: publication.changeId,
    body: encodeWakeUp(
      { cluster: 'web', at: 0, instances: [memberOf('web')], publications: [publication], denied: {} },
      false,
    ),
  }));
  await handleBatch(messages, ports);
  await world.advance(5);
  const [web] = world.autoScaling.describeAutoScalingGroups({ AutoScalingGroupNames: ['web'] }).AutoScalingGroups;
  expect(web?.Instances.map(({ LifecycleState }) => LifecycleState)).toEqual(['InService']);
});

test('a wake-up of a pass that wrote keeps the two oldest writes and the two newest, its own among them', () => {
  const waits = { id: id(1), state: 'Pending:Wait', recorded: 9, tags: tags('10.0.0.1', '9'), joiningFor: 10 };
  const publications = [10, 8, 6, 4].map((age) => ({ changeId: `${age}`, written: noon - age }));
  const woken = { instances: new Set([id(1)]), publications };
  const observation = given({ hosts: [waits, { id: id(2) }], writtenFor: 4, woken });
  const [message] = wakeUpMessages(planned(observation), { kind: 'done', changeId: 'own' }, noon);
  expect(parseTrigger(message?.body ?? '')).toMatchObject({
    wakeUp: { publications: ['10', '8', '4', 'own'].map((changeId) => ({ changeId })) },
  });
});

test('a sweep leaves the records of another deployment’s cluster out, whatever they are', async () => {
  const value = encodeRegistry({ owner: 'somebody', serial: 1, written: 1, leaving: new Map(), joining: new Map() });
  world.route53.changeResourceRecordSets({
    HostedZoneId: hostedZoneId,
    ChangeBatch: {
      Changes: [
        {
          Action: 'CREATE',
          ResourceRecordSet: { Name: `theirs.${zone}`, Type: 'TXT', TTL: 10, ResourceRecords: [{ Value: value }] },
        },
      ],
    },
  });
  const { outcomes } = await handleBatch([sweep], createPorts());
  expect(outcomes.map(({ cluster }) => cluster).toSorted()).toEqual(['api', 'web']);
});

test('a write that was applied although its answer was an error is done, and is not made again', async () => {
  let answers = 0;
  const ports = createPorts({
    fault: (name) => (name === 'records.change' && ++answers === 1 ? 'appliedButError' : undefined),
  });
  const { outcomes } = await handleBatch([sweep], ports);
  expect(outcomes.map(({ kind, conflicts }) => [kind, conflicts])).toEqual([
    ['done', 0],
    ['done', 0],
  ]);
  expect(answers).toBe(1);
  expect([entry('web').serial, entry('api').serial]).toEqual([1, 1]);
});

test('a batch that can never be applied is tried once together and once for each cluster, and no more', async () => {
  let tried = 0;
  const ports = createPorts({
    fault: (name) =>
      name === 'records.change' && ++tried > 0 ? new AwsError('InvalidChangeBatch', '[protected]') : undefined,
  });
  const { outcomes } = await handleBatch([sweep], ports);
  expect(outcomes.map(({ kind, conflicts }) => [kind, conflicts])).toEqual([
    ['failed', 0],
    ['failed', 0],
  ]);
  expect(tried).toBe(3);
});

test('an instance that is gone before its registration was written is not registered', async () => {
  const observation = given({ now: world.now / 1000, hosts: [{ id: id(1) }] });
  const [applied] = await apply([{ observation, plan: planned(observation) }], createPorts());
  expect(applied).toMatchObject({ kind: 'again', untagged: [id(1)] });
  expect(entrySet('web')).toBeUndefined();
});

/** Hosts that the record holds, and that no service knows. */
function recordUnknown(count: number): readonly string[] {
  const hosts = Array.from({ length: count }, (_, index) => id(index));
  const value = encodeRegistry({ owner: 'me', serial: 1, written: 1, leaving: new Map(), joining: new Map() });
  const set = (Name: string, Type: 'TXT' | 'SRV', values: readonly string[]) => ({
    Action: 'CREATE' as const,
    ResourceRecordSet: { Name, Type, TTL: 10, ResourceRecords: values.map((Value) => ({ Value })) },
  });
  world.route53.changeResourceRecordSets({
    HostedZoneId: hostedZoneId,
    ChangeBatch: {
      Changes: [
        set(`old.${zone}.`, 'TXT', [value]),
        set(
          `_http._tcp.old.${zone}.`,
          'SRV',
          hosts.map((host) => `0 1 443 ${host}.old.${zone}.`),
        ),
      ],
    },
  });
  return hosts;
}

test('a pass asks EC2 about ten forgotten hosts, and no more', async () => {
  recordUnknown(12);
  let asked = 0;
  const ports = createPorts({
    onCall: ({ name }) => {
      asked += name === 'instances.isDenied' ? 1 : 0;
    },
  });
  await handleBatch([sweep], ports);
  expect(asked).toBe(10);
});

test('of two messages that tell of a denial the earlier counts', async () => {
  const [host = ''] = recordUnknown(1);
  const messages = [1, 61, 2].map((age) => ({
    id: String(age),
    body: encodeWakeUp(
      { cluster: 'old', at: 0, instances: [], publications: [], denied: { [host]: world.now / 1000 - age } },
      false,
    ),
  }));
  await handleBatch(messages, createPorts());
  const targets = world.route53.records(hostedZoneId).filter(({ Type }) => Type === 'SRV');
  expect(JSON.stringify(targets)).not.toContain(host);
});

test('what a pass reads is as old as the clock before its reads, however long they take', async () => {
  const ports = createPorts();
  const start = world.now / 1000;
  const ofClusters: Ports['groups']['ofClusters'] = async (scope) => {
    await world.advance(6);
    return ports.groups.ofClusters(scope);
  };
  const { outcomes } = await handleBatch([sweep], { ...ports, groups: { ...ports.groups, ofClusters } });
  const clocks = outcomes.map(({ observation }) => [observation?.readFrom, observation?.now]);
  expect(clocks).toEqual([
    [start, start + 6],
    [start, start + 6],
  ]);
});
