import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, type CfnResource, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { InstanceType, MachineImage, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { HostedZone, PublicHostedZone } from 'aws-cdk-lib/aws-route53';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { propagationSecondsMax } from '../lambda/reconcile/limits.ts';
import { AsgSrvStack } from '../lib/asgSrvStack.ts';
import { AsgSrvSync } from '../lib/asgSrvSync.ts';
import { readDeploymentContext } from '../lib/deploymentContext.ts';
import type { RegistrationSettings } from '../lib/registrationSettings.ts';

const repository = join(import.meta.dirname, '..');
const code = Code.fromInline('exports.handler = async () => ({ batchItemFailures: [] });');

const cdkJson = z
  .object({ app: z.string(), build: z.string(), context: z.record(z.string(), z.unknown()) })
  .parse(JSON.parse(readFileSync(join(repository, 'cdk.json'), 'utf8')));

const call = z.object({
  service: z.string(),
  action: z.string(),
  parameters: z.object({
    Tags: z.array(
      z.object({
        ResourceId: z.string(),
        Key: z.string(),
        Value: z.string().optional(),
        PropagateAtLaunch: z.boolean().optional(),
      }),
    ),
  }),
});
const groupTagsResource = z.object({
  Properties: z.object({ Create: z.string(), Update: z.string(), Delete: z.string() }),
  DependsOn: z.array(z.string()),
});
const dependent = z.object({ DependsOn: z.array(z.string()) });
const policy = z.object({
  Properties: z.object({
    PolicyDocument: z.object({
      Statement: z.array(
        z.object({
          Action: z.union([z.string(), z.array(z.string())]),
          Resource: z.unknown(),
          Condition: z.unknown().optional(),
        }),
      ),
    }),
  }),
});
const syncFunction = z.object({
  Properties: z.object({
    Timeout: z.number(),
    Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
  }),
});
const queue = z.object({ Properties: z.object({ VisibilityTimeout: z.number() }) });
const taggedGroup = z.object({
  Properties: z.object({
    Tags: z.array(z.object({ Key: z.string(), Value: z.string(), PropagateAtLaunch: z.boolean() })),
  }),
});

/** The stack that this repository's own cdk.json describes, checked as bin/app.ts checks it. */
function givenExample(change: (stack: AsgSrvStack) => void = () => {}): {
  readonly app: App;
  readonly stack: AsgSrvStack;
} {
  const app = new App({ context: cdkJson.context });
  const stack = new AsgSrvStack(app, 'AsgSrv', { ...readDeploymentContext(app.node), code });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  change(stack);
  return { app, stack };
}

/** A sync in an operator's own stack. */
function givenSync(zoneName = 'svc.example.internal'): { readonly stack: Stack; readonly sync: AsgSrvSync } {
  const stack = new Stack(new App({ context: cdkJson.context }), 'Operator');
  const hostedZone = HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0EXAMPLE', zoneName });
  return { stack, sync: new AsgSrvSync(stack, 'Sync', { hostedZone, code }) };
}

function existingGroup(stack: Stack, name: string) {
  return AutoScalingGroup.fromAutoScalingGroupName(stack, `Group-${name}`, name);
}

function groupOfStack(stack: Stack) {
  const subnet = { subnetId: 'subnet-0123456789abcdef0', availabilityZone: 'eu-west-1a' };
  return new AutoScalingGroup(stack, 'Group', {
    vpc: Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-0123456789abcdef0',
      availabilityZones: [subnet.availabilityZone],
      privateSubnetIds: [subnet.subnetId],
      privateSubnetRouteTableIds: ['rtb-0123456789abcdef0'],
    }),
    instanceType: new InstanceType('t4g.nano'),
    machineImage: MachineImage.fromSsmParameter('/image'),
  });
}

function resources<T>(template: Template, type: string, shape: z.ZodType<T>): ReadonlyMap<string, T> {
  return new Map(Object.entries(template.findResources(type)).map(([id, found]) => [id, shape.parse(found)]));
}

