import {
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
  DescribeWarmPoolCommand,
  DetachInstancesCommand,
  EnterStandbyCommand,
  ExitStandbyCommand,
  PutLifecycleHookCommand,
  PutWarmPoolCommand,
  RecordLifecycleActionHeartbeatCommand,
  SetDesiredCapacityCommand,
  TerminateInstanceInAutoScalingGroupCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  ListHostedZonesByNameCommand,
  ListResourceRecordSetsCommand,
} from '@aws-sdk/client-route-53';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { expect, onTestFinished, test } from 'vitest';
import { autoScalingOperations } from '../../sim/wire/autoScalingOperations.ts';
import { ec2Operations } from '../../sim/wire/ec2Operations.ts';
import { route53Operations } from '../../sim/wire/route53Operations.ts';
import { sqsOperations } from '../../sim/wire/sqsOperations.ts';
import { type TwinWorlds, twinWorlds } from './twinWorlds.ts';

const awkward = ` <a & "b"> 'c' \\ + %41 ü `;

async function given(): Promise<TwinWorlds> {
  const twins = await twinWorlds();
  onTestFinished(twins.close);
  return twins;
}

test('botocore reads of EC2 what the SDK for JavaScript reads, in every operation', async () => {
  const { prepare, advance, both, answered } = await given();
  const [old, host] = prepare((world) => {
    world.ec2.assignsIpv6 = true;
    return [world.ec2.launch({ spot: true }), world.ec2.launch({ tags: { Name: awkward } })];
  });
  await both((to) => to.ec2.send(new DescribeInstancesCommand({})));
  await advance(600);
  const Tags = [
    { Key: 'srv_weight', Value: '50%' },
    { Key: awkward, Value: awkward },
    { Key: 'empty', Value: '' },
  ];
  await both((to) => to.ec2.send(new CreateTagsCommand({ Resources: [old, host], Tags })));
  await both((to) =>
    to.ec2.send(
      new DeleteTagsCommand({ Resources: [old], Tags: [{ Key: 'empty' }, { Key: awkward, Value: 'other' }] }),
    ),
  );
  await both((to) => to.ec2.send(new TerminateInstancesCommand({ InstanceIds: [old] })));
  const byTag = { Name: 'tag:srv_weight', Values: ['0', '50%'] };
  const byState = { Name: 'instance-state-name', Values: ['running', 'shutting-down'] };
  const found = await both((to) => to.ec2.send(new DescribeInstancesCommand({ Filters: [byTag, byState] })));
  expect(found.Reservations).toHaveLength(2);
  await advance(900);
  const left = await both((to) => to.ec2.send(new DescribeInstancesCommand({ InstanceIds: [old] })));
  expect(left.Reservations?.[0]?.Instances?.[0]?.State?.Name).toBe('terminated');
  expect(answered('ec2')).toEqual([...ec2Operations.keys()].toSorted());
});

