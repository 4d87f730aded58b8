import type { ListResourceRecordSetsRequest, ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { ChangeResult, Records } from '../../lambda/ports.ts';
import type { ClusterName, RecordSet } from '../../lambda/reconcile/model.ts';
import { AwsError } from '../awsError.ts';
import type { World } from '../world.ts';
import { attempt, type Gate } from './gate.ts';

/** Which zone, and who writes to it. */
export interface SimRecordsProps {
  readonly hostedZoneId: string;
  /** Lower case, without a trailing dot. */
  readonly zone: string;
  /** Whose name the log of writes carries. */
  readonly principal: string | undefined;
}

/** The records of one zone of the world. Reads are never stale: ListResourceRecordSets is strongly consistent. */
export function createSimRecords(world: World, props: SimRecordsProps, gate: Gate): Records {
  return {
    list: async (scope) => {
      await gate.step('records.list');
      if (scope === 'all') {
        const sets = gate.run('records.list', '', () => list(world, props.hostedZoneId, undefined));
        return byCluster(sets, props.zone);
      }
      const found = new Map<ClusterName, readonly RecordSet[] | Error>();
      for (const cluster of scope) {
        const domain = `${cluster}.${props.zone}.`;
        found.set(
          cluster,
          attempt(() => gate.run('records.list', cluster, () => list(world, props.hostedZoneId, domain))),
        );
      }
      return found;
    },
    change: async ({ deletes, creates }) => {
      await gate.step('records.change');
      const Changes = [
        ...deletes.map((set) => ({ Action: 'DELETE' as const, ResourceRecordSet: resourceRecordSet(set) })),
        ...creates.map((set) => ({ Action: 'CREATE' as const, ResourceRecordSet: resourceRecordSet(set) })),
      ];
      const request = { HostedZoneId: props.hostedZoneId, ChangeBatch: { Changes } };
      const answer = attempt(() =>
        gate.run('records.change', '', () => world.route53.changeResourceRecordSets(request, props.principal)),
      );
      return answer instanceof AwsError ? refusal(answer) : { kind: 'accepted', changeId: answer.ChangeInfo?.Id ?? '' };
    },
    hasPropagated: async (changeId) => {
      await gate.step('records.hasPropagated');
      const answer = attempt(() =>
        gate.run('records.hasPropagated', changeId, () => world.route53.getChange({ Id: changeId })),
      );
      if (!(answer instanceof AwsError)) {
        return answer.ChangeInfo?.Status === 'INSYNC';
      }
      if (answer.name === 'NoSuchChange') {
        return false;
      }
      throw answer;
    },
  };
}

/** A refused batch, a failure that certainly changed nothing (4xx), or one that does not tell. */
function refusal(error: AwsError): ChangeResult {
  if (error.name === 'InvalidChangeBatch') {
    return {
      kind: 'rejected',
      error: new Error(`Cannot change the zone: Route 53 refused the batch: ${error.message}`, { cause: error }),
    };
  }
  if (error.statusCode < 500) {
    throw error;
  }
  return { kind: 'uncertain', error };
}

/** Lists the zone, or one domain of it, whose names stand together in Route 53's order. */
function list(world: World, hostedZoneId: string, domain: string | undefined): readonly RecordSet[] {
  const isWithin = (name: string): boolean => domain === undefined || name === domain || name.endsWith(`.${domain}`);
  const sets: RecordSet[] = [];
  let next: ListResourceRecordSetsRequest | undefined = {
    HostedZoneId: hostedZoneId,
    ...(domain === undefined ? {} : { StartRecordName: domain }),
  };
  while (next !== undefined) {
    const page = world.route53.listResourceRecordSets(next);
    sets.push(...(page.ResourceRecordSets ?? []).map(recordSet).filter(({ name }) => isWithin(name)));
    const { NextRecordName: name, NextRecordType: type, NextRecordIdentifier: identifier } = page;
    next =
      name === undefined || !isWithin(name)
        ? undefined
        : {
            HostedZoneId: hostedZoneId,
            StartRecordName: name,
            ...(type === undefined ? {} : { StartRecordType: type }),
            ...(identifier === undefined ? {} : { StartRecordIdentifier: identifier }),
          };
  }
  return sets;
}

/** Sorts a zone's sets by the label directly below the zone. */
function byCluster(sets: readonly RecordSet[], zone: string): ReadonlyMap<ClusterName, readonly RecordSet[]> {
  const suffix = `.${zone}.`;
  return Map.groupBy(
    sets.filter(({ name }) => name.endsWith(suffix)),
    ({ name }) => name.slice(0, -suffix.length).split('.').at(-1) ?? '',
  );
}

function recordSet({ Name, Type, TTL, ResourceRecords, AliasTarget, SetIdentifier }: ResourceRecordSet): RecordSet {
  return {
    name: Name ?? '',
    type: Type ?? '',
    ttl: TTL ?? 0,
    values: (ResourceRecords ?? []).map(({ Value = '' }) => Value),
    ...(SetIdentifier === undefined ? {} : { routing: `set identifier "${SetIdentifier}"` }),
    ...(AliasTarget === undefined ? {} : { routing: 'an alias' }),
  };
}

function resourceRecordSet({ name, type, ttl, values }: RecordSet): ResourceRecordSet {
  return { Name: name, Type: writtenType(type), TTL: ttl, ResourceRecords: values.map((Value) => ({ Value })) };
}

/** The function's policy allows no other types. */
function writtenType(type: string): 'A' | 'AAAA' | 'SRV' | 'TXT' {
  const found = (['A', 'AAAA', 'SRV', 'TXT'] as const).find((known) => known === type);
  if (found === undefined) {
    throw new RangeError(`Cannot change a record set: its type must be A, AAAA, SRV or TXT: found "${type}"`);
  }
  return found;
}
