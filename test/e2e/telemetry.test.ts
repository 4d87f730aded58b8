import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { AwsError } from '../../sim/awsError.ts';
import { inService, type Stage } from './stage.ts';

let on: Stage;

afterEach(async () => {
  await on.deployment.close();
});

// CloudWatch's embedded metric format: what a log line declares of itself.
const embeddedMetrics = z.looseObject({
  _aws: z.object({
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.object({ Name: z.string(), Unit: z.string() })),
      }),
    ),
  }),
});

function metrics(): readonly string[] {
  const lines = on.deployment.logs.map(({ json }) => embeddedMetrics.safeParse(json)).filter(({ success }) => success);
  const declared = lines.flatMap(({ data }) => data?._aws.CloudWatchMetrics ?? []);
  return [
    ...new Set(
      declared.flatMap(({ Namespace, Dimensions, Metrics }) =>
        Metrics.map(({ Name, Unit }) => `${Namespace} ${Name} (${Unit}) by ${Dimensions.flat().toSorted().join(', ')}`),
      ),
    ),
  ].toSorted();
}

test('the function’s metrics: by cluster only where a person would be paged for one cluster', async () => {
  on = await inService(3);
  const [, , staying = ''] = on.members('web-blue');
  on.world.ec2.createTags({ Resources: [staying], Tags: [{ Key: 'srv_weight', Value: 'heavy' }] });
  on.setCapacity('web-blue', 2);
  await on.world.advance(240);
  expect(metrics()).toEqual([
    'asg-srv BadTags (Count) by service',
    'asg-srv Draining (Count) by Cluster, service',
    'asg-srv EventToRecordLatency (Milliseconds) by service',
    'asg-srv HooksCompleted (Count) by service',
    'asg-srv Passes (Count) by service',
    'asg-srv Swaps (Count) by service',
    'asg-srv Targets (Count) by Cluster, service',
  ]);
});

test('a pass that changed something is one line: what, and why, by instance id', async () => {
  on = await inService(2);
  const [host = ''] = on.members('web-blue');
  const before = on.logged().length;
  on.world.ec2.createTags({ Resources: [host], Tags: [{ Key: 'srv_weight', Value: '50%' }] });
  await on.world.advance(5);
  const lines = on.logged().slice(before);
  expect(lines.map(({ message }) => message)).toEqual(['Changed cluster "web"']);
  expect(lines[0]?.text).toContain(
    `~ ${host} 0 65535 443 (HAProxy 256) → 0 32768 443 (HAProxy 128): InService, by its tags`,
  );
});

test('what goes wrong is counted: conflicts, refusals, troubles, failed passes', async () => {
  on = await inService(2);
  const [host = '', other = ''] = on.members('web-blue');
  // A conflict: passes that overlap.
  on.deployment.functionSeconds = 3;
  on.setCapacity('web-blue', 3);
  await on.world.advance(2);
  on.setCapacity('web-blue', 5);
  await on.world.advance(60);
  on.deployment.functionSeconds = 0;
  // A trouble: a drain's tag that cannot be written. A failed pass: a record that cannot.
  on.deployment.callFault = ({ action }) =>
    action === 'CreateTags' ? new AwsError('TagLimitExceeded', 'too many tags') : undefined;
  on.world.autoScaling.terminateInstanceInAutoScalingGroup({ InstanceId: host, ShouldDecrementDesiredCapacity: true });
  await on.world.advance(20);
  on.deployment.callFault = ({ action }) =>
    action === 'ChangeResourceRecordSets' ? new AwsError('Throttling', 'Rate exceeded') : undefined;
  on.world.ec2.createTags({ Resources: [other], Tags: [{ Key: 'srv_weight', Value: '7' }] });
  await on.world.advance(20);
  on.deployment.callFault = undefined;
  // A refusal: another deployment's entry.
  const text = on.world.route53
    .records(on.zoneId)
    .find(({ Type, Name }) => Type === 'TXT' && Name?.startsWith('web.') === true);
  const Value = text?.ResourceRecords?.[0]?.Value?.replace(/owner=[^"]*/, 'owner=another') ?? '';
  on.world.route53.changeResourceRecordSets({
    HostedZoneId: on.zoneId,
    ChangeBatch: {
      Changes: [
        { Action: 'DELETE', ResourceRecordSet: text },
        {
          Action: 'CREATE',
          ResourceRecordSet: { Name: text?.Name, Type: 'TXT', TTL: 10, ResourceRecords: [{ Value }] },
        },
      ],
    },
  });
  await on.world.advance(63);
  expect(metrics()).toEqual(
    expect.arrayContaining(
      ['Conflicts', 'PassesFailed', 'Refusals', 'Troubles'].map((name) => `asg-srv ${name} (Count) by service`),
    ),
  );
});