test('botocore reads of Auto Scaling what the SDK for JavaScript reads, in every operation', async () => {
  const { prepare, advance, both, answered } = await given();
  const named = { AutoScalingGroupName: 'web-blue' };
  const hook = {
    LifecycleHookName: 'srv-register',
    LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
    HeartbeatTimeout: 300,
    DefaultResult: 'CONTINUE',
  };
  const drain = {
    ...hook,
    LifecycleHookName: 'srv-drain',
    LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
  };
  const tag = { ResourceId: 'web-blue', ResourceType: 'auto-scaling-group', PropagateAtLaunch: false };
  await both((to) =>
    to.autoScaling.send(
      new CreateAutoScalingGroupCommand({
        ...named,
        MinSize: 0,
        MaxSize: 6,
        DesiredCapacity: 3,
        AvailabilityZones: ['eu-west-1a', 'eu-west-1b'],
        NewInstancesProtectedFromScaleIn: false,
        LifecycleHookSpecificationList: [hook],
        Tags: [
          { ...tag, Key: 'srv_cluster', Value: 'web' },
          { ...tag, Key: 'Name', Value: awkward, PropagateAtLaunch: true },
        ],
      }),
    ),
  );
  await both((to) =>
    to.autoScaling.send(new PutLifecycleHookCommand({ ...named, ...drain, NotificationMetadata: awkward })),
  );
  await both((to) => to.autoScaling.send(new DescribeLifecycleHooksCommand(named)));
  await both((to) =>
    to.autoScaling.send(new CreateOrUpdateTagsCommand({ Tags: [{ ...tag, Key: 'srv_port', Value: '8443' }] })),
  );
  await advance(10);
  const filters = [
    { Name: 'tag-key', Values: ['srv_port'] },
    { Name: 'tag:srv_cluster', Values: ['web', 'api'] },
  ];
  const launched = await both((to) => to.autoScaling.send(new DescribeAutoScalingGroupsCommand({ Filters: filters })));
  const members = (launched.AutoScalingGroups?.[0]?.Instances ?? []).map((member) => member.InstanceId ?? '');
  const [first = '', second = '', third = ''] = members;
  expect(members).toHaveLength(3);

  const register = { ...named, LifecycleHookName: 'srv-register' };
  await both((to) =>
    to.autoScaling.send(new RecordLifecycleActionHeartbeatCommand({ ...register, InstanceId: first })),
  );
  for (const InstanceId of members) {
    const completion = { ...register, InstanceId, LifecycleActionResult: 'CONTINUE' };
    await both((to) => to.autoScaling.send(new CompleteLifecycleActionCommand(completion)));
  }
  await advance(10);
  const leaving = { ...named, ShouldDecrementDesiredCapacity: true };
  await both((to) => to.autoScaling.send(new EnterStandbyCommand({ ...leaving, InstanceIds: [first] })));
  await both((to) => to.autoScaling.send(new DetachInstancesCommand({ ...leaving, InstanceIds: [second] })));
  await advance(10);
  const standing = await both((to) =>
    to.autoScaling.send(new DescribeAutoScalingInstancesCommand({ InstanceIds: [first, second, third] })),
  );
  expect(standing.AutoScalingInstances?.map((member) => member.LifecycleState).toSorted()).toEqual([
    'InService',
    'Standby',
  ]);
  await both((to) => to.autoScaling.send(new ExitStandbyCommand({ ...named, InstanceIds: [first] })));
  await both((to) => to.autoScaling.send(new AttachInstancesCommand({ ...named, InstanceIds: [second] })));
  await advance(10);
  await both((to) =>
    to.autoScaling.send(
      new TerminateInstanceInAutoScalingGroupCommand({ InstanceId: third, ShouldDecrementDesiredCapacity: true }),
    ),
  );
  await both((to) => to.autoScaling.send(new SetDesiredCapacityCommand({ ...named, DesiredCapacity: 1 })));
  await both((to) => to.autoScaling.send(new UpdateAutoScalingGroupCommand({ ...named, MaxSize: 4 })));
  await both((to) =>
    to.autoScaling.send(
      new PutWarmPoolCommand({
        ...named,
        MinSize: 1,
        PoolState: 'Stopped',
        InstanceReusePolicy: { ReuseOnScaleIn: true },
      }),
    ),
  );
  await advance(700);
  await both((to) => to.autoScaling.send(new DescribeWarmPoolCommand(named)));
  await both((to) =>
    to.autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ['web-blue'] })),
  );
  await both((to) => to.autoScaling.send(new DeleteWarmPoolCommand({ ...named, ForceDelete: true })));
  await both((to) => to.autoScaling.send(new DescribeWarmPoolCommand(named)));
  await both((to) =>
    to.autoScaling.send(new DeleteLifecycleHookCommand({ ...named, LifecycleHookName: 'srv-register' })),
  );
  await both((to) => to.autoScaling.send(new DeleteGroupTagsCommand({ Tags: [{ ...tag, Key: 'srv_port' }] })));
  await both((to) => to.autoScaling.send(new DeleteAutoScalingGroupCommand({ ...named, ForceDelete: true })));
  await both((to) => to.autoScaling.send(new DescribeAutoScalingGroupsCommand({})));
  await advance(700);
  await both((to) => to.autoScaling.send(new DescribeAutoScalingGroupsCommand({})));
  await both((to) => to.autoScaling.send(new DescribeAutoScalingInstancesCommand({})));
  expect(prepare((world) => world.autoScaling.describeAutoScalingGroups({}).AutoScalingGroups)).toEqual([]);
  expect(answered('autoscaling')).toEqual([...autoScalingOperations.keys()].toSorted());
});

