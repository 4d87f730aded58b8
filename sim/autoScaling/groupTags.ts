import type { Tag } from '@aws-sdk/client-auto-scaling';
import { AwsError } from '../awsError.ts';
import type { GroupTag } from './group.ts';

/** @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html */
const tagsPerGroupMax = 50;
const tagKeyCharactersMax = 128;
const tagValueCharactersMax = 256;

/** Writes one tag onto a group's. @throws AwsError `ValidationError` for a bad key or value, `LimitExceeded` for a tag too many */
export function writeGroupTag(tags: Map<string, GroupTag>, tag: Tag): void {
  const key = tag.Key ?? '';
  const value = tag.Value ?? '';
  if (key === '' || key.length > tagKeyCharactersMax || value.length > tagValueCharactersMax) {
    throw new AwsError(
      'ValidationError',
      `Tag "${key}" is invalid: a key has 1 to ${tagKeyCharactersMax} characters, a value at most ${tagValueCharactersMax}`,
    );
  }
  if (key.startsWith('aws:')) {
    throw new AwsError('ValidationError', `aws: prefixed tag key names are not allowed for external use: ${key}`);
  }
  if (!tags.has(key) && tags.size >= tagsPerGroupMax) {
    throw new AwsError('LimitExceeded', `The maximum number of tags for an AutoScalingGroup is ${tagsPerGroupMax}`);
  }
  tags.set(key, { value, propagateAtLaunch: tag.PropagateAtLaunch ?? false });
}
