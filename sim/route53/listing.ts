import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { RecordSets } from './changeBatch.ts';
import { sortKey } from './domainName.ts';

/** What a place in a listing goes by: the name's sort key, the type, the set identifier; a part that is left out comes first. */
type ListingKey = readonly string[];

/** A record set in its place. */
export interface Listed {
  readonly recordSet: ResourceRecordSet;
  readonly key: ListingKey;
}

/** The record sets of a zone in Route 53's order. */
export function listing(recordSets: RecordSets): readonly Listed[] {
  return [...recordSets.values()]
    .map((recordSet) => ({ recordSet, key: listingKey(recordSet) }))
    .sort((left, right) => compareListingKeys(left.key, right.key));
}

/** The index of the first record set at or after a place, by halves; one past the end where there is none. */
export function firstListedFrom(listed: readonly Listed[], start: ListingKey): number {
  let low = 0;
  let high = listed.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareListingKeys(listed[middle]?.key ?? [], start) < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** By code unit, part by part. */
export function compareListingKeys(left: ListingKey, right: ListingKey): number {
  for (const [index, part] of left.entries()) {
    const other = right[index] ?? '';
    if (part !== other) {
      return part < other ? -1 : 1;
    }
  }
  return 0;
}

/** Stored record sets never change, so each has its key worked out once. */
const listingKeys = new WeakMap<ResourceRecordSet, ListingKey>();

function listingKey(recordSet: ResourceRecordSet): ListingKey {
  const known = listingKeys.get(recordSet);
  if (known !== undefined) {
    return known;
  }
  const key = [sortKey(recordSet.Name ?? ''), recordSet.Type ?? '', recordSet.SetIdentifier ?? ''];
  listingKeys.set(recordSet, key);
  return key;
}
