import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { World } from '../../sim/world.ts';

function givenQueue(attributes: Record<string, string> = {}): { world: World; url: string } {
  const world = new World();
  return { world, url: world.sqs.createQueue({ QueueName: 'work', Attributes: attributes }).QueueUrl ?? '' };
}

function bodies(world: World, url: string, count = 10): (string | undefined)[] {
  return (world.sqs.receiveMessage({ QueueUrl: url, MaxNumberOfMessages: count }).Messages ?? []).map(
    (message) => message.Body,
  );
}

function counts(world: World, url: string): (string | undefined)[] {
  const attributes: Record<string, string> =
    world.sqs.getQueueAttributes({ QueueUrl: url, AttributeNames: ['All'] }).Attributes ?? {};
  return ['', 'NotVisible', 'Delayed'].map((kind) => attributes[`ApproximateNumberOfMessages${kind}`]);
}

test('a message is received with its checksum, and is gone once deleted', () => {
  const { world, url } = givenQueue();
  const md5 = createHash('md5').update('grüße').digest('hex');
  expect(world.sqs.sendMessage({ QueueUrl: url, MessageBody: 'grüße' }).MD5OfMessageBody).toBe(md5);
  const received = world.sqs.receiveMessage({ QueueUrl: url, MessageSystemAttributeNames: ['All'] }).Messages?.[0];
  expect(received).toMatchObject({
    Body: 'grüße',
    MD5OfBody: md5,
    Attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(world.now) },
  });
  world.sqs.deleteMessage({ QueueUrl: url, ReceiptHandle: received?.ReceiptHandle });
  expect(counts(world, url)).toEqual(['0', '0', '0']);
});

test('a received message is hidden for the visibility timeout, then comes back with a higher count and a new handle', async () => {
  const { world, url } = givenQueue({ VisibilityTimeout: '60' });
  world.sqs.sendMessage({ QueueUrl: url, MessageBody: 'a' });
  const first = world.sqs.receiveMessage({ QueueUrl: url }).Messages?.[0];
  expect(counts(world, url)).toEqual(['0', '1', '0']);
  await world.advance(59.999);
  expect(bodies(world, url)).toEqual([]);
  expect(world.sqs.visibleAt(url)).toBe(world.now + 1);
  await world.advance(0.001);
  const second = world.sqs.receiveMessage({ QueueUrl: url, MessageSystemAttributeNames: ['ApproximateReceiveCount'] })
    .Messages?.[0];
  expect(second?.Attributes).toEqual({ ApproximateReceiveCount: '2' });
  world.sqs.deleteMessage({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle });
  expect(counts(world, url)).toEqual(['0', '1', '0']);
  world.sqs.deleteMessage({ QueueUrl: url, ReceiptHandle: second?.ReceiptHandle });
  expect(world.sqs.visibleAt(url)).toBeUndefined();
});

test('a delayed message becomes visible when its delay is over', async () => {
  const { world, url } = givenQueue({ DelaySeconds: '5' });
  world.sqs.sendMessage({ QueueUrl: url, MessageBody: 'own', DelaySeconds: 900 });
  world.sqs.sendMessage({ QueueUrl: url, MessageBody: 'queue’s' });
  expect(counts(world, url)).toEqual(['0', '0', '2']);
  expect(world.sqs.visibleAt(url)).toBe(world.now + 5_000);
  await world.advance(5);
  expect(bodies(world, url)).toEqual(['queue’s']);
  await world.advance(895);
  expect(bodies(world, url)).toEqual(['own', 'queue’s']);
});

test('changeMessageVisibility() gives a message back at once, or keeps it longer', async () => {
  const { world, url } = givenQueue();
  world.sqs.sendMessage({ QueueUrl: url, MessageBody: 'a' });
  const handle = (): string | undefined => world.sqs.receiveMessage({ QueueUrl: url }).Messages?.[0]?.ReceiptHandle;
  const first = handle();
  world.sqs.changeMessageVisibility({ QueueUrl: url, ReceiptHandle: first, VisibilityTimeout: 0 });
  expect(world.sqs.visibleAt(url)).toBe(world.now);
  expect(() =>
    world.sqs.changeMessageVisibility({ QueueUrl: url, ReceiptHandle: first, VisibilityTimeout: 1 }),
  ).toThrow(expect.objectContaining({ name: 'MessageNotInflight' }));
  world.sqs.changeMessageVisibility({ QueueUrl: url, ReceiptHandle: handle(), VisibilityTimeout: 100 });
  await world.advance(99);
  expect(bodies(world, url)).toEqual([]);
  await world.advance(1);
  expect(bodies(world, url)).toEqual(['a']);
});

