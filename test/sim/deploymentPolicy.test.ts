import { describe, expect, test } from 'vitest';
import { authorizationRequests, type ServiceCall } from '../../sim/deployment/authorizationRequests.ts';
import { evaluatePolicy, evaluateResourcePolicy, type Verdict } from '../../sim/deployment/policy.ts';
import { conditionHolds, type RequestContext } from '../../sim/deployment/policyCondition.ts';
import { readPolicyDocument } from '../../sim/deployment/policyDocument.ts';
import { World } from '../../sim/world.ts';

const key = 'aws:TagKeys';

function holds(operator: string, values: readonly string[], found: RequestContext[string] | undefined): boolean {
  return conditionHolds({ operator, key, values }, found === undefined ? {} : { [key]: found });
}

describe('conditionHolds()', () => {
  test.each<
    [operator: string, values: readonly string[], found: RequestContext[string] | undefined, expected: boolean]
  >([
    ['StringEquals', ['a', 'b'], 'b', true],
    ['StringEquals', ['a'], 'A', false],
    ['StringEquals', ['a*'], 'ab', false],
    ['StringEquals', ['a'], undefined, false],
    ['StringEqualsIfExists', ['a'], undefined, true],
    ['StringEqualsIfExists', ['a'], 'b', false],
    ['StringNotEquals', ['a', 'b'], 'b', false],
    ['StringNotEquals', ['a'], 'b', true],
    ['StringNotEquals', ['a'], undefined, true],
    ['StringEqualsIgnoreCase', ['a'], 'A', true],
    ['StringNotEqualsIgnoreCase', ['a'], 'A', false],
    ['StringLike', ['*.svc.internal'], 'web.svc.internal', true],
    ['StringLike', ['*.svc.internal'], 'svc.internal', false],
    ['StringLike', ['a?c'], 'abc', true],
    ['StringLike', ['a.c'], 'abc', false],
    ['StringLike', ['*'], undefined, false],
    ['StringNotLike', ['a*'], 'abc', false],
    ['StringNotLike', ['a*'], 'bc', true],
    [
      'ArnEquals',
      ['arn:aws:events:*:111122223333:rule/sweep'],
      'arn:aws:events:eu-west-1:111122223333:rule/sweep',
      true,
    ],
    ['ArnEquals', ['arn:aws:events:*'], 'arn:aws:events:eu-west-1:111122223333:rule/sweep', false],
    ['ArnLike', ['arn:aws:autoscaling:*:*:autoScalingGroup:*'], 'arn:aws:autoscaling:r:1:autoScalingGroup:x:y/z', true],
    ['ArnLike', ['arn:aws:sqs:*:*:q'], undefined, false],
    ['ArnNotEquals', ['arn:aws:sqs:r:1:q'], 'arn:aws:sqs:r:1:q', false],
    ['ArnNotLike', ['arn:aws:sqs:*:*:q'], undefined, true],
    ['Bool', ['false'], 'false', true],
    ['Bool', ['false'], 'true', false],
    ['Bool', ['false'], undefined, false],
    ['BoolIfExists', ['false'], undefined, true],
    ['Null', ['true'], undefined, true],
    ['Null', ['true'], [], true],
    ['Null', ['true'], 'a', false],
    ['Null', ['false'], ['a'], true],
    ['Null', ['false'], undefined, false],
    ['NumericLessThan', ['10'], '9', true],
    ['NumericGreaterThanEquals', ['10'], '9', false],
    ['NumericNotEquals', ['10'], undefined, true],
    ['DateLessThan', ['2026-01-01T00:00:00Z'], '2025-12-31T23:59:59Z', true],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b'], true],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'c'], false],
    ['ForAllValues:StringEquals', ['a'], [], true],
    ['ForAllValues:StringEquals', ['a'], undefined, true],
    ['ForAllValues:StringLike', ['*.x'], ['a.x', 'b.x'], true],
    ['ForAllValues:StringLike', ['*.x'], ['a.x', 'b.y'], false],
    ['ForAllValues:StringNotEquals', ['a'], ['b', 'a'], false],
    ['ForAnyValue:StringEquals', ['a'], ['b', 'a'], true],
    ['ForAnyValue:StringEquals', ['a'], ['b'], false],
    ['ForAnyValue:StringEquals', ['a'], [], false],
    ['ForAnyValue:StringEquals', ['a'], undefined, false],
    ['ForAnyValue:StringNotEquals', ['a'], ['a', 'b'], true],
    ['ForAnyValue:StringNotEquals', ['a'], undefined, false],
    ['ForAnyValue:StringEqualsIfExists', ['a'], undefined, true],
  ])('says of %s %j that on %j it is %s', (operator, values, found, expected) => {
    expect(holds(operator, values, found)).toBe(expected);
  });

  test('compares the names of condition keys without case, but the names of tags with it', () => {
    const condition = { operator: 'Null', key: 'autoscaling:resourcetag/srv_cluster', values: ['false'] };
    expect(conditionHolds(condition, { 'autoscaling:ResourceTag/srv_cluster': 'web' })).toBe(true);
    expect(conditionHolds(condition, { 'autoscaling:ResourceTag/Srv_cluster': 'web' })).toBe(false);
  });

  test.each<[operator: string, value: string, found: RequestContext[string], message: string]>([
    ['IpAddress', '10.0.0.0/8', '10.0.0.1', 'Cannot evaluate condition operator "IpAddress"'],
    ['StringEquals', ['$', '{aws:username}'].join(''), 'a', 'policy variables are not supported here'],
    ['StringEquals', 'a', ['a'], 'the key is multivalued and needs "ForAllValues:" or "ForAnyValue:"'],
  ])('refuses to guess what %s %s says of %j', (operator, value, found, message) => {
    expect(() => holds(operator, [value], found)).toThrow(message);
  });
});

