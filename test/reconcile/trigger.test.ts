import { expect, test } from 'vitest';
import { encodeWakeUp, parseTrigger } from '../../lambda/reconcile/trigger.ts';

const instance = 'i-0aaaaaaaaaaaaaaa1';
const envelope = {
  version: '0',
  id: '5f0c0000-0000-4000-8000-000000000001',
  account: '111122223333',
  time: '2026-11-21T09:00:00Z',
  region: 'eu-west-1',
};
const at = Date.parse('2026-11-21T09:00:00Z') / 1000;

function lifecycle(kind: 'launch' | 'terminate', hook: string): object {
  return {
    ...envelope,
    'detail-type': `EC2 Instance-${kind} Lifecycle Action`,
    source: 'aws.autoscaling',
    resources: ['arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:7d0a:autoScalingGroupName/web-blue'],
    detail: {
      LifecycleActionToken: '0c0f0000-0000-4000-8000-000000000003',
      AutoScalingGroupName: 'web-blue',
      LifecycleHookName: hook,
      EC2InstanceId: instance,
      LifecycleTransition: `autoscaling:EC2_INSTANCE_${kind === 'launch' ? 'LAUNCHING' : 'TERMINATING'}`,
      Origin: 'EC2',
      Destination: 'AutoScalingGroup',
    },
  };
}

const result = (type: string): object => ({
  ...envelope,
  'detail-type': type,
  source: 'aws.autoscaling',
  resources: [],
  detail: { AutoScalingGroupName: 'web-blue', EC2InstanceId: instance, StatusCode: 'InProgress' },
});
const ec2 = (type: string, detail: object): object => ({
  ...envelope,
  'detail-type': type,
  source: 'aws.ec2',
  resources: [],
  detail,
});
const tagChange = (service: string): object => ({
  ...envelope,
  'detail-type': 'Tag Change on Resource',
  source: 'aws.tag',
  resources: [`arn:aws:ec2:eu-west-1:111122223333:instance/${instance}`],
  detail: {
    'changed-tag-keys': ['srv_weight'],
    service,
    'resource-type': 'instance',
    version: 3,
    tags: { srv_weight: '0', 'aws:autoscaling:groupName': 'not-believed' },
  },
});

const inGroup = { kind: 'event', at, groups: ['web-blue'], instances: [instance], interrupted: false };
const alone = { ...inGroup, groups: [] };

test.each([
  ['a launch lifecycle action', lifecycle('launch', 'srv-register'), inGroup],
  ['a terminate lifecycle action', lifecycle('terminate', 'srv-drain'), inGroup],
  ['a launch result', result('EC2 Instance Launch Successful'), inGroup],
  ['a failed termination', result('EC2 Instance Terminate Unsuccessful'), inGroup],
  ['a detach result', result('EC2 Instance Detach Successful'), inGroup],
  [
    'a state change',
    ec2('EC2 Instance State-change Notification', { 'instance-id': instance, state: 'shutting-down' }),
    alone,
  ],
  [
    'a spot warning',
    ec2('EC2 Spot Instance Interruption Warning', { 'instance-id': instance, 'instance-action': 'terminate' }),
    { ...alone, interrupted: true },
  ],
  ['a tag change, whose tags are not believed', tagChange('ec2'), alone],
  [
    'the schedule',
    { ...envelope, 'detail-type': 'Scheduled Event', source: 'aws.events', resources: [], detail: {} },
    { kind: 'sweep' },
  ],
])('parseTrigger() takes the names from %s', (_, message, trigger) => {
  expect(parseTrigger(JSON.stringify(message))).toEqual(trigger);
});

test.each([
  ['another tool’s hook', JSON.stringify(lifecycle('launch', 'chef')), 'hook "chef"'],
  ['a test notification', JSON.stringify({ Event: 'autoscaling:TEST_NOTIFICATION' }), 'test notification'],
  ['broken JSON', '{"source":', 'not JSON'],
  ['an unknown detail-type', JSON.stringify(ec2('EC2 Something Else', {})), 'EC2 Something Else'],
  ['an instance refresh', JSON.stringify(result('EC2 Auto Scaling Instance Refresh Started')), 'Instance Refresh'],
  ['an event without names', JSON.stringify(ec2('EC2 Instance State-change Notification', {})), 'names no group'],
  [
    'an instance id that is none',
    JSON.stringify(ec2('EC2 Instance State-change Notification', { 'instance-id': '*' })),
    'names no group',
  ],
  ['a number', '7', 'no EventBridge event'],
  ['null', 'null', 'no EventBridge event'],
  ['a list', '[]', 'no EventBridge event'],
  ['a wake-up of another version', JSON.stringify({ asgSrv: 'other' }), 'wake-up'],
  [
    'a wake-up for a cluster that is no label',
    JSON.stringify({ asgSrv: 'wakeUp', cluster: '../web', at: 1 }),
    'wake-up',
  ],
])('parseTrigger() ignores %s, with the reason', (_, body, reason) => {
  expect(parseTrigger(body)).toEqual({ kind: 'ignored', reason: expect.stringContaining(reason) });
});

test('a wake-up comes back as it was sent', () => {
  const wakeUp = {
    cluster: 'web',
    at: 1_790_000_000,
    instances: [instance],
    publications: [{ changeId: '/change/C1', written: 1_790_000_000 }],
    denied: { [instance]: 5 },
  };
  expect(parseTrigger(encodeWakeUp(wakeUp, true))).toEqual({ kind: 'wakeUp', wakeUp, hop: true });
});
