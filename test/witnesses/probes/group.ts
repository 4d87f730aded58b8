import {
  type AutoScalingGroup,
  type CreateAutoScalingGroupCommandInput,
  DescribeAutoScalingGroupsCommand,
} from '@aws-sdk/client-auto-scaling';
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import type { Account } from './account.ts';
import type { Answer } from './probe.ts';

/** Where Auto Scaling's operations are documented. */
export const autoScalingApi = 'https://docs.aws.amazon.com/autoscaling/ec2/APIReference';

/** The group of that name. */
export async function describeGroup(aws: Account, name: string): Promise<AutoScalingGroup> {
  const found = await aws.autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }));
  const [group] = found.AutoScalingGroups ?? [];
  if (group === undefined) {
    throw new Error(`Cannot describe group "${name}": it must exist`);
  }
  return group;
}

/** Makes the group `web` with that many instances, in service if nothing holds them up. @returns its name, and the instances' ids in order */
export async function groupOf(
  aws: Account,
  desiredCapacity: number,
  settings: Partial<CreateAutoScalingGroupCommandInput> = {},
): Promise<{ readonly name: string; readonly ids: readonly string[] }> {
  const name = aws.name('web');
  await aws.createGroup(name, { ...settings, DesiredCapacity: desiredCapacity });
  await aws.settle();
  return { name, ids: await memberIds(aws, name) };
}

/** The ids of a group's instances, in order. */
export async function memberIds(aws: Account, name: string): Promise<readonly string[]> {
  const group = await describeGroup(aws, name);
  return (group.Instances ?? []).map(({ InstanceId }) => InstanceId ?? '').toSorted();
}

/** Desired capacity, and the state of each of the instances, of new ones together under `others`. */
export async function states(aws: Account, name: string, ids: readonly string[]): Promise<Answer> {
  const group = await describeGroup(aws, name);
  const members = group.Instances ?? [];
  return {
    desired: group.DesiredCapacity,
    states: ids.map((id) => members.find(({ InstanceId }) => InstanceId === id)?.LifecycleState ?? 'not in the group'),
    others: members.filter(({ InstanceId }) => !ids.includes(InstanceId ?? '')).map((one) => one.LifecycleState ?? ''),
  };
}

/** An instance's tags, as `key=value` in order of their keys. */
export async function instanceTags(aws: Account, id: string): Promise<Answer> {
  const found = await aws.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  const tags = found.Reservations?.[0]?.Instances?.[0]?.Tags ?? [];
  return tags.map(({ Key, Value }) => `${Key}=${Value}`).toSorted();
}
