import {
  AlreadyExistsFault,
  AttachInstancesCommand,
  CompleteLifecycleActionCommand,
  CreateAutoScalingGroupCommand,
  CreateOrUpdateTagsCommand,
  DeleteAutoScalingGroupCommand,
  DeleteTagsCommand as DeleteGroupTagsCommand,
  DeleteLifecycleHookCommand,
  DeleteWarmPoolCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
  DescribeLifecycleHooksCommand,
  DescribePoliciesCommand,
  DescribeWarmPoolCommand,
  DetachInstancesCommand,
  EnterStandbyCommand,
  ExitStandbyCommand,
  PutLifecycleHookCommand,
  PutWarmPoolCommand,
  paginateDescribeAutoScalingGroups,
  RecordLifecycleActionHeartbeatCommand,
  SetDesiredCapacityCommand,
  TerminateInstanceInAutoScalingGroupCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstancesCommand,
  DescribeVolumesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  InvalidChangeBatch,
  ListHealthChecksCommand,
  ListHostedZonesByNameCommand,
  ListResourceRecordSetsCommand,
  NoSuchHostedZone,
} from '@aws-sdk/client-route-53';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  EmptyBatchRequest,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { AwsError } from '../../sim/awsError.ts';
import { createRequestHandler } from '../../sim/wire/requestHandler.ts';
import { type AnsweredCall, createRouter, type RouterOptions, type WireCall } from '../../sim/wire/router.ts';
import { startServer } from '../../sim/wire/server.ts';
import { World } from '../../sim/world.ts';
import { destroySdkClients, type SdkClients, sdkClients } from '../sdkClients.ts';

const zoneName = 'svc.example.internal';
const srvName = `_http._tcp.web.${zoneName}`;

interface Given extends SdkClients {
  readonly world: World;
  readonly calls: AnsweredCall[];
}

type Skin = 'in process' | 'over HTTP';

async function given(skin: Skin, options: RouterOptions = {}): Promise<Given> {
  const world = new World();
  const calls: AnsweredCall[] = [];
  const router = createRouter(world, { onCall: (call) => calls.push(call), ...options });
  world.route53.addHostedZone(zoneName, 'Z0EXAMPLE');
  if (skin === 'in process') {
    return { world, calls, ...sdkClients('AKIDSYNC', { requestHandler: createRequestHandler(router) }) };
  }
  const server = await startServer(router);
  world.sqs.endpoint = server.url;
  const made = sdkClients('AKIDSYNC', { endpoint: server.url });
  onTestFinished(async () => {
    destroySdkClients(made);
    await server.close();
  });
  return { world, calls, ...made };
}

/** What a call came back with, without the SDK's own `$metadata`; what is undefined left out. */
function bare(output: { readonly $metadata: unknown }): unknown {
  return plain({ ...output, $metadata: undefined });
}

function plain(output: object): unknown {
  return JSON.parse(JSON.stringify(output));
}

async function failure(call: Promise<unknown>): Promise<Error> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error) {
      return error;
    }
  }
  throw new Error('Expected the call to fail, but it succeeded');
}

interface Case {
  readonly service: string;
  readonly action: string;
  readonly input: unknown;
  readonly send: (clients: SdkClients) => Promise<unknown>;
}

function on<Command extends { readonly input: unknown }>(
  service: string,
  command: Command,
  send: (clients: SdkClients, command: Command) => Promise<unknown>,
): Case {
  const action = command.constructor.name.replace(/Command$/u, '');
  return { service, action, input: command.input, send: (clients) => send(clients, command) };
}

