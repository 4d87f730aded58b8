import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import { isJsonObject, type Json, type JsonObject } from '../../sim/deployment/json.ts';

/** The hosted zone that the function may write to. */
export const zoneId = 'Z0EXAMPLE1234567890';
export const zoneName = 'svc.example.internal';

/** Does what its messages say, with the real SDK. */
const handlerSource = `
import { DescribeInstancesCommand, CreateTagsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { ChangeResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { CompleteLifecycleActionCommand, AutoScalingClient } from '@aws-sdk/client-auto-scaling';

const ec2 = new EC2Client();
const route53 = new Route53Client();
const sqs = new SQSClient();
const autoScaling = new AutoScalingClient();
let invocations = 0;

const tag = (instanceId, key, value) =>
  ec2.send(new CreateTagsCommand({ Resources: [instanceId], Tags: [{ Key: key, Value: value }] }));

async function obey({ does, ...asked }) {
  switch (does) {
    case 'tag':
      return tag(asked.instanceId, asked.key, asked.value);
    case 'count': {
      const { Reservations } = await ec2.send(new DescribeInstancesCommand({}));
      return tag(asked.instanceId, 'srv_weight', String(Reservations.length));
    }
    case 'change':
      return route53.send(new ChangeResourceRecordSetsCommand({
        HostedZoneId: process.env.HOSTED_ZONE_ID,
        ChangeBatch: { Changes: [{ Action: asked.action, ResourceRecordSet: {
          Name: asked.name, Type: asked.type, TTL: 10, ResourceRecords: [{ Value: asked.value }] } }] },
      }));
    case 'complete':
      return autoScaling.send(new CompleteLifecycleActionCommand({ AutoScalingGroupName: asked.group,
        LifecycleHookName: 'srv-register', InstanceId: asked.instanceId, LifecycleActionResult: 'CONTINUE' }));
    case 'sendLater':
      return sqs.send(new SendMessageCommand({
        QueueUrl: process.env.QUEUE_URL, DelaySeconds: asked.delaySeconds, MessageBody: JSON.stringify(asked.message) }));
    case 'look':
      return console.log(JSON.stringify({
        now: Date.now(), newDate: new Date().toISOString(), date: new Date(0).toISOString(), isDate: new Date() instanceof Date,
        environment: process.env, invocations }));
    case 'fail':
      throw new Error('asked to fail');
  }
}

export const handler = async (event, context) => {
  invocations += 1;
  const batchItemFailures = [];
  for (const { messageId, body } of event.Records) {
    const message = JSON.parse(body);
    if (message.does === 'throw') throw new RangeError('asked to throw');
    if (message.does === 'exit') process.exit(1);
    if (message.does === 'answer') return message.answer;
    try {
      await (message['detail-type'] === 'EC2 Instance State-change Notification'
        ? tag(message.detail['instance-id'], 'srv_weight', message.detail.state)
        : obey(message));
    } catch ({ name, message }) {
      console.error(JSON.stringify({ name, message }));
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
};
`;

const folders: string[] = [];
let codeFolder = '';

/** Bundles the function of the stack. */
export async function bundleStandIn(): Promise<void> {
  codeFolder = temporaryFolder();
  await build({
    stdin: { contents: handlerSource, resolveDir: import.meta.dirname },
    outfile: join(codeFolder, 'handler.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
  });
}

/** Removes everything that this file wrote. */
export function removeTemporaryFolders(): void {
  for (const folder of folders) {
    rmSync(folder, { recursive: true });
  }
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'asg-srv-test-'));
  folders.push(folder);
  return folder;
}

/** The ARN of a resource of the stack. */
export const arnOf = (logicalId: string): Json => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

export const visibilitySeconds = 60;
export const timeoutSeconds = 30;

