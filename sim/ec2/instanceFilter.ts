import type { Filter } from '@aws-sdk/client-ec2';
import { AwsError } from '../awsError.ts';
import { type WildcardToken, wildcardMatcher } from '../wildcard.ts';
import type { Ec2Instance } from './instance.ts';

/** Filters in one request, and values in one filter. @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html */
const filtersMax = 50;
const filterValuesMax = 200;

/** Values without any of these, as nearly all are, need no expression, which takes long to make. */
const special = /[*?\\]/u;

/**
 * Compiles the filters of DescribeInstances: an instance must meet all of them, each by one of its values. Values are case-sensitive and
 * may hold `*` (any text), `?` (any character) and `\` (the next character stands for itself).
 *
 * @throws AwsError `InvalidParameterValue` for a filter that is unknown here, `FilterLimitExceeded` beyond the limits
 */
export function instanceFilter(filters: readonly Filter[]): (instance: Ec2Instance) => boolean {
  if (filters.length > filtersMax) {
    throw new AwsError(
      'FilterLimitExceeded',
      `The maximum number of filters specified on a single call is ${filtersMax}`,
    );
  }
  const tests = filters.map(filterTest);
  return (instance) => tests.every((test) => test(instance));
}

function filterTest(filter: Filter): (instance: Ec2Instance) => boolean {
  const name = filter.Name ?? '';
  const values = filter.Values ?? [];
  if (values.length === 0) {
    throw new AwsError('InvalidParameterValue', `The filter '${name}' is invalid: it has no values`);
  }
  if (values.length > filterValuesMax) {
    throw new AwsError(
      'FilterLimitExceeded',
      `The maximum number of filter values specified on a single call is ${filterValuesMax}`,
    );
  }
  const read = attribute(name);
  const exact = new Set(values.filter((value) => !special.test(value)));
  const matchers = values.filter((value) => !exact.has(value)).map((value) => wildcardMatcher(tokens(value)));
  return (instance) => read(instance).some((found) => exact.has(found) || matchers.some((matches) => matches(found)));
}

function attribute(name: string): (instance: Ec2Instance) => readonly string[] {
  if (name.startsWith('tag:')) {
    const key = name.slice('tag:'.length);
    return (instance) => present(instance.tags.get(key));
  }
  switch (name) {
    case 'instance-id':
      return (instance) => [instance.instanceId];
    case 'instance-state-name':
      return (instance) => [instance.state];
    case 'tag-key':
      return (instance) => [...instance.tags.keys()];
    case 'availability-zone':
      return (instance) => [instance.availabilityZone];
    case 'private-ip-address':
      return (instance) => present(instance.network?.privateIpAddress);
    case 'subnet-id':
      return (instance) => present(instance.network?.subnetId);
    case 'instance-type':
      return (instance) => [instance.instanceType];
    case 'image-id':
      return (instance) => [instance.imageId];
    default:
      throw new AwsError('InvalidParameterValue', `The filter '${name}' is invalid`);
  }
}

function tokens(value: string): readonly WildcardToken[] {
  return (value.match(/\\.|./gsu) ?? []).map((part) => {
    if (part === '*') {
      return 'anyText';
    }
    return part === '?'
      ? 'anyCharacter'
      : { character: part.length > 1 && part.startsWith('\\') ? part.slice(1) : part };
  });
}

function present(value: string | undefined): readonly string[] {
  return value === undefined ? [] : [value];
}
