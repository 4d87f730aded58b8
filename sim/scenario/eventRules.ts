import type { EventPattern } from '../eventPattern.ts';

/** The event patterns of the stack's rules (lib/triggerRules.ts; test/scenario.test.ts compares them with the template). */
export const eventRules: Readonly<Record<string, EventPattern>> = {
  LifecycleActions: {
    source: ['aws.autoscaling'],
    'detail-type': ['EC2 Instance-launch Lifecycle Action', 'EC2 Instance-terminate Lifecycle Action'],
    detail: { LifecycleHookName: ['srv-register', 'srv-drain'] },
  },
  ScalingResults: {
    source: ['aws.autoscaling'],
    'detail-type': [
      'EC2 Instance Launch Successful',
      'EC2 Instance Launch Unsuccessful',
      'EC2 Instance Terminate Successful',
      'EC2 Instance Terminate Unsuccessful',
      'EC2 Instance Detach Successful',
      'EC2 Instance Detach Unsuccessful',
    ],
  },
  TagChanges: {
    source: ['aws.tag'],
    'detail-type': ['Tag Change on Resource'],
    detail: {
      service: ['ec2'],
      'resource-type': ['instance'],
      'changed-tag-keys': ['ip_address', 'srv_weight'],
    },
  },
  InstanceStates: {
    source: ['aws.ec2'],
    'detail-type': ['EC2 Instance State-change Notification'],
    detail: { state: ['shutting-down', 'terminated', 'stopping', 'stopped'] },
  },
  SpotInterruptions: {
    source: ['aws.ec2'],
    'detail-type': ['EC2 Spot Instance Interruption Warning'],
  },
};
