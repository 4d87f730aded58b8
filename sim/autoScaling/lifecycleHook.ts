import type { LifecycleHook as DescribedHook, PutLifecycleHookCommandInput } from '@aws-sdk/client-auto-scaling';
import { AwsError } from '../awsError.ts';

/** Heartbeat timeouts in seconds. @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutLifecycleHook.html */
const heartbeatTimeoutMin = 30;
const heartbeatTimeoutMax = 7200;
const heartbeatTimeoutDefault = 3600;
/** An action ends after 48 hours or 100 timeouts, heartbeats or not. @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LifecycleHook.html */
const globalTimeoutMax = 48 * 3600;
const globalTimeoutHeartbeats = 100;

export const launchingTransition = 'autoscaling:EC2_INSTANCE_LAUNCHING';
export const terminatingTransition = 'autoscaling:EC2_INSTANCE_TERMINATING';

export type LifecycleTransition = typeof launchingTransition | typeof terminatingTransition;
export type LifecycleActionResult = 'CONTINUE' | 'ABANDON';

/** A lifecycle hook of a group; timeouts in seconds. */
export interface LifecycleHook {
  readonly name: string;
  readonly transition: LifecycleTransition;
  readonly heartbeatTimeout: number;
  readonly defaultResult: LifecycleActionResult;
  readonly notificationMetadata: string | undefined;
  readonly notificationTargetArn: string | undefined;
  readonly roleArn: string | undefined;
}

/**
 * Reads what PutLifecycleHook asks for, on top of the hook of that name if there is one. The default result is ABANDON, as in AWS.
 *
 * @throws AwsError `ValidationError`
 */
export function readLifecycleHook(
  input: Omit<PutLifecycleHookCommandInput, 'AutoScalingGroupName'>,
  existing: LifecycleHook | undefined,
): LifecycleHook {
  const heartbeatTimeout = input.HeartbeatTimeout ?? existing?.heartbeatTimeout ?? heartbeatTimeoutDefault;
  if (heartbeatTimeout < heartbeatTimeoutMin || heartbeatTimeout > heartbeatTimeoutMax) {
    throw new AwsError(
      'ValidationError',
      `Heartbeat timeout must be between ${heartbeatTimeoutMin} and ${heartbeatTimeoutMax} seconds, was ${heartbeatTimeout}`,
    );
  }
  return {
    name: required(input.LifecycleHookName, 'lifecycleHookName'),
    transition: readTransition(input.LifecycleTransition ?? existing?.transition),
    heartbeatTimeout,
    defaultResult: readLifecycleActionResult(input.DefaultResult ?? existing?.defaultResult ?? 'ABANDON'),
    notificationMetadata: input.NotificationMetadata ?? existing?.notificationMetadata,
    notificationTargetArn: input.NotificationTargetARN ?? existing?.notificationTargetArn,
    roleArn: input.RoleARN ?? existing?.roleArn,
  };
}

/** @throws AwsError `ValidationError` for anything but CONTINUE and ABANDON */
export function readLifecycleActionResult(result: string | undefined): LifecycleActionResult {
  if (result !== 'CONTINUE' && result !== 'ABANDON') {
    throw new AwsError('ValidationError', `Lifecycle action result must be CONTINUE or ABANDON, was ${result}`);
  }
  return result;
}

/** Seconds after which an action ends whatever heartbeats say. */
export function globalTimeout(hook: LifecycleHook): number {
  return Math.min(globalTimeoutMax, globalTimeoutHeartbeats * hook.heartbeatTimeout);
}

/** The hook as DescribeLifecycleHooks shows it. */
export function describedHook(hook: LifecycleHook, group: string): DescribedHook {
  return {
    LifecycleHookName: hook.name,
    AutoScalingGroupName: group,
    LifecycleTransition: hook.transition,
    HeartbeatTimeout: hook.heartbeatTimeout,
    GlobalTimeout: globalTimeout(hook),
    DefaultResult: hook.defaultResult,
    ...(hook.notificationMetadata === undefined ? {} : { NotificationMetadata: hook.notificationMetadata }),
    ...(hook.notificationTargetArn === undefined ? {} : { NotificationTargetARN: hook.notificationTargetArn }),
    ...(hook.roleArn === undefined ? {} : { RoleARN: hook.roleArn }),
  };
}

function readTransition(transition: string | undefined): LifecycleTransition {
  if (transition !== launchingTransition && transition !== terminatingTransition) {
    throw new AwsError(
      'ValidationError',
      `Lifecycle transition must be ${launchingTransition} or ${terminatingTransition}, was ${transition}`,
    );
  }
  return transition;
}

function required(value: string | undefined, name: string): string {
  if (value === undefined || value === '') {
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value at '${name}' failed to satisfy constraint: Member must not be null`,
    );
  }
  return value;
}