test('botocore reads of Route 53 what the SDK for JavaScript reads, in every operation', async () => {
  const { prepare, advance, both, answered } = await given();
  const made = await both((to) =>
    to.route53.send(
      new CreateHostedZoneCommand({
        Name: 'svc.example.internal',
        CallerReference: 'once',
        VPC: { VPCId: 'vpc-1', VPCRegion: 'eu-west-1' },
        HostedZoneConfig: { Comment: awkward, PrivateZone: true },
      }),
    ),
  );
  const Id = made.HostedZone?.Id ?? '';
  await both((to) => to.route53.send(new CreateHostedZoneCommand({ Name: 'a.example', CallerReference: 'twice' })));
  await both((to) => to.route53.send(new GetHostedZoneCommand({ Id })));
  await both((to) => to.route53.send(new ListHostedZonesByNameCommand({})));
  await both((to) => to.route53.send(new ListHostedZonesByNameCommand({ DNSName: 'a.example', MaxItems: 1 })));

  const txt = String.raw`"heritage=asg-srv" " <&>'\"\\ "`;
  const sets = [
    { Name: 'web.svc.example.internal', Type: 'TXT' as const, TTL: 10, ResourceRecords: [{ Value: txt }] },
    {
      Name: '_http._tcp.web.svc.example.internal',
      Type: 'SRV' as const,
      TTL: 10,
      ResourceRecords: [{ Value: '0 0 443 i-1.web' }, { Value: '0 65535 443 i-2.web' }],
    },
    { Name: '*.web.svc.example.internal', Type: 'AAAA' as const, TTL: 0, ResourceRecords: [{ Value: '::1' }] },
    {
      Name: 'blue.svc.example.internal',
      Type: 'A' as const,
      SetIdentifier: 'blue & green',
      Weight: 0,
      AliasTarget: { HostedZoneId: Id, DNSName: 'web.svc.example.internal', EvaluateTargetHealth: false },
    },
  ];
  const changed = await both((to) =>
    to.route53.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: Id,
        ChangeBatch: {
          Comment: awkward,
          Changes: sets.map((set) => ({ Action: 'CREATE' as const, ResourceRecordSet: set })),
        },
      }),
    ),
  );
  const change = { Id: changed.ChangeInfo?.Id };
  await both((to) => to.route53.send(new GetChangeCommand(change)));
  await advance(60);
  expect((await both((to) => to.route53.send(new GetChangeCommand(change)))).ChangeInfo?.Status).toBe('INSYNC');
  const page = await both((to) =>
    to.route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: Id, MaxItems: 3 })),
  );
  const rest = await both((to) =>
    to.route53.send(
      new ListResourceRecordSetsCommand({
        HostedZoneId: Id,
        StartRecordName: page.NextRecordName,
        StartRecordType: page.NextRecordType,
        StartRecordIdentifier: page.NextRecordIdentifier,
      }),
    ),
  );
  expect([...(page.ResourceRecordSets ?? []), ...(rest.ResourceRecordSets ?? [])]).toEqual(
    prepare((world) => world.route53.records(Id)),
  );
  expect(answered('route53')).toEqual([...route53Operations.keys()].toSorted());
});

test('botocore reads of SQS, by its older protocol, what the SDK for JavaScript reads, in every operation', async () => {
  const { advance, both, answered } = await given();
  const Attributes = { VisibilityTimeout: '360', DelaySeconds: '0' };
  const { QueueUrl } = await both((to) => to.sqs.send(new CreateQueueCommand({ QueueName: 'work', Attributes })));
  await both((to) => to.sqs.send(new GetQueueUrlCommand({ QueueName: 'work' })));
  await both((to) => to.sqs.send(new ReceiveMessageCommand({ QueueUrl })));
  await both((to) => to.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: awkward })));
  const Entries = [
    { Id: 'a', MessageBody: '{"b": [1]}', DelaySeconds: 5 },
    { Id: 'b', MessageBody: 'never', DelaySeconds: 901 },
    { Id: 'c', MessageBody: 'soon' },
  ];
  await both((to) => to.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries })));
  await both((to) => to.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })));
  await advance(10);
  const { Messages: messages = [] } = await both((to) =>
    to.sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'] })),
  );
  expect(new Set(messages.map((message) => message.Body))).toEqual(new Set([awkward, 'soon', '{"b": [1]}']));
  const [first, second, third] = messages.map((message) => message.ReceiptHandle);
  await both((to) =>
    to.sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: first, VisibilityTimeout: 0 })),
  );
  await both((to) => to.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: second })));
  const deletions = [
    { Id: 'a', ReceiptHandle: third },
    { Id: 'b', ReceiptHandle: 'nonsense' },
  ];
  await both((to) => to.sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: deletions })));
  const left = await both((to) =>
    to.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] })),
  );
  expect(left.Attributes).toEqual({ ApproximateNumberOfMessages: '1' });
  await both((to) => to.sqs.send(new PurgeQueueCommand({ QueueUrl })));
  await both((to) => to.sqs.send(new GetQueueAttributesCommand({ QueueUrl })));
  expect(answered('sqs')).toEqual([...sqsOperations.keys()].toSorted());
});
