import { XMLParser } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { createRouter } from '../../sim/wire/router.ts';
import type { WireResponse } from '../../sim/wire/wireMessage.ts';
import { World } from '../../sim/world.ts';

const queueUrl = 'https://sqs.eu-west-1.amazonaws.com/111122223333/work';
const awkward = ` <a & "b"> 'c' \\ + %41 ü `;
const parser = new XMLParser({ ignoreDeclaration: true, parseTagValue: false, trimValues: false });

interface Given {
  readonly world: World;
  /** Sends the parameters of one call, as clients did before SQS spoke JSON. */
  readonly post: (parameters: Readonly<Record<string, string>>) => WireResponse;
  /** Sends a call and reads its result. */
  readonly ask: (action: string, parameters?: Readonly<Record<string, string>>) => unknown;
}

function given(): Given {
  const world = new World();
  const router = createRouter(world);
  world.sqs.createQueue({ QueueName: 'work' });
  const post: Given['post'] = (parameters) => {
    const body = new URLSearchParams({ Version: '2012-11-05', ...parameters }).toString();
    return router({ method: 'POST', path: '/', query: {}, headers: {}, body });
  };
  const ask: Given['ask'] = (action, parameters = {}) => {
    const { statusCode, body } = post({ Action: action, QueueUrl: queueUrl, ...parameters });
    expect([statusCode, body]).toEqual([
      200,
      expect.stringContaining(`<${action}Response xmlns="http://queue.amazonaws.com/doc/2012-11-05/">`),
    ]);
    return parser.parse(body)[`${action}Response`][`${action}Result`];
  };
  return { world, post, ask };
}

test('CreateQueue reads numbered pairs of attributes, and GetQueueAttributes writes them', () => {
  const { ask } = given();
  const attributes = {
    'Attribute.1.Name': 'VisibilityTimeout',
    'Attribute.1.Value': '360',
    'Attribute.2.Name': 'DelaySeconds',
    'Attribute.2.Value': '5',
  };
  const QueueUrl = queueUrl.replace('work', 'slow');
  expect(ask('CreateQueue', { QueueName: 'slow', ...attributes })).toEqual({ QueueUrl });
  expect(ask('GetQueueUrl', { QueueName: 'slow' })).toEqual({ QueueUrl });
  const names = { 'AttributeName.1': 'DelaySeconds', 'AttributeName.2': 'VisibilityTimeout' };
  expect(ask('GetQueueAttributes', { QueueUrl, ...names })).toEqual({
    Attribute: [
      { Name: 'DelaySeconds', Value: '5' },
      { Name: 'VisibilityTimeout', Value: '360' },
    ],
  });
});

test('a batch is numbered entries in, and an element for each of them out', () => {
  const { world, ask } = given();
  const entries = [
    { Id: 'a', MessageBody: awkward },
    { Id: 'b', MessageBody: 'never', DelaySeconds: '901' },
    { Id: 'c', MessageBody: 'soon', DelaySeconds: '0' },
  ];
  const numbered = (kind: string, all: readonly object[]): Record<string, string> =>
    Object.fromEntries(
      all.flatMap((entry, index) =>
        Object.entries(entry).map(([name, value]) => [`${kind}.${index + 1}.${name}`, String(value)]),
      ),
    );
  expect(ask('SendMessageBatch', numbered('SendMessageBatchRequestEntry', entries))).toEqual({
    SendMessageBatchResultEntry: [expect.objectContaining({ Id: 'a' }), expect.objectContaining({ Id: 'c' })],
    BatchResultErrorEntry: expect.objectContaining({ Id: 'b', SenderFault: 'true', Code: 'InvalidParameterValue' }),
  });
  const received = world.sqs.receiveMessage({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }).Messages ?? [];
  expect(received.map((message) => message.Body)).toEqual([awkward, 'soon']);
  const handles = received.map((message) => ({
    Id: message.Body === 'soon' ? 'soon' : 'x',
    ReceiptHandle: message.ReceiptHandle,
  }));
  expect(ask('DeleteMessageBatch', numbered('DeleteMessageBatchRequestEntry', handles))).toEqual({
    DeleteMessageBatchResultEntry: [{ Id: 'x' }, { Id: 'soon' }],
  });
  expect(world.sqs.visibleAt(queueUrl)).toBeUndefined();
});

test('a received message shows its attributes as pairs', () => {
  const { world, ask } = given();
  ask('SendMessage', { MessageBody: awkward });
  expect(ask('ReceiveMessage', { 'AttributeName.1': 'SentTimestamp', 'AttributeName.2': 'SenderId' })).toEqual({
    Message: expect.objectContaining({
      Body: awkward,
      MD5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/u),
      Attribute: [
        { Name: 'SentTimestamp', Value: String(world.now) },
        { Name: 'SenderId', Value: '111122223333' },
      ],
    }),
  });
});

// botocore looks into the result before it knows that there are no messages.
test('the answer of an empty queue still has its result', () => {
  const { ask } = given();
  expect(ask('ReceiveMessage')).toBe('');
});

test.each<[string, number, string, Readonly<Record<string, string>>]>([
  ['AWS.SimpleQueueService.NonExistentQueue', 400, 'PurgeQueue', { QueueUrl: `${queueUrl}x` }],
  ['AWS.SimpleQueueService.EmptyBatchRequest', 400, 'SendMessageBatch', {}],
  ['ReceiptHandleIsInvalid', 400, 'DeleteMessage', { ReceiptHandle: 'nonsense' }],
  ['InvalidParameterValue', 400, 'SendMessage', { MessageBody: 'a', DelaySeconds: 'soon' }],
  ['InvalidAction', 400, 'ListQueues', {}],
  ['InvalidAction', 400, '', {}],
  [
    'AWS.SimpleQueueService.UnsupportedOperation',
    400,
    'SendMessage',
    {
      MessageBody: 'a',
      'MessageAttribute.1.Name': 'trace',
      'MessageAttribute.1.Value.DataType': 'String',
      'MessageAttribute.1.Value.StringValue': '1',
    },
  ],
])('an error bears the code of the query protocol: %s, %i', (code, status, action, parameters) => {
  const { post } = given();
  const { statusCode, body } = post({ Action: action, QueueUrl: queueUrl, ...parameters });
  expect(statusCode).toBe(status);
  expect(parser.parse(body)).toEqual({
    ErrorResponse: {
      Error: { Type: 'Sender', Code: code, Message: expect.stringMatching(/./u), Detail: '' },
      RequestId: '00000000-0000-4000-8000-000000000001',
    },
  });
});
