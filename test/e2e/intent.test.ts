import { afterEach, expect, test } from 'vitest';
import { inService, type Stage, stage } from './stage.ts';

let on: Stage;

afterEach(async () => {
  await on.deployment.close();
});

function tag(host: string, key: string, value: string): void {
  on.world.ec2.createTags({ Resources: [host], Tags: [{ Key: key, Value: value }] });
}

test.each([
  ['0', 0],
  ['50%', 32_768],
  ['2560', 2560],
  ['heavy', 65_535],
  ['70000', 65_535],
  ['', 65_535],
])('an operator writes srv_weight %j: the record says %i', async (raw, weight) => {
  on = await inService(2);
  const [host = ''] = on.members('web-blue');
  tag(host, 'srv_weight', raw);
  await on.world.advance(5);
  expect(on.weights()[host]).toBe(weight);
  expect(on.world.ec2.instance(host)?.tags.get('srv_weight')).toBe(raw);
});

test('an unreadable weight is logged with the host and what was found', async () => {
  on = await inService(2);
  const [host = ''] = on.members('web-blue');
  tag(host, 'srv_weight', 'heavy');
  await on.world.advance(5);
  expect(on.logged().map(({ message }) => message)).toContain(
    `Cannot read tag "srv_weight" of instance "${host}": must be 0 to 65535 or a percentage: current value is "heavy"`,
  );
});

test('removing the weight takes the host out, writing it brings it back', async () => {
  on = await inService(2);
  const [host = ''] = on.members('web-blue');
  on.world.ec2.deleteTags({ Resources: [host], Tags: [{ Key: 'srv_weight' }] });
  await on.world.advance(5);
  expect(Object.keys(on.weights())).not.toContain(host);
  tag(host, 'srv_weight', '100%');
  await on.world.advance(5);
  expect(on.weights()[host]).toBe(65_535);
});

test('a poisoned ip_address never reaches the record', async () => {
  on = await inService(2);
  const [host = ''] = on.members('web-blue');
  const own = on.world.route53.answer(`${host}.web.svc.example.internal`, 'A')?.values;
  tag(host, 'ip_address', '203.0.113.66');
  await on.world.advance(120);
  expect(on.world.route53.answer(`${host}.web.svc.example.internal`, 'A')?.values).toEqual(own);
  expect(JSON.stringify(on.world.route53.records(on.zoneId))).not.toContain('203.0.113.66');
  expect(on.logged().some(({ message }) => message.includes('Cannot believe tag "ip_address"'))).toBe(true);
});

test('a foreign record at a cluster’s name is left alone, and the refusal says whose it is', async () => {
  const foreign = {
    Name: '_http._tcp.web.svc.example.internal.',
    Type: 'SRV' as const,
    TTL: 300,
    ResourceRecords: [{ Value: '1 1 80 old.example.com.' }],
  };
  on = await stage({
    prepare: (world) => {
      world.route53.changeResourceRecordSets({
        HostedZoneId: 'Z0EXAMPLE1234567890',
        ChangeBatch: { Changes: [{ Action: 'CREATE', ResourceRecordSet: foreign }] },
      });
    },
  });
  on.setCapacity('web-blue', 2);
  on.setCapacity('api', 1);
  await on.world.advance(120);
  expect(on.world.route53.records(on.zoneId).filter(({ Name }) => Name?.includes('web.') === true)).toEqual([foreign]);
  expect(Object.keys(on.weights('api'))).toHaveLength(1);
  expect(on.logged().some(({ level, text }) => level === 'ERROR' && text.includes('without it'))).toBe(true);
});

test('messages that are not ours are acknowledged, and stop nobody', async () => {
  on = await inService(1);
  const queue = Object.entries(on.deployment.queueUrls).find(([name]) => !name.includes('DeadLetter'))?.[1] ?? '';
  const foreign = on.world.ec2.launch();
  for (const body of ['{"broken', '{"Event":"autoscaling:TEST_NOTIFICATION"}', '{}', '"text"']) {
    on.world.sqs.sendMessage({ QueueUrl: queue, MessageBody: body });
  }
  on.world.ec2.crash(foreign);
  on.setCapacity('web-blue', 2);
  await on.world.advance(120);
  expect(Object.keys(on.weights())).toHaveLength(2);
  const { Attributes } = on.world.sqs.getQueueAttributes({ QueueUrl: queue, AttributeNames: ['All'] });
  expect([Attributes?.ApproximateNumberOfMessages, Attributes?.ApproximateNumberOfMessagesNotVisible]).toEqual([
    '0',
    '0',
  ]);
  const reasons = on
    .logged()
    .filter(({ message }) => message.startsWith('Ignored'))
    .map(({ text }) => text)
    .join('\n');
  for (const reason of ['not JSON', 'test notification', 'no EventBridge event', 'no instance of a managed group']) {
    expect(reasons).toContain(reason);
  }
});

test('state changes of a hundred foreign instances cost one read per batch', async () => {
  on = await inService(1);
  await on.world.advance(2);
  const foreign = Array.from({ length: 100 }, () => on.world.ec2.launch());
  await on.world.advance(20);
  const before = on.calls().length;
  const batches = on.deployment.invocations.length;
  for (const id of foreign) {
    on.world.ec2.crash(id);
  }
  await on.world.advance(4);
  const calls = on.calls().slice(before);
  expect(on.deployment.invocations.length - batches).toBeLessThanOrEqual(3);
  expect(calls.filter((call) => call === 'ec2:DescribeInstances').length).toBeLessThanOrEqual(
    on.deployment.invocations.length - batches,
  );
  expect(calls.filter((call) => call.startsWith('route53:'))).toEqual([]);
});

test('a record edited in the console is put right within a minute', async () => {
  on = await inService(2);
  const hosts = on.members('web-blue');
  const set = on.world.route53.records(on.zoneId).find(({ Type }) => Type === 'SRV');
  on.world.route53.changeResourceRecordSets({
    HostedZoneId: on.zoneId,
    ChangeBatch: {
      Changes: [
        { Action: 'DELETE', ResourceRecordSet: set },
        {
          Action: 'CREATE',
          ResourceRecordSet: {
            Name: set?.Name,
            Type: 'SRV',
            TTL: 600,
            ResourceRecords: [{ Value: '0 1 1 console.example.com.' }],
          },
        },
      ],
    },
  });
  await on.world.advance(61);
  expect(Object.keys(on.weights()).toSorted()).toEqual(hosts.toSorted());
});
