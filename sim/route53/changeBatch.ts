import type { Change, ChangeBatch, ResourceRecordSet } from '@aws-sdk/client-route-53';
import { AwsError } from '../awsError.ts';
import { copiedRecordSet } from './copiedRecordSet.ts';
import { canonicalName, domainNameFault, isInZone } from './domainName.ts';
import { resourceRecordFault } from './resourceRecord.ts';

/** Record sets by name, type and set identifier: the key that {@link recordSetKey} makes. */
export type RecordSets = ReadonlyMap<string, ResourceRecordSet>;

/** A zone as a change batch meets it. `name` is canonical. */
interface ZoneContent {
  readonly id: string;
  readonly name: string;
  readonly recordSets: RecordSets;
}

const commentCharactersMax = 256;
const elementsPerRequestMax = 1_000;
const charactersPerRequestMax = 32_000;
const charactersPerValueMax = 4_000;
const valuesPerRecordSetMax = 400;
const recordSetsPerZoneMax = 10_000;
const ttlSecondsMax = 2_147_483_647;

/**
 * Applies a batch to a zone whole or not at all, and returns the zone's new content.
 *
 * A DELETE must repeat what exists, a CREATE must find nothing, and both may stand for one record set in one batch: this is what makes
 * a batch a compare-and-swap. Faults of content come together as one `InvalidChangeBatch`; a batch of the wrong form is an `InvalidInput`.
 *
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html,
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html
 */
export function applyChangeBatch(zone: ZoneContent, batch: ChangeBatch | undefined): RecordSets {
  const steps = readSteps(batch);
  refuse([...requestFaults(steps), ...repeatFaults(steps)]);
  const next = new Map(zone.recordSets);
  refuse(steps.flatMap((step) => [...syntaxFaults(zone, step), ...applyStep(next, step)]));
  refuse([...neighbourFaults(zone, next, steps), ...zoneFaults(zone, next)]);
  return next;
}

/** Tells record sets of one zone apart. */
export function recordSetKey(recordSet: Pick<ResourceRecordSet, 'Name' | 'Type' | 'SetIdentifier'>): string {
  return `${recordSet.Name} ${recordSet.Type} ${recordSet.SetIdentifier ?? ''}`;
}

interface Step {
  readonly action: 'CREATE' | 'DELETE' | 'UPSERT';
  readonly recordSet: ResourceRecordSet;
  readonly values: readonly string[];
}

function readSteps(batch: ChangeBatch | undefined): readonly Step[] {
  if (batch?.Changes === undefined || batch.Changes.length === 0) {
    throw new AwsError('InvalidInput', 'Invalid request: Expected at least one Change in ChangeBatch');
  }
  if ((batch.Comment ?? '').length > commentCharactersMax) {
    throw new AwsError(
      'InvalidInput',
      `Invalid request: Comment must not be longer than ${commentCharactersMax} characters`,
    );
  }
  return batch.Changes.map(readStep);
}

function readStep({ Action: action, ResourceRecordSet: given }: Change): Step {
  if (action === undefined || given?.Name === undefined || given.Type === undefined) {
    throw new AwsError('InvalidInput', 'Invalid request: Missing Action, Name or Type in Change');
  }
  const change = (): string =>
    `Change with [Action=${action}, Name=${given.Name}, Type=${given.Type}, SetIdentifier=${given.SetIdentifier ?? 'null'}]`;
  const values = (given.ResourceRecords ?? []).map((record) => record.Value ?? '');
  if (given.AliasTarget === undefined && (values.length === 0 || given.TTL === undefined)) {
    const kinds = '[AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId]';
    throw new AwsError(
      'InvalidInput',
      `Invalid request: Expected exactly one of ${kinds}, but found none in ${change()}`,
    );
  }
  if (given.AliasTarget !== undefined && (values.length > 0 || given.TTL !== undefined)) {
    const kinds = '[AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId]';
    throw new AwsError(
      'InvalidInput',
      `Invalid request: Expected exactly one of ${kinds}, but found more than one in ${change()}`,
    );
  }
  if (given.TTL !== undefined && !(Number.isInteger(given.TTL) && given.TTL >= 0 && given.TTL <= ttlSecondsMax)) {
    throw new AwsError('InvalidInput', `Invalid request: TTL must be between 0 and ${ttlSecondsMax} in ${change()}`);
  }
  if (values.some((value) => value.length === 0 || value.length > charactersPerValueMax)) {
    throw new AwsError(
      'InvalidInput',
      `Invalid request: Value must have 1 to ${charactersPerValueMax} characters in ${change()}`,
    );
  }
  return { action, recordSet: { ...copiedRecordSet(given), Name: canonicalName(given.Name) }, values };
}

function requestFaults(steps: readonly Step[]): readonly string[] {
  // An UPSERT counts twice since it stands for a DELETE and a CREATE.
  const values = steps.flatMap((step) => (step.action === 'UPSERT' ? [...step.values, ...step.values] : step.values));
  const characters = values.reduce((sum, value) => sum + value.length, 0);
  return [
    ...when(values.length > elementsPerRequestMax, `Number of records limit of ${elementsPerRequestMax} exceeded.`),
    ...when(characters > charactersPerRequestMax, `RDATA character limit of ${charactersPerRequestMax} exceeded.`),
  ];
}

