import { AwsError } from '../awsError.ts';
import type { Milliseconds, World } from '../world.ts';
import { autoScalingProtocol } from './autoScalingProtocol.ts';
import { ec2Protocol } from './ec2Protocol.ts';
import type { Protocol } from './protocol.ts';
import { RequestReader } from './requestReader.ts';
import { route53Protocol } from './route53Protocol.ts';
import { sqsProtocol } from './sqsProtocol.ts';
import { sqsQueryProtocol } from './sqsQueryProtocol.ts';
import type { WireRequest, WireResponse } from './wireMessage.ts';

/** A service by its name in signatures and in IAM. */
type ServiceName = 'autoscaling' | 'ec2' | 'route53' | 'sqs';

/** A call that was read. */
export interface WireCall {
  readonly service: ServiceName;
  /** The operation's name, such as `CreateTags`. */
  readonly action: string;
  /** Access key id that signed the call, or `anonymous`. */
  readonly principal: string;
  /** The operation's input in the SDK's shape. */
  readonly input: unknown;
}

/** A call with how it went. */
export interface AnsweredCall extends WireCall {
  readonly at: Milliseconds;
  /** What the caller was told, where it was a failure. */
  readonly error: AwsError | undefined;
}

/** What surrounds every call. */
export interface RouterOptions {
  /** Returns the refusal of a call that the principal may not make, in the service's own words. Asked before anything else happens. */
  readonly authorize?: (call: WireCall) => AwsError | undefined;
  /**
   * Makes a call fail: with an error of the caller's choice and without effect, or, with `appliedButError`, after it took effect, so that the
   * caller is told of an internal error.
   */
  readonly fault?: (call: WireCall) => AwsError | 'appliedButError' | undefined;
  /** Hears of each call that named an operation, once its effect is there and before the caller has the answer. */
  readonly onCall?: (call: AnsweredCall) => void;
}

/** Answers one request; time passes only between calls. */
export type Router = (request: WireRequest) => WireResponse;

/** Makes the front door of a world: requests of the four services in, answers out, by the real protocols but for signatures, which nobody checks. */
export function createRouter(world: World, options: RouterOptions = {}): Router {
  let answered = 0;
  return (request) => {
    answered += 1;
    const requestId = `00000000-0000-4000-8000-${String(answered).padStart(12, '0')}`;
    const credential = readCredential(request);
    const service = credential?.service ?? serviceByShape(request);
    const protocol = protocolOf(service, request);
    try {
      const output = answer(world, options, request, {
        protocol,
        service,
        principal: credential?.principal ?? 'anonymous',
      });
      return protocol.succeed(output.action, output.content, requestId);
    } catch (error) {
      if (error instanceof AwsError) {
        return protocol.fail(error, requestId);
      }
      throw error;
    }
  };
}

const protocols: Readonly<Record<ServiceName, Protocol>> = {
  autoscaling: autoScalingProtocol,
  ec2: ec2Protocol,
  route53: route53Protocol,
  sqs: sqsProtocol,
};

/** SQS speaks two: JSON names its operation in a header, the older query protocol in the body. */
function protocolOf(service: ServiceName, { headers }: WireRequest): Protocol {
  return service === 'sqs' && headers[targetHeader] === undefined ? sqsQueryProtocol : protocols[service];
}

const targetHeader = 'x-amz-target';

interface Caller {
  readonly protocol: Protocol;
  readonly service: ServiceName;
  readonly principal: string;
}

interface Output {
  readonly action: string;
  readonly content: object;
}

function answer(
  world: World,
  options: RouterOptions,
  request: WireRequest,
  { protocol, service, principal }: Caller,
): Output {
  const { action, members } = protocol.parse(request);
  const operation = protocol.operations.get(action);
  if (operation === undefined) {
    throw protocol.unknownAction(action);
  }
  const prepared = operation(new RequestReader(members, protocol.malformedError));
  const call: WireCall = { service, action, principal, input: prepared.input };
  const report = (error: AwsError | undefined): void => options.onCall?.({ ...call, at: world.now, error });
  try {
    const denied = options.authorize?.(call);
    const fault = denied === undefined ? options.fault?.(call) : undefined;
    const refusal = denied ?? (fault === 'appliedButError' ? undefined : fault);
    if (refusal !== undefined) {
      throw refusal;
    }
    const content = prepared.run(world, principal);
    if (fault === 'appliedButError') {
      throw new AwsError(
        'InternalFailure',
        'The request processing has failed because of an unknown error, exception or failure.',
        500,
      );
    }
    report(undefined);
    return { action, content: typeof content === 'object' && content !== null ? content : {} };
  } catch (error) {
    if (error instanceof AwsError) {
      report(error);
    }
    throw error;
  }
}

interface Credential {
  readonly principal: string;
  readonly service: ServiceName;
}

/** Reads `Credential=<access key id>/<date>/<region>/<service>/aws4_request`. */
function readCredential({ headers }: WireRequest): Credential | undefined {
  const [, principal, scope] =
    /Credential=([^/]+)\/[^/]+\/[^/]+\/([^/]+)\/aws4_request/u.exec(headers['authorization'] ?? '') ?? [];
  const service = serviceNames.find((name) => name === scope);
  return principal === undefined || service === undefined ? undefined : { principal, service };
}

const serviceNames: readonly ServiceName[] = ['autoscaling', 'ec2', 'route53', 'sqs'];

/** Tells the services apart where nothing was signed: a target header, a path with a version, a version among the parameters. */
function serviceByShape({ headers, path, body }: WireRequest): ServiceName {
  if ((headers[targetHeader] ?? '').startsWith('AmazonSQS.')) {
    return 'sqs';
  }
  if (path.startsWith('/2013-04-01/')) {
    return 'route53';
  }
  return serviceByVersion.get(new URLSearchParams(body).get('Version') ?? '') ?? 'ec2';
}

const serviceByVersion: ReadonlyMap<string, ServiceName> = new Map([
  ['2011-01-01', 'autoscaling'],
  ['2012-11-05', 'sqs'],
]);
