import type { EventBridgeEvent } from '../sim/eventBridge.ts';

/** An event as AWS publishes it. */
export interface PublishedEvent {
  /** Where. */
  readonly page: string;
  readonly event: EventBridgeEvent;
}

const autoScalingGuide = 'https://docs.aws.amazon.com/autoscaling/ec2/userguide';
const ec2Guide = 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide';
const pages = {
  scaling: `${autoScalingGuide}/ec2-auto-scaling-event-reference.html`,
  warmPool: `${autoScalingGuide}/warm-pools-eventbridge-events.html`,
  instanceRefresh: `${autoScalingGuide}/instance-refresh-eventbridge-events.html`,
  /** Has the names of all of them, and no example of a detachment. */
  scalingNames: 'https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-autoscaling.html',
  states: `${ec2Guide}/monitoring-instance-state-changes.html`,
  spot: `${ec2Guide}/spot-instance-termination-notices.html`,
  rebalance: `${ec2Guide}/rebalance-recommendations.html`,
  tags: 'https://docs.aws.amazon.com/tag-editor/latest/userguide/tag-monitor.html',
  schedule: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/events/EventTypes.html',
} as const;

// The examples' own names; where an example only says what stands there, such as "auto-scaling-group-arn" or "yyyy-mm-ddThh:mm:ssZ", one of the form
// that other examples show.
const account = '123456789012';
const region = 'us-west-2';
const instanceId = 'i-1234567890abcdef0';
const groupName = 'my-asg';
const groupArn = `arn:aws:autoscaling:${region}:${account}:autoScalingGroup:042cba90-ad2f-431c-9b4d-6d9055bcc9fb:autoScalingGroupName/${groupName}`;
const instanceArn = `arn:aws:ec2:${region}:${account}:instance/${instanceId}`;

function published(
  page: string,
  source: string,
  detailType: string,
  resources: readonly string[],
  detail: EventBridgeEvent['detail'],
): PublishedEvent {
  return {
    page,
    event: {
      // In every event, though not in each example: https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
      version: '0',
      id: '12345678-1234-1234-1234-123456789012',
      'detail-type': detailType,
      source,
      account,
      time: '2021-01-19T00:35:52Z',
      region,
      resources,
      detail,
    },
  };
}

function lifecycleAction(
  page: string,
  direction: 'launch' | 'terminate',
  way: { readonly Origin?: string; readonly Destination?: string; readonly NotificationMetadata?: string },
): PublishedEvent {
  return published(page, 'aws.autoscaling', `EC2 Instance-${direction} Lifecycle Action`, [groupArn], {
    LifecycleActionToken: '87654321-4321-4321-4321-210987654321',
    AutoScalingGroupName: groupName,
    LifecycleHookName: 'my-lifecycle-hook',
    EC2InstanceId: instanceId,
    LifecycleTransition: `autoscaling:EC2_INSTANCE_${direction === 'launch' ? 'LAUNCHING' : 'TERMINATING'}`,
    ...way,
  });
}

function result(page: string, detailType: string, detail: EventBridgeEvent['detail']): PublishedEvent {
  return published(page, 'aws.autoscaling', detailType, [groupArn, instanceArn], {
    AutoScalingGroupName: groupName,
    ActivityId: '87654321-4321-4321-4321-210987654321',
    Details: { 'Availability Zone': 'us-west-2b', 'Subnet ID': 'subnet-12345678' },
    RequestId: '12345678-1234-1234-1234-123456789012',
    EndTime: '2021-01-19T00:35:52Z',
    EC2InstanceId: instanceId,
    StartTime: '2021-01-19T00:35:42Z',
    Cause: 'description-text',
    ...detail,
  });
}

const succeeded = { StatusCode: 'InProgress', StatusMessage: '' } as const;
// These examples have no description.
const failed = { StatusCode: 'Failed', StatusMessage: 'message-text' } as const;
const launched = { Origin: 'EC2', Destination: 'AutoScalingGroup' } as const;
const terminated = { Origin: 'AutoScalingGroup', Destination: 'EC2' } as const;

function refresh(
  status: string,
  detail: EventBridgeEvent['detail'] = {},
  page: string = pages.instanceRefresh,
): PublishedEvent {
  const detailType = `EC2 Auto Scaling Instance Refresh ${status}`;
  return published(page, 'aws.autoscaling', detailType, [groupArn], {
    InstanceRefreshId: 'c613620e-07e2-4ed2-a9e2-ef8258911ade',
    AutoScalingGroupName: groupName,
    ...detail,
  });
}

function state(name: string): PublishedEvent {
  return published(pages.states, 'aws.ec2', 'EC2 Instance State-change Notification', [instanceArn], {
    'instance-id': instanceId,
    state: name,
  });
}

function interruption(action: string): PublishedEvent {
  // This ARN has the zone in place of the Region, and no account, as the page's note says.
  const arn = `arn:aws:ec2:${region}a:instance/${instanceId}`;
  return published(pages.spot, 'aws.ec2', 'EC2 Spot Instance Interruption Warning', [arn], {
    'instance-id': instanceId,
    'instance-action': action,
  });
}

const metadata = { NotificationMetadata: 'additional-info' } as const;

