import type { Host } from './case.ts';
import type { Desired } from './desired.ts';
import type { Observation, RecordSet, RecordWrite } from './model.ts';
import {
  type ClusterRecord,
  clusterDomain,
  encodeTarget,
  hostName,
  type RecordNames,
  sameTarget,
  serviceName,
} from './record.ts';
import { encodeRegistry } from './registry.ts';

/** What must change in the zone so that the cluster's records are the desired ones; undefined when they are. */
export function recordWrite(observation: Observation, desired: Desired): RecordWrite | undefined {
  const { names, record, service, ttl, hosts, stamp: written } = desired;
  const targets = targetSet(names, service, ttl, hosts);
  const targetsDiffer = !sameTargets(record, targets, hosts);
  const addresses = addressChanges(names, ttl, record, hosts);
  const remembers = hosts.some(({ begins, instanceId }) => begins === true && desired.leaving.has(instanceId));
  const differs =
    targetsDiffer || record.damaged || remembers || addresses.creates.length + addresses.deletes.length > 0;
  if (!differs) {
    return undefined;
  }
  const previous = record.registry?.serial ?? 0;
  // A serial that cannot be read is replaced by the epoch, which is above any count of writes: no serial comes twice.
  const serial = record.damaged ? Math.max(previous + 1, written) : previous + 1;
  const registry: RecordSet = {
    name: clusterDomain(names),
    type: 'TXT',
    ttl,
    values: [
      encodeRegistry({ owner: observation.owner, serial, written, leaving: desired.leaving, joining: desired.joining }),
      ...record.otherTexts,
    ],
  };
  const key = ({ name, type }: RecordSet): string => `${name} ${type}`;
  const deleted = new Set(addresses.deletes.map(key));
  return {
    serial,
    written,
    before: { deletes: [], creates: addresses.creates.filter((set) => !deleted.has(key(set))) },
    swap: {
      deletes: [
        ...(record.registrySet === undefined ? [] : [record.registrySet]),
        ...(targetsDiffer ? record.targetSets : []),
      ],
      creates: [registry, ...(targetsDiffer && targets !== undefined ? [targets] : [])],
    },
    after: { deletes: addresses.deletes, creates: addresses.creates.filter((set) => deleted.has(key(set))) },
  };
}

/** The SRV set; there is none without values (Route 53 refuses it), so an empty cluster keeps its registry entry only. */
function targetSet(names: RecordNames, service: string, ttl: number, hosts: readonly Host[]): RecordSet | undefined {
  const values = hosts.flatMap(({ target }) => (target === undefined ? [] : [encodeTarget(names, target)]));
  return values.length === 0 ? undefined : { name: serviceName(names, service), type: 'SRV', ttl, values };
}

/** Compared by what the values mean: whether Route 53 returns them byte for byte is not documented. */
function sameTargets(record: ClusterRecord, wanted: RecordSet | undefined, hosts: readonly Host[]): boolean {
  const [recorded, ...more] = record.targetSets;
  if (recorded === undefined || wanted === undefined) {
    return recorded === wanted;
  }
  const sameHosts = hosts.every(({ recorded: before, target: after }) => sameTarget(before, after));
  return (
    more.length === 0 &&
    record.strays.length === 0 &&
    sameHosts &&
    recorded.name === wanted.name &&
    recorded.ttl === wanted.ttl
  );
}

/** Address records to create and to delete; a set that changes is in both. A host whose address is not known keeps what it has. */
function addressChanges(
  names: RecordNames,
  ttl: number,
  record: ClusterRecord,
  hosts: readonly Host[],
): { readonly creates: readonly RecordSet[]; readonly deletes: readonly RecordSet[] } {
  const creates: RecordSet[] = [];
  const deletes: RecordSet[] = [];
  const wanted = new Map(hosts.filter(({ target }) => target !== undefined).map((host) => [host.instanceId, host]));
  for (const [instanceId, sets] of record.addressSets) {
    if (!wanted.has(instanceId)) {
      deletes.push(...sets);
    }
  }
  for (const [instanceId, { address }] of wanted) {
    const sets = record.addressSets.get(instanceId) ?? [];
    if (address === undefined) {
      continue;
    }
    const type = address.includes(':') ? 'AAAA' : 'A';
    const right = sets.filter(
      (set) =>
        set.type === type && set.ttl === ttl && set.values.length === 1 && set.values[0]?.toLowerCase() === address,
    );
    deletes.push(...sets.filter((set) => !right.includes(set)));
    if (right.length === 0) {
      creates.push({ name: hostName(names, instanceId), type, ttl, values: [address] });
    }
  }
  return { creates, deletes };
}
