import { asError } from './asError.ts';
import type { Ports, Scope } from './ports.ts';
import { compare } from './reconcile/compare.ts';
import { clusterOf } from './reconcile/groupSettings.ts';
import { forgottenChecksMax, propagationPollsSeconds } from './reconcile/limits.ts';
import type {
  ClusterName,
  Group,
  Instance,
  InstanceId,
  Instant,
  Observation,
  Publication,
  RecordSet,
  Woken,
} from './reconcile/model.ts';
import { decodeTarget } from './reconcile/record.ts';
import { decodeRegistry } from './reconcile/registry.ts';

/** What woke one cluster, as its messages say it. */
export type Waking = Omit<Woken, 'propagated'>;

/** Which clusters a pass is for, and what woke them. */
export interface PassRequest {
  readonly scope: Scope;
  readonly waking: ReadonlyMap<ClusterName, Waking>;
  /** Ask EC2 about recorded instances that neither service mentions; a sweep does. */
  readonly seeksForgotten: boolean;
}

/** What was read, and the clusters of which something could not be. */
export interface Observed {
  readonly observations: readonly Observation[];
  readonly failures: ReadonlyMap<ClusterName, Error>;
}

/**
 * Reads the records, then the groups, then the instances, then the clock. The order is the safety argument: whoever wins the swap of a
 * record planned from inputs read after the write before it, so an older view can never replace a newer one.
 */
export async function observe({ scope, waking, seeksForgotten }: PassRequest, ports: Ports): Promise<Observed> {
  const failures = new Map<ClusterName, Error>();
  const propagated = await propagations(waking, ports, failures);
  const listed = await ports.records.list(scope);
  const groups = await ports.groups.ofClusters(scope);
  const byCluster = Map.groupBy(groups, (group) => clusterOf(group, ports.zone) ?? '');
  const found = new Map<ClusterName, Found>();
  for (const cluster of scope === 'all' ? everyCluster(listed, byCluster.keys(), ports.owner) : scope) {
    const recordSets = listed.get(cluster) ?? [];
    const own = byCluster.get(cluster) ?? [];
    if (recordSets instanceof Error) {
      failures.set(cluster, recordSets);
      continue;
    }
    const unread = own.find(({ error }) => error !== undefined)?.error;
    if (unread !== undefined) {
      failures.set(cluster, unread);
    } else if (!failures.has(cluster)) {
      found.set(cluster, { recordSets, groups: own, recorded: recordedIds(cluster, ports.zone, recordSets) });
    }
  }
  const instances = await readInstances([...found.values()], ports);
  const observations: Observation[] = [];
  for (const [cluster, { recordSets, groups: own, recorded }] of found) {
    const woken = waking.get(cluster) ?? asleep;
    const seeks = seeksForgotten || Object.keys(woken.denied).length > 0;
    const members = new Set(own.flatMap((group) => group.members.map(({ instanceId }) => instanceId)));
    const missing = [...recorded].filter((id) => !members.has(id) && !instances.has(id)).toSorted(compare);
    const denied = seeks ? await deniedAmong(missing.slice(0, forgottenChecksMax), ports) : new Set<InstanceId>();
    const upTo = propagated.get(cluster);
    observations.push({
      cluster,
      zone: ports.zone,
      owner: ports.owner,
      recordSets,
      groups: own,
      instances: new Map([...instances].filter(([id]) => recorded.has(id) || members.has(id))),
      denied,
      woken: { ...woken, ...(upTo === undefined ? {} : { propagated: upTo }) },
      now: ports.now(),
    });
  }
  return { observations, failures };
}

/** In a whole zone, the clusters that groups ask for and those that carry our registry entry; nothing else in it concerns us. */
function everyCluster(
  listed: Awaited<ReturnType<Ports['records']['list']>>,
  asked: Iterable<ClusterName>,
  owner: string,
): ReadonlySet<ClusterName> {
  const ours = [...listed].filter(
    ([, sets]) =>
      !(sets instanceof Error) &&
      sets.some(
        (set) => set.type === 'TXT' && set.values.some((value) => decodeRegistry(value)?.entry.owner === owner),
      ),
  );
  return new Set([...ours.map(([cluster]) => cluster), ...asked].filter((cluster) => cluster !== ''));
}

interface Found {
  readonly recordSets: readonly RecordSet[];
  readonly groups: readonly Group[];
  readonly recorded: ReadonlySet<InstanceId>;
}

const asleep: Woken = { instances: new Set(), hop: false, publications: [], interrupted: {}, denied: {} };

/** Up to when each cluster's writes have propagated, as far as GetChange says so. A later write of a cluster covers the earlier ones. */
async function propagations(
  waking: ReadonlyMap<ClusterName, Waking>,
  ports: Ports,
  failures: Map<ClusterName, Error>,
): Promise<ReadonlyMap<ClusterName, Instant>> {
  const answers = new Map<string, boolean>();
  const propagated = new Map<ClusterName, Instant>();
  const firstPollSeconds = Math.min(...propagationPollsSeconds);
  const hasPropagated = async ({ changeId }: Publication): Promise<boolean> => {
    const answer = answers.get(changeId) ?? (await ports.records.hasPropagated(changeId));
    answers.set(changeId, answer);
    return answer;
  };
  for (const [cluster, { publications }] of waking) {
    const due = publications.filter(({ written }) => ports.now() >= written + firstPollSeconds);
    for (const publication of due.toSorted(byNewest)) {
      try {
        if (await hasPropagated(publication)) {
          propagated.set(cluster, publication.written);
          break;
        }
      } catch (error) {
        failures.set(cluster, asError(error));
      }
    }
  }
  return propagated;
}

function byNewest(one: Publication, other: Publication): number {
  return other.written - one.written;
}

/** Members by their group's tag, which is one read for many groups; recorded instances that it does not mention by their ids. */
async function readInstances(found: readonly Found[], ports: Ports): Promise<ReadonlyMap<InstanceId, Instance>> {
  const names = new Set(found.flatMap(({ groups }) => groups.map(({ name }) => name)));
  const members = names.size === 0 ? [] : await ports.instances.ofGroups(names);
  const seen = new Set(members.map(({ id }) => id));
  const rest = new Set(found.flatMap(({ recorded }) => [...recorded]).filter((id) => !seen.has(id)));
  const others = rest.size === 0 ? [] : await ports.instances.byId(rest);
  return new Map([...members, ...others].map((instance) => [instance.id, instance]));
}

async function deniedAmong(ids: readonly InstanceId[], ports: Ports): Promise<ReadonlySet<InstanceId>> {
  const denied = new Set<InstanceId>();
  for (const id of ids) {
    if (await ports.instances.isDenied(id)) {
      denied.add(id);
    }
  }
  return denied;
}

function recordedIds(cluster: ClusterName, zone: string, recordSets: readonly RecordSet[]): ReadonlySet<InstanceId> {
  const targets = recordSets
    .filter(({ type }) => type === 'SRV')
    .flatMap(({ values }) => values)
    .map((value) => decodeTarget({ cluster, zone }, value));
  return new Set(targets.filter((target) => target !== undefined).map(({ instanceId }) => instanceId));
}
