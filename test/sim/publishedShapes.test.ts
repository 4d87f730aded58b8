import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import type { EventBridgeEvent } from '../../sim/eventBridge.ts';
import { World } from '../../sim/world.ts';
import { eventShape } from '../eventShape.ts';
import { about, publishedEvents } from '../publishedEvents.ts';

/** A world in which everything happens that the small AWS tells the bus of, and what the bus was told. */
async function everythingHappens(): Promise<readonly EventBridgeEvent[]> {
  const world = new World();
  const { autoScaling, ec2, eventBridge } = world;
  const events: EventBridgeEvent[] = [];
  const target = (event: EventBridgeEvent): void => {
    events.push(event);
  };
  eventBridge.putRule({ name: 'all', pattern: { account: [world.account] }, targets: [target] });
  eventBridge.putRule({ name: 'sweep', scheduleSeconds: 60, targets: [target] });
  const hook = (name: string, direction: string, metadata: object) => ({
    LifecycleHookName: name,
    LifecycleTransition: `autoscaling:EC2_INSTANCE_${direction}`,
    HeartbeatTimeout: 30,
    ...metadata,
  });
  for (const [name, metadata, result] of [
    ['metadata', { NotificationMetadata: 'told' }, 'CONTINUE'],
    ['plain', {}, 'CONTINUE'],
    ['abandoned', {}, 'ABANDON'],
  ] as const) {
    autoScaling.createAutoScalingGroup({
      AutoScalingGroupName: name,
      MinSize: 0,
      MaxSize: 3,
      DesiredCapacity: 3,
      LifecycleHookSpecificationList: ['LAUNCHING', 'TERMINATING'].map((direction) => ({
        ...hook(direction, direction, metadata),
        DefaultResult: result,
      })),
    });
  }
  await world.advance(120);
  autoScaling.deleteAutoScalingGroup({ AutoScalingGroupName: 'abandoned', ForceDelete: true });
  const members = (name: string): readonly string[] =>
    (
      autoScaling.describeAutoScalingGroups({ AutoScalingGroupNames: [name] }).AutoScalingGroups[0]?.Instances ?? []
    ).map(({ InstanceId = '' }) => InstanceId);
  const [first = '', second = '', third = ''] = members('metadata');
  autoScaling.detachInstances({
    AutoScalingGroupName: 'metadata',
    InstanceIds: [first],
    ShouldDecrementDesiredCapacity: true,
  });
  ec2.createTags({ Resources: [second], Tags: [{ Key: 'srv_weight', Value: '0' }] });
  ec2.deleteTags({ Resources: [second], Tags: [{ Key: 'srv_weight' }] });
  ec2.interrupt(third);
  for (const name of ['metadata', 'plain']) {
    autoScaling.putWarmPool({ AutoScalingGroupName: name, InstanceReusePolicy: { ReuseOnScaleIn: true }, MinSize: 1 });
    autoScaling.setDesiredCapacity({ AutoScalingGroupName: name, DesiredCapacity: 1 });
  }
  await world.advance(300);
  for (const name of ['metadata', 'plain']) {
    autoScaling.setDesiredCapacity({ AutoScalingGroupName: name, DesiredCapacity: 2 });
  }
  await world.advance(120);
  for (const name of ['metadata', 'plain']) {
    autoScaling.deleteWarmPool({ AutoScalingGroupName: name, ForceDelete: true });
    autoScaling.setDesiredCapacity({ AutoScalingGroupName: name, DesiredCapacity: 0 });
  }
  await world.advance(300);
  return events;
}

test('every event that the small AWS sends has the shape that AWS publishes, and it sends these kinds', async () => {
  const events = await everythingHappens();
  const shapes = Object.values(publishedEvents).map(({ event }) => eventShape(event));
  const strange = events.map(eventShape).filter((shape) => !shapes.some((known) => isDeepStrictEqual(known, shape)));
  expect(strange).toEqual([]);
  expect(kinds(events)).toEqual([
    'aws.autoscaling: EC2 Instance Detach Successful',
    'aws.autoscaling: EC2 Instance Launch Successful',
    'aws.autoscaling: EC2 Instance Launch Unsuccessful',
    'aws.autoscaling: EC2 Instance Terminate Successful',
    'aws.autoscaling: EC2 Instance-launch Lifecycle Action',
    'aws.autoscaling: EC2 Instance-terminate Lifecycle Action',
    'aws.ec2: EC2 Instance State-change Notification',
    'aws.ec2: EC2 Spot Instance Interruption Warning',
    'aws.events: Scheduled Event',
    'aws.tag: Tag Change on Resource',
  ]);
});

test('the shape of an event is its keys, types and forms: names, ids and times do not matter, all else does', () => {
  const { launchSuccessful, tagChange, launchActionIntoWarmPool } = publishedEvents;
  const shape = eventShape(launchSuccessful.event);
  const same = about(launchSuccessful, {
    EC2InstanceId: 'i-0aaaaaaaaaaaaaaa1',
    Description: 'Launching a new EC2 instance: i-0aaaaaaaaaaaaaaa1',
    EndTime: '2026-11-21T09:00:00.123Z',
    Origin: 'WarmPool',
    Cause: 'At 2026-11-21T09:00:00Z a user asked for it',
    Details: { 'Availability Zone': 'eu-west-1a', 'Subnet ID': 'subnet-0123456789abcdef0' },
  });
  expect(eventShape({ ...same.event, region: 'eu-west-1', account: '111122223333' })).toEqual(shape);
  for (const other of [
    { StatusCode: 'Failed' },
    { StatusMessage: null },
    { EC2InstanceId: 'web-1' },
    { Origin: 'Elsewhere' },
    { Details: {} },
  ]) {
    expect(eventShape(about(launchSuccessful, other).event)).not.toEqual(shape);
  }
  expect(eventShape({ ...launchSuccessful.event, resources: [] })).not.toEqual(shape);
  expect(eventShape(about(tagChange, { tags: { srv_weight: '0' } }).event)).toEqual(eventShape(tagChange.event));
  expect(eventShape(about(tagChange, { tags: { srv_weight: 0 } }).event)).not.toEqual(eventShape(tagChange.event));
  expect(() => about(launchActionIntoWarmPool, { Hook: 'srv-drain' })).toThrow('must keep its shape: found Hook');
});

function kinds(events: readonly EventBridgeEvent[]): readonly string[] {
  return [...new Set(events.map((event) => `${event.source}: ${event['detail-type']}`))].toSorted();
}