function only<T>(found: ReadonlyMap<string, T>): T {
  const [first, ...others] = found.values();
  if (first === undefined || others.length > 0) {
    throw new Error(`Cannot choose: found ${found.size} resources`);
  }
  return first;
}

function functionTimeoutSeconds(template: Template): number {
  const functions = [...resources(template, 'AWS::Lambda::Function', z.unknown())];
  const [sync] = functions
    .filter(([id]) => id.startsWith('SyncFunction'))
    .map(([, found]) => syncFunction.parse(found));
  return sync?.Properties.Timeout ?? Number.NaN;
}

/** Every statement of the function's role, by action. */
function statements(template: Template) {
  const [document] = [...resources(template, 'AWS::IAM::Policy', policy)].filter(([id]) => id.startsWith('SyncRole'));
  return (document?.[1].Properties.PolicyDocument.Statement ?? []).map((statement) => ({
    ...statement,
    actions: [statement.Action].flat(),
  }));
}

describe('the example in cdk.json', () => {
  test('synthesizes, passes cdk-nag and the template validation, and tags and hooks every group', () => {
    const { app, stack } = givenExample();
    app.synth();
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::AutoScaling::LifecycleHook', 6);
    const written = [...resources(template, 'Custom::AsgSrvGroupTags', groupTagsResource).values()].map(
      ({ Properties }) => call.parse(JSON.parse(Properties.Create)).parameters.Tags,
    );
    expect(written.map((tags) => [tags[0]?.ResourceId, tags.find(({ Key }) => Key === 'srv_cluster')?.Value])).toEqual([
      ['web-blue', 'web'],
      ['web-green', 'web'],
      ['api', 'api'],
    ]);
  });

  test('gives each of its functions the runtime nodejs24.x and a log that ends', () => {
    const template = Template.fromStack(givenExample().stack);
    template.allResourcesProperties('AWS::Lambda::Function', { Runtime: 'nodejs24.x' });
    template.resourceCountIs('AWS::Lambda::Function', 2);
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
    template.resourceCountIs('AWS::Logs::LogGroup', 2);
    // Made before the function writes into it, and deleted after: else the function makes one of that name itself.
    template.allResources('Custom::AsgSrvGroupTags', {
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('LogGroup')]),
    });
  });

  test('fails to synthesize with a finding of cdk-nag that nobody acknowledged', () => {
    const { app } = givenExample((stack) => new CfnQueue(stack, 'Bare'));
    expect(() => app.synth()).toThrow(/AwsSolutions-SQS/);
  });

  test('fails to synthesize with a property that CloudFormation does not know', () => {
    const { app } = givenExample((stack) => {
      const child: CfnResource | undefined = stack.node.findAll().find((construct) => construct instanceof CfnQueue);
      child?.addPropertyOverride('Colour', 'green');
    });
    expect(() => app.synth()).toThrow(/Colour/);
  });
});

