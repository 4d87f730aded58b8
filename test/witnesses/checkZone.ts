import type { RecordSet } from '../../lambda/reconcile/model.ts';
import { askWitness } from './askWitness.ts';

/** One record of a zone as named-checkzone prints it: `web.example. 10 TXT "a" "b"`. */
export type ZoneRecord = string;

/** What named-checkzone makes of a zone. */
export interface CheckedZone {
  /** The name server would serve it. */
  readonly loads: boolean;
  /** What it does not like, such as a target without an address; among it why the zone does not load. */
  readonly complaints: readonly string[];
  /** The zone's records but for SOA and NS, in order; none where it does not load. */
  readonly records: readonly ZoneRecord[];
}

/**
 * Has BIND's checker read a zone that holds these record sets, their names, numbers and values written into the zone file as they are.
 *
 * @see https://bind9.readthedocs.io/en/v9.18.28/manpages.html#named-checkzone-zone-file-validity-checking-or-converting-tool
 */
export function checkZone(zone: string, recordSets: readonly RecordSet[]): CheckedZone {
  const file = [
    `${zone}. 900 IN SOA ns.elsewhere.invalid. hostmaster.elsewhere.invalid. 1 7200 900 1209600 900`,
    `${zone}. 900 IN NS ns.elsewhere.invalid.`,
    ...recordSets.flatMap(({ name, ttl, type, values }) => values.map((value) => `${name} ${ttl} IN ${type} ${value}`)),
  ];
  const { exitCode, output, complaint } = askWitness(
    'named-checkzone',
    // Integrity within the zone, all doubts about names as failures, and the zone in its canonical form.
    ['-i', 'local', '-k', 'fail', '-n', 'fail', '-r', 'fail', '-S', 'fail', '-D', zone, '-'],
    `${file.join('\n')}\n`,
  );
  return {
    loads: exitCode === 0,
    complaints: complaint
      .split('\n')
      .filter((line) => line !== '' && line !== 'OK' && !/: loaded serial 1$/u.test(line)),
    records: output
      .split('\n')
      .map((line) => line.replace(/\s+(\d+)\s+IN\s+(\S+)\s+/u, ' $1 $2 '))
      .filter((line) => line !== '' && !/ 900 (?:SOA|NS) /u.test(line))
      .toSorted(),
  };
}

/** The records that the record sets mean. */
export function meantRecords(recordSets: readonly RecordSet[]): readonly ZoneRecord[] {
  return recordSets
    .flatMap(({ name, ttl, type, values }) =>
      values.map((value) => `${name} ${ttl} ${type} ${type === 'AAAA' ? canonicalAddress(value) : value}`),
    )
    .toSorted();
}

/** An IPv6 address as RFC 5952 writes it; that is how a URL does, too: https://url.spec.whatwg.org/#concept-ipv6-serializer */
function canonicalAddress(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}
