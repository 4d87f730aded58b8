import type {
  BatchResultErrorEntry,
  ChangeMessageVisibilityRequest,
  CreateQueueRequest,
  CreateQueueResult,
  DeleteMessageBatchRequest,
  DeleteMessageBatchResult,
  DeleteMessageRequest,
  GetQueueAttributesRequest,
  GetQueueAttributesResult,
  GetQueueUrlRequest,
  GetQueueUrlResult,
  Message,
  PurgeQueueRequest,
  ReceiveMessageRequest,
  ReceiveMessageResult,
  SendMessageBatchRequest,
  SendMessageBatchResult,
  SendMessageRequest,
  SendMessageResult,
} from '@aws-sdk/client-sqs';
import type { SQSRecord, SQSRecordAttributes } from 'aws-lambda';
import { AwsError } from './awsError.ts';
import { runBatch } from './sqs/batch.ts';
import { type Delivery, Queue, type QueuedMessage } from './sqs/queue.ts';
import { checkQueueAttributes, numericAttribute, numericAttributes } from './sqs/queueAttributes.ts';
import type { Milliseconds, World } from './world.ts';

const batchBytesMax = 1_048_576;
const delaySecondsMax = 900;
const visibilitySecondsMax = 43_200;
const receiveCountMax = 10;
const lambdaBatchMax = 10_000;
const queueName = /^[\w-]{1,80}$/u;

/**
 * Standard queues. Nothing here waits: a receive answers at once, since only the caller moves the world's clock. Message attributes and
 * FIFO queues are refused, not ignored.
 */
export class Sqs {
  /** Where queue URLs point; a server on loopback puts its own address here, since the SDK may call the host it finds in the URL. */
  endpoint: string;
  /** A fault to inject: the bodies for which a send fails on the service's side, in a batch as one of its `Failed` entries. */
  sendFault: ((body: string) => boolean) | undefined;

  readonly #world: World;
  readonly #queues = new Map<string, Queue>();

  constructor(world: World) {
    this.#world = world;
    this.endpoint = `https://sqs.${world.region}.amazonaws.com`;
  }

