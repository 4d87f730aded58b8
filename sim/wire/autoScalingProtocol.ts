import { AwsError } from '../awsError.ts';
import { autoScalingOperations } from './autoScalingOperations.ts';
import type { Protocol } from './protocol.ts';
import { parseQueryBody } from './queryBody.ts';
import { writeXml, type XmlNaming } from './xml.ts';

const namespace = 'http://autoscaling.amazonaws.com/doc/2011-01-01/';
const naming: XmlNaming = { member: (name) => name, item: () => 'member' };

/** Auto Scaling's query protocol. https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
export const autoScalingProtocol: Protocol = {
  operations: autoScalingOperations,
  malformedError: 'ValidationError',
  parse: ({ body }) => {
    const { Action: action = '', ...members } = parseQueryBody(body);
    return { action: typeof action === 'string' ? action : '', members };
  },
  unknownAction: (action) => new AwsError('InvalidAction', `Could not find operation ${action} for version 2011-01-01`),
  succeed: (action, output, requestId) => ({
    statusCode: 200,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: writeXml(
      `${action}Response`,
      namespace,
      { [`${action}Result`]: output, ResponseMetadata: { RequestId: requestId } },
      naming,
    ),
  }),
  fail: ({ name, message, statusCode }, requestId) => ({
    statusCode,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: writeXml(
      'ErrorResponse',
      namespace,
      {
        Error: { Type: statusCode < 500 ? 'Sender' : 'Receiver', Code: wireCode(name), Message: message },
        RequestId: requestId,
      },
      naming,
    ),
  }),
};

/** The service's model calls its errors `ResourceContentionFault` and so on; on the wire the code lacks the ending. */
function wireCode(name: string): string {
  return name.endsWith('Fault') ? name.slice(0, -'Fault'.length) : name;
}
