import type { CreateAutoScalingGroupCommandInput } from '@aws-sdk/client-auto-scaling';

/** The two lifecycle hooks of the sync, as a group is made with them: CONTINUE by default, with one timeout in seconds. */
export function ourHooks(timeoutSeconds: number): CreateAutoScalingGroupCommandInput['LifecycleHookSpecificationList'] {
  const hook = (LifecycleHookName: string, transition: string) => ({
    LifecycleHookName,
    LifecycleTransition: `autoscaling:EC2_INSTANCE_${transition}`,
    DefaultResult: 'CONTINUE',
    HeartbeatTimeout: timeoutSeconds,
  });
  return [hook('srv-register', 'LAUNCHING'), hook('srv-drain', 'TERMINATING')];
}
