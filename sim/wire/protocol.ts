import type { AwsError } from '../awsError.ts';
import type { Operations } from './operation.ts';
import type { RequestMembers } from './requestNode.ts';
import type { WireRequest, WireResponse } from './wireMessage.ts';

/** A request as its protocol reads it. */
export interface ParsedRequest {
  readonly action: string;
  readonly members: RequestMembers;
}

/** How one service speaks: its operations, and how requests and answers look on the wire. */
export interface Protocol {
  readonly operations: Operations;
  /** What the service calls a request whose values cannot be read. */
  readonly malformedError: string;
  /** Throws an `AwsError` where the request names no action. */
  readonly parse: (request: WireRequest) => ParsedRequest;
  /** What the service answers to an action it does not have. */
  readonly unknownAction: (action: string) => AwsError;
  readonly succeed: (action: string, output: object, requestId: string) => WireResponse;
  readonly fail: (error: AwsError, requestId: string) => WireResponse;
}
