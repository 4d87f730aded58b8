import { ListResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deploy } from '../../sim/deployment/deploy.ts';
import type { Deployment } from '../../sim/deployment/deployment.ts';
import { dig } from '../../sim/deployment/dig.ts';
import { isJsonObject, type Json, type JsonObject } from '../../sim/deployment/json.ts';
import { World } from '../../sim/world.ts';
import {
  arnOf,
  assembly,
  bundleStandIn,
  type Changes,
  lettingRuleSendTo,
  removeTemporaryFolders,
  timeoutSeconds,
  trusting,
  visibilitySeconds,
  zoneId,
  zoneName,
} from './deployedStack.ts';

beforeAll(bundleStandIn);
afterAll(removeTemporaryFolders);

let world: World;
let deployment: Deployment;
let instanceId: string;

beforeEach(() => {
  world = new World();
  world.route53.addHostedZone(zoneName, zoneId);
  instanceId = world.ec2.launch();
});

afterEach(async () => {
  await deployment.close();
});

async function deployed(changes: Changes = {}): Promise<void> {
  deployment = await deploy(world, { assemblyPath: assembly(changes) });
  // The instance's own start is an event that the rule takes.
  await world.advance(10);
  world.ec2.removeTags(instanceId, ['srv_weight']);
}

function send(...messages: readonly Json[]): void {
  for (const message of messages) {
    world.sqs.sendMessage({ QueueUrl: queueUrl('Queue'), MessageBody: JSON.stringify(message) });
  }
}

function queueUrl(logicalId: string): string {
  return deployment.queueUrls[logicalId] ?? '';
}

/** Messages in a queue, whether visible or not. */
function depth(logicalId: string): number {
  const { Attributes } = world.sqs.getQueueAttributes({ QueueUrl: queueUrl(logicalId), AttributeNames: ['All'] });
  return Object.entries(Attributes ?? {})
    .filter(([name]) => name.startsWith('ApproximateNumberOfMessages'))
    .reduce((sum, [, count]) => sum + Number(count), 0);
}

function weight(): string | undefined {
  return world.ec2.instance(instanceId)?.tags.get('srv_weight');
}

function loggedObjects(): readonly JsonObject[] {
  return deployment.logs.map(({ json }) => json).filter((json) => isJsonObject(json));
}

const tagging = (value: string): Json => ({ does: 'tag', instanceId, key: 'srv_weight', value });

