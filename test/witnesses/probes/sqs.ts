import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  PurgeQueueCommand,
  type QueueAttributeName,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { Account } from './account.ts';
import { type Answer, type Probe, refusal, refusalText } from './probe.ts';

const api = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference';
const sendMessage = `${api}/API_SendMessage.html`;
const sendMessageBatch = `${api}/API_SendMessageBatch.html`;
const receiveMessage = `${api}/API_ReceiveMessage.html`;
const deleteMessage = `${api}/API_DeleteMessage.html`;
const deleteMessageBatch = `${api}/API_DeleteMessageBatch.html`;
const changeMessageVisibility = `${api}/API_ChangeMessageVisibility.html`;
const createQueue = `${api}/API_CreateQueue.html`;
const getQueueAttributes = `${api}/API_GetQueueAttributes.html`;
const quotas = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html';
const deadLetterQueues =
  'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html';

/** A delay or a timeout, and a wait that is longer without doubt. */
const shortSeconds = 2;
const overSeconds = 2.4;

type Attributes = Partial<Record<QueueAttributeName, string>>;

/** Makes a queue of the probe's own. @returns its URL */
async function queue(aws: Account, attributes: Attributes = {}, name = 'queue'): Promise<string> {
  const made = await aws.sqs.send(new CreateQueueCommand({ QueueName: aws.name(name), Attributes: attributes }));
  return made.QueueUrl ?? '';
}

const send = (aws: Account, url: string, body: string, delaySeconds?: number) =>
  aws.sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body, DelaySeconds: delaySeconds }));

async function receive(
  aws: Account,
  url: string,
  options: Omit<ReceiveMessageCommandInput, 'QueueUrl'> = {},
): Promise<readonly Message[]> {
  const received = await aws.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      ...options,
    }),
  );
  return received.Messages ?? [];
}

/** What a receive finds: bodies with the number of times that each was received. */
async function found(aws: Account, url: string, visibilityTimeout?: number): Promise<Answer> {
  const messages = await receive(aws, url, { VisibilityTimeout: visibilityTimeout });
  return messages.map(({ Body, Attributes }) => `${Body} ${Attributes?.ApproximateReceiveCount}`).toSorted();
}

const discard = (aws: Account, url: string, handle: string | undefined) =>
  aws.sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: handle }));

const setVisibility = (aws: Account, url: string, handle: string | undefined, seconds: number) =>
  aws.sqs.send(
    new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: handle, VisibilityTimeout: seconds }),
  );

/** Sends a batch to a queue of its own. */
async function sendBatch(aws: Account, entries: SendMessageBatchRequestEntry[]) {
  return aws.sqs.send(new SendMessageBatchCommand({ QueueUrl: await queue(aws), Entries: entries }));
}

const entries = (count: number, bytes = 1): SendMessageBatchRequestEntry[] =>
  Array.from({ length: count }, (_, index) => ({ Id: `entry-${index}`, MessageBody: 'x'.repeat(bytes) }));

const refusedBatch = (list: SendMessageBatchRequestEntry[]): Probe['ask'] => {
  return (aws) => refusalText(sendBatch(aws, list));
};

async function attributes(aws: Account, url: string, ...names: QueueAttributeName[]): Promise<Attributes> {
  const read = await aws.sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: names }));
  return read.Attributes ?? {};
}

/** A queue that gives a message up after so many receives, and the queue where it goes then. */
async function withDeadLetters(aws: Account, receivesMax: number): Promise<{ url: string; deadLetters: string }> {
  const deadLetters = await queue(aws, {}, 'dead-letters');
  const { QueueArn: deadLetterTargetArn } = await attributes(aws, deadLetters, 'QueueArn');
  const policy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: receivesMax });
  return { url: await queue(aws, { RedrivePolicy: policy }), deadLetters };
}

