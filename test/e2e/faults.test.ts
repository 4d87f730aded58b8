import { afterEach, expect, test } from 'vitest';
import { AwsError } from '../../sim/awsError.ts';
import { inService, type Stage, stage } from './stage.ts';

let on: Stage;

afterEach(async () => {
  await on.deployment.close();
});

function deadLetters(): number {
  const url = Object.entries(on.deployment.queueUrls).find(([name]) => name.includes('DeadLetter'))?.[1] ?? '';
  return Number(
    on.world.sqs.getQueueAttributes({ QueueUrl: url, AttributeNames: ['All'] }).Attributes?.ApproximateNumberOfMessages,
  );
}

test('a write that was applied although its answer was an error is recognised as done', async () => {
  on = await inService(1);
  let faults = 0;
  on.deployment.callFault = ({ action }) =>
    action === 'ChangeResourceRecordSets' && ++faults === 1 ? 'appliedButError' : undefined;
  const serial = on.registry()?.serial ?? 0;
  on.setCapacity('web-blue', 2);
  await on.world.advance(20);
  expect(Object.keys(on.weights())).toHaveLength(2);
  expect(on.registry()?.serial).toBe(serial + 1);
  // Recognised, not planned again.
  expect(on.logged().filter(({ text }) => text.includes('"conflicts":') && !text.includes('"conflicts":0'))).toEqual(
    [],
  );
  expect(on.logged().filter(({ level }) => level === 'ERROR')).toEqual([]);
});

test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
  'passes cut off after call %i are finished by a later one',
  async (calls) => {
    on = await stage({ seed: calls });
    on.setCapacity('web-blue', 1);
    await on.world.advance(120);
    let crashes = 0;
    on.deployment.fault = () => (++crashes <= 3 ? { kind: 'crash', afterCalls: calls } : undefined);
    on.setCapacity('web-blue', 3);
    await on.world.advance(400);
    expect(crashes).toBeGreaterThan(3);
    expect(Object.keys(on.weights()).toSorted()).toEqual(on.members('web-blue').toSorted());
    expect(on.members('web-blue')).toHaveLength(3);
  },
);

test('ten minutes without Route 53 lose nothing: no hook is abandoned, the record stays, and later it is right', async () => {
  on = await inService(2);
  const [host = ''] = on.members('web-blue');
  const before = on.weights();
  on.deployment.callFault = ({ action }) =>
    action === 'ChangeResourceRecordSets'
      ? new AwsError('ServiceUnavailable', 'Service is unavailable', 503)
      : undefined;
  on.world.ec2.createTags({ Resources: [host], Tags: [{ Key: 'srv_weight', Value: '7' }] });
  on.setCapacity('web-blue', 3);
  await on.world.advance(600);
  expect(on.weights()).toEqual(before);
  on.deployment.callFault = undefined;
  await on.world.advance(240);
  expect(on.weights()[host]).toBe(7);
  expect(Object.keys(on.weights()).toSorted()).toEqual(on.members('web-blue').toSorted());
  expect(on.world.happenings.filter(({ text }) => text.includes('ABANDON'))).toEqual([]);
});

test('reads that fail change nothing', async () => {
  on = await inService(2);
  const before = on.weights();
  on.deployment.callFault = ({ action }) =>
    action === 'DescribeInstances' ? new AwsError('RequestLimitExceeded', 'Request limit exceeded.', 503) : undefined;
  await on.world.advance(70);
  expect(on.weights()).toEqual(before);
});

test('a lost swap of one cluster does not fail the others of its batch', async () => {
  on = await stage();
  on.setCapacity('web-blue', 1);
  on.setCapacity('api', 1);
  let rejected = 0;
  on.deployment.callFault = ({ action }) =>
    action === 'ChangeResourceRecordSets' && ++rejected === 1
      ? new AwsError(
          'InvalidChangeBatch',
          "[Tried to create resource record set [name='web.svc.example.internal.', type='TXT'] but it already exists]",
        )
      : undefined;
  await on.world.advance(120);
  expect(Object.keys(on.weights('web'))).toHaveLength(1);
  expect(Object.keys(on.weights('api'))).toHaveLength(1);
});

test('a batch that can never be applied fails with Route 53’s own words, and is not retried blindly', async () => {
  on = await inService(1);
  const text = 'The resource record set is protected by a resource record set protection';
  on.deployment.callFault = ({ action }) =>
    action === 'ChangeResourceRecordSets' ? new AwsError('InvalidChangeBatch', `[${text}]`) : undefined;
  const before = on.calls().length;
  on.setCapacity('web-blue', 2);
  await on.world.advance(10);
  const called = on
    .calls()
    .slice(before)
    .filter((call) => /ChangeResourceRecordSets|DescribeInstances$/.test(call));
  expect(called).toContain('route53:ChangeResourceRecordSets');
  // Each attempt is planned from a new look at the instances.
  expect(called.join()).not.toContain('route53:ChangeResourceRecordSets,route53:ChangeResourceRecordSets');
  expect(on.logged().some(({ level, text: line }) => level === 'ERROR' && line.includes(text))).toBe(true);
});

test('events lost, doubled and late: the end is the same', async () => {
  on = await stage({ seed: 7 });
  on.world.eventBridge.fault = () => {
    const dice = on.world.random();
    return dice < 0.3 ? [] : dice < 0.6 ? [0.5, 3] : [dice * 100];
  };
  on.setCapacity('web-blue', 6);
  await on.world.advance(120);
  on.setCapacity('web-blue', 3);
  await on.world.advance(600);
  expect(Object.keys(on.weights()).toSorted()).toEqual(on.members('web-blue').toSorted());
  expect(Object.keys(on.weights())).toHaveLength(3);
  expect(deadLetters()).toBe(0);
});

test('stale reads of EC2 and Auto Scaling, up to 60 seconds old and going back and forth, neither lose a host nor bring one back', async () => {
  on = await stage({ seed: 3 });
  on.setCapacity('web-blue', 4);
  await on.world.advance(120);
  on.world.ec2.readLagSeconds = () => on.world.random() * 60;
  on.world.autoScaling.readLagSeconds = () => on.world.random() * 60;
  const [leaving = ''] = on.members('web-blue');
  on.world.autoScaling.terminateInstanceInAutoScalingGroup({
    InstanceId: leaving,
    ShouldDecrementDesiredCapacity: true,
  });
  let left = false;
  for (let second = 0; second < 400; second += 1) {
    await on.world.advance(1);
    const weight = on.weights()[leaving];
    left ||= weight === undefined || weight === 0;
    expect(left && weight !== undefined && weight > 0).toBe(false);
  }
  on.world.ec2.readLagSeconds = undefined;
  on.world.autoScaling.readLagSeconds = undefined;
  await on.world.advance(120);
  expect(Object.keys(on.weights()).toSorted()).toEqual(on.members('web-blue').toSorted());
});

test('a quiet cluster is written to by nobody for an hour', async () => {
  on = await inService(3);
  const writes = on.world.route53.writes.length;
  const serial = on.registry()?.serial;
  await on.world.advance(3600);
  expect(on.world.route53.writes.length).toBe(writes);
  expect(on.registry()?.serial).toBe(serial);
  expect(on.logged().filter(({ level }) => level !== 'INFO')).toEqual([]);
});

test('the role allows what the function does, and nothing was denied', async () => {
  on = await inService(3);
  on.setCapacity('web-blue', 1);
  await on.world.advance(300);
  expect(
    on.deployment.calls.filter(
      ({ error }) => error?.name.includes('Denied') === true || error?.name === 'UnauthorizedOperation',
    ),
  ).toEqual([]);
});
