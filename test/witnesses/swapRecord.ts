import { z } from 'zod';
import type { AwsCli } from './awsCli.ts';

/** A change that was accepted, and the call that made it. */
export interface Swap {
  readonly words: readonly string[];
  readonly changeId: string;
}

/** What the record shall be. */
interface Wanted {
  readonly zone: string;
  /** Without a trailing dot, such as `web.svc.example.internal`. */
  readonly name: string;
  readonly serial: number;
  /** Weights by host, in the order of the record's values. */
  readonly weights: Readonly<Record<string, number>>;
  /** Addresses by host. */
  readonly addresses: Readonly<Record<string, string>>;
}

/** Makes a cluster's record by hand as the sync does: what differs is deleted exactly as it was read, and created anew, in one batch. */
export async function swapRecord(aws: AwsCli, wanted: Wanted): Promise<Swap> {
  const zone = ['--hosted-zone-id', wanted.zone];
  const start = ['--start-record-name', wanted.name, '--start-record-type', 'A'];
  const listed = await aws.json('route53', 'list-resource-record-sets', ...zone, ...start);
  const found = listing.parse(listed).ResourceRecordSets;
  const made = recordSets(wanted);
  const Changes = [...changes('DELETE', found, made), ...changes('CREATE', made, found)];
  const batch = ['--change-batch', JSON.stringify({ Changes })];
  const words = ['route53', 'change-resource-record-sets', ...zone, ...batch];
  return { words, changeId: await aws.text(...words, '--query', 'ChangeInfo.Id') };
}

const listing = z.object({
  ResourceRecordSets: z.array(
    z.strictObject({
      Name: z.string(),
      Type: z.string(),
      TTL: z.number(),
      ResourceRecords: z.array(z.strictObject({ Value: z.string() })),
    }),
  ),
});

type RecordSet = z.infer<typeof listing>['ResourceRecordSets'][number];

function recordSets({ name, serial, weights, addresses }: Wanted): readonly RecordSet[] {
  const set = (setName: string, Type: string, values: readonly string[]): RecordSet => ({
    Name: `${setName}.`,
    Type,
    TTL: 10,
    ResourceRecords: values.map((Value) => ({ Value })),
  });
  const targets = Object.entries(weights).map(([host, weight]) => `0 ${weight} 443 ${host}.${name}`);
  return [
    set(name, 'TXT', [`"heritage=asg-srv" "serial=${serial}"`]),
    set(`_http._tcp.${name}`, 'SRV', targets),
    ...Object.keys(weights).map((host) => set(`${host}.${name}`, 'A', [addresses[host] ?? ''])),
  ];
}

function changes(action: 'CREATE' | 'DELETE', sets: readonly RecordSet[], others: readonly RecordSet[]): object[] {
  const kept = new Set(others.map((set) => JSON.stringify(set)));
  return sets
    .filter((set) => !kept.has(JSON.stringify(set)))
    .map((set) => ({ Action: action, ResourceRecordSet: set }));
}