  createQueue({ QueueName: name = '', Attributes: attributes = {} }: CreateQueueRequest): CreateQueueResult {
    if (!queueName.test(name)) {
      const rule = 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length';
      throw new AwsError('InvalidParameterValue', rule);
    }
    checkQueueAttributes(attributes);
    const existing = this.#queues.get(name);
    const differing = Object.entries(attributes).find(
      ([key, value]) => existing !== undefined && existing.attributes[key] !== value,
    );
    if (differing !== undefined) {
      const reason = `A queue already exists with the same name and a different value for attribute ${differing[0]}`;
      throw new AwsError('QueueNameExists', reason);
    }
    if (existing === undefined) {
      this.#queues.set(name, new Queue(this.#world, name, { ...attributes }, (arn) => this.#findByArn(arn)));
    }
    return { QueueUrl: this.#url(name) };
  }

  getQueueUrl({ QueueName: name = '' }: GetQueueUrlRequest): GetQueueUrlResult {
    return { QueueUrl: this.#url(this.#queue(name).name) };
  }

  getQueueAttributes({
    QueueUrl: url,
    AttributeNames: names = [],
  }: GetQueueAttributesRequest): GetQueueAttributesResult {
    const queue = this.#queue(url);
    const { now } = this.#world;
    const count = (predicate: (message: QueuedMessage) => boolean): string =>
      String(queue.messages.filter(predicate).length);
    const all: Record<string, string> = {
      ...numericAttributes(queue.attributes),
      ...queue.attributes,
      QueueArn: queue.arn,
      CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
      ApproximateNumberOfMessages: count((message) => message.visibleAt <= now),
      ApproximateNumberOfMessagesNotVisible: count((message) => message.visibleAt > now && message.received),
      ApproximateNumberOfMessagesDelayed: count((message) => message.visibleAt > now && !message.received),
    };
    const wanted: readonly string[] = names;
    const chosen = Object.entries(all).filter(([name]) => wanted.includes('All') || wanted.includes(name));
    return chosen.length === 0 ? {} : { Attributes: Object.fromEntries(chosen) };
  }

  sendMessage(input: SendMessageRequest): SendMessageResult {
    const message = this.#send(this.#queue(input.QueueUrl), input);
    return {
      MessageId: message.id,
      get MD5OfMessageBody() {
        return message.bodyMd5;
      },
    };
  }

  sendMessageBatch({ QueueUrl: url, Entries: entries }: SendMessageBatchRequest): SendMessageBatchResult {
    const queue = this.#queue(url);
    const bytes = (entries ?? []).reduce((sum, entry) => sum + Buffer.byteLength(entry.MessageBody ?? ''), 0);
    if (bytes > batchBytesMax) {
      const rule = `Batch requests cannot be longer than ${batchBytesMax} bytes. You have sent ${bytes} bytes.`;
      throw new AwsError('BatchRequestTooLong', rule);
    }
    const { successful, failed } = runBatch('SendMessageBatchRequestEntry', entries, (entry, id) => {
      const message = this.#send(queue, entry);
      return { Id: id, MessageId: message.id, MD5OfMessageBody: message.bodyMd5 };
    });
    return batchResult(successful, failed);
  }

  receiveMessage(input: ReceiveMessageRequest): ReceiveMessageResult {
    const queue = this.#queue(input.QueueUrl);
    const count = input.MaxNumberOfMessages ?? 1;
    if (!(count >= 1 && count <= receiveCountMax)) {
      const reason = `Reason: Must be between 1 and ${receiveCountMax}, if provided.`;
      throw new AwsError(
        'InvalidParameterValue',
        `Value ${count} for parameter MaxNumberOfMessages is invalid. ${reason}`,
      );
    }
    const deliveries = queue.receive(count, checkedVisibility(input.VisibilityTimeout));
    const wanted: readonly string[] = input.MessageSystemAttributeNames ?? [];
    return deliveries.length === 0 ? {} : { Messages: deliveries.map((delivery) => this.#message(delivery, wanted)) };
  }

  deleteMessage({ QueueUrl: url, ReceiptHandle: handle }: DeleteMessageRequest): void {
    const queue = this.#queue(url);
    const message = this.#delivered(queue, handle);
    // The handle of an earlier delivery is accepted and deletes nothing.
    if (message !== undefined) {
      queue.delete(message);
    }
  }

  deleteMessageBatch({ QueueUrl: url, Entries: entries }: DeleteMessageBatchRequest): DeleteMessageBatchResult {
    this.#queue(url);
    const { successful, failed } = runBatch('DeleteMessageBatchRequestEntry', entries, (entry, id) => {
      this.deleteMessage({ QueueUrl: url, ReceiptHandle: entry.ReceiptHandle });
      return { Id: id };
    });
    return batchResult(successful, failed);
  }

  changeMessageVisibility({
    QueueUrl: url,
    ReceiptHandle: handle,
    VisibilityTimeout: given,
  }: ChangeMessageVisibilityRequest): void {
    const queue = this.#queue(url);
    const seconds = checkedVisibility(given) ?? numericAttribute(queue.attributes, 'VisibilityTimeout');
    const message = this.#delivered(queue, handle);
    if (message === undefined) {
      const reason = 'Reason: Message does not exist or is not available for visibility timeout change.';
      throw new AwsError('InvalidParameterValue', `Value ${handle} for parameter ReceiptHandle is invalid. ${reason}`);
    }
    if (message.visibleAt <= this.#world.now) {
      throw new AwsError('MessageNotInflight', 'The message referred to is not in flight.');
    }
    message.visibleAt = this.#world.now + seconds * 1000;
  }

  purgeQueue({ QueueUrl: url }: PurgeQueueRequest): void {
    this.#queue(url).purge();
  }

  /** Takes up to 10,000 messages as Lambda's event source does, in the shape in which it hands them to a function. Not an AWS operation. */
  receiveUpTo(queueUrl: string, count: number): readonly SQSRecord[] {
    const queue = this.#queue(queueUrl);
    return queue.receive(Math.min(count, lambdaBatchMax)).map((delivery) => ({
      messageId: delivery.message.id,
      receiptHandle: delivery.receiptHandle,
      body: delivery.message.body,
      attributes: this.#systemAttributes(delivery.message),
      messageAttributes: {},
      get md5OfBody() {
        return delivery.message.bodyMd5;
      },
      eventSource: 'aws:sqs',
      eventSourceARN: queue.arn,
      awsRegion: this.#world.region,
    }));
  }

  /** What waits in a queue, taken or not. Not an AWS operation. */
  bodies(queueUrl: string): readonly string[] {
    return this.#queue(queueUrl).messages.map(({ body }) => body);
  }

  /** When the next message becomes visible: now, later, or never (`undefined`). Not an AWS operation. */
  visibleAt(queueUrl: string): Milliseconds | undefined {
    return this.#queue(queueUrl).visibleAt();
  }

  #send(queue: Queue, input: Omit<SendMessageRequest, 'QueueUrl'>): QueuedMessage {
    const { MessageBody: body = '', DelaySeconds: delay } = input;
    if (body === '') {
      throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
    }
    if (Object.keys(input.MessageAttributes ?? {}).length > 0) {
      throw new AwsError('UnsupportedOperation', 'Message attributes are not part of this small AWS.');
    }
    const bytesMax = numericAttribute(queue.attributes, 'MaximumMessageSize');
    if (Buffer.byteLength(body) > bytesMax) {
      const reason = `Reason: Message must be shorter than ${bytesMax} bytes.`;
      throw new AwsError('InvalidParameterValue', `One or more parameters are invalid. ${reason}`);
    }
    if (delay !== undefined && !(Number.isInteger(delay) && delay >= 0 && delay <= delaySecondsMax)) {
      const reason = `Reason: DelaySeconds must be >= 0 and <= ${delaySecondsMax}.`;
      throw new AwsError('InvalidParameterValue', `Value ${delay} for parameter DelaySeconds is invalid. ${reason}`);
    }
    if (this.sendFault?.(body) === true) {
      throw new AwsError('InternalError', 'We encountered an internal error. Please try again.', 500);
    }
    return queue.send(body, delay);
  }

  #delivered(queue: Queue, handle: string | undefined): QueuedMessage | undefined {
    const found = queue.find(handle ?? '');
    if (found === 'malformed') {
      throw new AwsError(
        'ReceiptHandleIsInvalid',
        `The input receipt handle "${handle}" is not a valid receipt handle.`,
      );
    }
    return found;
  }

  #message({ message, receiptHandle }: Delivery, wanted: readonly string[]): Message {
    const attributes = Object.entries(this.#systemAttributes(message)).filter(
      ([name]) => wanted.includes('All') || wanted.includes(name),
    );
    return {
      MessageId: message.id,
      ReceiptHandle: receiptHandle,
      MD5OfBody: message.bodyMd5,
      Body: message.body,
      ...(attributes.length === 0 ? {} : { Attributes: Object.fromEntries(attributes) }),
    };
  }

  #systemAttributes(message: QueuedMessage): SQSRecordAttributes {
    return {
      ApproximateReceiveCount: String(message.receiveCount),
      SentTimestamp: String(message.sentAt),
      SenderId: this.#world.account,
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? this.#world.now),
      ...(message.deadLetterSource === undefined ? {} : { DeadLetterQueueSourceArn: message.deadLetterSource }),
    };
  }

