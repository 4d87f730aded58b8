import { Duration } from 'aws-cdk-lib';
import { type EventPattern, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { lifecycleHookNames } from './lifecycleHooks.ts';

/** Where the events go. */
export interface TriggerRulesProps {
  /** Receives every event verbatim. */
  readonly queue: IQueue;
  /** Receives events that EventBridge could not deliver. */
  readonly deadLetterQueue: IQueue;
}

/**
 * What wakes the sync. Events are best effort and only name groups and instances to look at; the sweep needs none of them.
 *
 * Shapes: https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-autoscaling.html and events-ref-tag.html beside it,
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instance-state-changes.html and
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html
 */
const eventPatterns: Readonly<Record<string, EventPattern>> = {
  // Other tools' hooks on the same group are none of our business.
  LifecycleActions: {
    source: ['aws.autoscaling'],
    detailType: ['EC2 Instance-launch Lifecycle Action', 'EC2 Instance-terminate Lifecycle Action'],
    detail: { LifecycleHookName: Object.values(lifecycleHookNames) },
  },
  ScalingResults: {
    source: ['aws.autoscaling'],
    detailType: ['Launch', 'Terminate', 'Detach'].flatMap((action) => [
      `EC2 Instance ${action} Successful`,
      `EC2 Instance ${action} Unsuccessful`,
    ]),
  },
  // Not `srv_drain_until`: nobody but the sync writes it.
  TagChanges: {
    source: ['aws.tag'],
    detailType: ['Tag Change on Resource'],
    detail: {
      service: ['ec2'],
      'resource-type': ['instance'],
      'changed-tag-keys': ['ip_address', 'srv_weight'],
    },
  },
  // Only the states in which an instance leaves at once; launches are the lifecycle hooks' affair.
  InstanceStates: {
    source: ['aws.ec2'],
    detailType: ['EC2 Instance State-change Notification'],
    detail: { state: ['shutting-down', 'terminated', 'stopping', 'stopped'] },
  },
  SpotInterruptions: {
    source: ['aws.ec2'],
    detailType: ['EC2 Spot Instance Interruption Warning'],
  },
};

/** The EventBridge rules and the one-minute sweep, all to one queue. */
export class TriggerRules extends Construct {
  constructor(scope: Construct, id: string, props: TriggerRulesProps) {
    super(scope, id);
    const target = new SqsQueue(props.queue, { deadLetterQueue: props.deadLetterQueue });
    for (const [name, eventPattern] of Object.entries(eventPatterns)) {
      new Rule(this, name, { eventPattern, targets: [target] });
    }
    new Rule(this, 'Sweep', { schedule: Schedule.rate(Duration.minutes(1)), targets: [target] });
  }
}
