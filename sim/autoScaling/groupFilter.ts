import type { Filter } from '@aws-sdk/client-auto-scaling';
import { AwsError } from '../awsError.ts';
import type { GroupView } from './groupView.ts';

/**
 * Compiles the filters of DescribeAutoScalingGroups: a group must meet all of them, each by one of its values. Case counts, and there are no
 * wildcards.
 *
 * @throws AwsError `ValidationError` for any filter but `tag-key`, `tag-value` and `tag:<key>`
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Filter.html
 */
export function groupFilter(filters: readonly Filter[]): (view: GroupView) => boolean {
  const tests = filters.map((filter) => {
    const read = attribute(filter.Name ?? '');
    const values = filter.Values ?? [];
    return (view: GroupView) => read(view).some((found) => values.includes(found));
  });
  return (view) => tests.every((test) => test(view));
}

function attribute(name: string): (view: GroupView) => readonly string[] {
  if (name.startsWith('tag:')) {
    const key = name.slice('tag:'.length);
    return (view) => {
      const value = view.tags.get(key);
      return value === undefined ? [] : [value];
    };
  }
  switch (name) {
    case 'tag-key':
      return (view) => [...view.tags.keys()];
    case 'tag-value':
      return (view) => [...view.tags.values()];
    default:
      throw new AwsError(
        'ValidationError',
        `Filter type ${name} is not correct. Allowed filter types are: tag-key tag-value tag:<key>`,
      );
  }
}
