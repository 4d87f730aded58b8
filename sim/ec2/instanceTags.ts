import type { Tag } from '@aws-sdk/client-ec2';
import { AwsError } from '../awsError.ts';

/** @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions */
const tagsPerResourceMax = 50;
const tagKeyCharactersMax = 128;
const tagValueCharactersMax = 256;
const reservedPrefix = 'aws:';

/**
 * Checks the tags of CreateTags or DeleteTags and gives them as pairs of key and value.
 *
 * @throws AwsError `InvalidParameterValue` for a reserved, empty, repeated or too long key and for a too long value
 */
export function readTags(tags: readonly Tag[]): readonly (readonly [string, string | undefined])[] {
  const seen = new Set<string>();
  return tags.map((tag) => {
    const key = tag.Key ?? '';
    checkKey(key);
    if (seen.has(key)) {
      throw new AwsError('InvalidParameterValue', `Duplicate tag key '${key}' specified.`);
    }
    seen.add(key);
    if ((tag.Value?.length ?? 0) > tagValueCharactersMax) {
      throw new AwsError(
        'InvalidParameterValue',
        `Tag value exceeds the maximum length of ${tagValueCharactersMax} characters`,
      );
    }
    return [key, tag.Value];
  });
}

/** Refuses more user tags than a resource may have; AWS's own do not count. */
export function checkTagCount(keys: Iterable<string>): void {
  if ([...keys].filter(isUserTag).length > tagsPerResourceMax) {
    throw new AwsError('TagLimitExceeded', 'The maximum number of Tags for a resource has been reached.');
  }
}

/** Whether a user may write the tag; those of `aws:` belong to AWS. */
export function isUserTag(key: string): boolean {
  return !key.startsWith(reservedPrefix);
}

function checkKey(key: string): void {
  if (key === '') {
    throw new AwsError('InvalidParameterValue', 'Tag key cannot be empty');
  }
  if (key.length > tagKeyCharactersMax) {
    throw new AwsError(
      'InvalidParameterValue',
      `Tag key exceeds the maximum length of ${tagKeyCharactersMax} characters`,
    );
  }
  if (!isUserTag(key)) {
    throw new AwsError(
      'InvalidParameterValue',
      `Value ( ${key} ) for parameter key is invalid. Tag keys starting with 'aws:' are reserved for internal use`,
    );
  }
}
