import { MessageSystemAttributeName, QueueAttributeName } from '@aws-sdk/client-sqs';
import { type Operations, operation } from './operation.ts';
import type { RequestReader } from './requestReader.ts';

/** The operations of SQS that the sync and its scenarios use. */
export const sqsOperations: Operations = new Map([
  [
    'CreateQueue',
    operation(
      (request) => ({ QueueName: request.text('QueueName'), Attributes: request.map('Attributes') }),
      (world, input) => world.sqs.createQueue(input),
    ),
  ],
  [
    'GetQueueUrl',
    operation(
      (request) => ({ QueueName: request.text('QueueName') }),
      (world, input) => world.sqs.getQueueUrl(input),
    ),
  ],
  [
    'GetQueueAttributes',
    operation(
      (request) => ({
        QueueUrl: request.text('QueueUrl'),
        AttributeNames: chosen(request.texts('AttributeNames'), Object.values(QueueAttributeName)),
      }),
      (world, input) => world.sqs.getQueueAttributes(input),
    ),
  ],
  [
    'SendMessage',
    operation(
      (request) => ({ QueueUrl: request.text('QueueUrl'), ...outgoing(request) }),
      (world, input) => world.sqs.sendMessage(input),
    ),
  ],
  [
    'SendMessageBatch',
    operation(
      (request) => ({
        QueueUrl: request.text('QueueUrl'),
        Entries: request.list('Entries', (entry) => ({ Id: entry.text('Id'), ...outgoing(entry) })),
      }),
      (world, input) => world.sqs.sendMessageBatch(input),
    ),
  ],
  [
    'ReceiveMessage',
    operation(
      (request) => ({
        QueueUrl: request.text('QueueUrl'),
        MaxNumberOfMessages: request.integer('MaxNumberOfMessages'),
        VisibilityTimeout: request.integer('VisibilityTimeout'),
        // Older callers name system attributes in AttributeNames.
        MessageSystemAttributeNames: chosen(
          request.texts('MessageSystemAttributeNames') ?? request.texts('AttributeNames'),
          Object.values(MessageSystemAttributeName),
        ),
      }),
      (world, input) => world.sqs.receiveMessage(input),
    ),
  ],
  [
    'DeleteMessage',
    operation(
      (request) => ({ QueueUrl: request.text('QueueUrl'), ReceiptHandle: request.text('ReceiptHandle') }),
      (world, input) => world.sqs.deleteMessage(input),
    ),
  ],
  [
    'DeleteMessageBatch',
    operation(
      (request) => ({
        QueueUrl: request.text('QueueUrl'),
        Entries: request.list('Entries', (entry) => ({
          Id: entry.text('Id'),
          ReceiptHandle: entry.text('ReceiptHandle'),
        })),
      }),
      (world, input) => world.sqs.deleteMessageBatch(input),
    ),
  ],
  [
    'ChangeMessageVisibility',
    operation(
      (request) => ({
        QueueUrl: request.text('QueueUrl'),
        ReceiptHandle: request.text('ReceiptHandle'),
        VisibilityTimeout: request.integer('VisibilityTimeout'),
      }),
      (world, input) => world.sqs.changeMessageVisibility(input),
    ),
  ],
  [
    'PurgeQueue',
    operation(
      (request) => ({ QueueUrl: request.text('QueueUrl') }),
      (world, input) => world.sqs.purgeQueue(input),
    ),
  ],
]);

function outgoing(request: RequestReader) {
  return {
    MessageBody: request.text('MessageBody'),
    DelaySeconds: request.integer('DelaySeconds'),
    MessageAttributes: request.structures('MessageAttributes', (attribute) => ({
      DataType: attribute.text('DataType'),
      StringValue: attribute.text('StringValue'),
    })),
  };
}

/** Names that the service knows; it passes over the others. */
function chosen<Name extends string>(names: readonly string[] | undefined, known: readonly Name[]): Name[] | undefined {
  return names === undefined ? undefined : known.filter((name) => names.includes(name));
}