const group = { AutoScalingGroupName: 'web-blue' };
const hook = { ...group, LifecycleHookName: 'srv-drain' };
const queue = { QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/work' };
const awkward = ` <a & "b"> 'c' \\ + %41 ü \t`;

const cases: readonly Case[] = [
  on('ec2', new DescribeInstancesCommand({}), (to, command) => to.ec2.send(command)),
  on(
    'ec2',
    new DescribeInstancesCommand({
      Filters: [
        { Name: 'tag:srv_cluster', Values: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k'] },
        { Name: 'instance-id', Values: ['i-1'] },
      ],
      MaxResults: 1000,
      NextToken: 'next+/=',
    }),
    (to, command) => to.ec2.send(command),
  ),
  on('ec2', new DescribeInstancesCommand({ InstanceIds: ['i-1', 'i-2'] }), (to, command) => to.ec2.send(command)),
  on(
    'ec2',
    new CreateTagsCommand({
      Resources: ['i-1', 'i-2'],
      Tags: [
        { Key: 'srv_weight', Value: '50%' },
        { Key: awkward, Value: awkward },
        { Key: 'empty', Value: '' },
      ],
    }),
    (to, command) => to.ec2.send(command),
  ),
  on(
    'ec2',
    new DeleteTagsCommand({ Resources: ['i-1'], Tags: [{ Key: 'any' }, { Key: 'this', Value: '' }] }),
    (to, command) => to.ec2.send(command),
  ),
  on('ec2', new DeleteTagsCommand({ Resources: ['i-1'] }), (to, command) => to.ec2.send(command)),
  on('ec2', new TerminateInstancesCommand({ InstanceIds: ['i-1'], DryRun: true }), (to, command) =>
    to.ec2.send(command),
  ),
  on(
    'autoscaling',
    new CreateAutoScalingGroupCommand({
      ...group,
      MinSize: 0,
      MaxSize: 6,
      DesiredCapacity: 3,
      AvailabilityZones: ['eu-west-1a', 'eu-west-1b'],
      VPCZoneIdentifier: 'subnet-1,subnet-2',
      NewInstancesProtectedFromScaleIn: false,
      InstanceLifecyclePolicy: { RetentionTriggers: { TerminateHookAbandon: 'retain' } },
      LifecycleHookSpecificationList: [
        {
          LifecycleHookName: 'srv-register',
          LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
          HeartbeatTimeout: 300,
          DefaultResult: 'CONTINUE',
        },
      ],
      Tags: [
        {
          Key: 'srv_cluster',
          Value: 'web',
          PropagateAtLaunch: false,
          ResourceId: 'web-blue',
          ResourceType: 'auto-scaling-group',
        },
        { Key: awkward, Value: awkward, PropagateAtLaunch: true },
      ],
    }),
    (to, command) => to.autoScaling.send(command),
  ),
  on(
    'autoscaling',
    new UpdateAutoScalingGroupCommand({ ...group, MinSize: 0, MaxSize: 9, DesiredCapacity: 0 }),
    (to, command) => to.autoScaling.send(command),
  ),
  on(
    'autoscaling',
    new SetDesiredCapacityCommand({ ...group, DesiredCapacity: 4, HonorCooldown: false }),
    (to, command) => to.autoScaling.send(command),
  ),
  on('autoscaling', new DeleteAutoScalingGroupCommand({ ...group, ForceDelete: true }), (to, command) =>
    to.autoScaling.send(command),
  ),
  on(
    'autoscaling',
    new DescribeAutoScalingGroupsCommand({
      AutoScalingGroupNames: ['web-blue', 'web-green'],
      Filters: [{ Name: 'tag-key', Values: ['srv_cluster'] }],
      MaxRecords: 100,
      NextToken: 'next',
      IncludeInstances: true,
    }),
    (to, command) => to.autoScaling.send(command),
  ),
  on('autoscaling', new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [] }), (to, command) =>
    to.autoScaling.send(command),
  ),
  on('autoscaling', new DescribeAutoScalingInstancesCommand({ InstanceIds: ['i-1'], MaxRecords: 50 }), (to, command) =>
    to.autoScaling.send(command),
  ),
  on('autoscaling', new DescribeLifecycleHooksCommand({ ...group, LifecycleHookNames: ['srv-drain'] }), (to, command) =>
    to.autoScaling.send(command),
  ),
  on(
    'autoscaling',
    new PutLifecycleHookCommand({
      ...hook,
      LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
      NotificationMetadata: awkward,
      NotificationTargetARN: 'arn:aws:sqs:eu-west-1:111122223333:work',
      RoleARN: 'arn:aws:iam::111122223333:role/r',
      HeartbeatTimeout: 7200,
      DefaultResult: 'CONTINUE',
    }),
    (to, command) => to.autoScaling.send(command),
  ),
  on('autoscaling', new DeleteLifecycleHookCommand(hook), (to, command) => to.autoScaling.send(command)),
  on(
    'autoscaling',
    new CompleteLifecycleActionCommand({
      ...hook,
      LifecycleActionResult: 'CONTINUE',
      InstanceId: 'i-1',
      LifecycleActionToken: 'token',
    }),
    (to, command) => to.autoScaling.send(command),
  ),
  on(
    'autoscaling',
    new RecordLifecycleActionHeartbeatCommand({ ...hook, InstanceId: 'i-1', LifecycleActionToken: 'token' }),
    (to, command) => to.autoScaling.send(command),
  ),
  on(
    'autoscaling',
    new TerminateInstanceInAutoScalingGroupCommand({ InstanceId: 'i-1', ShouldDecrementDesiredCapacity: true }),
    (to, command) => to.autoScaling.send(command),
  ),
  on(
    'autoscaling',
    new EnterStandbyCommand({ ...group, InstanceIds: ['i-1'], ShouldDecrementDesiredCapacity: true }),
    (to, command) => to.autoScaling.send(command),
  ),
  on('autoscaling', new ExitStandbyCommand({ ...group, InstanceIds: ['i-1'] }), (to, command) =>
    to.autoScaling.send(command),
  ),
  on(
    'autoscaling',
    new DetachInstancesCommand({ ...group, InstanceIds: ['i-1'], ShouldDecrementDesiredCapacity: false }),
    (to, command) => to.autoScaling.send(command),
  ),
  on('autoscaling', new AttachInstancesCommand({ ...group, InstanceIds: ['i-1', 'i-2'] }), (to, command) =>
    to.autoScaling.send(command),
  ),
  on(
    'autoscaling',
    new PutWarmPoolCommand({
      ...group,
      MinSize: 1,
      MaxGroupPreparedCapacity: -1,
      PoolState: 'Stopped',
      InstanceReusePolicy: { ReuseOnScaleIn: true },
    }),
    (to, command) => to.autoScaling.send(command),
  ),
  on('autoscaling', new DescribeWarmPoolCommand({ ...group, MaxRecords: 50, NextToken: 'next' }), (to, command) =>
    to.autoScaling.send(command),
  ),
  on('autoscaling', new DeleteWarmPoolCommand({ ...group, ForceDelete: true }), (to, command) =>
    to.autoScaling.send(command),
  ),
  on(
    'autoscaling',
    new CreateOrUpdateTagsCommand({
      Tags: [
        {
          Key: 'srv_port',
          Value: '443',
          ResourceId: 'web-blue',
          ResourceType: 'auto-scaling-group',
          PropagateAtLaunch: false,
        },
      ],
    }),
    (to, command) => to.autoScaling.send(command),
  ),
  on(
    'autoscaling',
    new DeleteGroupTagsCommand({
      Tags: [{ Key: 'srv_port', ResourceId: 'web-blue', ResourceType: 'auto-scaling-group' }],
    }),
    (to, command) => to.autoScaling.send(command),
  ),
  on(
    'route53',
    new CreateHostedZoneCommand({
      Name: 'other.internal',
      CallerReference: 'reference',
      VPC: { VPCId: 'vpc-1', VPCRegion: 'eu-west-1' },
      HostedZoneConfig: { Comment: awkward, PrivateZone: true },
    }),
    (to, command) => to.route53.send(command),
  ),
  on('route53', new GetHostedZoneCommand({ Id: 'Z0EXAMPLE' }), (to, command) => to.route53.send(command)),
  on(
    'route53',
    new ListHostedZonesByNameCommand({ DNSName: 'other.internal', HostedZoneId: 'Z1', MaxItems: 5 }),
    (to, command) => to.route53.send(command),
  ),
  on(
    'route53',
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: 'Z0EXAMPLE',
      ChangeBatch: {
        Comment: awkward,
        Changes: [
          {
            Action: 'DELETE',
            ResourceRecordSet: {
              Name: `web.${zoneName}`,
              Type: 'TXT',
              TTL: 10,
              ResourceRecords: [{ Value: '"a=<1>" " b &amp;\\" "' }],
            },
          },
          {
            Action: 'CREATE',
            ResourceRecordSet: {
              Name: srvName,
              Type: 'SRV',
              TTL: 0,
              SetIdentifier: '007',
              Weight: 0,
              MultiValueAnswer: true,
              HealthCheckId: 'health',
              ResourceRecords: [{ Value: '0 1 443 a' }, { Value: '0 2 443 b' }],
            },
          },
          {
            Action: 'UPSERT',
            ResourceRecordSet: {
              Name: `alias.${zoneName}`,
              Type: 'A',
              AliasTarget: { HostedZoneId: 'Z1', DNSName: 'x.example', EvaluateTargetHealth: false },
            },
          },
        ],
      },
    }),
    (to, command) => to.route53.send(command),
  ),
  on(
    'route53',
    new ListResourceRecordSetsCommand({
      HostedZoneId: 'Z0EXAMPLE',
      StartRecordName: `\\052.web.${zoneName}`,
      StartRecordType: 'SRV',
      StartRecordIdentifier: 'blue & green',
      MaxItems: 7,
    }),
    (to, command) => to.route53.send(command),
  ),
  on('route53', new GetChangeCommand({ Id: 'C1' }), (to, command) => to.route53.send(command)),
  on(
    'sqs',
    new CreateQueueCommand({ QueueName: 'work', Attributes: { VisibilityTimeout: '360', DelaySeconds: '0' } }),
    (to, command) => to.sqs.send(command),
  ),
  on('sqs', new GetQueueUrlCommand({ QueueName: 'work' }), (to, command) => to.sqs.send(command)),
  on('sqs', new GetQueueAttributesCommand({ ...queue, AttributeNames: ['All'] }), (to, command) =>
    to.sqs.send(command),
  ),
  on('sqs', new SendMessageCommand({ ...queue, MessageBody: awkward, DelaySeconds: 900 }), (to, command) =>
    to.sqs.send(command),
  ),
  on(
    'sqs',
    new SendMessageCommand({
      ...queue,
      MessageBody: 'a',
      MessageAttributes: { trace: { DataType: 'String', StringValue: '1' } },
    }),
    (to, command) => to.sqs.send(command),
  ),
  on(
    'sqs',
    new SendMessageBatchCommand({ ...queue, Entries: [{ Id: 'a', MessageBody: '{"b":1}', DelaySeconds: 0 }] }),
    (to, command) => to.sqs.send(command),
  ),
  on(
    'sqs',
    new ReceiveMessageCommand({
      ...queue,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 0,
      MessageSystemAttributeNames: ['SentTimestamp'],
    }),
    (to, command) => to.sqs.send(command),
  ),
  on('sqs', new DeleteMessageCommand({ ...queue, ReceiptHandle: 'handle==' }), (to, command) => to.sqs.send(command)),
  on(
    'sqs',
    new DeleteMessageBatchCommand({ ...queue, Entries: [{ Id: 'a', ReceiptHandle: 'handle' }] }),
    (to, command) => to.sqs.send(command),
  ),
  on(
    'sqs',
    new ChangeMessageVisibilityCommand({ ...queue, ReceiptHandle: 'handle', VisibilityTimeout: 0 }),
    (to, command) => to.sqs.send(command),
  ),
  on('sqs', new PurgeQueueCommand(queue), (to, command) => to.sqs.send(command)),
];

