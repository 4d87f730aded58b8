import type { RecordSet, RecordWrite } from './model.ts';
import { decodeRegistry, sameRegistry } from './registry.ts';

/**
 * Has a write been applied although its answer was an error, or none? Then the zone holds all that its swap creates. The registry entry is
 * compared as a whole: a rival's entry may carry the same serial.
 */
export function arrived(write: RecordWrite, recordSets: readonly RecordSet[]): boolean {
  return write.swap.creates.every((wanted) =>
    recordSets.some(
      (found) =>
        found.name === wanted.name &&
        found.type === wanted.type &&
        (wanted.type === 'TXT' ? sameEntry(wanted, found) : sameValues(wanted, found)),
    ),
  );
}

/** Are two listings of a cluster the same, in whatever order? */
export function sameRecordSets(one: readonly RecordSet[], other: readonly RecordSet[]): boolean {
  const text = (sets: readonly RecordSet[]): string =>
    sets
      .map(({ name, type, ttl, values, routing }) => JSON.stringify([name, type, ttl, values.toSorted(), routing]))
      .sort()
      .join('\n');
  return text(one) === text(other);
}

function sameEntry(wanted: RecordSet, found: RecordSet): boolean {
  const entry = (set: RecordSet): ReturnType<typeof decodeRegistry> =>
    set.values.map(decodeRegistry).find((read) => read !== undefined);
  const one = entry(wanted);
  const other = entry(found);
  return one !== undefined && other !== undefined && sameRegistry(one.entry, other.entry);
}

function sameValues(wanted: RecordSet, found: RecordSet): boolean {
  const text = ({ values }: RecordSet): string =>
    values
      .map((value) => value.toLowerCase().replace(/\.$/, ''))
      .sort()
      .join('\n');
  return wanted.ttl === found.ttl && text(wanted) === text(found);
}
