import type { LifecycleAction, Ports } from '../../lambda/ports.ts';
import type { ClusterName, InstanceId, Instant } from '../../lambda/reconcile/model.ts';
import { AwsError } from '../awsError.ts';
import type { HandleBatch } from '../scenario/handleBatch.ts';
import type { World } from '../world.ts';
import { type ClusterView, dnsPlan, recordedWeights } from './dnsPlan.ts';
import { enact, type PlanStore } from './enactor.ts';
import { groupConfiguration } from './groupConfiguration.ts';
import { rivalReport } from './rivalReport.ts';

/** What the automation of one cluster knows beyond AWS, from one run to the next. */
interface Automation extends PlanStore {
  readonly drainedAt: Map<InstanceId, Instant>;
}

const automations = new WeakMap<World, Map<ClusterName, Automation>>();

/**
 * The DNS automation of AWS's outage of October 2025, on our records: each run plans every cluster from a full observation, records first,
 * under a version that rises, and enacts what it planned. Alone it is right, drains included; runs that overlap meet the race that emptied
 * DynamoDB's endpoint. Every message is the same to it, and it sends itself none.
 */
export const plannerAndEnactor: HandleBatch = async (messages, ports, world) => {
  try {
    for (const view of await clusterViews(ports, world)) {
      const automation = automationOf(world, view.cluster);
      await goOnWithHooks(view, automation, ports);
      const plan = dnsPlan(view, automation.latest + 1);
      if (plan !== undefined) {
        automation.latest = plan.version;
        automation.plans = [...automation.plans, plan];
        await enact(plan, automation, ports, world);
      }
    }
    return rivalReport([], []);
  } catch (error) {
    if (!(error instanceof AwsError)) {
      throw error;
    }
    return rivalReport(
      messages.map(({ id }) => id),
      [error],
    );
  }
};

async function clusterViews(ports: Ports, world: World): Promise<readonly ClusterView[]> {
  const listed = await ports.records.list('all');
  const every = await ports.groups.ofClusters('all');
  const unread = every.find(({ error }) => error !== undefined)?.error;
  if (unread !== undefined) {
    throw unread;
  }
  const groups = every.filter(({ tags }) => (tags['srv_zone'] ?? ports.zone) === ports.zone);
  const instances = groups.length === 0 ? [] : await ports.instances.ofGroups(new Set(groups.map(({ name }) => name)));
  const byCluster = Map.groupBy(groups, (group) => groupConfiguration(group).cluster ?? '');
  return [...byCluster].map(([cluster, own]) => {
    const recordSets = listed.get(cluster) ?? [];
    if (recordSets instanceof Error) {
      throw recordSets;
    }
    return {
      cluster,
      zone: ports.zone,
      owner: ports.owner,
      now: ports.now(),
      recordSets,
      groups: own,
      instances: new Map(instances.map((instance) => [instance.id, instance])),
      drainedAt: automationOf(world, cluster).drainedAt,
    };
  });
}

/** Starts drain clocks and completes hooks, each once the record that it waits for has propagated. */
async function goOnWithHooks(view: ClusterView, { changeId, drainedAt }: Automation, ports: Ports): Promise<void> {
  const weights = recordedWeights(view);
  const waiting = view.groups.flatMap((group) =>
    group.members
      .filter(({ lifecycleState }) => lifecycleState === 'Pending:Wait' || lifecycleState.startsWith('Terminating'))
      .map((member) => ({ ...member, group })),
  );
  if (waiting.length === 0 || (changeId !== undefined && !(await ports.records.hasPropagated(changeId)))) {
    return;
  }
  const completed: LifecycleAction[] = [];
  for (const { instanceId, lifecycleState, group } of waiting) {
    const { ttl, drainSeconds } = groupConfiguration(group);
    const weight = weights.get(instanceId);
    const complete = (hook: LifecycleAction['hook']): void =>
      void completed.push({ kind: 'complete', group: group.name, hook, instanceId });
    if (lifecycleState === 'Pending:Wait' && weight !== undefined) {
      complete('srv-register');
    } else if (lifecycleState === 'Terminating:Wait' && weight === undefined) {
      complete('srv-drain');
    } else if (lifecycleState.startsWith('Terminating') && weight === 0 && !drainedAt.has(instanceId)) {
      drainedAt.set(instanceId, ports.now() + ttl + drainSeconds);
    }
  }
  if (completed.length > 0) {
    await ports.groups.act(completed);
  }
}

function automationOf(world: World, cluster: ClusterName): Automation {
  const clusters = automations.get(world) ?? new Map<ClusterName, Automation>();
  automations.set(world, clusters);
  const automation = clusters.get(cluster) ?? {
    plans: [],
    latest: 0,
    applied: 0,
    changeId: undefined,
    drainedAt: new Map<InstanceId, Instant>(),
  };
  clusters.set(cluster, automation);
  return automation;
}
