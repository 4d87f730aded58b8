import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { AwsError } from '../../sim/awsError.ts';
import { type AnsweredCall, createRouter, type RouterOptions } from '../../sim/wire/router.ts';
import { startServer } from '../../sim/wire/server.ts';
import { World } from '../../sim/world.ts';
import { type AwsCli, awsCli } from './awsCli.ts';
import { type Swap, swapRecord } from './swapRecord.ts';

const zoneName = 'svc.example.internal';
const recordName = `web.${zoneName}`;
const srvName = `_http._tcp.${recordName}`;
const group = ['--auto-scaling-group-name', 'web'];

interface Given {
  readonly world: World;
  readonly calls: AnsweredCall[];
  readonly aws: AwsCli;
}

async function given(options: RouterOptions = {}): Promise<Given> {
  const world = new World();
  const calls: AnsweredCall[] = [];
  const server = await startServer(createRouter(world, { onCall: (call) => calls.push(call), ...options }));
  onTestFinished(server.close);
  world.sqs.endpoint = server.url;
  return { world, calls, aws: awsCli(server.url) };
}

/** The lifecycle state of each of the cluster's members, as Auto Scaling shows it to `aws`. */
async function states(aws: AwsCli): Promise<readonly string[]> {
  const filters = ['--filters', 'Name=tag:srv_cluster,Values=web', 'Name=tag-key,Values=srv_cluster'];
  const query = ['--query', 'AutoScalingGroups[].Instances[].LifecycleState'];
  return z.array(z.string()).parse(await aws.json('autoscaling', 'describe-auto-scaling-groups', ...filters, ...query));
}

/** What the queue holds, by host, and then no more. */
async function takeEvents(aws: AwsCli, queueUrl: string): Promise<Readonly<Record<string, string>>> {
  const event = z.object({ 'detail-type': z.string(), detail: z.object({ EC2InstanceId: z.string() }) });
  const message = z.object({ Body: z.string(), ReceiptHandle: z.string() });
  const queue = ['--queue-url', queueUrl];
  const answer = await aws.json('sqs', 'receive-message', ...queue, '--max-number-of-messages', '10');
  const { Messages: messages } = z.object({ Messages: z.array(message).default([]) }).parse(answer ?? {});
  for (const { ReceiptHandle } of messages) {
    await aws.json('sqs', 'delete-message', ...queue, '--receipt-handle', ReceiptHandle);
  }
  const events = messages.map(({ Body }) => event.parse(JSON.parse(Body)));
  return Object.fromEntries(events.map(({ detail, ...rest }) => [detail.EC2InstanceId, rest['detail-type']]));
}

/** The state of a change, before and after the time a change takes at most. */
async function propagation({ world, aws }: Given, { changeId }: Swap): Promise<readonly string[]> {
  const words = ['route53', 'get-change', '--id', changeId, '--query', 'ChangeInfo.Status'];
  const before = await aws.text(...words);
  await world.advance(60);
  return [before, await aws.text(...words)];
}