test('a message received maxReceiveCount times goes to the dead-letter queue instead of coming back', async () => {
  const world = new World();
  const dead = world.sqs.createQueue({ QueueName: 'dead' }).QueueUrl ?? '';
  const policy = { deadLetterTargetArn: `arn:aws:sqs:${world.region}:${world.account}:dead`, maxReceiveCount: 2 };
  const url =
    world.sqs.createQueue({ QueueName: 'work', Attributes: { RedrivePolicy: JSON.stringify(policy) } }).QueueUrl ?? '';
  world.sqs.sendMessage({ QueueUrl: url, MessageBody: 'poison' });
  for (const expected of [['poison'], ['poison'], []]) {
    expect(bodies(world, url)).toEqual(expected);
    await world.advance(30);
  }
  expect(counts(world, url)).toEqual(['0', '0', '0']);
  expect(bodies(world, dead)).toEqual(['poison']);
});

test('a message is dropped when it is older than the retention period', async () => {
  const { world, url } = givenQueue({ MessageRetentionPeriod: '60' });
  world.sqs.sendMessage({ QueueUrl: url, MessageBody: 'a' });
  await world.advance(59);
  expect(counts(world, url)).toEqual(['1', '0', '0']);
  await world.advance(1);
  expect(counts(world, url)).toEqual(['0', '0', '0']);
});

test('sendMessageBatch() sends what it can and names what failed', () => {
  const { world, url } = givenQueue();
  world.sqs.sendFault = (body) => body === 'unlucky';
  const result = world.sqs.sendMessageBatch({
    QueueUrl: url,
    Entries: [
      { Id: 'a', MessageBody: 'fine', DelaySeconds: 0 },
      { Id: 'b', MessageBody: 'too late', DelaySeconds: 901 },
      { Id: 'c', MessageBody: 'unlucky' },
    ],
  });
  expect(result.Successful?.map((entry) => entry.Id)).toEqual(['a']);
  expect(result.Failed).toMatchObject([
    { Id: 'b', SenderFault: true, Code: 'InvalidParameterValue' },
    { Id: 'c', SenderFault: false, Code: 'InternalError' },
  ]);
  expect(bodies(world, url)).toEqual(['fine']);
});

const entry = (id: string) => ({ Id: id, MessageBody: id });
test.each([
  ['EmptyBatchRequest', []],
  ['TooManyEntriesInBatchRequest', Array.from({ length: 11 }, (_, index) => entry(String(index)))],
  ['BatchEntryIdsNotDistinct', [entry('a'), entry('a')]],
  ['InvalidBatchEntryId', [entry('a b')]],
  ['BatchRequestTooLong', [entry('a'), { Id: 'b', MessageBody: 'x'.repeat(1_048_576) }]],
])('sendMessageBatch() fails whole with %s', (name, entries) => {
  const { world, url } = givenQueue();
  expect(() => world.sqs.sendMessageBatch({ QueueUrl: url, Entries: entries })).toThrow(
    expect.objectContaining({ name }),
  );
  expect(counts(world, url)).toEqual(['0', '0', '0']);
});

test('deleteMessageBatch() deletes by handle and reports a handle that is none', () => {
  const { world, url } = givenQueue();
  world.sqs.sendMessage({ QueueUrl: url, MessageBody: 'a' });
  const handle = world.sqs.receiveMessage({ QueueUrl: url }).Messages?.[0]?.ReceiptHandle;
  const result = world.sqs.deleteMessageBatch({
    QueueUrl: url,
    Entries: [
      { Id: 'good', ReceiptHandle: handle },
      { Id: 'bad', ReceiptHandle: 'nonsense' },
    ],
  });
  expect(result.Successful).toEqual([{ Id: 'good' }]);
  expect(result.Failed).toMatchObject([{ Id: 'bad', Code: 'ReceiptHandleIsInvalid' }]);
  expect(counts(world, url)).toEqual(['0', '0', '0']);
});

