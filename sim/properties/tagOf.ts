import type { DescribedGroup } from '../autoScaling/groupView.ts';

/** The value of a group's tag; undefined while it has none. */
export function tagOf({ Tags = [] }: DescribedGroup, key: string): string | undefined {
  return Tags.find(({ Key }) => Key === key)?.Value;
}