describe('deploy()', () => {
  test('takes an event through rule, queue and function to a call, and deletes its message', async () => {
    deployment = await deploy(world, { assemblyPath: assembly({}) });
    await world.advance(10);
    expect(weight()).toBe('running');
    expect(depth('Queue')).toBe(0);
    expect(deployment.calls.map(({ service, action, error }) => ({ service, action, error }))).toEqual([
      { service: 'ec2', action: 'CreateTags', error: undefined },
    ]);
  });

  test('redelivers what the function reports as failed, and gives it up as a dead letter, beside what succeeds', async () => {
    await deployed();
    send({ does: 'fail' }, tagging('1'));
    await world.advance(2);
    expect(weight()).toBe('1');
    expect(depth('Queue')).toBe(1);
    await world.advance(visibilitySeconds + 2);
    expect(depth('Queue')).toBe(1);
    expect(loggedObjects()).toEqual(Array(2).fill({ name: 'Error', message: 'asked to fail' }));
    await world.advance(visibilitySeconds + 2);
    expect(depth('Queue')).toBe(0);
    expect(depth('DeadLetterQueue')).toBe(1);
  });

  test.each<[what: string, message: Json, left: number]>([
    ['an error', { does: 'throw' }, 2],
    ['the end of its process', { does: 'exit' }, 2],
    ['text', { does: 'answer', answer: 'done' }, 2],
    ['a list that is none', { does: 'answer', answer: { batchItemFailures: 'none' } }, 2],
    ['a misnamed identifier', { does: 'answer', answer: { batchItemFailures: [{ messageId: 'a' }] } }, 2],
    ['an empty identifier', { does: 'answer', answer: { batchItemFailures: [{ itemIdentifier: '' }] } }, 2],
    ['an unknown identifier', { does: 'answer', answer: { batchItemFailures: [{ itemIdentifier: 'a' }] } }, 2],
    ['an empty list', { does: 'answer', answer: { batchItemFailures: [] } }, 0],
    ['no list', { does: 'answer', answer: { batchItemFailures: null } }, 0],
    ['an empty answer', { does: 'answer', answer: {} }, 0],
    ['nothing', { does: 'answer' }, 0],
    ['null', { does: 'answer', answer: null }, 0],
  ])('takes %s of the function for an answer about its batch', async (_, message, left) => {
    await deployed();
    send(message, { does: 'nothing' });
    await world.advance(2);
    expect(depth('Queue')).toBe(left);
  });

  test('takes any answer for success where the event source asks for no report', async () => {
    await deployed({ EventSource: { FunctionResponseTypes: [] } });
    send({ does: 'fail' });
    await world.advance(2);
    expect(depth('Queue')).toBe(0);
  });

  test('delivers a message that the function sends itself when its delay has passed, not before', async () => {
    await deployed();
    send({ does: 'sendLater', delaySeconds: 100, message: tagging('late') });
    await world.advance(100);
    expect(weight()).toBeUndefined();
    await world.advance(4);
    expect(weight()).toBe('late');
  });

  test('gathers the messages of the batching window into one invocation', async () => {
    await deployed();
    const before = deployment.invocations.length;
    send(tagging('1'));
    await world.advance(0.5);
    send(tagging('2'));
    await world.advance(2);
    expect(deployment.invocations.length - before).toBe(1);
    expect(weight()).toBe('2');
  });

  test('invokes without waiting for the window when the batch is full', async () => {
    await deployed({ EventSource: { BatchSize: 3, MaximumBatchingWindowInSeconds: 300 }, Rule: takingNothing });
    send(tagging('1'), tagging('2'), tagging('3'));
    await world.advance(1);
    expect(weight()).toBe('3');
  });

  test.each<[what: string, message: Json]>([
    ['an UPSERT', { does: 'change', action: 'UPSERT', name: `web.${zoneName}`, type: 'TXT', value: '"a"' }],
    [
      'a record type that is not its own',
      { does: 'change', action: 'CREATE', name: `web.${zoneName}`, type: 'CNAME', value: 'example.com' },
    ],
    [
      'a record at the name of the zone itself',
      { does: 'change', action: 'CREATE', name: zoneName, type: 'TXT', value: '"a"' },
    ],
  ])('denies %s in the words of AWS, and changes nothing', async (_, message) => {
    await deployed();
    const before = world.route53.records(zoneId);
    send(message);
    await world.advance(2);
    const zoneArn = `arn:aws:route53:::hostedzone/${zoneId}`;
    expect(loggedObjects()).toHaveLength(1);
    expect(loggedObjects()[0]?.['name']).toBe('AccessDenied');
    expect(loggedObjects()[0]?.['message']).toContain(notAuthorized('route53:ChangeResourceRecordSets', zoneArn));
    expect(world.route53.records(zoneId)).toEqual(before);
  });

  test('lets a record be created that the policy allows, and tells the zone who wrote it', async () => {
    await deployed();
    send({ does: 'change', action: 'CREATE', name: `web.${zoneName}`, type: 'TXT', value: '"a"' });
    await world.advance(2);
    expect(loggedObjects()).toEqual([]);
    expect(world.route53.writes.map(({ principal }) => principal)).toEqual([expect.stringContaining('Role')]);
  });

  test("denies a foreign tag key with EC2's own error, and writes no tag", async () => {
    await deployed();
    send({ does: 'tag', instanceId, key: 'Name', value: 'mine' });
    await world.advance(2);
    const instanceArn = `arn:aws:ec2:eu-west-1:111122223333:instance/${instanceId}`;
    expect(loggedObjects()).toHaveLength(1);
    expect(loggedObjects()[0]?.['name']).toBe('UnauthorizedOperation');
    expect(loggedObjects()[0]?.['message']).toContain(notAuthorized('ec2:CreateTags', instanceArn));
    expect([...(world.ec2.instance(instanceId)?.tags.keys() ?? [])]).toEqual([]);
  });

  test("denies what the queue's own policy denies, although the role's policy allows it", async () => {
    const Statement = [{ Effect: 'Deny', Principal: '*', Action: 'sqs:SendMessage', Resource: arnOf('Queue') }];
    await deployed({ QueuePolicy: { PolicyDocument: { Version: '2012-10-17', Statement } } });
    send({ does: 'sendLater', delaySeconds: 1, message: {} });
    await world.advance(2);
    expect(loggedObjects()).toHaveLength(1);
    expect(loggedObjects()[0]?.['message']).toContain('with an explicit deny in a resource-based policy');
  });

  test('lets the function complete hooks of tagged groups only', async () => {
    const Tags = [{ Key: 'srv_cluster', Value: 'web', PropagateAtLaunch: false }];
    for (const [name, tags] of [['tagged', Tags] as const, ['untagged', []] as const]) {
      world.autoScaling.createAutoScalingGroup({
        AutoScalingGroupName: name,
        MinSize: 0,
        MaxSize: 1,
        Tags: [...tags],
      });
    }
    await deployed({
      Hook: {
        Type: 'AWS::AutoScaling::LifecycleHook',
        Properties: {
          AutoScalingGroupName: 'tagged',
          LifecycleHookName: 'srv-register',
          LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
          HeartbeatTimeout: '120',
          DefaultResult: 'CONTINUE',
        },
      },
    });
    expect(world.autoScaling.describeLifecycleHooks({ AutoScalingGroupName: 'tagged' }).LifecycleHooks).toMatchObject([
      { LifecycleHookName: 'srv-register', HeartbeatTimeout: 120, DefaultResult: 'CONTINUE' },
    ]);
    world.autoScaling.setDesiredCapacity({ AutoScalingGroupName: 'tagged', DesiredCapacity: 1 });
    await world.advance(10);
    const [member] = world.autoScaling.describeAutoScalingInstances({}).AutoScalingInstances ?? [];
    expect(member?.LifecycleState).toBe('Pending:Wait');
    send(
      { does: 'complete', group: 'untagged', instanceId: member?.InstanceId ?? '' },
      { does: 'complete', group: 'tagged', instanceId: member?.InstanceId ?? '' },
    );
    await world.advance(10);
    expect(loggedObjects().map(({ name }) => name)).toEqual(['AccessDenied']);
    expect(world.autoScaling.describeAutoScalingInstances({}).AutoScalingInstances?.[0]?.LifecycleState).toBe(
      'InService',
    );
  });

  test("shows the function the world's clock and the template's environment, and nothing of this machine's", async () => {
    await deployed();
    send({ does: 'look' });
    await world.advance(1.25);
    const [seen] = loggedObjects();
    expect(seen).toMatchObject({
      now: world.now,
      newDate: world.timestamp,
      date: '1970-01-01T00:00:00.000Z',
      isDate: true,
      environment: {
        HOSTED_ZONE_ID: zoneId,
        QUEUE_URL: queueUrl('Queue'),
        NODE_OPTIONS: '--max-old-space-size=200',
        AWS_REGION: 'eu-west-1',
        AWS_ENDPOINT_URL: deployment.url,
      },
    });
    const environment = seen?.['environment'];
    expect(isJsonObject(environment) && 'PATH' in environment).toBe(false);
    expect(deployment.logs[0]?.at).toBe(world.now);
  });

  test('keeps the module state of the function from one invocation to the next, until a cold start', async () => {
    await deployed();
    for (const before of ['warm', 'warm', 'cold']) {
      if (before === 'cold') {
        await deployment.coldStart();
      }
      send({ does: 'look' });
      await world.advance(2);
    }
    expect(loggedObjects().map(({ invocations }) => invocations)).toEqual([2, 3, 1]);
    expect(deployment.invocations.map(({ coldStart }) => coldStart)).toEqual([true, false, false, true]);
  });

  test('lets a running invocation end before a cold start takes its execution environment away', async () => {
    await deployed();
    deployment.functionSeconds = 5;
    send(tagging('1'));
    await world.advance(2);
    await deployment.coldStart();
    await world.advance(5);
    expect(weight()).toBe('1');
    send({ does: 'look' });
    await world.advance(10);
    expect(loggedObjects().map(({ invocations }) => invocations)).toEqual([1]);
  });

  test('crashes an invocation after a number of calls: they took effect, the rest did not, and all is delivered again', async () => {
    await deployed();
    deployment.fault = ({ number }) => (number === 2 ? { kind: 'crash', afterCalls: 1 } : undefined);
    send(tagging('1'), tagging('2'));
    await world.advance(2);
    expect(weight()).toBe('1');
    expect(depth('Queue')).toBe(2);
    expect(deployment.invocations.at(-1)).toMatchObject({ outcome: { kind: 'ended' }, calls: 1 });
    await world.advance(visibilitySeconds);
    expect(weight()).toBe('2');
    expect(depth('Queue')).toBe(0);
    expect(deployment.invocations.at(-1)).toMatchObject({ outcome: { kind: 'returned' }, coldStart: true });
  });

  test('has an invocation time out when its time is up, whatever it did before', async () => {
    await deployed();
    deployment.fault = ({ number }) => (number === 2 ? { kind: 'timeOut', afterCalls: 1 } : undefined);
    send(tagging('1'), tagging('2'));
    await world.advance(2);
    expect(weight()).toBe('1');
    expect(deployment.invocations).toHaveLength(1);
    await world.advance(timeoutSeconds);
    expect(deployment.invocations).toHaveLength(2);
    expect(depth('Queue')).toBe(2);
    await world.advance(visibilitySeconds);
    expect(weight()).toBe('2');
  });

  test('drops an invocation, whose messages come back', async () => {
    await deployed();
    deployment.fault = ({ number }) => (number === 2 ? { kind: 'drop' } : undefined);
    send(tagging('1'));
    await world.advance(2);
    expect(weight()).toBeUndefined();
    await world.advance(visibilitySeconds);
    expect(weight()).toBe('1');
  });

  test('has an invocation that takes time read first and write at its end, while others run beside it', async () => {
    await deployed();
    deployment.functionSeconds = 10;
    send({ does: 'count', instanceId });
    await world.advance(2);
    deployment.functionSeconds = 0;
    world.ec2.launch();
    send({ does: 'count', instanceId });
    await world.advance(2);
    expect(weight()).toBe('2');
    await world.advance(10);
    expect(weight()).toBe('1');
    expect(depth('Queue')).toBe(0);
  });

  test('has an invocation that takes longer than the timeout read and never write', async () => {
    await deployed();
    deployment.functionSeconds = timeoutSeconds;
    send({ does: 'count', instanceId });
    await world.advance(timeoutSeconds + 2);
    expect(weight()).toBeUndefined();
    expect(depth('Queue')).toBe(1);
    expect(deployment.invocations.at(-1)).toMatchObject({ outcome: { kind: 'ended' }, calls: 1 });
  });

  test('runs no more invocations at the same time than the event source allows, and counts no receive while it waits', async () => {
    await deployed();
    deployment.functionSeconds = 20;
    for (const value of ['1', '2', '3']) {
      send(tagging(value));
      await world.advance(2);
    }
    expect(depth('Queue')).toBe(3);
    const { Attributes } = world.sqs.getQueueAttributes({ QueueUrl: queueUrl('Queue'), AttributeNames: ['All'] });
    expect(Attributes?.['ApproximateNumberOfMessages']).toBe('1');
    await world.advance(60);
    expect(weight()).toBe('3');
    expect(depth('Queue')).toBe(0);
  });

  test('lets calls fail on demand, and an operator call without a role', async () => {
    await deployed();
    deployment.callFault = ({ action }) => (action === 'CreateTags' ? 'appliedButError' : undefined);
    const client = new Route53Client({
      endpoint: deployment.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'operator', secretAccessKey: 'secret' },
    });
    const { ResourceRecordSets } = await client.send(new ListResourceRecordSetsCommand({ HostedZoneId: zoneId }));
    expect(ResourceRecordSets).toHaveLength(2);
    client.destroy();
    send(tagging('1'));
    await world.advance(2);
    expect(weight()).toBe('1');
    expect(deployment.calls.at(-1)).toMatchObject({ action: 'CreateTags', error: { statusCode: 500 } });
  });

  test('sends an event to the dead-letter queue where the queue does not let the rule send', async () => {
    await deployed({ QueuePolicy: { PolicyDocument: lettingRuleSendTo('DeadLetterQueue') } });
    expect(deployment.invocations).toEqual([]);
    expect(depth('DeadLetterQueue')).toBe(1);
  });

  test('loses an event that neither queue lets in, and says so', async () => {
    const nobody = { Version: '2012-10-17', Statement: [] };
    await deployed({ QueuePolicy: { PolicyDocument: nobody }, DeadLetterQueuePolicy: { PolicyDocument: nobody } });
    expect([depth('Queue'), depth('DeadLetterQueue')]).toEqual([0, 0]);
    expect(world.happenings.filter(({ source }) => source === 'eventbridge').map(({ text }) => text)).toEqual([
      expect.stringContaining('is lost'),
    ]);
  });

  test('lets no event into a queue that is encrypted under a key', async () => {
    await deployed({ Queue: { KmsMasterKeyId: 'alias/mine' } });
    expect(depth('DeadLetterQueue')).toBe(1);
  });

  test('stops the clock with an error where a policy cannot be evaluated', async () => {
    await deployed({ RolePolicy: { PolicyDocument: withUnknownOperator }, Rule: takingNothing });
    send(tagging('1'));
    await expect(world.advance(2)).rejects.toThrow('Cannot answer a call of invocation');
  });

  test('sweeps for an hour in one invocation a minute', async () => {
    await deployed({ Rule: { ...takingNothing, ScheduleExpression: 'rate(1 minute)' } });
    await world.advance(3600);
    expect(deployment.invocations).toHaveLength(60);
    expect(depth('Queue')).toBe(0);
  });
});

