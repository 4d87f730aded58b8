import type { Change, ResourceRecordSet } from '@aws-sdk/client-route-53';
import { srvWeights } from '../route53/srvWeights.ts';
import type { World } from '../world.ts';
import type { Subject } from './subject.ts';

/** Weights by instance id. */
export type Weights = ReadonlyMap<string, number>;

/** A cluster's record by all batches that Route 53 accepted. */
export interface ClusterRecord {
  /** Of the registry entry; 0 while there is none. */
  readonly serial: number;
  readonly weights: Weights;
}

/** What Route 53 has accepted. */
export function acceptedRecord(world: World, subject: Subject): ClusterRecord {
  const recordSets = world.route53.records(subject.hostedZoneId);
  const valuesOf = (name: string, type: string): readonly string[] =>
    recordSets.filter((set) => set.Name === `${name}.` && set.Type === type).flatMap(values);
  return {
    serial: serialIn(valuesOf(`${subject.cluster}.${subject.zoneName}`, 'TXT')) ?? 0,
    weights: srvWeights(valuesOf(subject.recordName, 'SRV')),
  };
}

/** What the name servers answer. */
export function answeredWeights(world: World, { recordName }: Subject): Weights {
  return srvWeights(world.route53.answer(recordName, 'SRV')?.values ?? []);
}

/** Serial of the registry entry that a batch deletes, or creates. */
export function serialOf(changes: readonly Change[], action: 'CREATE' | 'DELETE'): number | undefined {
  const sets = changes.filter((change) => change.Action === action).map((change) => change.ResourceRecordSet);
  return serialIn(sets.filter((set) => set?.Type === 'TXT').flatMap(values));
}

function serialIn(texts: readonly string[]): number | undefined {
  const serial = texts.map((text) => /"serial=(\d+)"/u.exec(text)?.[1]).find((digits) => digits !== undefined);
  return serial === undefined ? undefined : Number(serial);
}

function values(recordSet: ResourceRecordSet | undefined): readonly string[] {
  return recordSet?.ResourceRecords?.map(({ Value = '' }) => Value) ?? [];
}