test('"aws" takes a cluster through a scale-out, a standby and a drain', async () => {
  const stage = await given();
  const { world, aws } = stage;
  const zone = await aws.text(
    ...['route53', 'create-hosted-zone', '--name', zoneName, '--caller-reference', 'once'],
    ...['--vpc', 'VPCRegion=eu-west-1,VPCId=vpc-1', '--query', 'HostedZone.Id'],
  );
  const queueUrl = await aws.text('sqs', 'create-queue', '--queue-name', 'work', '--query', 'QueueUrl');
  // EventBridge has no wire here: what carries its events to the queue is put by hand.
  world.eventBridge.putRule({
    name: 'lifecycle',
    pattern: { source: ['aws.autoscaling'], 'detail-type': [{ suffix: 'Lifecycle Action' }] },
    targets: [(event) => void world.sqs.sendMessage({ QueueUrl: queueUrl, MessageBody: JSON.stringify(event) })],
  });
  const tag = 'Key=srv_cluster,Value=web,PropagateAtLaunch=false';
  const hook = (name: string, transition: string): string =>
    `LifecycleHookName=${name},LifecycleTransition=autoscaling:EC2_INSTANCE_${transition},HeartbeatTimeout=300,DefaultResult=CONTINUE`;
  await aws.json(
    ...['autoscaling', 'create-auto-scaling-group', ...group, '--min-size', '0', '--max-size', '4'],
    ...['--availability-zones', 'eu-west-1a', 'eu-west-1b', '--tags', tag],
    ...['--lifecycle-hook-specification-list', hook('srv-register', 'LAUNCHING'), hook('srv-drain', 'TERMINATING')],
  );

  await aws.json('autoscaling', 'set-desired-capacity', ...group, '--desired-capacity', '2');
  await world.advance(10);
  expect(await states(aws)).toEqual(['Pending:Wait', 'Pending:Wait']);
  const launched = await takeEvents(aws, queueUrl);
  expect(Object.values(launched)).toEqual(Array(2).fill('EC2 Instance-launch Lifecycle Action'));
  const hosts = Object.keys(launched).toSorted();
  const [stays = '', leaves = ''] = hosts;

  const described = await aws.json(
    ...['ec2', 'describe-instances', '--filters', 'Name=tag:aws:autoscaling:groupName,Values=web'],
    ...['--query', 'Reservations[].Instances[].[InstanceId,PrivateIpAddress]'],
  );
  const addresses = Object.fromEntries(z.array(z.tuple([z.string(), z.string()])).parse(described));
  expect(Object.keys(addresses).toSorted()).toEqual(hosts);
  for (const id of hosts) {
    const tags = ['Key=srv_weight,Value=65535', `Key=ip_address,Value=${addresses[id]}`];
    await aws.json('ec2', 'create-tags', '--resources', id, '--tags', ...tags);
  }
  const swap = (serial: number, weights: Readonly<Record<string, number>>): Promise<Swap> =>
    swapRecord(aws, { zone, name: recordName, serial, weights, addresses });
  const registered = await swap(1, { [stays]: 65535, [leaves]: 65535 });
  expect(await propagation(stage, registered)).toEqual(['PENDING', 'INSYNC']);
  expect(world.route53.answer(srvName, 'SRV')?.values).toEqual([
    `0 65535 443 ${stays}.${recordName}`,
    `0 65535 443 ${leaves}.${recordName}`,
  ]);
  const complete = ['autoscaling', 'complete-lifecycle-action', ...group, '--lifecycle-action-result', 'CONTINUE'];
  for (const id of hosts) {
    await aws.json(...complete, '--lifecycle-hook-name', 'srv-register', '--instance-id', id);
  }
  await world.advance(5);
  expect(await states(aws)).toEqual(['InService', 'InService']);
  await expect(aws.json(...complete, '--lifecycle-hook-name', 'srv-register', '--instance-id', stays)).rejects.toThrow(
    `An error occurred (ValidationError) when calling the CompleteLifecycleAction operation: No active Lifecycle Action found with instance ID ${stays}`,
  );

  await aws.json('ec2', 'create-tags', '--resources', stays, '--tags', 'Key=srv_weight,Value=256');
  const lighter = await swap(2, { [stays]: 256, [leaves]: 65535 });
  await aws.json(
    ...['autoscaling', 'enter-standby', ...group, '--instance-ids', stays],
    '--should-decrement-desired-capacity',
  );
  await world.advance(5);
  expect((await states(aws)).toSorted()).toEqual(['InService', 'Standby']);
  await swap(3, { [stays]: 0, [leaves]: 65535 });
  await aws.json('autoscaling', 'exit-standby', ...group, '--instance-ids', stays);
  await world.advance(5);
  const back = await swap(4, { [stays]: 256, [leaves]: 65535 });
  expect(await propagation(stage, back)).toEqual(['PENDING', 'INSYNC']);
  expect(world.route53.answer(srvName, 'SRV')?.values).toContain(`0 256 443 ${stays}.${recordName}`);
  // What was planned from the record of then must not come over that of now.
  await expect(aws.json(...lighter.words)).rejects.toThrow(
    `An error occurred (InvalidChangeBatch) when calling the ChangeResourceRecordSets operation: [Tried to delete resource record set [name='${recordName}.', type='TXT'] but the values provided do not match the current values`,
  );

  // A standby runs no hooks.
  expect(await takeEvents(aws, queueUrl)).toEqual({});

  await aws.json(
    ...['autoscaling', 'terminate-instance-in-auto-scaling-group', '--instance-id', leaves],
    '--should-decrement-desired-capacity',
  );
  await world.advance(5);
  expect(await takeEvents(aws, queueUrl)).toEqual({ [leaves]: 'EC2 Instance-terminate Lifecycle Action' });
  expect((await states(aws)).toSorted()).toEqual(['InService', 'Terminating:Wait']);
  await aws.json('ec2', 'create-tags', '--resources', leaves, '--tags', 'Key=srv_weight,Value=0');
  const silent = await swap(5, { [stays]: 256, [leaves]: 0 });
  expect(await propagation(stage, silent)).toEqual(['PENDING', 'INSYNC']);
  await aws.json(
    ...['autoscaling', 'record-lifecycle-action-heartbeat', ...group, '--lifecycle-hook-name', 'srv-drain'],
    ...['--instance-id', leaves],
  );
  const drainUntil = 'Key=srv_drain_until,Value=2026-11-21T09:10:00.000Z';
  await aws.json('ec2', 'create-tags', '--resources', leaves, '--tags', drainUntil);
  // Longer than the hook waits from its start, shorter than it waits from the heartbeat.
  await world.advance(280);
  await aws.json('ec2', 'delete-tags', '--resources', leaves, '--tags', 'Key=srv_weight');
  expect([...(world.ec2.instance(leaves)?.tags.keys() ?? [])]).toEqual([
    'aws:autoscaling:groupName',
    'ip_address',
    'srv_drain_until',
  ]);
  const gone = await swap(6, { [stays]: 256 });
  expect((await states(aws)).toSorted()).toEqual(['InService', 'Terminating:Wait']);
  await aws.json(...complete, '--lifecycle-hook-name', 'srv-drain', '--instance-id', leaves);
  expect(await propagation(stage, gone)).toEqual(['PENDING', 'INSYNC']);

  expect(await states(aws)).toEqual(['InService']);
  const ended = ['--filters', 'Name=instance-state-name,Values=terminated'];
  const query = ['--query', 'Reservations[].Instances[].InstanceId'];
  expect(await aws.text('ec2', 'describe-instances', ...ended, ...query)).toBe(leaves);
  expect(world.route53.records(zone).slice(2)).toEqual([
    { Name: `${recordName}.`, Type: 'TXT', TTL: 10, ResourceRecords: [{ Value: '"heritage=asg-srv" "serial=6"' }] },
    { Name: `${srvName}.`, Type: 'SRV', TTL: 10, ResourceRecords: [{ Value: `0 256 443 ${stays}.${recordName}` }] },
    { Name: `${stays}.${recordName}.`, Type: 'A', TTL: 10, ResourceRecords: [{ Value: addresses[stays] }] },
  ]);
  expect(world.route53.writes.every(({ principal }) => principal === 'AKIDSYNC')).toBe(true);
});