// The page of DeleteMessage says 400 (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html#API_DeleteMessage_Errors).
test('a receipt handle that is none is answered with status 400', () => {
  const { world, url } = givenQueue();
  expect(() => world.sqs.deleteMessage({ QueueUrl: url, ReceiptHandle: 'nonsense' })).toThrow(
    expect.objectContaining({ name: 'ReceiptHandleIsInvalid', statusCode: 400 }),
  );
});

const unknownAttribute: Record<string, string> = { Colour: 'red' };
test.each<[string, string, (world: World, url: string) => unknown]>([
  ['an unknown queue', 'QueueDoesNotExist', (world) => world.sqs.getQueueUrl({ QueueName: 'none' })],
  ['no body', 'MissingParameter', (world, url) => world.sqs.sendMessage({ QueueUrl: url, MessageBody: '' })],
  [
    'a negative delay',
    'InvalidParameterValue',
    (world, url) => world.sqs.sendMessage({ QueueUrl: url, MessageBody: 'a', DelaySeconds: -1 }),
  ],
  [
    'eleven at once',
    'InvalidParameterValue',
    (world, url) => world.sqs.receiveMessage({ QueueUrl: url, MaxNumberOfMessages: 11 }),
  ],
  [
    'an unknown attribute',
    'InvalidAttributeName',
    (world) => world.sqs.createQueue({ QueueName: 'q', Attributes: unknownAttribute }),
  ],
  [
    'a visibility of 12 h and 1 s',
    'InvalidAttributeValue',
    (world) => world.sqs.createQueue({ QueueName: 'q', Attributes: { VisibilityTimeout: '43201' } }),
  ],
  [
    'another queue of the name',
    'QueueNameExists',
    (world) => world.sqs.createQueue({ QueueName: 'work', Attributes: { DelaySeconds: '1' } }),
  ],
  ['a FIFO queue', 'InvalidParameterValue', (world) => world.sqs.createQueue({ QueueName: 'q.fifo' })],
  [
    'a policy that is no JSON',
    'InvalidAttributeValue',
    (world) => world.sqs.createQueue({ QueueName: 'q', Attributes: { RedrivePolicy: 'x' } }),
  ],
])('%s is refused as %s', (_, name, call) => {
  const { world, url } = givenQueue();
  expect(() => call(world, url)).toThrow(expect.objectContaining({ name }));
});

test('receiveUpTo() takes as many messages as Lambda would, in the shape in which a function gets them', () => {
  const { world, url } = givenQueue();
  for (let index = 0; index < 25; index += 1) {
    world.sqs.sendMessage({ QueueUrl: url, MessageBody: String(index) });
  }
  const records = world.sqs.receiveUpTo(url, 20);
  expect(records).toHaveLength(20);
  expect(records[0]).toMatchObject({
    body: '0',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:${world.region}:${world.account}:work`,
    awsRegion: world.region,
    messageAttributes: {},
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: String(world.now),
      ApproximateFirstReceiveTimestamp: String(world.now),
    },
  });
  expect(counts(world, url)).toEqual(['5', '20', '0']);
});

test('purgeQueue() leaves nothing, and getQueueAttributes() gives only what was asked for', () => {
  const { world, url } = givenQueue({ VisibilityTimeout: '360' });
  world.sqs.sendMessage({ QueueUrl: url, MessageBody: 'a' });
  world.sqs.purgeQueue({ QueueUrl: url });
  expect(counts(world, url)).toEqual(['0', '0', '0']);
  expect(
    world.sqs.getQueueAttributes({ QueueUrl: url, AttributeNames: ['VisibilityTimeout', 'QueueArn'] }).Attributes,
  ).toEqual({
    VisibilityTimeout: '360',
    QueueArn: `arn:aws:sqs:${world.region}:${world.account}:work`,
  });
});
