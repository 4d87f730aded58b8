import type { AwsError } from '../awsError.ts';
import type { Operations } from './operation.ts';
import type { Protocol } from './protocol.ts';
import { parseQueryCall } from './queryCall.ts';
import type { RequestMembers } from './requestNode.ts';
import { writeXml, type XmlNaming } from './xml.ts';

/** What one service has of its own in the protocol that several share. */
interface AwsQueryService {
  readonly operations: Operations;
  readonly malformedError: string;
  readonly namespace: string;
  readonly unknownAction: (action: string) => AwsError;
  readonly naming: (action: string) => XmlNaming;
  /** The code on the wire of an error by its name. */
  readonly errorCode: (errorName: string) => string;
  /** What an error says besides its type, code and message. */
  readonly errorMembers?: Readonly<Record<string, object>>;
  /** Members as the operations read them. @default as they are on the wire */
  readonly toMembers?: (members: RequestMembers) => RequestMembers;
  /** An output as it is written. @default as the operations return it */
  readonly toContent?: (output: object) => unknown;
}

/** The query protocol of Auto Scaling and, for older clients, of SQS. https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
export function awsQueryProtocol(service: AwsQueryService): Protocol {
  const { operations, malformedError, namespace, unknownAction, naming, errorCode } = service;
  const { errorMembers = {}, toMembers = (members) => members, toContent = (output) => output } = service;
  const headers = (requestId: string) => ({ 'content-type': 'text/xml', 'x-amzn-requestid': requestId });
  return {
    operations,
    malformedError,
    parse: ({ body }) => {
      const { action, members } = parseQueryCall(body);
      return { action, members: toMembers(members) };
    },
    unknownAction,
    succeed: (action, output, requestId) => {
      const content = { [`${action}Result`]: toContent(output), ResponseMetadata: { RequestId: requestId } };
      return {
        statusCode: 200,
        headers: headers(requestId),
        body: writeXml(`${action}Response`, namespace, content, naming(action)),
      };
    },
    fail: ({ name, message, statusCode }, requestId) => {
      const type = statusCode < 500 ? 'Sender' : 'Receiver';
      const content = {
        Error: { Type: type, Code: errorCode(name), Message: message, ...errorMembers },
        RequestId: requestId,
      };
      return {
        statusCode,
        headers: headers(requestId),
        body: writeXml('ErrorResponse', namespace, content, naming('')),
      };
    },
  };
}
