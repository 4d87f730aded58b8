import { Duration } from 'aws-cdk-lib';
import {
  DefaultResult,
  type IAutoScalingGroup,
  type LifecycleHook,
  LifecycleTransition,
} from 'aws-cdk-lib/aws-autoscaling';
import type { Registration } from './resolveRegistration.ts';

/** The names by which rules and function know our hooks from those of other tools. */
export const lifecycleHookNames = { launch: 'srv-register', terminate: 'srv-drain' } as const;

/** Adds our two lifecycle hooks to a group, made in this app or existing. */
export function addLifecycleHooks(group: IAutoScalingGroup, registration: Registration): readonly LifecycleHook[] {
  // Without an explicit result the template has none and Auto Scaling takes ABANDON, which kills new instances when the sync is down:
  // https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutLifecycleHook.html
  const defaultResult = DefaultResult.CONTINUE;
  return [
    group.addLifecycleHook('SrvRegister', {
      lifecycleHookName: lifecycleHookNames.launch,
      lifecycleTransition: LifecycleTransition.INSTANCE_LAUNCHING,
      heartbeatTimeout: Duration.seconds(registration.launchHookTimeoutSeconds),
      defaultResult,
    }),
    group.addLifecycleHook('SrvDrain', {
      lifecycleHookName: lifecycleHookNames.terminate,
      lifecycleTransition: LifecycleTransition.INSTANCE_TERMINATING,
      heartbeatTimeout: Duration.seconds(registration.terminateHookTimeoutSeconds),
      defaultResult,
    }),
  ];
}
