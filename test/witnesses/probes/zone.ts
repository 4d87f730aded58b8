import {
  type Change,
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  type RRType,
} from '@aws-sdk/client-route-53';
import type { Account } from './account.ts';
import { type Answer, refusal, refusalText } from './probe.ts';

/** The zone that every probe has one of its own of: zones of one name are told apart by their ids. */
const zoneName = 'svc.example.internal.';

const ttl = 10;

/** A record set of the zone; `name` is relative to it. */
export function set(name: string, type: RRType, ...values: readonly string[]): ResourceRecordSet {
  return {
    Name: `${name}.${zoneName}`,
    Type: type,
    TTL: ttl,
    ResourceRecords: values.map((value) => ({ Value: value })),
  };
}

export const create = (recordSet: ResourceRecordSet): Change => ({ Action: 'CREATE', ResourceRecordSet: recordSet });
export const remove = (recordSet: ResourceRecordSet): Change => ({ Action: 'DELETE', ResourceRecordSet: recordSet });
export const upsert = (recordSet: ResourceRecordSet): Change => ({ Action: 'UPSERT', ResourceRecordSet: recordSet });

/** Makes a zone that holds the record sets. @returns its id */
export async function createZone(aws: Account, held: readonly ResourceRecordSet[] = []): Promise<string> {
  const made = await aws.route53.send(
    new CreateHostedZoneCommand({ Name: zoneName, CallerReference: aws.name('reference') }),
  );
  const id = made.HostedZone?.Id ?? '';
  if (held.length > 0) {
    await change(aws, id, held.map(create));
  }
  return id;
}

export function change(aws: Account, zoneId: string, changes: Change[], comment?: string) {
  return aws.route53.send(
    new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: { Changes: changes, Comment: comment } }),
  );
}

/** Asks what comes of a batch in a zone that holds the record sets, and what the zone holds then. */
export function batch(held: readonly ResourceRecordSet[], ...changes: Change[]): (aws: Account) => Promise<Answer> {
  return (aws) => outcome(aws, held, changes, refusal);
}

/** As {@link batch}, with the text of a refusal. */
export function batchText(held: readonly ResourceRecordSet[], ...changes: Change[]): (aws: Account) => Promise<Answer> {
  return (aws) => outcome(aws, held, changes, refusalText);
}

async function outcome(
  aws: Account,
  held: readonly ResourceRecordSet[],
  changes: Change[],
  read: (call: Promise<unknown>) => Promise<string>,
): Promise<Answer> {
  const id = await createZone(aws, held);
  const answered = await read(change(aws, id, changes));
  return { batch: withoutBrackets(answered), holds: await listing(aws, id) };
}

/**
 * Route 53 writes the faults of a batch as a list in brackets, which it once did not
 * (https://github.com/boto/boto/issues/2887), and emulators do not: nothing of ours may rest on them.
 */
function withoutBrackets(text: string): string {
  return text.replace(/: \[(.*)\]$/su, ': $1');
}

/** What a zone holds beside its own NS and SOA, a line for each record set, in the order of the listing. */
export async function listing(aws: Account, zoneId: string): Promise<readonly string[]> {
  const page = await aws.route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: zoneId }));
  return (page.ResourceRecordSets ?? []).filter(({ Name }) => Name !== zoneName).map(line);
}

/** `web A 10 10.0.0.1`, the name relative to the zone; long values as their number. */
function line({ Name: name = '', Type: type, TTL: seconds, ResourceRecords: records = [] }: ResourceRecordSet): string {
  const values = records.map(({ Value: value }) => value ?? '');
  const shown = values.join(' | ');
  return `${relative(name)} ${type} ${seconds} ${shown.length > 200 ? `${values.length} values` : shown}`;
}

/** A name without the zone's; a name that does not end in the zone's as it is. */
export function relative(name: string): string {
  return name.endsWith(`.${zoneName}`) ? name.slice(0, -zoneName.length - 1) : name;
}