describe.each<[Skin]>([['in process'], ['over HTTP']])('%s', (skin) => {
  test.each(cases)(
    '$service $action arrives as it was sent, with the name of whoever signed it',
    async ({ service, action, input, send }) => {
      const refused = new AwsError('Refused', 'Not now');
      const { calls, ...to } = await given(skin, {});
      const seen = await given(skin, { authorize: () => refused });
      await failure(send(seen));
      expect(seen.calls).toEqual([
        { at: seen.world.now, service, action, principal: 'AKIDSYNC', input, error: refused },
      ]);
      expect(calls).toEqual([]);
      to.ec2.destroy();
    },
  );

  test('DescribeInstances answers what EC2 says, tags, addresses and dates included', async () => {
    const { world, ec2 } = await given(skin);
    world.ec2.assignsIpv6 = true;
    const id = world.ec2.launch({ tags: { Name: awkward, srv_weight: '0' } });
    world.ec2.launch({ spot: true });
    await world.advance(600);
    world.ec2.stopInstance(id);
    const output = await ec2.send(new DescribeInstancesCommand({}));
    expect(bare(output)).toEqual(plain(world.ec2.describeInstances({})));
    const instance = output.Reservations?.flatMap((reservation) => reservation.Instances ?? []).find(
      (each) => each.InstanceId === id,
    );
    expect(instance?.LaunchTime).toBeInstanceOf(Date);
    expect(instance?.Tags).toContainEqual({ Key: 'Name', Value: awkward });
    expect(instance?.State?.Name).toBe('stopping');
  });

  test('tags are written and removed, and an instance is terminated', async () => {
    const { world, ec2 } = await given(skin);
    const id = world.ec2.launch({ tags: { old: '1' } });
    await ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'srv_weight', Value: '' }] }));
    await ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: [{ Key: 'old' }] }));
    expect([...(world.ec2.instance(id)?.tags ?? [])]).toEqual([['srv_weight', '']]);
    const output = await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    expect(output.TerminatingInstances?.[0]).toMatchObject({ InstanceId: id, CurrentState: { Name: 'shutting-down' } });
  });

  test('the reads of Auto Scaling answer what it says, and its groups come page by page', async () => {
    const { world, autoScaling } = await given(skin);
    const sizes = { MinSize: 0, MaxSize: 4, DesiredCapacity: 2 };
    for (const name of ['a', 'b', 'c']) {
      const tags = [{ Key: 'srv_cluster', Value: awkward, PropagateAtLaunch: false, ResourceId: name }];
      await autoScaling.send(new CreateAutoScalingGroupCommand({ AutoScalingGroupName: name, ...sizes, Tags: tags }));
    }
    const named = { AutoScalingGroupName: 'a' };
    const transition = 'autoscaling:EC2_INSTANCE_TERMINATING';
    await autoScaling.send(
      new PutLifecycleHookCommand({ ...named, LifecycleHookName: 'srv-drain', LifecycleTransition: transition }),
    );
    await autoScaling.send(
      new PutWarmPoolCommand({ ...named, MinSize: 1, InstanceReusePolicy: { ReuseOnScaleIn: true } }),
    );
    await world.advance(600);

    const described = world.autoScaling.describeAutoScalingGroups({});
    expect(described.AutoScalingGroups.flatMap((each) => each.Instances)).toHaveLength(6);
    expect(bare(await autoScaling.send(new DescribeAutoScalingGroupsCommand({})))).toEqual(plain(described));
    expect(bare(await autoScaling.send(new DescribeAutoScalingInstancesCommand({})))).toEqual(
      plain(world.autoScaling.describeAutoScalingInstances({})),
    );
    expect(bare(await autoScaling.send(new DescribeLifecycleHooksCommand(named)))).toEqual(
      plain(world.autoScaling.describeLifecycleHooks(named)),
    );
    expect(bare(await autoScaling.send(new DescribeWarmPoolCommand(named)))).toEqual(
      plain(world.autoScaling.describeWarmPool(named)),
    );

    const pages: (string | undefined)[][] = [];
    for await (const page of paginateDescribeAutoScalingGroups({ client: autoScaling, pageSize: 2 }, {})) {
      pages.push((page.AutoScalingGroups ?? []).map((each) => each.AutoScalingGroupName));
    }
    expect(pages).toEqual([['a', 'b'], ['c']]);
  });

  test('Route 53 takes a batch, lists it page by page and tells when it is INSYNC', async () => {
    const { world, route53 } = await given(skin);
    const txt = String.raw`"heritage=asg-srv" " <&>'\"\\ "`;
    const sets = [
      { Name: srvName, Type: 'SRV' as const, TTL: 10, ResourceRecords: [{ Value: '0 65535 443 i-1.web' }] },
      { Name: `web.${zoneName}`, Type: 'TXT' as const, TTL: 10, ResourceRecords: [{ Value: txt }] },
      {
        Name: `*.web.${zoneName}`,
        Type: 'AAAA' as const,
        TTL: 0,
        ResourceRecords: [{ Value: '::1' }, { Value: '::2' }],
      },
    ];
    const Changes = sets.map((set) => ({ Action: 'CREATE' as const, ResourceRecordSet: set }));
    const changed = await route53.send(
      new ChangeResourceRecordSetsCommand({ HostedZoneId: '/hostedzone/Z0EXAMPLE', ChangeBatch: { Changes } }),
    );
    const change = { Id: changed.ChangeInfo?.Id };
    expect(change.Id).toMatch(/^\/change\/C/);
    expect(changed.ChangeInfo).toEqual({ ...change, Status: 'PENDING', SubmittedAt: new Date(world.now) });
    await world.advance(60);
    expect((await route53.send(new GetChangeCommand(change))).ChangeInfo?.Status).toBe('INSYNC');
    expect(world.route53.writes[0]?.principal).toBe('AKIDSYNC');

    const first = await route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: 'Z0EXAMPLE', MaxItems: 3 }));
    expect(first).toMatchObject({
      IsTruncated: true,
      MaxItems: 3,
      NextRecordName: `\\052.web.${zoneName}.`,
      NextRecordType: 'AAAA',
    });
    const second = await route53.send(
      new ListResourceRecordSetsCommand({
        HostedZoneId: 'Z0EXAMPLE',
        StartRecordName: first.NextRecordName,
        StartRecordType: first.NextRecordType,
      }),
    );
    expect(second.IsTruncated).toBe(false);
    expect([...(first.ResourceRecordSets ?? []), ...(second.ResourceRecordSets ?? [])]).toEqual(
      world.route53.records('Z0EXAMPLE'),
    );
  });

  test('hosted zones are made and read', async () => {
    const { world, route53 } = await given(skin);
    const made = await route53.send(new CreateHostedZoneCommand({ Name: 'other.internal', CallerReference: 'r' }));
    expect(made.Location).toContain('/2013-04-01/hostedzone/Z');
    const read = await route53.send(new GetHostedZoneCommand({ Id: made.HostedZone?.Id }));
    expect(bare(read)).toEqual(plain(world.route53.getHostedZone({ Id: made.HostedZone?.Id })));
    const listed = await route53.send(new ListHostedZonesByNameCommand({}));
    expect(bare(listed)).toEqual(plain(world.route53.listHostedZonesByName({})));
  });

  test('SQS takes, gives and deletes messages, with checksums that the SDK believes', async () => {
    const { world, sqs } = await given(skin);
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'work' }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: awkward }));
    const batch = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'a', MessageBody: 'later', DelaySeconds: 900 },
          { Id: 'b', MessageBody: 'never', DelaySeconds: 901 },
        ],
      }),
    );
    expect(batch.Successful?.map((entry) => entry.Id)).toEqual(['a']);
    expect(batch.Failed?.map((entry) => entry.Id)).toEqual(['b']);
    const received = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    expect(received.Messages?.map((message) => message.Body)).toEqual([awkward]);
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: received.Messages?.[0]?.ReceiptHandle }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    expect(Attributes).toEqual(world.sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['All'] }).Attributes);
    expect(Attributes?.ApproximateNumberOfMessagesDelayed).toBe('1');
  });

  test('a lost swap is an InvalidChangeBatch whose text lists every fault, and is not retried', async () => {
    const { calls, route53 } = await given(skin);
    const gone = { Name: srvName, Type: 'SRV' as const, TTL: 10, ResourceRecords: [{ Value: '0 1 443 a' }] };
    const outside = { ...gone, Name: 'web.example.org' };
    const error = await failure(
      route53.send(
        new ChangeResourceRecordSetsCommand({
          HostedZoneId: 'Z0EXAMPLE',
          ChangeBatch: {
            Changes: [
              { Action: 'DELETE', ResourceRecordSet: gone },
              { Action: 'CREATE', ResourceRecordSet: outside },
            ],
          },
        }),
      ),
    );
    expect(error).toBeInstanceOf(InvalidChangeBatch);
    expect(error.message).toBe(
      `[Tried to delete resource record set [name='${srvName}.', type='SRV'] but it was not found, RRSet with DNS name web.example.org. is not permitted in zone ${zoneName}.]`,
    );
    // The service sends no `<Messages>` any more.
    expect(error).toMatchObject({
      messages: [],
      $fault: 'client',
      $metadata: { httpStatusCode: 400, attempts: 1 },
    });
    expect(calls).toHaveLength(1);
  });

  test.each<[string, string, string, (clients: SdkClients) => Promise<unknown>]>([
    [
      'InvalidInstanceID.NotFound',
      "The instance ID 'i-0123456789abcdef0' does not exist",
      'ec2',
      ({ ec2 }) => ec2.send(new DescribeInstancesCommand({ InstanceIds: ['i-0123456789abcdef0'] })),
    ],
    [
      'InvalidAction',
      'The action DescribeVolumes is not valid for this web service.',
      'none',
      ({ ec2 }) => ec2.send(new DescribeVolumesCommand({})),
    ],
    [
      'ValidationError',
      'AutoScalingGroup name not found - ',
      'autoscaling',
      ({ autoScaling }) => autoScaling.send(new DescribeLifecycleHooksCommand({ AutoScalingGroupName: 'none' })),
    ],
    [
      'InvalidAction',
      'Could not find operation DescribePolicies for version 2011-01-01',
      'none',
      ({ autoScaling }) => autoScaling.send(new DescribePoliciesCommand({})),
    ],
    [
      'NoSuchHostedZone',
      'No hosted zone found with ID: Z1',
      'route53',
      ({ route53 }) => route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: 'Z1' })),
    ],
    [
      'NoSuchChange',
      'Could not find resource with ID: C1',
      'route53',
      ({ route53 }) => route53.send(new GetChangeCommand({ Id: 'C1' })),
    ],
    [
      'InvalidAction',
      'The action GET /2013-04-01/healthcheck is not valid for this web service.',
      'none',
      ({ route53 }) => route53.send(new ListHealthChecksCommand({})),
    ],
    [
      'QueueDoesNotExist',
      'The specified queue does not exist.',
      'sqs',
      ({ sqs }) => sqs.send(new GetQueueUrlCommand({ QueueName: 'none' })),
    ],
    [
      'UnknownOperationException',
      'The operation ListQueues is not known',
      'none',
      ({ sqs }) => sqs.send(new ListQueuesCommand({})),
    ],
  ])('%s reaches the caller by name and text: %s', async (name, message, service, send) => {
    const { calls, ...to } = await given(skin);
    const error = await failure(send(to));
    expect(error.name).toBe(name);
    expect(error.message).toContain(message);
    // A call that named no operation is not reported as one.
    expect(calls.map((call) => [call.service, call.error?.name])).toEqual(service === 'none' ? [] : [[service, name]]);
  });

  test('modelled errors are of the class that the SDK has for them', async () => {
    const { world, autoScaling, route53, sqs } = await given(skin);
    const named = { AutoScalingGroupName: 'a', MinSize: 0, MaxSize: 1 };
    world.autoScaling.createAutoScalingGroup(named);
    const { QueueUrl } = world.sqs.createQueue({ QueueName: 'work' });
    const found = await Promise.all([
      failure(autoScaling.send(new CreateAutoScalingGroupCommand(named))),
      failure(route53.send(new GetHostedZoneCommand({ Id: 'Z1' }))),
      failure(sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [] }))),
      failure(sqs.send(new PurgeQueueCommand({ QueueUrl: `${QueueUrl}x` }))),
    ]);
    expect(found.map((error) => error.constructor)).toEqual([
      AlreadyExistsFault,
      NoSuchHostedZone,
      EmptyBatchRequest,
      QueueDoesNotExist,
    ]);
  });

  test.each<[string, AwsError, (clients: SdkClients) => Promise<unknown>]>([
    [
      'ec2',
      new AwsError('RequestLimitExceeded', 'Request limit exceeded.', 503),
      ({ ec2 }) => ec2.send(new DescribeInstancesCommand({})),
    ],
    [
      'autoscaling',
      new AwsError('Throttling', 'Rate exceeded'),
      ({ autoScaling }) => autoScaling.send(new DescribeAutoScalingGroupsCommand({})),
    ],
    [
      'route53',
      new AwsError(
        'PriorRequestNotComplete',
        'The request was rejected because Route 53 was still processing a prior request.',
      ),
      ({ route53 }) => route53.send(new ListHostedZonesByNameCommand({})),
    ],
    [
      'sqs',
      new AwsError('RequestThrottled', 'Rate exceeded', 403),
      ({ sqs }) => sqs.send(new CreateQueueCommand({ QueueName: 'work' })),
    ],
  ])('a fault of %s is what the SDK retries', async (service, fault, send) => {
    const faults = [fault];
    const { calls, ...to } = await given(skin, { fault: () => faults.pop() });
    await send(to);
    expect(calls.map((call) => [call.service, call.error?.name])).toEqual([
      [service, fault.name],
      [service, undefined],
    ]);
  });

  test('after a lost answer the SDK tries again and meets its own write', async () => {
    const faults = ['appliedButError' as const];
    const { world, calls, route53 } = await given(skin, { fault: () => faults.pop() });
    const set = { Name: srvName, Type: 'SRV' as const, TTL: 10, ResourceRecords: [{ Value: '0 1 443 a' }] };
    const batch = { Changes: [{ Action: 'CREATE' as const, ResourceRecordSet: set }] };
    const error = await failure(
      route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: 'Z0EXAMPLE', ChangeBatch: batch })),
    );
    expect(error.message).toContain('but it already exists');
    expect(calls.map((call) => call.error?.statusCode)).toEqual([500, 400]);
    expect(world.route53.writes).toHaveLength(1);
  });

  test.each<[string, AwsError, (clients: SdkClients) => Promise<unknown>]>([
    [
      'ec2',
      new AwsError('UnauthorizedOperation', 'You are not authorized to perform this operation.', 403),
      ({ ec2 }) => ec2.send(new CreateTagsCommand({ Resources: ['i-1'], Tags: [{ Key: 'a', Value: 'b' }] })),
    ],
    [
      'autoscaling',
      new AwsError('AccessDenied', 'User is not authorized to perform: autoscaling:PutWarmPool', 403),
      ({ autoScaling }) => autoScaling.send(new PutWarmPoolCommand(group)),
    ],
    [
      'route53',
      new AwsError('AccessDenied', 'User is not authorized to perform: route53:ListResourceRecordSets', 403),
      ({ route53 }) => route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: 'Z0EXAMPLE' })),
    ],
    [
      'sqs',
      new AwsError('AccessDeniedException', 'User is not authorized to perform: sqs:createqueue', 403),
      ({ sqs }) => sqs.send(new CreateQueueCommand({ QueueName: 'denied' })),
    ],
  ])('authorize() refuses a call of %s before it has any effect', async (service, refusal, send) => {
    const asked: WireCall[] = [];
    const { world, ...to } = await given(skin, {
      authorize: (call) => {
        asked.push(call);
        return refusal;
      },
    });
    const error = await failure(send(to));
    expect({ name: error.name, message: error.message }).toEqual({ name: refusal.name, message: refusal.message });
    expect(asked.map((call) => [call.principal, call.service])).toEqual([['AKIDSYNC', service]]);
    expect(() => world.sqs.getQueueUrl({ QueueName: 'denied' })).toThrow('does not exist');
  });
});