/** The stack of the tests, in the shape that CDK gives it. */
const resources = {
  DeadLetterQueue: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 1_209_600 } },
  Queue: {
    Type: 'AWS::SQS::Queue',
    Properties: {
      VisibilityTimeout: visibilitySeconds,
      RedrivePolicy: { deadLetterTargetArn: arnOf('DeadLetterQueue'), maxReceiveCount: 2 },
    },
  },
  QueuePolicy: {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: { Queues: [{ Ref: 'Queue' }], PolicyDocument: lettingRuleSendTo('Queue') },
  },
  DeadLetterQueuePolicy: {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: { Queues: [{ Ref: 'DeadLetterQueue' }], PolicyDocument: lettingRuleSendTo('DeadLetterQueue') },
  },
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: { source: ['aws.ec2'], detail: { state: ['running'] } },
      State: 'ENABLED',
      Targets: [{ Arn: arnOf('Queue'), Id: 'Target0', DeadLetterConfig: { Arn: arnOf('DeadLetterQueue') } }],
    },
  },
  LogGroup: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 30 } },
  Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trusting('lambda.amazonaws.com') } },
  RolePolicy: {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyName: 'RolePolicy',
      Roles: [{ Ref: 'Role' }],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:SendMessage'],
            Resource: arnOf('Queue'),
          },
          { Effect: 'Allow', Action: 'ec2:DescribeInstances', Resource: '*' },
          {
            Effect: 'Allow',
            Action: 'ec2:CreateTags',
            Resource: { 'Fn::Sub': ['arn:aws:ec2:*:$', '{AWS::AccountId}:instance/*'].join('') },
            Condition: {
              'ForAllValues:StringEquals': { 'aws:TagKeys': ['srv_weight'] },
              Null: { 'aws:TagKeys': 'false' },
            },
          },
          {
            Effect: 'Allow',
            Action: 'route53:ChangeResourceRecordSets',
            Resource: `arn:aws:route53:::hostedzone/${zoneId}`,
            Condition: {
              'ForAllValues:StringLike': { 'route53:ChangeResourceRecordSetsNormalizedRecordNames': [`*.${zoneName}`] },
              'ForAllValues:StringEquals': {
                'route53:ChangeResourceRecordSetsRecordTypes': ['A', 'SRV', 'TXT'],
                'route53:ChangeResourceRecordSetsActions': ['CREATE', 'DELETE'],
              },
              Null: { 'route53:ChangeResourceRecordSetsActions': 'false' },
            },
          },
          {
            Effect: 'Allow',
            Action: 'autoscaling:CompleteLifecycleAction',
            Resource: 'arn:aws:autoscaling:*:*:autoScalingGroup:*:autoScalingGroupName/*',
            Condition: { Null: { 'autoscaling:ResourceTag/srv_cluster': 'false' } },
          },
        ],
      },
    },
  },
  Function: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { S3Bucket: { 'Fn::Sub': ['cdk-assets-$', '{AWS::Region}'].join('') }, S3Key: 'code.zip' },
      Environment: {
        Variables: { HOSTED_ZONE_ID: zoneId, QUEUE_URL: { Ref: 'Queue' }, NODE_OPTIONS: '--max-old-space-size=200' },
      },
      Handler: 'handler.handler',
      LoggingConfig: { LogGroup: { Ref: 'LogGroup' } },
      MemorySize: 256,
      Role: arnOf('Role'),
      Runtime: 'nodejs24.x',
      Timeout: timeoutSeconds,
    },
    DependsOn: ['Role'],
  },
  EventSource: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      BatchSize: 1000,
      EventSourceArn: arnOf('Queue'),
      FunctionName: { Ref: 'Function' },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumBatchingWindowInSeconds: 1,
      ScalingConfig: { MaximumConcurrency: 2 },
    },
  },
} as const satisfies JsonObject;

/** A trust policy for one service. */
export function trusting(service: string): Json {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }],
  };
}

/** A queue policy that lets the stack's rule send, over TLS. */
export function lettingRuleSendTo(queue: string): Json {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: 'sqs:*',
        Resource: arnOf(queue),
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: arnOf(queue),
        Condition: { ArnEquals: { 'aws:SourceArn': arnOf('Rule') } },
      },
    ],
  };
}

/** Changes to the properties of the stack's resources, or further resources. */
export type Changes = Readonly<Record<string, JsonObject>>;

/** Writes a cloud assembly of the stack with some changes, and returns its folder. */
export function assembly(changes: Changes): string {
  const folder = temporaryFolder();
  const changed: Record<string, Json> = { ...resources };
  for (const [logicalId, change] of Object.entries(changes)) {
    const resource = changed[logicalId];
    const properties = isJsonObject(resource) && isJsonObject(resource['Properties']) ? resource['Properties'] : {};
    changed[logicalId] = isJsonObject(resource) ? { ...resource, Properties: { ...properties, ...change } } : change;
  }
  const write = (file: string, content: Json): void => writeFileSync(join(folder, file), JSON.stringify(content));
  write('Test.template.json', { Resources: changed });
  write('Test.assets.json', {
    version: '55.0.0',
    files: {
      code: {
        source: { path: relative(folder, codeFolder), packaging: 'zip' },
        destinations: { here: { objectKey: 'code.zip' } },
      },
    },
  });
  write('manifest.json', {
    version: '55.0.0',
    artifacts: {
      'Test.assets': { type: 'cdk:asset-manifest', properties: { file: 'Test.assets.json' } },
      Test: {
        type: 'aws:cloudformation:stack',
        properties: { templateFile: 'Test.template.json' },
        dependencies: ['Test.assets'],
      },
    },
  });
  return folder;
}
