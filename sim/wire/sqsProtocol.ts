import { AwsError } from '../awsError.ts';
import type { Protocol } from './protocol.ts';
import type { RequestMembers, RequestNode } from './requestNode.ts';
import { asMembers } from './requestNode.ts';
import { sqsOperations } from './sqsOperations.ts';
import { sqsQueryCode } from './sqsQueryCode.ts';

const targetPrefix = 'AmazonSQS.';

/** SQS's JSON 1.0. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html */
export const sqsProtocol: Protocol = {
  operations: sqsOperations,
  malformedError: 'SerializationException',
  parse: ({ headers, body }) => ({
    action: (headers['x-amz-target'] ?? '').replace(targetPrefix, ''),
    members: parseBody(body),
  }),
  unknownAction: (action) => new AwsError('UnknownOperationException', `The operation ${action} is not known`),
  succeed: (_, output, requestId) => ({
    statusCode: 200,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': requestId },
    body: JSON.stringify(output),
  }),
  fail: ({ name, message, statusCode }, requestId) => ({
    statusCode,
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amzn-requestid': requestId,
      'x-amzn-query-error': `${sqsQueryCode(name)};${statusCode < 500 ? 'Sender' : 'Receiver'}`,
    },
    body: JSON.stringify({ __type: `com.amazonaws.sqs#${name}`, message }),
  }),
};

function parseBody(body: string): RequestMembers {
  try {
    const parsed: unknown = JSON.parse(body === '' ? '{}' : body);
    return asMembers(toNode(parsed));
  } catch {
    throw new AwsError('SerializationException', 'The request body is not JSON');
  }
}

/** Members that are `null` count as absent. */
function toNode(value: unknown): RequestNode {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.map(toNode);
  }
  if (typeof value === 'object' && value !== null) {
    const members: readonly [string, unknown][] = Object.entries(value);
    return Object.fromEntries(
      members.filter(([, member]) => member !== null).map(([name, member]) => [name, toNode(member)]),
    );
  }
  return String(value);
}