test.each<[string, readonly string[]]>([
  [
    "InvalidInstanceID.NotFound) when calling the DescribeInstances operation: The instance ID 'i-0123456789abcdef0' does not exist",
    ['ec2', 'describe-instances', '--instance-ids', 'i-0123456789abcdef0'],
  ],
  [
    'InvalidInstanceID.Malformed) when calling the CreateTags operation: Invalid id: "i-1"',
    ['ec2', 'create-tags', '--resources', 'i-1', '--tags', 'Key=srv_weight,Value=0'],
  ],
  [
    'DryRunOperation) when calling the DescribeInstances operation: Request would have succeeded, but DryRun flag is set.',
    ['ec2', 'describe-instances', '--dry-run'],
  ],
  [
    'InvalidAction) when calling the DescribeVolumes operation: The action DescribeVolumes is not valid for this web service.',
    ['ec2', 'describe-volumes'],
  ],
  [
    'ValidationError) when calling the SetDesiredCapacity operation: AutoScalingGroup name not found - ',
    ['autoscaling', 'set-desired-capacity', ...group, '--desired-capacity', '1'],
  ],
  [
    'NoSuchHostedZone) when calling the ListResourceRecordSets operation: No hosted zone found with ID: Z1',
    ['route53', 'list-resource-record-sets', '--hosted-zone-id', 'Z1'],
  ],
  [
    'NoSuchChange) when calling the GetChange operation: Could not find resource with ID: C1',
    ['route53', 'get-change', '--id', 'C1'],
  ],
  [
    'AWS.SimpleQueueService.NonExistentQueue) when calling the GetQueueUrl operation: The specified queue does not exist.',
    ['sqs', 'get-queue-url', '--queue-name', 'none'],
  ],
  [
    'InvalidAction) when calling the ListQueues operation: The action ListQueues is not valid for this endpoint.',
    ['sqs', 'list-queues'],
  ],
])('"aws" prints: An error occurred (%s', async (text, words) => {
  const { aws } = await given();
  await expect(aws.json(...words)).rejects.toThrow(`found 254: An error occurred (${text}`);
});