describe('deploy() refuses', () => {
  beforeEach(async () => {
    await deployed();
  });

  test.each<[what: string, changes: Changes, message: string]>([
    [
      'a hook of a group that does not exist',
      {
        Hook: {
          Type: 'AWS::AutoScaling::LifecycleHook',
          Properties: { AutoScalingGroupName: 'gone', LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING' },
        },
      },
      'Cannot create resource "Hook" of type "AWS::AutoScaling::LifecycleHook": AutoScalingGroup name not found',
    ],
    [
      'a resource type that it does not know',
      { Topic: { Type: 'AWS::SNS::Topic' } },
      'the small AWS knows no resource type "AWS::SNS::Topic"',
    ],
    ['a property that it does not act on', { Queue: { FifoQueue: true } }, '"FifoQueue"'],
    [
      'a large batch without a window',
      { EventSource: { MaximumBatchingWindowInSeconds: 0 } },
      'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    ],
    [
      'a concurrency of one',
      { EventSource: { ScalingConfig: { MaximumConcurrency: 1 } } },
      'MaximumConcurrency must be 2 to 1000: found 1',
    ],
    [
      'a queue that shows a message again while the function may still run',
      { Queue: { VisibilityTimeout: 29 } },
      'Queue visibility timeout: 29 seconds is less than Function timeout: 30 seconds',
    ],
    [
      'a role that may not read the queue',
      { RolePolicy: { PolicyDocument: { Version: '2012-10-17', Statement: [] } } },
      'The function execution role does not have permissions to call ReceiveMessage on SQS',
    ],
    [
      'a role that Lambda may not assume',
      { Role: { AssumeRolePolicyDocument: trusting('ec2.amazonaws.com') } },
      'cannot be assumed by lambda.amazonaws.com',
    ],
    [
      'a managed policy that it does not know',
      { Role: { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] } },
      'knows no managed policy "arn:aws:iam::aws:policy/AdministratorAccess"',
    ],
    ['a variable that is reserved', { Function: { Environment: { Variables: { AWS_REGION: 'a' } } } }, '"AWS_REGION"'],
    ['code that is not there', { Function: { Code: { S3Bucket: 'a', S3Key: 'b' } } }, 'does not hold its code'],
    ['a pattern that EventBridge would not take', { Rule: { EventPattern: {} } }, 'Event pattern is not valid'],
    [
      'a schedule that it cannot keep',
      { Rule: { ScheduleExpression: 'cron(0 * * * ? *)' } },
      'only rate() is supported',
    ],
    [
      'a rule that sends elsewhere',
      { Rule: { Targets: [{ Arn: 'arn:aws:sns:eu-west-1:111122223333:topic', Id: 'a' }] } },
      'a target must be a queue of the stack',
    ],
  ])('%s', async (_, changes, message) => {
    await expect(deploy(new World(), { assemblyPath: assembly(changes) })).rejects.toThrow(message);
  });

  test('a stack that the assembly does not hold', async () => {
    await expect(deploy(new World(), { assemblyPath: assembly({}), stackName: 'Other' })).rejects.toThrow(
      'none is named "Other": found "Test"',
    );
  });
});

describe('deploy() makes the call of a custom resource', () => {
  const tag = { ResourceId: 'web', ResourceType: 'auto-scaling-group', Key: 'srv_cluster', Value: 'web' };
  const call = {
    service: 'AutoScaling',
    action: 'CreateOrUpdateTags',
    parameters: { Tags: [{ ...tag, PropagateAtLaunch: false }] },
    physicalResourceId: { id: 'web' },
  };
  const tagsOf = (): Json => {
    const [group] = world.autoScaling.describeAutoScalingGroups({}).AutoScalingGroups;
    return (group?.Tags ?? []).map(({ Key, Value }) => `${Key}=${Value}`);
  };
  const changes = (mayTag: string): Changes => ({
    Provider: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { S3Bucket: 'a', S3Key: 'provider.zip' },
        Handler: 'index.handler',
        Role: arnOf('ProviderRole'),
        Runtime: 'nodejs24.x',
      },
    },
    ProviderRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: trusting('lambda.amazonaws.com'),
        Policies: [
          {
            PolicyName: 'Tags',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: {
                Effect: 'Allow',
                Action: 'autoscaling:CreateOrUpdateTags',
                Resource: `arn:aws:autoscaling:*:*:autoScalingGroup:*:autoScalingGroupName/${mayTag}`,
              },
            },
          },
        ],
      },
    },
    Tags: {
      Type: 'Custom::GroupTags',
      Properties: { ServiceToken: arnOf('Provider'), Create: JSON.stringify(call), InstallLatestAwsSdk: false },
    },
  });

  beforeEach(() => {
    world.autoScaling.createAutoScalingGroup({ AutoScalingGroupName: 'web', MinSize: 0, MaxSize: 0 });
  });

  test('under the role of its function', async () => {
    await deployed(changes('web'));
    expect(tagsOf()).toEqual(['srv_cluster=web']);
  });

  test('but not where that role may not', async () => {
    await deployed();
    await expect(deploy(world, { assemblyPath: assembly(changes('api')) })).rejects.toThrow(
      'is not authorized to perform: autoscaling:CreateOrUpdateTags',
    );
    expect(tagsOf()).toEqual([]);
  });
});