describe('AsgSrvSync', () => {
  const { stack, sync } = givenSync();
  sync.register(existingGroup(stack, 'web-blue'), { cluster: 'web' });
  const template = Template.fromStack(stack);
  const toQueue = [
    {
      Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^SyncQueue'), 'Arn'] },
      DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^SyncDeadLetterQueue'), 'Arn'] } },
      Id: Match.anyValue(),
    },
  ];

  test.each([
    [
      'the lifecycle actions of our hooks only',
      {
        source: ['aws.autoscaling'],
        'detail-type': ['EC2 Instance-launch Lifecycle Action', 'EC2 Instance-terminate Lifecycle Action'],
        detail: { LifecycleHookName: ['srv-register', 'srv-drain'] },
      },
    ],
    [
      'the results of launches, terminations and detachments',
      {
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
    ],
    [
      'changes of the two tags that an operator may write',
      {
        source: ['aws.tag'],
        'detail-type': ['Tag Change on Resource'],
        detail: {
          service: ['ec2'],
          'resource-type': ['instance'],
          'changed-tag-keys': ['ip_address', 'srv_weight'],
        },
      },
    ],
    [
      'the instance states that end a host',
      {
        source: ['aws.ec2'],
        'detail-type': ['EC2 Instance State-change Notification'],
        detail: { state: ['shutting-down', 'terminated', 'stopping', 'stopped'] },
      },
    ],
    ['spot interruption warnings', { source: ['aws.ec2'], 'detail-type': ['EC2 Spot Instance Interruption Warning'] }],
  ])('sends %s to the queue, verbatim, with a dead-letter queue', (_what, pattern) => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: Match.exact(pattern),
      State: 'ENABLED',
      Targets: Match.exact(toQueue),
    });
    template.resourceCountIs('AWS::Events::Rule', 6);
  });

  test('sweeps every minute', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)',
      EventPattern: Match.absent(),
      State: 'ENABLED',
      Targets: Match.exact(toQueue),
    });
  });

  test('encrypts both queues with keys of SQS and refuses unencrypted transport', () => {
    template.allResourcesProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true, KmsMasterKeyId: Match.absent() });
    template.resourceCountIs('AWS::SQS::Queue', 2);
    template.allResourcesProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
    template.resourceCountIs('AWS::SQS::QueuePolicy', 2);
  });

  test('lets a message wait at least six timeouts of the function, and tries it five times', () => {
    const main = template.findResources('AWS::SQS::Queue', {
      Properties: {
        RedrivePolicy: {
          maxReceiveCount: 5,
          deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^SyncDeadLetterQueue'), 'Arn'] },
        },
      },
    });
    const [{ Properties }] = [queue.parse(Object.values(main)[0])];
    expect(Properties.VisibilityTimeout).toBeGreaterThanOrEqual(6 * functionTimeoutSeconds(template));
  });

  test('ends a function that stands still so early that its write has 60 seconds to propagate before the clock decides', () => {
    expect(functionTimeoutSeconds(template) + 60).toBeLessThanOrEqual(propagationSecondsMax);
  });

  test('reads batches of 1,000 with partial responses and a bound on concurrency', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 1000,
      MaximumBatchingWindowInSeconds: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 5 },
    });
  });

  test('runs the bundle on Node.js 24 on arm64 with the settings it reads', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'handler.handler',
      Environment: {
        Variables: Match.exact({
          HOSTED_ZONE_ID: 'Z0EXAMPLE',
          ZONE_NAME: 'svc.example.internal',
          DEPLOYMENT_ID: {
            'Fn::Join': ['', [{ Ref: 'AWS::AccountId' }, '/', { Ref: 'AWS::Region' }, '/', { Ref: 'AWS::StackName' }]],
          },
          QUEUE_URL: { Ref: Match.stringLikeRegexp('^SyncQueue') },
          NODE_OPTIONS: '--enable-source-maps',
          POWERTOOLS_SERVICE_NAME: 'asg-srv',
          POWERTOOLS_METRICS_NAMESPACE: 'asg-srv',
        }),
      },
    });
  });

  test('may change records only by CREATE and DELETE, of four types, below the zone, in this zone', () => {
    const changes = statements(template).filter(({ actions }) => actions.includes('route53:ChangeResourceRecordSets'));
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({
      actions: ['route53:ChangeResourceRecordSets'],
      Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':route53:::hostedzone/Z0EXAMPLE']] },
    });
    expect(changes[0]?.Condition).toEqual({
      'ForAllValues:StringLike': {
        'route53:ChangeResourceRecordSetsNormalizedRecordNames': ['*.svc.example.internal'],
      },
      'ForAllValues:StringEquals': {
        'route53:ChangeResourceRecordSetsRecordTypes': ['A', 'AAAA', 'SRV', 'TXT'],
        'route53:ChangeResourceRecordSetsActions': ['CREATE', 'DELETE'],
      },
      Null: {
        'route53:ChangeResourceRecordSetsNormalizedRecordNames': 'false',
        'route53:ChangeResourceRecordSetsRecordTypes': 'false',
        'route53:ChangeResourceRecordSetsActions': 'false',
      },
    });
    expect(JSON.stringify(template.toJSON())).not.toContain('UPSERT');
  });

  test('may write only its three tags, only on instances, and never without naming a key', () => {
    const writes = statements(template).filter(({ actions }) => actions.some((action) => /^ec2:.*Tags$/.test(action)));
    expect(writes).toEqual([
      {
        Action: ['ec2:CreateTags', 'ec2:DeleteTags'],
        actions: ['ec2:CreateTags', 'ec2:DeleteTags'],
        Effect: undefined,
        Resource: {
          'Fn::Join': [
            '',
            [
              'arn:',
              { Ref: 'AWS::Partition' },
              ':ec2:',
              { Ref: 'AWS::Region' },
              ':',
              { Ref: 'AWS::AccountId' },
              ':instance/*',
            ],
          ],
        },
        Condition: {
          'ForAllValues:StringEquals': { 'aws:TagKeys': ['ip_address', 'srv_drain_until', 'srv_weight'] },
          Null: { 'aws:TagKeys': 'false' },
        },
      },
    ]);
  });

  test('may complete lifecycle actions only of groups with the tag srv_cluster', () => {
    const completions = statements(template).filter(({ actions }) =>
      actions.includes('autoscaling:CompleteLifecycleAction'),
    );
    expect(completions.map(({ actions, Condition }) => ({ actions, Condition }))).toEqual([
      {
        actions: ['autoscaling:CompleteLifecycleAction', 'autoscaling:RecordLifecycleActionHeartbeat'],
        Condition: { Null: { 'autoscaling:ResourceTag/srv_cluster': 'false' } },
      },
    ]);
  });

  test('may do nothing else, and on any resource only describe', () => {
    const every = statements(template);
    expect(every.flatMap(({ actions }) => actions).sort()).toEqual([
      'autoscaling:CompleteLifecycleAction',
      'autoscaling:DescribeAutoScalingGroups',
      'autoscaling:DescribeLifecycleHooks',
      'autoscaling:DescribeWarmPool',
      'autoscaling:RecordLifecycleActionHeartbeat',
      'ec2:CreateTags',
      'ec2:DeleteTags',
      'ec2:DescribeInstances',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'route53:ChangeResourceRecordSets',
      'route53:GetChange',
      'route53:ListResourceRecordSets',
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
    ]);
    const anywhere = every.filter(({ Resource }) => Resource === '*').flatMap(({ actions }) => actions);
    expect(anywhere.filter((action) => !/:Describe/.test(action))).toEqual([]);
    const roles = template.findResources('AWS::IAM::Role', { Properties: { ManagedPolicyArns: Match.absent() } });
    expect(Object.keys(roles)).toEqual([expect.stringMatching(/^SyncRole/)]);
  });

  test.each(['Svc.example.internal', 'svc.example.internal.'])('refuses the zone name %j', (zoneName) => {
    expect(() => givenSync(zoneName)).toThrow(
      `Cannot keep records in the hosted zone: zoneName must be lower case, without trailing dot: found "${zoneName}"`,
    );
  });

  test('refuses a stack whose name would not fit the registry entry', () => {
    const build = (length: number) => {
      const long = new Stack(new App(), 'Long', { stackName: 's'.repeat(length) });
      const hostedZone = HostedZone.fromHostedZoneAttributes(long, 'Zone', {
        hostedZoneId: 'Z0EXAMPLE',
        zoneName: 'svc.example.internal',
      });
      return () => new AsgSrvSync(long, 'Sync', { hostedZone, code });
    };
    expect(build(100)).not.toThrow();
    expect(build(101)).toThrow('must have at most 100 characters: found "sss');
  });
});