describe('evaluatePolicy()', () => {
  const statements = readPolicyDocument({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 'sqs:Send*', Resource: 'arn:aws:sqs:r:1:queue' },
      { Effect: 'Allow', Action: ['ec2:CreateTags'], Resource: ['arn:aws:ec2:r:1:instance/*'] },
      { Effect: 'Allow', NotAction: ['iam:*', 'ec2:*', 'sqs:*', 'route53:*'], Resource: '*' },
      { Effect: 'Allow', Action: 'route53:*', NotResource: 'arn:aws:route53:::hostedzone/Z1' },
      {
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: { StringEquals: { 'aws:ResourceTag/locked': 'yes' }, Bool: { 'aws:SecureTransport': 'true' } },
      },
    ],
  });

  test.each<[action: string, resource: string, context: RequestContext, expected: Verdict]>([
    ['sqs:SendMessage', 'arn:aws:sqs:r:1:queue', {}, 'allowed'],
    ['SQS:sendmessage', 'arn:aws:sqs:r:1:queue', {}, 'allowed'],
    ['sqs:SendMessage', 'arn:aws:sqs:r:1:queue2', {}, 'silent'],
    ['sqs:ReceiveMessage', 'arn:aws:sqs:r:1:queue', {}, 'silent'],
    ['ec2:CreateTags', 'arn:aws:ec2:r:1:instance/i-1', {}, 'allowed'],
    ['ec2:CreateTags', 'arn:aws:ec2:r:1:volume/v-1', {}, 'silent'],
    ['ec2:CreateTags', 'arn:aws:ec2:r:1:instance/i-1', { 'aws:ResourceTag/locked': 'yes' }, 'allowed'],
    [
      'ec2:CreateTags',
      'arn:aws:ec2:r:1:instance/i-1',
      { 'aws:ResourceTag/locked': 'yes', 'aws:SecureTransport': 'true' },
      'denied',
    ],
    ['iam:PassRole', '*', {}, 'silent'],
    ['autoscaling:DescribeAutoScalingGroups', '*', {}, 'allowed'],
    ['route53:GetChange', 'arn:aws:route53:::change/C1', {}, 'allowed'],
    ['route53:GetHostedZone', 'arn:aws:route53:::hostedzone/Z1', {}, 'silent'],
  ])('says of %s on %s with %j: %s', (action, resource, context, expected) => {
    expect(evaluatePolicy(statements, { action, resource, context })).toBe(expected);
  });

  test('lets a resource policy speak only of the principals that it names', () => {
    const document = readPolicyDocument({
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: 'q',
      },
    });
    const request = { action: 'sqs:SendMessage', resource: 'q', context: {} };
    expect(evaluateResourcePolicy(document, 'Service:events.amazonaws.com', request)).toBe('allowed');
    expect(evaluateResourcePolicy(document, 'Service:sns.amazonaws.com', request)).toBe('silent');
  });

  test('refuses a policy document with a member that it does not know', () => {
    const statement = { Effect: 'Allow', Action: '*', Resource: '*', Conditions: {} };
    expect(() => readPolicyDocument({ Version: '2012-10-17', Statement: [statement] })).toThrow('Conditions');
  });
});

