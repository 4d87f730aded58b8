import type { World } from '../world.ts';
import type { Group, Member, Place } from './group.ts';
import { type LifecycleHook, launchingTransition } from './lifecycleHook.ts';

/** What became of a launch, a termination or a detachment. */
export type ActivityResult =
  | 'EC2 Instance Launch Successful'
  | 'EC2 Instance Launch Unsuccessful'
  | 'EC2 Instance Terminate Successful'
  | 'EC2 Instance Detach Successful';

/** Tells the bus that a member waits for a lifecycle action. @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html */
export function emitLifecycleAction(
  world: World,
  group: Group,
  member: Member,
  hook: LifecycleHook,
  action: { readonly token: string; readonly origin: Place; readonly destination: Place },
): void {
  const direction = hook.transition === launchingTransition ? 'launch' : 'terminate';
  world.eventBridge.emit('aws.autoscaling', `EC2 Instance-${direction} Lifecycle Action`, [group.arn], {
    LifecycleActionToken: action.token,
    AutoScalingGroupName: group.name,
    LifecycleHookName: hook.name,
    EC2InstanceId: member.instanceId,
    LifecycleTransition: hook.transition,
    ...(hook.notificationMetadata === undefined ? {} : { NotificationMetadata: hook.notificationMetadata }),
    Origin: action.origin,
    Destination: action.destination,
  });
}

/**
 * Tells the bus what became of an activity of a member. The shape of detachments is taken to be that of terminations.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html
 */
export function emitActivityResult(
  world: World,
  group: Group,
  member: Member,
  result: ActivityResult,
  way: { readonly origin: Place; readonly destination: Place; readonly statusMessage?: string },
): void {
  const activityId = world.uuid();
  const failed = result === 'EC2 Instance Launch Unsuccessful';
  world.eventBridge.emit('aws.autoscaling', result, [group.arn, world.ec2.instanceArn(member.instanceId)], {
    StatusCode: failed ? 'Failed' : 'InProgress',
    AutoScalingGroupName: group.name,
    EC2InstanceId: member.instanceId,
    ActivityId: activityId,
    RequestId: activityId,
    // AWS's examples of failures have no description.
    ...(failed ? {} : { Description: `${descriptions[result]}: ${member.instanceId}` }),
    Cause: member.cause,
    StatusMessage: way.statusMessage ?? '',
    StartTime: new Date(member.since).toISOString(),
    EndTime: world.timestamp,
    Details: { 'Availability Zone': member.availabilityZone, 'Subnet ID': member.subnetId },
    Origin: way.origin,
    Destination: way.destination,
  });
}

const descriptions: Readonly<Record<Exclude<ActivityResult, 'EC2 Instance Launch Unsuccessful'>, string>> = {
  'EC2 Instance Launch Successful': 'Launching a new EC2 instance',
  'EC2 Instance Terminate Successful': 'Terminating EC2 instance',
  'EC2 Instance Detach Successful': 'Detaching EC2 instance',
};
