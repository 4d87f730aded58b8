import { AwsError } from '../awsError.ts';
import { awsQueryProtocol } from './awsQueryProtocol.ts';
import type { Protocol } from './protocol.ts';
import { asList, asMembers, type RequestMembers, type RequestNode } from './requestNode.ts';
import { sqsOperations } from './sqsOperations.ts';
import { sqsQueryCode } from './sqsQueryCode.ts';
import type { XmlNaming } from './xml.ts';

/** Lists by the name that numbers their items: `AttributeName.1=…`. */
const lists: ReadonlyMap<string, string> = new Map([
  ['AttributeName', 'AttributeNames'],
  ['DeleteMessageBatchRequestEntry', 'Entries'],
  ['MessageSystemAttributeName', 'MessageSystemAttributeNames'],
  ['SendMessageBatchRequestEntry', 'Entries'],
]);

/** Maps by the name that numbers their pairs: `Attribute.1.Name=…&Attribute.1.Value=…`. */
const maps: ReadonlyMap<string, string> = new Map([
  ['Attribute', 'Attributes'],
  ['MessageAttribute', 'MessageAttributes'],
]);

/**
 * SQS's query protocol, which clients from before 2023 speak: flat, without an element or a `member` around lists. QueueUrl names the queue; the
 * path, which may name it too, is passed over.
 *
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-xml.html
 */
export const sqsQueryProtocol: Protocol = awsQueryProtocol({
  operations: sqsOperations,
  malformedError: 'InvalidParameterValue',
  namespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
  unknownAction: (action) => new AwsError('InvalidAction', `The action ${action} is not valid for this endpoint.`),
  naming: namingOf,
  errorCode: sqsQueryCode,
  errorMembers: { Detail: {} },
  toMembers,
  toContent: withPairs,
});

function namingOf(action: string): XmlNaming {
  const elements: ReadonlyMap<string, string> = new Map([
    ['Attributes', 'Attribute'],
    ['Failed', 'BatchResultErrorEntry'],
    ['Messages', 'Message'],
    ['Successful', `${action}ResultEntry`],
  ]);
  return { member: (name) => elements.get(name) ?? name, item: () => undefined };
}

function toMembers(members: RequestMembers): RequestMembers {
  return Object.fromEntries(
    Object.entries(members).map(([name, node]) => {
      const map = maps.get(name);
      return map === undefined ? [lists.get(name) ?? name, toNode(node)] : [map, toMap(node)];
    }),
  );
}

/** Entries of batches hold maps of their own. */
function toNode(node: RequestNode): RequestNode {
  if (typeof node === 'string') {
    return node;
  }
  return Array.isArray(node) ? asList(node).map(toNode) : toMembers(asMembers(node));
}

function toMap(pairs: RequestNode): RequestMembers {
  return Object.fromEntries(
    asList(pairs).flatMap((pair) => {
      const { Name: name, Value: value = '' } = asMembers(pair);
      return typeof name === 'string' ? [[name, value]] : [];
    }),
  );
}

/** Writes each map of attributes as the list of its pairs. */
function withPairs(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.map(withPairs);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const members: readonly [string, unknown][] = Object.entries(value);
  return Object.fromEntries(
    members.map(([name, member]) => [name, name === 'Attributes' ? toPairs(member) : withPairs(member)]),
  );
}

function toPairs(map: unknown): unknown {
  const pairs: readonly [string, unknown][] = Object.entries(map ?? {});
  return pairs.map(([Name, Value]) => ({ Name, Value }));
}
