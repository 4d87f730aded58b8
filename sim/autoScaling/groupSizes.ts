import { AwsError } from '../awsError.ts';
import type { Group } from './group.ts';

interface GroupSizes {
  readonly minSize: number;
  readonly maxSize: number;
  readonly desiredCapacity: number;
}

/**
 * Reads the sizes of a group. A desired capacity that is not given follows the bounds.
 *
 * @throws AwsError `ValidationError` for bounds that cross, or a desired capacity outside
 */
export function readGroupSizes(
  input: {
    readonly MinSize?: number | undefined;
    readonly MaxSize?: number | undefined;
    readonly DesiredCapacity?: number | undefined;
  },
  existing: GroupSizes | undefined,
): GroupSizes {
  const minSize = input.MinSize ?? existing?.minSize;
  const maxSize = input.MaxSize ?? existing?.maxSize;
  if (minSize === undefined || maxSize === undefined) {
    throw new AwsError('ValidationError', 'MinSize and MaxSize must be specified');
  }
  if (minSize < 0 || minSize > maxSize) {
    throw new AwsError(
      'ValidationError',
      `Max bound, ${maxSize}, must be greater than or equal to min bound, ${minSize}`,
    );
  }
  const desiredCapacity =
    input.DesiredCapacity ?? Math.min(maxSize, Math.max(minSize, existing?.desiredCapacity ?? minSize));
  if (desiredCapacity < minSize || desiredCapacity > maxSize) {
    throw new AwsError(
      'ValidationError',
      `Desired capacity:${desiredCapacity} must be between the specified min size:${minSize} and max size:${maxSize}`,
    );
  }
  return { minSize, maxSize, desiredCapacity };
}

/** @throws AwsError `ValidationError` */
export function checkDesiredCapacity(group: Group, desiredCapacity: number): void {
  if (desiredCapacity > group.maxSize) {
    throw new AwsError(
      'ValidationError',
      `New SetDesiredCapacity value ${desiredCapacity} is above max value ${group.maxSize} for the AutoScalingGroup.`,
    );
  }
  if (desiredCapacity < group.minSize) {
    throw new AwsError(
      'ValidationError',
      `New SetDesiredCapacity value ${desiredCapacity} is below min value ${group.minSize} for the AutoScalingGroup.`,
    );
  }
}

/**
 * Checks that desired capacity may change by so many instances for what is to be done with them.
 *
 * @throws AwsError `ValidationError`
 */
export function checkCapacityChange(group: Group, change: number, purpose: string): void {
  const desiredCapacity = group.desiredCapacity + change;
  if (desiredCapacity < group.minSize || desiredCapacity > group.maxSize) {
    throw new AwsError(
      'ValidationError',
      `AutoScalingGroup ${group.name} has min-size=${group.minSize}, max-size=${group.maxSize}, and desired-size=${group.desiredCapacity}. To ${purpose} ${Math.abs(change)} instance(s), please update the AutoScalingGroup sizes appropriately.`,
    );
  }
}
