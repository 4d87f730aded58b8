import { AwsError } from '../awsError.ts';
import type { ParsedRequest, Protocol } from './protocol.ts';
import { route53Operations } from './route53Operations.ts';
import type { WireRequest } from './wireMessage.ts';
import { readXml, writeXml, type XmlNaming } from './xml.ts';

const namespace = 'https://route53.amazonaws.com/doc/2013-04-01/';

/** The element of each item by the name of its list. */
const items: ReadonlyMap<string, string> = new Map([
  ['Changes', 'Change'],
  ['HostedZones', 'HostedZone'],
  ['NameServers', 'NameServer'],
  ['ResourceRecords', 'ResourceRecord'],
  ['ResourceRecordSets', 'ResourceRecordSet'],
  ['VPCs', 'VPC'],
]);

const naming: XmlNaming = { member: (name) => name, item: (list) => items.get(list) ?? 'member' };

interface Route {
  readonly action: string;
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  /** The input's member that the path's one group holds. */
  readonly pathMember?: string;
  /** The input's members by the name of their query parameter. */
  readonly query?: ReadonlyMap<string, string>;
}

const routes: readonly Route[] = [
  { action: 'CreateHostedZone', method: 'POST', path: /^\/hostedzone$/u },
  { action: 'GetHostedZone', method: 'GET', path: /^\/hostedzone\/([^/]+)$/u, pathMember: 'Id' },
  {
    action: 'ListHostedZonesByName',
    method: 'GET',
    path: /^\/hostedzonesbyname$/u,
    query: new Map([
      ['dnsname', 'DNSName'],
      ['hostedzoneid', 'HostedZoneId'],
      ['maxitems', 'MaxItems'],
    ]),
  },
  {
    action: 'ChangeResourceRecordSets',
    method: 'POST',
    path: /^\/hostedzone\/([^/]+)\/rrset$/u,
    pathMember: 'HostedZoneId',
  },
  {
    action: 'ListResourceRecordSets',
    method: 'GET',
    path: /^\/hostedzone\/([^/]+)\/rrset$/u,
    pathMember: 'HostedZoneId',
    query: new Map([
      ['name', 'StartRecordName'],
      ['type', 'StartRecordType'],
      ['identifier', 'StartRecordIdentifier'],
      ['maxitems', 'MaxItems'],
    ]),
  },
  { action: 'GetChange', method: 'GET', path: /^\/change\/([^/]+)$/u, pathMember: 'Id' },
];

/**
 * Route 53's REST with XML. An `InvalidChangeBatch` is an ordinary error whose text is the whole list, `[text, text]`: the element
 * `<InvalidChangeBatch>` with its `<Messages>`, which the documentation still shows, is no longer sent
 * (https://github.com/aws/aws-sdk-kotlin/issues/1433), so the SDK's `messages` stays empty.
 */
export const route53Protocol: Protocol = {
  operations: route53Operations,
  malformedError: 'InvalidInput',
  parse,
  unknownAction: (action) => new AwsError('InvalidAction', `The action ${action} is not valid for this web service.`),
  succeed: (action, output, requestId) => {
    // The one output of these operations that has a location, in a header, is a thing that was created.
    const { Location: location, ...content } = Object.fromEntries<unknown>(Object.entries(output));
    return {
      statusCode: location === undefined ? 200 : 201,
      headers: { ...headers(requestId), ...(typeof location === 'string' ? { location } : {}) },
      body: writeXml(`${action}Response`, namespace, content, naming),
    };
  },
  fail: ({ name, message, statusCode }, requestId) => ({
    statusCode,
    headers: headers(requestId),
    body: writeXml(
      'ErrorResponse',
      namespace,
      { Error: { Type: statusCode < 500 ? 'Sender' : 'Receiver', Code: name, Message: message }, RequestId: requestId },
      naming,
    ),
  }),
};

function parse({ method, path, query, body }: WireRequest): ParsedRequest {
  const local = path.replace(/^\/2013-04-01/u, '').replace(/\/$/u, '');
  const route = routes.find((candidate) => candidate.method === method && candidate.path.test(local));
  if (route === undefined) {
    return { action: `${method} ${path}`, members: {} };
  }
  const pathValue = route.path.exec(local)?.[1];
  const fromPath =
    route.pathMember === undefined || pathValue === undefined
      ? {}
      : { [route.pathMember]: decodeURIComponent(pathValue) };
  const fromQuery: Record<string, string> = Object.fromEntries(
    Object.entries(query).map(([name, value]) => [route.query?.get(name) ?? name, value] as const),
  );
  const fromBody = body === '' ? {} : readXml(body, items);
  return { action: route.action, members: { ...fromBody, ...fromQuery, ...fromPath } };
}

function headers(requestId: string): Record<string, string> {
  return { 'content-type': 'text/xml', 'x-amzn-requestid': requestId };
}