describe('AsgSrvSync.register()', () => {
  test('gives a group of this app both hooks and its tags, and no other resource a tag', () => {
    const { stack, sync } = givenSync();
    sync.register(groupOfStack(stack), { cluster: 'web', port: 8443, weight: 100 });
    const template = Template.fromStack(stack);
    const { Tags } = only(resources(template, 'AWS::AutoScaling::AutoScalingGroup', taggedGroup)).Properties;
    expect(Tags.filter(({ Key }) => Key.startsWith('srv_'))).toEqual(
      [
        ['srv_cluster', 'web'],
        ['srv_drain_seconds', '60'],
        ['srv_port', '8443'],
        ['srv_priority', '0'],
        ['srv_service', 'http'],
        ['srv_ttl', '10'],
        ['srv_weight', '100'],
        ['srv_zone', 'svc.example.internal'],
      ].map(([Key, Value]) => ({ Key, PropagateAtLaunch: false, Value })),
    );
    expect(JSON.stringify(template.toJSON()).match(/"srv_port"/g)).toHaveLength(1);
    template.resourceCountIs('Custom::AsgSrvGroupTags', 0);
    template.resourceCountIs('AWS::AutoScaling::LifecycleHook', 2);
  });

  test('tags an existing group by its name, after its hooks, and takes exactly those tags away again', () => {
    const { stack, sync } = givenSync();
    sync.register(existingGroup(stack, 'web-blue'), { cluster: 'web' });
    const template = Template.fromStack(stack);
    const { Properties, DependsOn } = only(resources(template, 'Custom::AsgSrvGroupTags', groupTagsResource));
    const create = call.parse(JSON.parse(Properties.Create));
    expect(create).toMatchObject({ service: 'AutoScaling', action: 'CreateOrUpdateTags' });
    expect(create.parameters.Tags).toEqual(
      [
        ['srv_cluster', 'web'],
        ['srv_port', '443'],
        ['srv_service', 'http'],
        ['srv_weight', '65535'],
        ['srv_priority', '0'],
        ['srv_ttl', '10'],
        ['srv_drain_seconds', '60'],
        ['srv_zone', 'svc.example.internal'],
      ].map(([Key, Value]) => ({ ResourceId: 'web-blue', Key, Value, PropagateAtLaunch: false })),
    );
    expect(call.parse(JSON.parse(Properties.Update))).toEqual(create);
    const remove = call.parse(JSON.parse(Properties.Delete));
    expect(remove).toMatchObject({ service: 'AutoScaling', action: 'DeleteTags' });
    expect(remove.parameters.Tags).toEqual(create.parameters.Tags.map(({ Key }) => ({ ResourceId: 'web-blue', Key })));
    expect(DependsOn).toEqual(
      expect.arrayContaining(Object.keys(template.findResources('AWS::AutoScaling::LifecycleHook'))),
    );
  });

  test('lets the tagging function tag that group only, with those keys only', () => {
    const { stack, sync } = givenSync();
    sync.register(existingGroup(stack, 'web-blue'), { cluster: 'web' });
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          {
            Action: ['autoscaling:CreateOrUpdateTags', 'autoscaling:DeleteTags'],
            Effect: 'Allow',
            Resource: { 'Fn::Join': ['', Match.arrayWith([':autoScalingGroup:*:autoScalingGroupName/web-blue'])] },
            Condition: {
              'ForAllValues:StringEquals': { 'aws:TagKeys': Match.arrayWith(['srv_cluster', 'srv_zone']) },
              Null: { 'aws:TagKeys': 'false' },
            },
          },
        ],
      },
    });
  });

  test.each([
    ['the defaults', {}, 300, 430],
    ['a longer drain', { drainSeconds: 600 }, 300, 970],
    ['a drain for which the default slack does not fit any more', { drainSeconds: 7069 }, 300, 7200],
    ['timeouts given', { launchHookTimeoutSeconds: 30, terminateHookTimeoutSeconds: 7200 }, 30, 7200],
    ['the shortest terminate hook', { terminateHookTimeoutSeconds: 191 }, 300, 191],
  ])('sets CONTINUE and the timeouts of both hooks with %s', (_what, settings, launchSeconds, terminateSeconds) => {
    const { stack, sync } = givenSync();
    sync.register(existingGroup(stack, 'web-blue'), { cluster: 'web', ...settings });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::AutoScaling::LifecycleHook', 2);
    const common = { AutoScalingGroupName: 'web-blue', DefaultResult: 'CONTINUE' };
    template.hasResourceProperties('AWS::AutoScaling::LifecycleHook', {
      ...common,
      LifecycleHookName: 'srv-register',
      LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
      HeartbeatTimeout: launchSeconds,
    });
    template.hasResourceProperties('AWS::AutoScaling::LifecycleHook', {
      ...common,
      LifecycleHookName: 'srv-drain',
      LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
      HeartbeatTimeout: terminateSeconds,
    });
  });

  test('makes hooks only once everything that answers them exists', () => {
    const { stack, sync } = givenSync();
    sync.register(existingGroup(stack, 'web-blue'), { cluster: 'web' });
    const template = Template.fromStack(stack);
    const answering = ['AWS::Events::Rule', 'AWS::Lambda::EventSourceMapping', 'AWS::SQS::QueuePolicy'].flatMap(
      (type) => Object.keys(template.findResources(type)),
    );
    for (const { DependsOn } of resources(template, 'AWS::AutoScaling::LifecycleHook', dependent).values()) {
      expect(DependsOn).toEqual(expect.arrayContaining(answering));
    }
  });

  test('puts the hooks of a group into the stack of the group, even one that the stack of the sync depends on', () => {
    const app = new App({ context: cdkJson.context });
    const groupStack = new Stack(app, 'Group');
    const hostedZone = new PublicHostedZone(groupStack, 'Zone', { zoneName: 'svc.example.internal' });
    const syncStack = new Stack(app, 'Sync');
    const sync = new AsgSrvSync(syncStack, 'Sync', { hostedZone, code });
    sync.register(groupOfStack(groupStack), { cluster: 'web' });
    Template.fromStack(groupStack).resourceCountIs('AWS::AutoScaling::LifecycleHook', 2);
    Template.fromStack(syncStack).resourceCountIs('AWS::AutoScaling::LifecycleHook', 0);
  });

  const range = (lowest: number, highest: number) => `must be a whole number from ${lowest} to ${highest}`;
  const clusterRule = 'must be a lower-case DNS label (1 to 63 of a-z, 0-9 and inner hyphens)';
  const serviceRule = 'must be 1 to 15 of a-z, 0-9 and single inner hyphens, with a letter, without underscore';
  const bad: readonly (readonly [string, Partial<RegistrationSettings>, string])[] = [
    ['a weight too high', { weight: 65_536 }, `weight ${range(0, 65535)}: found 65536`],
    ['a weight far too high', { weight: 70_000 }, `weight ${range(0, 65535)}: found 70000`],
    ['a negative weight', { weight: -1 }, `weight ${range(0, 65535)}: found -1`],
    ['a fraction of a weight', { weight: 0.5 }, `weight ${range(0, 65535)}: found 0.5`],
    ['port 0', { port: 0 }, `port ${range(1, 65535)}: found 0`],
    ['a port too high', { port: 65_536 }, `port ${range(1, 65535)}: found 65536`],
    ['a priority too high', { priority: 65_536 }, `priority ${range(0, 65535)}: found 65536`],
    ['time to live 0', { ttlSeconds: 0 }, `ttlSeconds ${range(1, 2147483647)}: found 0`],
    ['a time to live too long', { ttlSeconds: 2_147_483_648 }, `ttlSeconds ${range(1, 2147483647)}: found 2147483648`],
    ['a negative drain', { drainSeconds: -1 }, `drainSeconds ${range(0, 7200)}: found -1`],
    ['a cluster in capitals', { cluster: 'Web' }, `cluster ${clusterRule}: found "Web"`],
    ['a cluster with a dot', { cluster: 'web.blue' }, `cluster ${clusterRule}: found "web.blue"`],
    ['no cluster', { cluster: '' }, `cluster ${clusterRule}: found ""`],
    ['a cluster too long', { cluster: 'a'.repeat(64) }, `cluster ${clusterRule}: found "${'a'.repeat(64)}"`],
    ['a service with underscore', { service: '_http' }, `service ${serviceRule}: found "_http"`],
    ['a service too long', { service: 'a'.repeat(16) }, `service ${serviceRule}: found "${'a'.repeat(16)}"`],
    ['a service of digits', { service: '443' }, `service ${serviceRule}: found "443"`],
    [
      'a launch hook too short',
      { launchHookTimeoutSeconds: 29 },
      `launchHookTimeoutSeconds ${range(30, 7200)}: found 29`,
    ],
    [
      'a terminate hook too long',
      { terminateHookTimeoutSeconds: 7201 },
      `terminateHookTimeoutSeconds ${range(30, 7200)}: found 7201`,
    ],
    [
      'a drain longer than its hook',
      { drainSeconds: 300, terminateHookTimeoutSeconds: 430 },
      'terminateHookTimeoutSeconds must exceed 430 (propagation 60 + ttlSeconds 10 + drainSeconds 300 + slack 60) ' +
        'and be at most 7200: found 430',
    ],
    [
      'a drain longer than any hook',
      { drainSeconds: 7070 },
      "drainSeconds must be at most 7069, so that propagation, TTL, drain and slack fit a hook's 7200 seconds: found 7070",
    ],
  ];
  test.each(bad)('refuses %s', (_what, settings, sentence) => {
    const { stack, sync } = givenSync();
    expect(() => sync.register(existingGroup(stack, 'web-blue'), { cluster: 'web', ...settings })).toThrow(
      new RangeError(`Cannot register group "web-blue": ${sentence}`),
    );
  });

  test.each([
    ['weight 0', { weight: 0 }],
    ['full weight', { weight: 65_535 }],
    ['port 1', { port: 1 }],
    ['port 65535', { port: 65_535 }],
    ['no drain', { drainSeconds: 0 }],
    ['the longest labels', { cluster: 'a'.repeat(63), service: 'a'.repeat(15) }],
    ['labels of digits and hyphens', { cluster: '1-a', service: 'h-2' }],
  ])('takes %s', (_what, settings) => {
    const { stack, sync } = givenSync();
    sync.register(existingGroup(stack, 'web-blue'), { cluster: 'web', ...settings });
    Template.fromStack(stack).resourceCountIs('AWS::AutoScaling::LifecycleHook', 2);
  });

  test('refuses names longer than DNS allows, and takes the longest', () => {
    // "i-0123456789abcdef0" + "." + "web" + "." + the zone: 24 + 229 characters.
    const zone = (characters: number) => `${'a.'.repeat(114)}${'b'.repeat(characters - 228)}`;
    const register = (zoneName: string) => {
      const { stack, sync } = givenSync(zoneName);
      sync.register(existingGroup(stack, 'web-blue'), { cluster: 'web' });
    };
    expect(() => register(zone(229))).not.toThrow();
    expect(() => register(zone(230))).toThrow(
      `Cannot register group "web-blue": cluster must leave every name in zone "${zone(230)}" within 253 characters: found "web"`,
    );
  });

  test('takes an existing group whose name has spaces, past cdk-nag', () => {
    const { app, stack } = givenExample((example) => {
      example.sync.register(existingGroup(example, 'web blue'), { cluster: 'web' });
    });
    expect(() => app.synth()).not.toThrow();
    expect(JSON.stringify(Template.fromStack(stack).toJSON())).toContain('autoScalingGroupName/web blue');
  });

  test.each(['web*', 'web?'])('refuses to tag an existing group whose name is a pattern in a policy: %s', (name) => {
    const { stack, sync } = givenSync();
    expect(() => sync.register(existingGroup(stack, name), { cluster: 'web' })).toThrow(
      `Cannot tag existing group "${name}": its name must hold no "*" and no "?": tag it by other means`,
    );
  });

  test('refuses a group twice', () => {
    const { stack, sync } = givenSync();
    sync.register(existingGroup(stack, 'web-blue'), { cluster: 'web' });
    const again = AutoScalingGroup.fromAutoScalingGroupName(stack, 'Again', 'web-blue');
    expect(() => sync.register(again, { cluster: 'api' })).toThrow(
      new Error('Cannot register group "web-blue": it is registered already: found it again for cluster "api"'),
    );
  });

  test('refuses a group of this app twice, by its path', () => {
    const { stack, sync } = givenSync();
    const group = groupOfStack(stack);
    sync.register(group, { cluster: 'web' });
    expect(() => sync.register(group, { cluster: 'web' })).toThrow(
      new Error('Cannot register group "Operator/Group": it is registered already: found it again for cluster "web"'),
    );
  });

  test('refuses two groups of one cluster with different services', () => {
    const { stack, sync } = givenSync();
    sync.register(existingGroup(stack, 'web-blue'), { cluster: 'web' });
    expect(() => sync.register(existingGroup(stack, 'web-green'), { cluster: 'web', service: 'https' })).toThrow(
      new Error(
        'Cannot register group "web-green": service must be the same for every group of cluster "web", which has "http": found "https"',
      ),
    );
  });
});

