import { AwsError } from '../awsError.ts';

/** Where messages go that were received too often. */
export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

interface Range {
  readonly min: number;
  readonly max: number;
  readonly standard: number;
}

/** Numeric attributes with their bounds and defaults, in seconds or bytes. */
const ranges = {
  DelaySeconds: { min: 0, max: 900, standard: 0 },
  MaximumMessageSize: { min: 1_024, max: 1_048_576, standard: 1_048_576 },
  MessageRetentionPeriod: { min: 60, max: 1_209_600, standard: 345_600 },
  ReceiveMessageWaitTimeSeconds: { min: 0, max: 20, standard: 0 },
  VisibilityTimeout: { min: 0, max: 43_200, standard: 30 },
} as const satisfies Record<string, Range>;

/** Attributes that are kept and given back, and change nothing here. */
const opaqueNames = [
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'Policy',
  'RedriveAllowPolicy',
  'RedrivePolicy',
  'SqsManagedSseEnabled',
];

/** The name of a numeric queue attribute. */
type NumericAttribute = keyof typeof ranges;

/**
 * Refuses unknown attributes and values out of bounds.
 *
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 */
export function checkQueueAttributes(attributes: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    const range = Object.entries(ranges).find(([known]) => known === name)?.[1];
    if (range === undefined && !opaqueNames.includes(name)) {
      throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
    }
    if (range !== undefined && !(/^\d+$/u.test(value) && Number(value) >= range.min && Number(value) <= range.max)) {
      throw new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
    }
  }
  readRedrivePolicy(attributes);
}

/** The attribute's value where it is set, else AWS's default. */
export function numericAttribute(attributes: Readonly<Record<string, string>>, name: NumericAttribute): number {
  return Number(attributes[name] ?? ranges[name].standard);
}

/** All numeric attributes as GetQueueAttributes prints them. */
export function numericAttributes(attributes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(ranges).map(([name, range]) => [name, attributes[name] ?? String(range.standard)]),
  );
}

/** The parsed `RedrivePolicy`, or `undefined` where the queue has none. */
export function readRedrivePolicy(attributes: Readonly<Record<string, string>>): RedrivePolicy | undefined {
  const text = attributes['RedrivePolicy'];
  if (text === undefined || text === '') {
    return undefined;
  }
  const policy = parseObject(text);
  const deadLetterTargetArn = policy.get('deadLetterTargetArn');
  const maxReceiveCount = Number(policy.get('maxReceiveCount'));
  if (typeof deadLetterTargetArn !== 'string' || !(maxReceiveCount >= 1 && maxReceiveCount <= 1_000)) {
    throw new AwsError('InvalidAttributeValue', `Value ${text} for parameter RedrivePolicy is invalid.`);
  }
  return { deadLetterTargetArn, maxReceiveCount };
}

function parseObject(text: string): ReadonlyMap<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    return new Map(Object.entries(parsed ?? {}));
  } catch {
    throw new AwsError(
      'InvalidAttributeValue',
      `Value ${text} for parameter RedrivePolicy is invalid. Reason: Not a JSON object.`,
    );
  }
}