/** The events that this system may meet, each as the page beside it shows it. */
export const publishedEvents = {
  launchAction: lifecycleAction(pages.scaling, 'launch', { ...metadata, ...launched }),
  // "NotificationMetadata" is the hook's, which need not have any: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutLifecycleHook.html
  launchActionWithoutMetadata: lifecycleAction(pages.scaling, 'launch', launched),
  // As it was before a warm pool had to be told apart: https://github.com/awsdocs/amazon-ec2-auto-scaling-user-guide
  launchActionWithoutOrigin: lifecycleAction(pages.scaling, 'launch', metadata),
  launchActionIntoWarmPool: lifecycleAction(pages.warmPool, 'launch', {
    ...metadata,
    Origin: 'EC2',
    Destination: 'WarmPool',
  }),
  launchActionOutOfWarmPool: lifecycleAction(pages.warmPool, 'launch', {
    ...metadata,
    Origin: 'WarmPool',
    Destination: 'AutoScalingGroup',
  }),
  terminateAction: lifecycleAction(pages.scaling, 'terminate', { ...metadata, ...terminated }),
  terminateActionWithoutMetadata: lifecycleAction(pages.scaling, 'terminate', terminated),
  terminateActionWithoutOrigin: lifecycleAction(pages.scaling, 'terminate', metadata),
  terminateActionIntoWarmPool: lifecycleAction(pages.warmPool, 'terminate', {
    ...metadata,
    Origin: 'AutoScalingGroup',
    Destination: 'WarmPool',
  }),

  launchSuccessful: result(pages.scaling, 'EC2 Instance Launch Successful', {
    ...succeeded,
    ...launched,
    Description: 'Launching a new EC2 instance: i-12345678',
  }),
  launchUnsuccessful: result(pages.scaling, 'EC2 Instance Launch Unsuccessful', { ...failed, ...launched }),
  terminateSuccessful: result(pages.scaling, 'EC2 Instance Terminate Successful', {
    ...succeeded,
    ...terminated,
    Description: 'Terminating EC2 instance: i-12345678',
  }),
  terminateUnsuccessful: result(pages.scaling, 'EC2 Instance Terminate Unsuccessful', { ...failed, ...terminated }),
  // No example is published of these two: taken to be like those of a termination.
  detachSuccessful: result(pages.scalingNames, 'EC2 Instance Detach Successful', {
    ...succeeded,
    ...terminated,
    Description: 'Detaching EC2 instance: i-12345678',
  }),
  detachUnsuccessful: result(pages.scalingNames, 'EC2 Instance Detach Unsuccessful', { ...failed, ...terminated }),

  refreshCheckpoint: refresh('Checkpoint Reached', { CheckpointPercentage: '50', CheckpointDelay: '300' }),
  refreshStarted: refresh('Started'),
  refreshSucceeded: refresh('Succeeded'),
  refreshFailed: refresh('Failed'),
  refreshCancelled: refresh('Cancelled'),
  refreshRollbackStarted: refresh('Rollback Started'),
  refreshRollbackSucceeded: refresh('Rollback Succeeded'),
  refreshRollbackFailed: refresh('Rollback Failed'),
  // No example is published of this one: taken to be like the others.
  refreshStartedBaking: refresh('Started Baking', {}, pages.scalingNames),

  pending: state('pending'),
  running: state('running'),
  stopping: state('stopping'),
  stopped: state('stopped'),
  shuttingDown: state('shutting-down'),
  terminated: state('terminated'),

  interruptionByTerminate: interruption('terminate'),
  interruptionByStop: interruption('stop'),
  interruptionByHibernate: interruption('hibernate'),
  rebalanceRecommendation: published(
    pages.rebalance,
    'aws.ec2',
    'EC2 Instance Rebalance Recommendation',
    [instanceArn],
    { 'instance-id': instanceId },
  ),

  tagChange: published(pages.tags, 'aws.tag', 'Tag Change on Resource', [instanceArn], {
    'changed-tag-keys': ['a-new-key', 'an-updated-key', 'a-deleted-key'],
    tags: {
      'a-new-key': 'tag-value-on-new-key-just-added',
      'an-updated-key': 'tag-value-was-just-changed',
      'an-unchanged-key': 'tag-value-still-the-same',
    },
    service: 'ec2',
    'resource-type': 'instance',
    version: 3,
  }),

  schedule: published(
    pages.schedule,
    'aws.events',
    'Scheduled Event',
    [`arn:aws:events:${region}:${account}:rule/my-scheduled-rule`],
    {},
  ),
} as const satisfies Readonly<Record<string, PublishedEvent>>;

/**
 * What Auto Scaling sends straight to a queue that a hook names as its target, to see whether it may: no event of EventBridge. AWS publishes the
 * pair `Event` (https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutLifecycleHook.html), the rest is what others received.
 */
export const testNotification = {
  AccountId: account,
  RequestId: '12345678-1234-1234-1234-123456789012',
  AutoScalingGroupARN: groupArn,
  AutoScalingGroupName: groupName,
  Service: 'AWS Auto Scaling',
  Event: 'autoscaling:TEST_NOTIFICATION',
  Time: '2021-01-19T00:36:26.316Z',
} as const;

/** A published event about something else of ours: other values, the same shape. */
export function about(published: PublishedEvent, detail: EventBridgeEvent['detail']): PublishedEvent {
  const foreign = Object.keys(detail).filter((key) => !(key in published.event.detail));
  if (foreign.length > 0) {
    throw new Error(
      `Cannot change event "${published.event['detail-type']}": must keep its shape: found ${foreign.join(', ')}`,
    );
  }
  return { ...published, event: { ...published.event, detail: { ...published.event.detail, ...detail } } };
}