describe('authorizationRequests()', () => {
  const world = new World();
  const instanceId = world.ec2.launch({ tags: { Name: 'one' } });
  world.autoScaling.createAutoScalingGroup({
    AutoScalingGroupName: 'web',
    MinSize: 0,
    MaxSize: 0,
    Tags: [{ Key: 'srv_cluster', Value: 'web', PropagateAtLaunch: false }],
  });
  const groupArn = world.autoScaling.describeAutoScalingGroups({}).AutoScalingGroups[0]?.AutoScalingGroupARN ?? '';

  test.each<[call: ServiceCall, action: string, resource: string, context: RequestContext]>([
    [
      {
        service: 'route53',
        action: 'ChangeResourceRecordSets',
        input: {
          HostedZoneId: '/hostedzone/Z1',
          ChangeBatch: {
            Changes: [
              { Action: 'DELETE', ResourceRecordSet: { Name: 'Web.Example.', Type: 'SRV' } },
              { Action: 'CREATE', ResourceRecordSet: { Name: '*.web.example', Type: 'SRV' } },
            ],
          },
        },
      },
      'route53:ChangeResourceRecordSets',
      'arn:aws:route53:::hostedzone/Z1',
      {
        'route53:ChangeResourceRecordSetsNormalizedRecordNames': ['web.example', String.raw`\052.web.example`],
        'route53:ChangeResourceRecordSetsRecordTypes': ['SRV'],
        'route53:ChangeResourceRecordSetsActions': ['DELETE', 'CREATE'],
      },
    ],
    [
      { service: 'route53', action: 'GetChange', input: { Id: '/change/C1' } },
      'route53:GetChange',
      'arn:aws:route53:::change/C1',
      {},
    ],
    [
      {
        service: 'ec2',
        action: 'CreateTags',
        input: { Resources: [instanceId], Tags: [{ Key: 'srv_weight', Value: '0' }] },
      },
      'ec2:CreateTags',
      `arn:aws:ec2:eu-west-1:111122223333:instance/${instanceId}`,
      { 'aws:TagKeys': ['srv_weight'], 'aws:RequestTag/srv_weight': '0', 'aws:ResourceTag/Name': 'one' },
    ],
    [
      { service: 'autoscaling', action: 'CompleteLifecycleAction', input: { AutoScalingGroupName: 'web' } },
      'autoscaling:CompleteLifecycleAction',
      groupArn,
      { 'autoscaling:ResourceTag/srv_cluster': 'web', 'aws:ResourceTag/srv_cluster': 'web' },
    ],
    [
      {
        service: 'autoscaling',
        action: 'CreateOrUpdateTags',
        input: { Tags: [{ ResourceId: 'web', Key: 'a', Value: 'b' }] },
      },
      'autoscaling:CreateOrUpdateTags',
      groupArn,
      { 'aws:TagKeys': ['a'], 'aws:RequestTag/a': 'b' },
    ],
    [
      { service: 'sqs', action: 'SendMessageBatch', input: { QueueUrl: 'http://127.0.0.1:1/111122223333/queue' } },
      'sqs:SendMessage',
      'arn:aws:sqs:eu-west-1:111122223333:queue',
      {},
    ],
    [{ service: 'ec2', action: 'DescribeInstances', input: {} }, 'ec2:DescribeInstances', '*', {}],
  ])('asks for %j: %s on %s', (call, action, resource, context) => {
    const requests = authorizationRequests(world, call);
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ action, resource, context });
  });

  test('asks once for each instance of a tag write, and names no tag keys where all tags are deleted', () => {
    const input = { Resources: ['i-1', 'i-2'], Tags: [] };
    const requests = authorizationRequests(world, { service: 'ec2', action: 'DeleteTags', input });
    expect(requests.map(({ resource }) => resource)).toEqual([
      'arn:aws:ec2:eu-west-1:111122223333:instance/i-1',
      'arn:aws:ec2:eu-west-1:111122223333:instance/i-2',
    ]);
    expect(requests[0]?.context).not.toHaveProperty('aws:TagKeys');
  });
});
