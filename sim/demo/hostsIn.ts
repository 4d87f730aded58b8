import type { World } from '../world.ts';

/** Ids of a group's members in service, oldest first. */
export function hostsIn(world: World, group: string): readonly string[] {
  const {
    AutoScalingGroups: [described],
  } = world.autoScaling.describeAutoScalingGroups({
    AutoScalingGroupNames: [group],
  });
  return (described?.Instances ?? [])
    .filter(({ LifecycleState: state }) => state === 'InService')
    .map(({ InstanceId: id = '' }) => id);
}