test.each<[string, readonly string[], AwsError]>([
  ['ec2', ['describe-instances'], new AwsError('RequestLimitExceeded', 'Request limit exceeded.', 503)],
  ['autoscaling', ['describe-auto-scaling-groups'], new AwsError('Throttling', 'Rate exceeded')],
  ['route53', ['list-hosted-zones-by-name'], new AwsError('PriorRequestNotComplete', 'Still at a prior request.')],
  ['route53', ['list-hosted-zones-by-name'], new AwsError('Throttling', 'Rate exceeded')],
  ['sqs', ['create-queue', '--queue-name', 'work'], new AwsError('RequestThrottled', 'Rate exceeded', 403)],
])('botocore, too, retries a fault of %s', async (service, words, fault) => {
  const faults = [fault];
  const { aws, calls } = await given({ fault: () => faults.pop() });
  await aws.json(service, ...words);
  expect(calls.map((call) => call.error?.name)).toEqual([fault.name, undefined]);
});

test.each<[string, readonly string[]]>([
  ['ec2', ['describe-instances']],
  ['autoscaling', ['describe-auto-scaling-groups']],
  ['route53', ['list-hosted-zones-by-name']],
  ['sqs', ['create-queue', '--queue-name', 'work']],
])('botocore finds the id of a request to %s', async (service, words) => {
  const { aws } = await given();
  expect(await aws.debug(service, ...words, '--no-paginate')).toContain(
    'RequestId: 00000000-0000-4000-8000-000000000001',
  );
});

test('the paginators of botocore follow our tokens to the end, and take up where they were stopped', async () => {
  const { world, calls, aws } = await given();
  for (const name of ['a', 'b', 'c']) {
    world.autoScaling.createAutoScalingGroup({
      AutoScalingGroupName: name,
      MinSize: 0,
      MaxSize: 4,
      DesiredCapacity: 4,
    });
  }
  await world.advance(60);
  const zone = world.route53.addHostedZone(zoneName);
  const weighted = ['x', 'y', 'z'].map((SetIdentifier) => ({
    Action: 'CREATE' as const,
    ResourceRecordSet: {
      Name: recordName,
      Type: 'A' as const,
      SetIdentifier,
      Weight: 1,
      TTL: 10,
      ResourceRecords: [{ Value: '10.0.0.1' }],
    },
  }));
  world.route53.changeResourceRecordSets({ HostedZoneId: zone, ChangeBatch: { Changes: weighted } });

  const paged: readonly [string, string, readonly string[]][] = [
    ['5', 'Reservations[].Instances[].InstanceId', ['ec2', 'describe-instances']],
    ['2', 'AutoScalingGroups[].AutoScalingGroupName', ['autoscaling', 'describe-auto-scaling-groups']],
    ['5', 'AutoScalingInstances[].InstanceId', ['autoscaling', 'describe-auto-scaling-instances']],
    [
      '2',
      'ResourceRecordSets[].[Type, SetIdentifier]',
      ['route53', 'list-resource-record-sets', '--hosted-zone-id', zone],
    ],
  ];
  const pages: number[] = [];
  for (const [size, query, words] of paged) {
    const whole = z.array(z.unknown()).parse(await aws.json(...words, '--query', query));
    calls.splice(0);
    expect(await aws.json(...words, '--query', query, '--page-size', size)).toEqual(whole);
    pages.push(calls.length);

    const stopped = ['--query', `{found: ${query}, next: NextToken}`, '--page-size', size, '--max-items', '2'];
    const start = cut.parse(await aws.json(...words, ...stopped));
    const end = await aws.json(...words, '--query', query, '--starting-token', start.next);
    expect([start.found, end]).toEqual([whole.slice(0, 2), whole.slice(2)]);
  }
  expect(pages).toEqual([3, 2, 3, 3]);
});

const cut = z.object({ found: z.array(z.unknown()), next: z.string() });
