import { AwsError } from '../awsError.ts';
import { ec2Operations } from './ec2Operations.ts';
import type { Protocol } from './protocol.ts';
import { parseQueryCall } from './queryCall.ts';
import { writeXml, type XmlNaming } from './xml.ts';

const namespace = 'http://ec2.amazonaws.com/doc/2016-11-15/';

/** Members whose element is not their own name with a small first letter. */
const elements: ReadonlyMap<string, string> = new Map([
  ['BlockDeviceMappings', 'blockDeviceMapping'],
  ['Groups', 'groupSet'],
  ['Instances', 'instancesSet'],
  ['Ipv6Addresses', 'ipv6AddressesSet'],
  ['NetworkInterfaces', 'networkInterfaceSet'],
  ['PrivateIpAddresses', 'privateIpAddressesSet'],
  ['PublicDnsName', 'dnsName'],
  ['PublicIpAddress', 'ipAddress'],
  ['Reservations', 'reservationSet'],
  ['SecurityGroups', 'groupSet'],
  ['State', 'instanceState'],
  ['StateTransitionReason', 'reason'],
  ['Tags', 'tagSet'],
  ['TerminatingInstances', 'instancesSet'],
]);

const naming: XmlNaming = {
  member: (name) => elements.get(name) ?? `${name.charAt(0).toLowerCase()}${name.slice(1)}`,
  item: () => 'item',
};

/** Errors alone keep their names: `Errors`, `Error`, `Code`, `Message`, `RequestID`. */
const errorNaming: XmlNaming = { member: (name) => name, item: () => 'Error' };

/** EC2's query protocol. https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-intro.html */
export const ec2Protocol: Protocol = {
  operations: ec2Operations,
  malformedError: 'InvalidParameterValue',
  parse: ({ body }) => parseQueryCall(body),
  unknownAction: (action) => new AwsError('InvalidAction', `The action ${action} is not valid for this web service.`),
  succeed: (action, output, requestId) => ({
    statusCode: 200,
    headers: { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId },
    body: writeXml(`${action}Response`, namespace, { requestId, ...output }, naming),
  }),
  fail: ({ name, message, statusCode }, requestId) => ({
    statusCode,
    headers: { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId },
    body: writeXml(
      'Response',
      undefined,
      { Errors: [{ Code: name, Message: message }], RequestID: requestId },
      errorNaming,
    ),
  }),
};
