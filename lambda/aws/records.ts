import {
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  InvalidChangeBatch,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
  type ResourceRecordSet,
  type Route53Client,
} from '@aws-sdk/client-route-53';
import type { ChangeResult, Records } from '../ports.ts';
import type { ChangeBatch, ClusterName, RecordSet } from '../reconcile/model.ts';
import { errorCode, failure } from './failure.ts';
import { inParallel } from './inParallel.ts';
import { readPages } from './pages.ts';

/** Clusters listed one by one; above, listing the whole zone takes fewer calls (10,000 records are 34 pages). */
const listingsMax = 34;

/** The records of one hosted zone, by Route 53's API. */
export function createRecords(client: Route53Client, zone: { readonly id: string; readonly name: string }): Records {
  return {
    list: async (scope) =>
      scope === 'all' || scope.size > listingsMax
        ? byCluster(await list(client, zone.id, undefined), zone.name)
        : listEach(client, zone, scope),
    change: (batch) => change(client, zone.id, batch),
    hasPropagated: (changeId) => hasPropagated(client, changeId),
  };
}

async function listEach(
  client: Route53Client,
  zone: { readonly id: string; readonly name: string },
  clusters: ReadonlySet<ClusterName>,
): Promise<ReadonlyMap<ClusterName, readonly RecordSet[] | Error>> {
  const found = new Map<ClusterName, readonly RecordSet[] | Error>();
  await inParallel([...clusters], async (cluster) => {
    try {
      found.set(cluster, await list(client, zone.id, `${cluster}.${zone.name}.`));
    } catch (error) {
      found.set(cluster, error instanceof Error ? error : failure(`list the records of cluster "${cluster}"`, error));
    }
  });
  return found;
}

/**
 * Lists the zone, or one domain of it. Route 53 orders names by their labels reversed, so a domain and all below it stand together; the first
 * set of a page is the first at or after the name asked for (ListResourceRecordSets).
 */
async function list(client: Route53Client, zoneId: string, domain: string | undefined): Promise<readonly RecordSet[]> {
  const isWithin = (name: string): boolean => domain === undefined || name === domain || name.endsWith(`.${domain}`);
  const start: ListResourceRecordSetsCommandInput = {
    HostedZoneId: zoneId,
    MaxItems: 300,
    ...(domain === undefined ? {} : { StartRecordName: domain }),
  };
  const what = `list the records of ${domain === undefined ? 'the zone' : `"${domain}"`}`;
  const sets = await readPages(what, async (next: ListResourceRecordSetsCommandInput = start) => {
    const page = await client.send(new ListResourceRecordSetsCommand(next)).catch((error: unknown) => {
      throw failure(what, error);
    });
    const { NextRecordName, NextRecordType, NextRecordIdentifier } = page;
    const goesOn = page.IsTruncated === true && NextRecordName !== undefined && isWithin(NextRecordName);
    return {
      items: (page.ResourceRecordSets ?? []).map(recordSet),
      next: goesOn
        ? {
            ...start,
            StartRecordName: NextRecordName,
            ...(NextRecordType === undefined ? {} : { StartRecordType: NextRecordType }),
            ...(NextRecordIdentifier === undefined ? {} : { StartRecordIdentifier: NextRecordIdentifier }),
          }
        : undefined,
    };
  });
  return sets.filter(({ name }) => isWithin(name));
}

/** Sorts a whole zone's sets by the label directly below the zone. */
function byCluster(sets: readonly RecordSet[], zoneName: string): ReadonlyMap<ClusterName, readonly RecordSet[]> {
  const suffix = `.${zoneName}.`;
  return Map.groupBy(
    sets.filter(({ name }) => name.endsWith(suffix)),
    ({ name }) => name.slice(0, -suffix.length).split('.').at(-1) ?? '',
  );
}

async function change(client: Route53Client, zoneId: string, { deletes, creates }: ChangeBatch): Promise<ChangeResult> {
  // Only DELETE and CREATE: an UPSERT would write whatever the record says meanwhile, and the role's policy does not allow it.
  const changes = [
    ...deletes.map((set) => ({ Action: 'DELETE' as const, ResourceRecordSet: resourceRecordSet(set) })),
    ...creates.map((set) => ({ Action: 'CREATE' as const, ResourceRecordSet: resourceRecordSet(set) })),
  ];
  try {
    const answer = await client.send(
      new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: { Changes: changes } }),
    );
    return { kind: 'accepted', changeId: answer.ChangeInfo?.Id ?? '' };
  } catch (error) {
    if (error instanceof InvalidChangeBatch) {
      return {
        kind: 'rejected',
        error: new Error(`Cannot change the zone: Route 53 refused the batch: ${error.message}`, { cause: error }),
      };
    }
    if (isAnswered(error)) {
      throw failure('change the zone', error);
    }
    return { kind: 'uncertain', error: failure('tell whether the zone was changed', error) };
  }
}

/** A 4xx answer means that nothing was changed; a 5xx answer or none leaves it open. */
function isAnswered(error: unknown): boolean {
  if (!(error instanceof Error) || !('$metadata' in error)) {
    return false;
  }
  const { $metadata } = error;
  const status =
    typeof $metadata === 'object' && $metadata !== null && 'httpStatusCode' in $metadata
      ? Number($metadata.httpStatusCode)
      : 500;
  return status >= 400 && status < 500;
}

async function hasPropagated(client: Route53Client, changeId: string): Promise<boolean> {
  try {
    const answer = await client.send(new GetChangeCommand({ Id: changeId }));
    return answer.ChangeInfo?.Status === 'INSYNC';
  } catch (error) {
    if (errorCode(error) === 'NoSuchChange') {
      return false;
    }
    throw failure(`get change "${changeId}"`, error);
  }
}

function recordSet(set: ResourceRecordSet): RecordSet {
  const routing = routingOf(set);
  return {
    name: set.Name ?? '',
    type: set.Type ?? '',
    ttl: set.TTL ?? 0,
    values: (set.ResourceRecords ?? []).map(({ Value = '' }) => Value),
    ...(routing === undefined ? {} : { routing }),
  };
}

function routingOf({ AliasTarget, SetIdentifier }: ResourceRecordSet): string | undefined {
  if (AliasTarget !== undefined) {
    return 'an alias';
  }
  return SetIdentifier === undefined ? undefined : `set identifier "${SetIdentifier}"`;
}

function resourceRecordSet({ name, type, ttl, values }: RecordSet): ResourceRecordSet {
  return { Name: name, Type: recordType(type), TTL: ttl, ResourceRecords: values.map((Value) => ({ Value })) };
}

/** The types that we write; the role's policy allows no others. */
function recordType(type: string): 'A' | 'AAAA' | 'SRV' | 'TXT' {
  switch (type) {
    case 'A':
    case 'AAAA':
    case 'SRV':
    case 'TXT':
      return type;
    default:
      throw new RangeError(`Cannot change a record set: its type must be A, AAAA, SRV or TXT: found "${type}"`);
  }
}