describe('dig()', () => {
  test('shows the record set of a cluster with the addresses of its targets, as far as it has propagated', async () => {
    await deployed();
    world.route53.propagationSeconds = 30;
    const name = `web.${zoneName}`;
    const create = (Name: string, Type: 'A' | 'SRV' | 'TXT', Value: string) => ({
      Action: 'CREATE' as const,
      ResourceRecordSet: { Name, Type, TTL: 10, ResourceRecords: [{ Value }] },
    });
    world.route53.changeResourceRecordSets({
      HostedZoneId: zoneId,
      ChangeBatch: {
        Changes: [
          create(`_http._tcp.${name}`, 'SRV', `0 65535 443 i-1.${name}.`),
          create(`i-1.${name}`, 'A', '10.0.0.1'),
          create(name, 'TXT', '"heritage=asg-srv"'),
        ],
      },
    });
    expect(dig(world.route53, { zoneName, cluster: 'web' })).toContain('status: NXDOMAIN');
    await world.advance(30);
    expect(dig(world.route53, { zoneName, cluster: 'web' }).split('\n')).toEqual([
      ';; ->>HEADER<<- opcode: QUERY, status: NOERROR',
      ';; flags: qr aa rd; QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 1',
      ';; QUESTION SECTION:',
      ';_http._tcp.web.svc.example.internal.\t\tIN\tSRV',
      ';; ANSWER SECTION:',
      '_http._tcp.web.svc.example.internal.\t10\tIN\tSRV\t0 65535 443 i-1.web.svc.example.internal.',
      ';; ADDITIONAL SECTION:',
      'i-1.web.svc.example.internal.\t10\tIN\tA\t10.0.0.1',
      '',
      ';; ->>HEADER<<- opcode: QUERY, status: NOERROR',
      ';; flags: qr aa rd; QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 0',
      ';; QUESTION SECTION:',
      ';web.svc.example.internal.\t\tIN\tTXT',
      ';; ANSWER SECTION:',
      'web.svc.example.internal.\t10\tIN\tTXT\t"heritage=asg-srv"',
    ]);
  });
});

const takingNothing: JsonObject = { EventPattern: { source: ['nobody'] } };

const withUnknownOperator: Json = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: 'sqs:*', Resource: '*' },
    { Effect: 'Allow', Action: 'ec2:*', Resource: '*', Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } },
  ],
};

function notAuthorized(action: string, resource: string): string {
  return `is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;
}