test.each([
  ['ec2', '/', {}, 'Action=DescribeInstances&Version=2016-11-15', 'DescribeInstancesResponse'],
  ['autoscaling', '/', {}, 'Action=DescribeAutoScalingGroups&Version=2011-01-01', 'DescribeAutoScalingGroupsResult'],
  ['route53', '/2013-04-01/change/C1', {}, undefined, 'NoSuchChange'],
  [
    'sqs',
    '/',
    { 'x-amz-target': 'AmazonSQS.GetQueueUrl' },
    '{"QueueName":"none"}',
    'com.amazonaws.sqs#QueueDoesNotExist',
  ],
  ['sqs', '/', {}, 'Action=GetQueueUrl&Version=2012-11-05&QueueName=none', 'AWS.SimpleQueueService.NonExistentQueue'],
])('an unsigned call of %s is known by its shape', async (service, path, headers, body, expected) => {
  const calls: AnsweredCall[] = [];
  const server = await startServer(createRouter(new World(), { onCall: (call) => calls.push(call) }));
  onTestFinished(() => server.close());
  const response = await fetch(
    `${server.url}${path}`,
    body === undefined ? { headers } : { method: 'POST', headers, body },
  );
  expect(await response.text()).toContain(expected);
  expect(calls.map((call) => [call.service, call.principal])).toEqual([[service, 'anonymous']]);
});

test('a batch that is no XML, or has an action that is none, is an InvalidInput', () => {
  const router = createRouter(new World());
  const request = { method: 'POST', path: '/2013-04-01/hostedzone/Z1/rrset/', query: {}, headers: {} };
  const changes = '<ChangeBatch><Changes><Change><Action>MERGE</Action></Change></Changes></ChangeBatch>';
  for (const body of [
    '<ChangeResource',
    `<ChangeResourceRecordSetsRequest>${changes}</ChangeResourceRecordSetsRequest>`,
  ]) {
    expect(router({ ...request, body })).toMatchObject({ statusCode: 400 });
    expect(router({ ...request, body }).body).toContain('<Code>InvalidInput</Code>');
  }
});

test('an answer bears no date: the SDK calls once more where a refusal has one that is far from its clock', async () => {
  const server = await startServer(createRouter(new World()));
  onTestFinished(server.close);
  const body = 'Action=DescribeInstances&Version=2016-11-15';
  const { status, headers } = await fetch(server.url, { method: 'POST', body });
  expect([status, headers.get('date')]).toEqual([200, null]);
});
