import type { Groups, LifecycleAction } from '../../lambda/ports.ts';
import type { Group, Member } from '../../lambda/reconcile/model.ts';
import type { DescribedGroup, DescribedInstance } from '../autoScaling/groupView.ts';
import { AwsError } from '../awsError.ts';
import type { World } from '../world.ts';
import { everyPage } from './everyPage.ts';
import { attempt, type Gate, type PortCallName } from './gate.ts';

/** The Auto Scaling groups of the world. */
export function createSimGroups(world: World, gate: Gate): Groups {
  return {
    ofClusters: async (scope) => {
      const name = 'groups.ofClusters';
      await gate.step(name);
      const filter =
        scope === 'all'
          ? { Name: 'tag-key', Values: ['srv_cluster'] }
          : { Name: 'tag:srv_cluster', Values: [...scope] };
      const groups = gate.run(name, '', () => describe(world, gate, name, { Filters: [filter] }));
      return groups
        .filter(({ AutoScalingGroupName = '' }) => gate.shows(name, AutoScalingGroupName))
        .map((group) => toGroup(group, warmPool(world, group, gate), gate, name));
    },
    named: async (names) => {
      const name = 'groups.named';
      await gate.step(name);
      if (names.size === 0) {
        // No names at all would mean every group.
        return [];
      }
      const groups = gate.run(name, '', () => describe(world, gate, name, { AutoScalingGroupNames: [...names] }));
      return groups.map((group) => toGroup(group, [], gate, name)).filter((group) => gate.shows(name, group.name));
    },
    hooks: async (groupName) => {
      await gate.step('groups.hooks');
      const request = { AutoScalingGroupName: groupName };
      const answer = gate.run('groups.hooks', groupName, () => world.autoScaling.describeLifecycleHooks(request));
      return (answer.LifecycleHooks ?? []).map((hook) => ({
        name: hook.LifecycleHookName ?? '',
        transition: hook.LifecycleTransition ?? '',
        defaultResult: hook.DefaultResult ?? '',
        heartbeatTimeoutSeconds: hook.HeartbeatTimeout ?? 0,
      }));
    },
    act: async (actions) => {
      await gate.step('groups.act');
      const failed = new Map<LifecycleAction, Error | 'over'>();
      for (const action of actions) {
        const answer = attempt(() => gate.run('groups.act', action.instanceId, () => act(world, action)));
        // An action already completed or timed out has no error class of its own, only this text.
        if (answer instanceof AwsError) {
          failed.set(action, answer.message.includes('No active Lifecycle Action found') ? 'over' : answer);
        }
      }
      return failed;
    },
  };
}

function act(world: World, { kind, group, hook, instanceId }: LifecycleAction): void {
  const action = { AutoScalingGroupName: group, LifecycleHookName: hook, InstanceId: instanceId };
  if (kind === 'complete') {
    world.autoScaling.completeLifecycleAction({ ...action, LifecycleActionResult: 'CONTINUE' });
  } else {
    world.autoScaling.recordLifecycleActionHeartbeat(action);
  }
}

function describe(
  world: World,
  gate: Gate,
  name: PortCallName,
  which: { readonly Filters: { Name: string; Values: string[] }[] } | { readonly AutoScalingGroupNames: string[] },
): readonly DescribedGroup[] {
  const MaxRecords = gate.pageSize(name) ?? 100;
  return everyPage((next) => {
    const page = gate.read(name, world.autoScaling, () =>
      world.autoScaling.describeAutoScalingGroups({ ...which, ...next, MaxRecords }),
    );
    return { items: page.AutoScalingGroups, NextToken: page.NextToken };
  });
}

/** The members of a group's warm pool, which its description leaves out; nothing for a group without one. */
function warmPool(world: World, group: DescribedGroup, gate: Gate): readonly DescribedInstance[] | AwsError {
  const { AutoScalingGroupName = '', WarmPoolConfiguration } = group;
  if (WarmPoolConfiguration === undefined) {
    return [];
  }
  const name = 'groups.warmPool';
  return attempt(() =>
    gate.run(name, AutoScalingGroupName, () =>
      everyPage((next) => {
        const page = gate.read(name, world.autoScaling, () =>
          world.autoScaling.describeWarmPool({ AutoScalingGroupName, ...next }),
        );
        return { items: page.Instances, NextToken: page.NextToken };
      }),
    ),
  );
}

function toGroup(
  group: DescribedGroup,
  pool: readonly DescribedInstance[] | AwsError,
  gate: Gate,
  name: PortCallName,
): Group {
  const members = [...group.Instances, ...(pool instanceof AwsError ? [] : pool)].map(toMember);
  return {
    name: group.AutoScalingGroupName ?? '',
    tags: Object.fromEntries((group.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    members: members.filter(({ instanceId }) => gate.shows(name, instanceId)),
    ...(pool instanceof AwsError ? { error: pool } : {}),
  };
}

function toMember({ InstanceId = '', LifecycleState }: DescribedInstance): Member {
  return { instanceId: InstanceId, lifecycleState: LifecycleState };
}