function syntaxFaults(zone: ZoneContent, { recordSet, values }: Step): readonly string[] {
  const name = recordSet.Name ?? '';
  const type = recordSet.Type ?? '';
  const nameFault = domainNameFault(name);
  const folded = values.map((value) => value.toLowerCase());
  const isRepeated = new Set(folded).size < folded.length;
  return [
    ...when(nameFault !== undefined, `FATAL problem: ${nameFault} encountered with '${name}'`),
    ...when(!isInZone(name, zone.name), `RRSet with DNS name ${name} is not permitted in zone ${zone.name}`),
    ...values.flatMap((value) => resourceRecordFault(type, value) ?? []),
    ...(isRepeated ? repetitions(values, folded) : []),
    ...when(
      values.length > valuesPerRecordSetMax,
      `Cannot have more than ${valuesPerRecordSetMax} records in a RRSet.`,
    ),
  ];
}

function repetitions(values: readonly string[], folded: readonly string[]): readonly string[] {
  return values
    .filter((_, index) => folded.indexOf(folded[index] ?? '') < index)
    .map((value) => `Duplicate Resource Record: '${value}'`);
}

function applyStep(recordSets: Map<string, ResourceRecordSet>, { action, recordSet }: Step): readonly string[] {
  const key = recordSetKey(recordSet);
  const current = recordSets.get(key);
  if (action === 'DELETE') {
    if (current === undefined) {
      return [`Tried to delete resource record set ${describe(recordSet)} but it was not found`];
    }
    if (fingerprint(current) !== fingerprint(recordSet)) {
      return [
        `Tried to delete resource record set ${describe(recordSet)} but the values provided do not match the current values`,
      ];
    }
    recordSets.delete(key);
    return [];
  }
  recordSets.set(key, recordSet);
  return when(
    action === 'CREATE' && current !== undefined,
    `Tried to create resource record set ${describe(recordSet)} but it already exists`,
  );
}

/** A record set may be deleted and created in one batch, in this order, and nothing else twice. */
function repeatFaults(steps: readonly Step[]): readonly string[] {
  const actions = Map.groupBy(steps, (step) => recordSetKey(step.recordSet));
  return [...actions.values()].flatMap((group) => {
    const sequence = group.map((step) => step.action).join(' ');
    const recordSet = group[0]?.recordSet;
    return when(
      group.length > 1 && sequence !== 'DELETE CREATE',
      `The request contains an invalid set of changes for a resource record set '${recordSet?.Type} ${recordSet?.Name}'`,
    );
  });
}

/** A CNAME stands alone at its name, and never at the zone's own. */
function neighbourFaults(zone: ZoneContent, recordSets: RecordSets, steps: readonly Step[]): readonly string[] {
  const written = steps.filter((step) => step.action !== 'DELETE').map((step) => step.recordSet);
  const names = new Set(written.map((recordSet) => recordSet.Name));
  const byName = Map.groupBy(
    [...recordSets.values()].filter((recordSet) => names.has(recordSet.Name)),
    (recordSet) => recordSet.Name,
  );
  return written.flatMap(({ Name: name, Type: type }) => {
    const others = (byName.get(name) ?? []).filter((recordSet) => recordSet.Type !== type);
    if (type === 'CNAME') {
      return [
        ...when(
          name === zone.name,
          `RRSet of type CNAME with DNS name ${name} is not permitted at apex in zone ${zone.name}`,
        ),
        ...when(
          others.length > 0 && name !== zone.name,
          `RRSet of type CNAME with DNS name ${name} is not permitted as it conflicts with other records with the same DNS name in zone ${zone.name}`,
        ),
      ];
    }
    // The two blanks before CNAME are Route 53's.
    return when(
      others.some((recordSet) => recordSet.Type === 'CNAME'),
      `RRSet of type ${type} with DNS name ${name} is not permitted because a conflicting RRSet of type  CNAME with the same DNS name already exists in zone ${zone.name}`,
    );
  });
}

function zoneFaults(zone: ZoneContent, recordSets: RecordSets): readonly string[] {
  return [
    ...when(
      recordSets.size > recordSetsPerZoneMax && recordSets.size > zone.recordSets.size,
      `Exceeded limit MAX_RRSETS_BY_ZONE for zone: ${zone.id}`,
    ),
    ...when(
      !recordSets.has(recordSetKey({ Name: zone.name, Type: 'NS' })),
      'A HostedZone must contain at least one NS record for the zone itself.',
    ),
    ...when(
      !recordSets.has(recordSetKey({ Name: zone.name, Type: 'SOA' })),
      'A HostedZone must contain exactly one SOA record.',
    ),
  ];
}

/** All that a DELETE must repeat: the values in any order, the rest as it is. */
function fingerprint({ ResourceRecords: records = [], AliasTarget: alias, ...rest }: ResourceRecordSet): string {
  return JSON.stringify([
    records.map((record) => record.Value ?? '').toSorted(byText),
    alias === undefined ? [] : Object.entries(alias).toSorted(byName),
    Object.entries(rest)
      .filter(([, value]) => value !== undefined)
      .toSorted(byName),
  ]);
}

function byName([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}

function byText(left: string, right: string): number {
  return left < right ? -1 : 1;
}

function describe({ Name: name, Type: type, SetIdentifier: identifier }: ResourceRecordSet): string {
  return identifier === undefined
    ? `[name='${name}', type='${type}']`
    : `[name='${name}', type='${type}', set-identifier='${identifier}']`;
}

function when(condition: boolean, message: string): readonly string[] {
  return condition ? [message] : [];
}

function refuse(messages: readonly string[]): void {
  if (messages.length > 0) {
    throw new AwsError('InvalidChangeBatch', `[${messages.join(', ')}]`, 400, messages);
  }
}
