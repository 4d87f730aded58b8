import { isIPv4, isIPv6 } from 'node:net';
import { domainNameFault } from './domainName.ts';

const stringOctetsMax = 255;
const unsigned16 = /^\d{1,5}$/u;
const quotedStrings = /^\s*"(?:[^"\\]|\\.)*"(?:\s*"(?:[^"\\]|\\.)*")*\s*$/su;
const quotedString = /"((?:[^"\\]|\\.)*)"/gsu;
const escapeSequence = /\\(?:[0-7]{3}|.)/gsu;

/**
 * What Route 53 finds wrong with one value of a record set, in its words, or `undefined` where the value is well formed. Checks the types
 * that name hosts and services; values of other types are taken as they come.
 *
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html
 */
export function resourceRecordFault(type: string, value: string): string | undefined {
  const problem = problemOf(type, value);
  return problem === undefined
    ? undefined
    : `Invalid Resource Record: 'FATAL problem: ${problem} encountered with '${value}''`;
}

function problemOf(type: string, value: string): string | undefined {
  switch (type) {
    case 'A':
      return addressProblem('ARRDATA', 'IPv4', isIPv4, value);
    case 'AAAA':
      return addressProblem('AAAARRDATA', 'IPv6', isIPv6, value);
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return domainNameFault(value);
    case 'SRV':
      return serviceProblem(value);
    case 'SPF':
    case 'TXT':
      return textProblem(value);
    default:
      return undefined;
  }
}

function addressProblem(
  code: string,
  family: string,
  isAddress: (value: string) => boolean,
  value: string,
): string | undefined {
  if (/\s/u.test(value)) {
    return `${code}NotSingleField (Value contains spaces)`;
  }
  return isAddress(value) ? undefined : `${code}Illegal${family}Address (Value is not a valid ${family} address)`;
}

function serviceProblem(value: string): string | undefined {
  const [priority, weight, port, target, ...more] = value.trim().split(/\s+/u);
  if (priority === undefined || weight === undefined || port === undefined || target === undefined || more.length > 0) {
    return `SRVRRDATANotFourFields (SRV record doesn't have 4 fields)`;
  }
  if (![priority, weight, port].every(isUnsigned16)) {
    return 'SRVRRDATAIllegalNumber (SRV priority, weight and port must be between 0 and 65535)';
  }
  return target === '.' ? undefined : domainNameFault(target);
}

function isUnsigned16(field: string): boolean {
  return unsigned16.test(field) && Number(field) <= 65_535;
}

function textProblem(value: string): string | undefined {
  if (!quotedStrings.test(value)) {
    return 'InvalidCharacterString (Value should be enclosed in quotation marks)';
  }
  const tooLong = [...value.matchAll(quotedString)].some(([, content]) => octets(content ?? '') > stringOctetsMax);
  return tooLong ? 'CharacterStringTooLong (Value is too long)' : undefined;
}

/** Octets of a character string on the wire, where each escape stands for one. */
function octets(content: string): number {
  return Buffer.byteLength(content.replace(escapeSequence, '.'));
}
