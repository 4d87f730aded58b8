import type { ResourceRecordSet } from '@aws-sdk/client-route-53';

/** A copy that shares nothing with the original. By hand, because every sweep lists whole zones, and `structuredClone` is slow. */
export function copiedRecordSet(original: ResourceRecordSet): ResourceRecordSet {
  const { AliasTarget, GeoLocation, GeoProximityLocation, CidrRoutingConfig, ResourceRecords: records } = original;
  if ((AliasTarget ?? GeoLocation ?? GeoProximityLocation ?? CidrRoutingConfig) !== undefined) {
    return structuredClone(original);
  }
  return records === undefined
    ? { ...original }
    : { ...original, ResourceRecords: records.map(({ Value }) => ({ Value })) };
}