describe('readDeploymentContext()', () => {
  const good = { hostedZoneId: 'Z0EXAMPLE', zoneName: 'svc.example.internal', clusters: [] };
  const entry = { autoScalingGroup: 'web-blue', cluster: 'web' };
  const read = (context: Readonly<Record<string, unknown>>) => readDeploymentContext(new App({ context }).node);

  test('returns what an operator wrote', () => {
    expect(read({ ...good, clusters: [{ ...entry, port: 8443 }] })).toEqual({
      ...good,
      clusters: [{ ...entry, port: 8443 }],
    });
  });

  const zoneIdRule = 'must be the id of a hosted zone';
  const zoneNameRule = 'must be a lower-case DNS name without trailing dot';
  test.each([
    ['no hostedZoneId', { hostedZoneId: undefined }, `"hostedZoneId" of cdk.json: ${zoneIdRule}: found nothing`],
    [
      'a hostedZoneId with its prefix',
      { hostedZoneId: '/hostedzone/Z0EXAMPLE' },
      `"hostedZoneId" of cdk.json: ${zoneIdRule}, "Z" and capital letters or digits: found "/hostedzone/Z0EXAMPLE"`,
    ],
    [
      'a zoneName in capitals',
      { zoneName: 'Svc.internal' },
      `"zoneName" of cdk.json: ${zoneNameRule}: found "Svc.internal"`,
    ],
    ['a trailing dot', { zoneName: 'svc.internal.' }, `"zoneName" of cdk.json: ${zoneNameRule}: found "svc.internal."`],
    [
      'clusters by name',
      { clusters: { web: 1 } },
      '"clusters" of cdk.json: must be a list of objects: found {"web":1}',
    ],
    [
      'a cluster that is a name',
      { clusters: ['web'] },
      '"clusters[0]" of cdk.json: must be an object with the keys autoScalingGroup, cluster and settings: found "web"',
    ],
    [
      'a port in quotes',
      { clusters: [entry, { ...entry, port: '443' }] },
      '"clusters[1].port" of cdk.json: must be a number: found "443"',
    ],
    [
      'no group',
      { clusters: [{ cluster: 'web' }] },
      '"clusters[0].autoScalingGroup" of cdk.json: must be the name of an Auto Scaling group: found nothing',
    ],
    [
      'an empty group',
      { clusters: [{ ...entry, autoScalingGroup: '' }] },
      '"clusters[0].autoScalingGroup" of cdk.json: must be the name of an Auto Scaling group, of 1 to 255 characters without colon: found ""',
    ],
    [
      'a misspelt key',
      { clusters: [{ ...entry, prot: 443 }] },
      '"clusters[0]" of cdk.json: must have no unknown key: found "prot"',
    ],
  ])('refuses %s', (_what, change, sentence) => {
    expect(() => read({ ...good, ...change })).toThrow(new TypeError(`Cannot read context key ${sentence}`));
  });

  test('leaves ranges to the registration, whose sentence names the group', () => {
    const app = new App({ context: { ...good, clusters: [{ ...entry, weight: 70_000 }] } });
    expect(() => new AsgSrvStack(app, 'AsgSrv', { ...readDeploymentContext(app.node), code })).toThrow(
      'Cannot register group "web-blue": weight must be a whole number from 0 to 65535: found 70000',
    );
  });

  test('names a group that stands in the list twice', () => {
    const app = new App({ context: { ...good, clusters: [entry, entry] } });
    expect(() => new AsgSrvStack(app, 'AsgSrv', { ...readDeploymentContext(app.node), code })).toThrow(
      'Cannot register group "web-blue": it is registered already: found it again for cluster "web"',
    );
  });
});
