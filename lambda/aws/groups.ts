import {
  type AutoScalingClient,
  type AutoScalingGroup,
  CompleteLifecycleActionCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeLifecycleHooksCommand,
  DescribeWarmPoolCommand,
  type Filter,
  type Instance,
  RecordLifecycleActionHeartbeatCommand,
} from '@aws-sdk/client-auto-scaling';
import type { Groups, LifecycleAction } from '../ports.ts';
import type { Group, GroupName, LifecycleHook, Member } from '../reconcile/model.ts';
import { errorCode, failure } from './failure.ts';
import { inParallel } from './inParallel.ts';
import { chunksOf, readPages } from './pages.ts';

/** Clusters that a read names one by one; above, one read of every group with our tag is cheaper. */
const filterValuesMax = 20;

/** Auto Scaling groups by its API. */
export function createGroups(client: AutoScalingClient): Groups {
  return {
    ofClusters: async (scope) => {
      const some = scope !== 'all' && scope.size <= filterValuesMax;
      const filter: Filter = some
        ? { Name: 'tag:srv_cluster', Values: [...scope] }
        : { Name: 'tag-key', Values: ['srv_cluster'] };
      const groups = await describe(client, { Filters: [filter] });
      const pools = await warmPools(client, groups);
      return groups.map((group) => toGroup(group, pools.get(group.AutoScalingGroupName ?? '') ?? []));
    },
    named: async (names) => {
      // Up to 100 names a call, given MaxRecords 100; names that no group bears are left out of the answer.
      const chunks = chunksOf([...names], 100);
      const groups = await Promise.all(chunks.map((chunk) => describe(client, { AutoScalingGroupNames: [...chunk] })));
      return groups.flat().map((group) => toGroup(group, []));
    },
    hooks: (name) => hooks(client, name),
    act: async (actions) => {
      const failed = new Map<LifecycleAction, Error | 'over'>();
      await inParallel(actions, async (action) => {
        const problem = await act(client, action);
        if (problem !== undefined) {
          failed.set(action, problem);
        }
      });
      return failed;
    },
  };
}

async function describe(
  client: AutoScalingClient,
  which: { readonly Filters: Filter[] } | { readonly AutoScalingGroupNames: string[] },
): Promise<readonly AutoScalingGroup[]> {
  return readPages('describe the Auto Scaling groups', async (token: string | undefined) => {
    try {
      const page = await client.send(
        new DescribeAutoScalingGroupsCommand({
          ...which,
          MaxRecords: 100,
          ...(token === undefined ? {} : { NextToken: token }),
        }),
      );
      return { items: page.AutoScalingGroups ?? [], next: page.NextToken };
    } catch (error) {
      throw failure('describe the Auto Scaling groups', error);
    }
  });
}

/** A group's description leaves its warm pool out: it has a call of its own, one group each. One that fails fails its group only. */
async function warmPools(
  client: AutoScalingClient,
  groups: readonly AutoScalingGroup[],
): Promise<ReadonlyMap<GroupName, readonly Instance[] | Error>> {
  const pools = new Map<GroupName, readonly Instance[] | Error>();
  const pooled = groups.filter((group) => group.WarmPoolConfiguration !== undefined);
  await inParallel(pooled, async ({ AutoScalingGroupName = '' }) => {
    const what = `describe the warm pool of group "${AutoScalingGroupName}"`;
    try {
      const instances = await readPages(what, async (token: string | undefined) => {
        const page = await client.send(
          new DescribeWarmPoolCommand({
            AutoScalingGroupName,
            MaxRecords: 50,
            ...(token === undefined ? {} : { NextToken: token }),
          }),
        );
        return { items: page.Instances ?? [], next: page.NextToken };
      });
      pools.set(AutoScalingGroupName, instances);
    } catch (error) {
      pools.set(AutoScalingGroupName, failure(what, error));
    }
  });
  return pools;
}

async function hooks(client: AutoScalingClient, name: GroupName): Promise<readonly LifecycleHook[]> {
  try {
    const answer = await client.send(new DescribeLifecycleHooksCommand({ AutoScalingGroupName: name }));
    return (answer.LifecycleHooks ?? []).map((hook) => ({
      name: hook.LifecycleHookName ?? '',
      transition: hook.LifecycleTransition ?? '',
      defaultResult: hook.DefaultResult ?? '',
      heartbeatTimeoutSeconds: hook.HeartbeatTimeout ?? 0,
    }));
  } catch (error) {
    throw failure(`describe the lifecycle hooks of group "${name}"`, error);
  }
}

/**
 * Acts on one lifecycle action. For one already completed or timed out Auto Scaling has no error class: a ValidationError with this text means
 * that there is nothing left to do.
 */
async function act(
  client: AutoScalingClient,
  { kind, group, hook, instanceId }: LifecycleAction,
): Promise<Error | 'over' | undefined> {
  const action = { AutoScalingGroupName: group, LifecycleHookName: hook, InstanceId: instanceId };
  try {
    if (kind === 'complete') {
      await client.send(new CompleteLifecycleActionCommand({ ...action, LifecycleActionResult: 'CONTINUE' }));
    } else {
      await client.send(new RecordLifecycleActionHeartbeatCommand(action));
    }
  } catch (error) {
    const isOver = errorCode(error) === 'ValidationError' && String(error).includes('No active Lifecycle Action found');
    return isOver
      ? 'over'
      : failure(`${kind} lifecycle action "${hook}" of instance "${instanceId}" in group "${group}"`, error);
  }
  return undefined;
}

function toGroup(group: AutoScalingGroup, pool: readonly Instance[] | Error): Group {
  return {
    name: group.AutoScalingGroupName ?? '',
    tags: Object.fromEntries((group.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    members: [...(group.Instances ?? []), ...(pool instanceof Error ? [] : pool)].map(toMember),
    ...(pool instanceof Error ? { error: pool } : {}),
  };
}

function toMember({ InstanceId = '', LifecycleState }: Instance): Member {
  return { instanceId: InstanceId, lifecycleState: LifecycleState ?? '' };
}