  /** Accepts a queue's URL on any host, or its bare name. */
  #queue(urlOrName: string | undefined): Queue {
    const text = urlOrName ?? '';
    const queue = this.#queues.get(text.slice(text.lastIndexOf('/') + 1));
    if (queue === undefined) {
      throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    }
    return queue;
  }

  #findByArn(arn: string): Queue | undefined {
    return this.#queues.values().find((queue) => queue.arn === arn);
  }

  #url(name: string): string {
    return `${this.endpoint}/${this.#world.account}/${name}`;
  }
}

/** An empty list is left out, as the service does. */
function batchResult<Success>(
  successful: Success[],
  failed: BatchResultErrorEntry[],
): { Successful: Success[] | undefined; Failed: BatchResultErrorEntry[] | undefined } {
  return {
    Successful: successful.length === 0 ? undefined : successful,
    Failed: failed.length === 0 ? undefined : failed,
  };
}

function checkedVisibility(seconds: number | undefined): number | undefined {
  if (seconds !== undefined && !(Number.isInteger(seconds) && seconds >= 0 && seconds <= visibilitySecondsMax)) {
    const reason = `Reason: Must be between 0 and ${visibilitySecondsMax}, if provided.`;
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${seconds} for parameter VisibilityTimeout is invalid. ${reason}`,
    );
  }
  return seconds;
}