/** The queue between the events and the function, and its dead letters. */
export const sqs: readonly Probe[] = [
  {
    name: 'A message is received as it was sent, and is gone once it is deleted',
    page: receiveMessage,
    ask: async (aws) => {
      const url = await queue(aws, { VisibilityTimeout: '0' });
      const body = `{"a": "ü <&> '"}`;
      const sent = await send(aws, url, body);
      const [message] = await receive(aws, url);
      const same = message?.Body === body && message.MD5OfBody === sent.MD5OfMessageBody;
      await discard(aws, url, message?.ReceiptHandle);
      return { same, md5: sent.MD5OfMessageBody, left: await found(aws, url) };
    },
    answer: { same: true, md5: 'e322878a30fad6e6ae17d2c5ba0ab86b', left: [] },
  },
  {
    name: 'A message with a delay is not there until the delay is over',
    page: sendMessage,
    ask: async (aws) => {
      const url = await queue(aws);
      await send(aws, url, 'late', shortSeconds);
      const before = await found(aws, url);
      await aws.elapse(overSeconds);
      return [before, await found(aws, url)];
    },
    answer: [[], ['late 1']],
  },
  {
    name: "A queue's own delay applies to messages that name none",
    page: createQueue,
    ask: async (aws) => {
      const url = await queue(aws, { DelaySeconds: String(shortSeconds) });
      await send(aws, url, 'late');
      await send(aws, url, 'now', 0);
      const before = await found(aws, url);
      await aws.elapse(overSeconds);
      return [before, await found(aws, url)];
    },
    answer: [['now 1'], ['late 1']],
  },
  {
    name: 'A delay of 900 seconds is taken, one of 901 is refused',
    page: sendMessage,
    ask: async (aws) => {
      const url = await queue(aws);
      return [await refusal(send(aws, url, 'late', 900)), await refusalText(send(aws, url, 'later', 901))];
    },
    answer: [
      'accepted',
      '400 InvalidParameterValue: Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.',
    ],
  },
  {
    name: 'A received message is hidden for the visibility timeout and counts its receives',
    page: receiveMessage,
    ask: async (aws) => {
      const url = await queue(aws, { VisibilityTimeout: String(shortSeconds) });
      await send(aws, url, 'work');
      const first = await found(aws, url);
      const meanwhile = await found(aws, url);
      await aws.elapse(overSeconds);
      return [first, meanwhile, await found(aws, url)];
    },
    answer: [['work 1'], [], ['work 2']],
  },
  {
    name: 'A receive may name its own visibility timeout',
    page: receiveMessage,
    ask: async (aws) => {
      const url = await queue(aws);
      await send(aws, url, 'work');
      return [await found(aws, url, 0), await found(aws, url), await found(aws, url)];
    },
    answer: [['work 1'], ['work 2'], []],
  },
  {
    name: 'A visibility timeout of 0 gives a message back at once',
    page: changeMessageVisibility,
    ask: async (aws) => {
      const url = await queue(aws);
      await send(aws, url, 'work');
      const [message] = await receive(aws, url);
      const hidden = await found(aws, url);
      await setVisibility(aws, url, message?.ReceiptHandle, 0);
      return [hidden, await found(aws, url)];
    },
    answer: [[], ['work 2']],
  },
  {
    name: 'A visibility timeout of 43,201 seconds is refused',
    page: changeMessageVisibility,
    ask: async (aws) => {
      const url = await queue(aws);
      await send(aws, url, 'work');
      const [message] = await receive(aws, url);
      return refusal(setVisibility(aws, url, message?.ReceiptHandle, 43_201));
    },
    answer: '400 InvalidParameterValue',
  },
  {
    name: 'The visibility of a message that is not in flight cannot be changed',
    page: changeMessageVisibility,
    ask: async (aws) => {
      const url = await queue(aws);
      await send(aws, url, 'work');
      const [message] = await receive(aws, url, { VisibilityTimeout: 0 });
      return refusal(setVisibility(aws, url, message?.ReceiptHandle, 10));
    },
    answer: '400 MessageNotInflight',
  },
  {
    name: 'A deleted message may be deleted again',
    page: deleteMessage,
    ask: async (aws) => {
      const url = await queue(aws);
      await send(aws, url, 'work');
      const [message] = await receive(aws, url);
      await discard(aws, url, message?.ReceiptHandle);
      return refusal(discard(aws, url, message?.ReceiptHandle));
    },
    answer: 'accepted',
  },
  {
    // Whether it deletes the message is not said: it "might not".
    name: 'The receipt handle of an earlier receive may be used to delete',
    page: deleteMessage,
    ask: async (aws) => {
      const url = await queue(aws, { VisibilityTimeout: '0' });
      await send(aws, url, 'work');
      const [first] = await receive(aws, url);
      await receive(aws, url);
      return refusal(discard(aws, url, first?.ReceiptHandle));
    },
    answer: 'accepted',
  },
  {
    name: 'A receipt handle that is none is refused',
    page: deleteMessage,
    ask: async (aws) => refusal(discard(aws, await queue(aws), 'nonsense')),
    answer: '400 ReceiptHandleIsInvalid',
  },
  {
    name: 'A receive of more than ten messages is refused',
    page: receiveMessage,
    ask: async (aws) => refusal(receive(aws, await queue(aws), { MaxNumberOfMessages: 11 })),
    answer: '400 InvalidParameterValue',
  },
  {
    name: 'A receive gives no more messages than asked for',
    page: receiveMessage,
    ask: async (aws) => {
      const url = await queue(aws);
      await send(aws, url, 'a');
      await send(aws, url, 'b');
      return (await receive(aws, url, { MaxNumberOfMessages: 1 })).length;
    },
    answer: 1,
  },
  {
    name: 'A batch sends ten messages',
    page: sendMessageBatch,
    ask: async (aws) => {
      const { Successful, Failed } = await sendBatch(aws, entries(10));
      return [
        Successful?.map(({ Id }) => Id)
          .toSorted()
          .at(-1),
        Successful?.length,
        Failed?.length ?? 0,
      ];
    },
    answer: ['entry-9', 10, 0],
  },
  {
    name: 'A batch of eleven messages is refused',
    page: sendMessageBatch,
    ask: async (aws) => refusal(sendBatch(aws, entries(11))),
    answer: '400 TooManyEntriesInBatchRequest',
  },
  {
    name: 'A batch without messages is refused',
    page: sendMessageBatch,
    ask: refusedBatch([]),
    answer: '400 EmptyBatchRequest: There should be at least one SendMessageBatchRequestEntry in the request.',
  },
  {
    name: 'A batch with one id twice is refused',
    page: sendMessageBatch,
    ask: refusedBatch([...entries(1), ...entries(2)]),
    answer: '400 BatchEntryIdsNotDistinct: Id entry-0 repeated.',
  },
  {
    name: 'A batch with an id of other characters than letters, digits, - and _ is refused',
    page: sendMessageBatch,
    ask: refusedBatch([{ Id: 'a b', MessageBody: 'x' }]),
    answer:
      '400 InvalidBatchEntryId: A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
  },
  {
    name: 'A batch of more than 1 MiB is refused',
    page: quotas,
    ask: refusedBatch(entries(2, 524_289)),
    answer: '400 BatchRequestTooLong: Batch requests cannot be longer than 1048576 bytes. You have sent 1048578 bytes.',
  },
  {
    name: 'A message of 1 MiB is taken, one of more is refused',
    page: quotas,
    ask: async (aws) => {
      const url = await queue(aws);
      const size = 1_048_576;
      return [await refusal(send(aws, url, 'x'.repeat(size))), await refusalText(send(aws, url, 'x'.repeat(size + 1)))];
    },
    answer: [
      'accepted',
      '400 InvalidParameterValue: One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.',
    ],
  },
  {
    name: 'A bad entry of a batch fails alone, inside an answer that is no error',
    page: sendMessageBatch,
    ask: async (aws) => {
      const { Successful, Failed } = await sendBatch(aws, [
        { Id: 'good', MessageBody: 'x' },
        { Id: 'bad', MessageBody: 'x', DelaySeconds: 901 },
      ]);
      return {
        sent: Successful?.map(({ Id }) => Id),
        failed: Failed?.map(({ Id, Code, SenderFault }) => [Id, Code, SenderFault]),
      };
    },
    answer: { sent: ['good'], failed: [['bad', 'InvalidParameterValue', true]] },
  },
  {
    name: 'A batch deletes what it can and names what it cannot',
    page: deleteMessageBatch,
    ask: async (aws) => {
      const url = await queue(aws);
      await send(aws, url, 'work');
      const [message] = await receive(aws, url);
      const { Successful, Failed } = await aws.sqs.send(
        new DeleteMessageBatchCommand({
          QueueUrl: url,
          Entries: [
            { Id: 'good', ReceiptHandle: message?.ReceiptHandle },
            { Id: 'bad', ReceiptHandle: 'nonsense' },
          ],
        }),
      );
      return {
        deleted: Successful?.map(({ Id }) => Id),
        failed: Failed?.map(({ Id, Code, SenderFault }) => [Id, Code, SenderFault]),
      };
    },
    answer: { deleted: ['good'], failed: [['bad', 'ReceiptHandleIsInvalid', true]] },
  },
  {
    name: 'A message that was received maxReceiveCount times goes to the dead-letter queue',
    page: deadLetterQueues,
    ask: async (aws) => {
      const { url, deadLetters } = await withDeadLetters(aws, 2);
      await send(aws, url, 'poison');
      const received = [await found(aws, url, 0), await found(aws, url, 0), await found(aws, url, 0)];
      const dead = (await receive(aws, deadLetters)).map(({ Body }) => Body);
      return { received, dead };
    },
    answer: { received: [['poison 1'], ['poison 2'], []], dead: ['poison'] },
  },
  {
    name: 'Messages are counted by whether they can be received, are in flight or are delayed',
    page: getQueueAttributes,
    ask: async (aws) => {
      const url = await queue(aws);
      await send(aws, url, 'a');
      await receive(aws, url);
      await send(aws, url, 'b');
      await send(aws, url, 'c');
      await send(aws, url, 'd', 900);
      const read = await attributes(
        aws,
        url,
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      );
      return Object.entries(read)
        .map(([name, value]) => `${name} ${value}`)
        .toSorted();
    },
    answer: [
      'ApproximateNumberOfMessages 2',
      'ApproximateNumberOfMessagesDelayed 1',
      'ApproximateNumberOfMessagesNotVisible 1',
    ],
  },
  {
    name: 'A queue has the defaults that the documentation names',
    page: createQueue,
    ask: async (aws) => {
      const { DelaySeconds, MessageRetentionPeriod, ReceiveMessageWaitTimeSeconds, VisibilityTimeout, ...rest } =
        await attributes(aws, await queue(aws), 'All');
      return {
        DelaySeconds,
        MaximumMessageSize: rest.MaximumMessageSize,
        MessageRetentionPeriod,
        ReceiveMessageWaitTimeSeconds,
        VisibilityTimeout,
      };
    },
    answer: {
      DelaySeconds: '0',
      MaximumMessageSize: '1048576',
      MessageRetentionPeriod: '345600',
      ReceiveMessageWaitTimeSeconds: '0',
      VisibilityTimeout: '30',
    },
  },
  {
    name: 'A queue may be created again as it is, but not with other attributes',
    page: createQueue,
    ask: async (aws) => {
      const url = await queue(aws, { DelaySeconds: '5' });
      const again = await queue(aws, { DelaySeconds: '5' });
      return [again === url, await refusal(queue(aws, { DelaySeconds: '6' }))];
    },
    answer: [true, '400 QueueNameExists'],
  },
  {
    name: 'A queue is found by its name, and an unknown one is not',
    page: `${api}/API_GetQueueUrl.html`,
    ask: async (aws) => {
      const url = await queue(aws);
      const sought = (name: string) => aws.sqs.send(new GetQueueUrlCommand({ QueueName: aws.name(name) }));
      return [(await sought('queue')).QueueUrl === url, await refusalText(sought('other'))];
    },
    answer: [true, '400 QueueDoesNotExist: The specified queue does not exist.'],
  },
  {
    name: 'A message to an unknown queue is refused',
    page: sendMessage,
    ask: async (aws) => refusal(send(aws, `${await queue(aws)}-unknown`, 'x')),
    answer: '400 QueueDoesNotExist',
  },
  {
    name: 'A purged queue is empty',
    page: `${api}/API_PurgeQueue.html`,
    ask: async (aws) => {
      const url = await queue(aws);
      await send(aws, url, 'x');
      await aws.sqs.send(new PurgeQueueCommand({ QueueUrl: url }));
      await aws.settle();
      return found(aws, url);
    },
    answer: [],
  },
];
