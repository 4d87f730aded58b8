import {
  DescribeAutoScalingGroupsCommand,
  EnterStandbyCommand,
  ExitStandbyCommand,
  SetDesiredCapacityCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateTagsCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import type { EventBridgeEvent } from '../../sim/eventBridge.ts';
import { about, type PublishedEvent, publishedEvents } from '../publishedEvents.ts';
import type { Account } from './account.ts';

/** Changes how many hosts a group has. */
export async function setCapacity(account: Account, group: string, desired: number): Promise<void> {
  const before = await memberIds(account, group);
  await account.clients.autoScaling.send(
    new SetDesiredCapacityCommand({ AutoScalingGroupName: group, DesiredCapacity: desired }),
  );
  const after = await memberIds(account, group);
  const launched = after.filter((id) => !before.includes(id)).map((id) => lifecycleAction(group, id, 'launch'));
  const ended = before.filter((id) => !after.includes(id)).map((id) => lifecycleAction(group, id, 'terminate'));
  for (const event of [...launched, ...ended]) {
    await account.announce(event);
  }
}

/** Writes a host's weight, as an operator does. */
export async function tagWeight(account: Account, instanceId: string, weight: string): Promise<void> {
  await account.clients.ec2.send(
    new CreateTagsCommand({ Resources: [instanceId], Tags: [{ Key: 'srv_weight', Value: weight }] }),
  );
  const detail = { 'changed-tag-keys': ['srv_weight'], tags: { srv_weight: weight } };
  await account.announce(ofInstance(about(publishedEvents.tagChange, detail), instanceId));
}

/** Ends a host behind its group's back, as failing hardware does. */
export async function crash(account: Account, instanceId: string): Promise<void> {
  await account.clients.ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
  const event = about(publishedEvents.shuttingDown, { 'instance-id': instanceId });
  await account.announce(ofInstance(event, instanceId));
}

/** Takes a host out of its group's service for a while. No event tells: the sweep finds out. */
export async function enterStandby(account: Account, group: string, instanceId: string): Promise<void> {
  await account.clients.autoScaling.send(
    new EnterStandbyCommand({
      AutoScalingGroupName: group,
      InstanceIds: [instanceId],
      ShouldDecrementDesiredCapacity: true,
    }),
  );
}

/** Brings a host back from standby. */
export async function exitStandby(account: Account, group: string, instanceId: string): Promise<void> {
  await account.clients.autoScaling.send(
    new ExitStandbyCommand({ AutoScalingGroupName: group, InstanceIds: [instanceId] }),
  );
}

async function memberIds(account: Account, group: string): Promise<readonly string[]> {
  const { AutoScalingGroups = [] } = await account.clients.autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group] }),
  );
  return AutoScalingGroups.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId = '' }) => InstanceId));
}

function lifecycleAction(group: string, instanceId: string, what: 'launch' | 'terminate'): EventBridgeEvent {
  const published = what === 'launch' ? publishedEvents.launchAction : publishedEvents.terminateAction;
  const { event } = about(published, {
    AutoScalingGroupName: group,
    LifecycleHookName: what === 'launch' ? 'srv-register' : 'srv-drain',
    EC2InstanceId: instanceId,
  });
  return { ...event, resources: event.resources.map((arn) => arn.replace(/[^/]+$/u, group)) };
}

function ofInstance({ event }: PublishedEvent, instanceId: string): EventBridgeEvent {
  return { ...event, resources: event.resources.map((arn) => arn.replace(/[^/]+$/u, instanceId)) };
}
