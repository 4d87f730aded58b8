import { denials } from './denials.ts';
import type { Ports, Scope } from './ports.ts';
import { propagations } from './propagations.ts';
import { clusterOf, isClusterName } from './reconcile/groupSettings.ts';
import type { ClusterName, Group, Instance, InstanceId, Observation, RecordSet, Woken } from './reconcile/model.ts';
import { decodeTarget } from './reconcile/record.ts';
import { decodeRegistry } from './reconcile/registry.ts';
import type { Trouble } from './trouble.ts';

/** What woke one cluster, as its messages say it. */
export type Waking = Omit<Woken, 'propagated'>;

/** Which clusters a pass is for, and what woke them. */
export interface PassRequest {
  readonly scope: Scope;
  readonly waking: ReadonlyMap<ClusterName, Waking>;
  /** The pass is a sweep: it also asks EC2 about recorded instances that nothing mentions. */
  readonly swept: boolean;
}

/** What was read, the clusters of which something could not be, and what else went wrong without stopping any. */
export interface Observed {
  readonly observations: readonly Observation[];
  readonly failures: ReadonlyMap<ClusterName, Error>;
  readonly troubles: readonly Trouble[];
}

/**
 * Reads the records, then the groups, then the instances, then the clock. The order is the safety argument: whoever wins the swap of a
 * record planned from inputs read after the write before it, so an older view can never replace a newer one.
 */
export async function observe(
  { scope, waking, swept }: PassRequest,
  untaggable: ReadonlySet<InstanceId>,
  ports: Ports,
): Promise<Observed> {
  const failures = new Map<ClusterName, Error>();
  const troubles: Trouble[] = [];
  const propagated = await propagations(waking, ports, troubles);
  const listed = await ports.records.list(scope);
  const readFrom = ports.now();
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
    if (unread === undefined) {
      found.set(cluster, foundOf(cluster, ports.zone, recordSets, own));
    } else {
      failures.set(cluster, unread);
    }
  }
  const instances = await readInstances([...found.values()], ports);
  const denied = await denials(found, instances, { waking, swept }, ports, troubles);
  const now = ports.now();
  const observations = [...found].map(([cluster, { recordSets, groups: own, recorded, members }]): Observation => {
    const upTo = propagated.get(cluster);
    return {
      cluster,
      zone: ports.zone,
      owner: ports.owner,
      recordSets,
      groups: own,
      instances: only(recorded.union(members), instances),
      denied,
      untaggable,
      woken: { ...(waking.get(cluster) ?? asleep), ...(upTo === undefined ? {} : { propagated: upTo }) },
      swept,
      readFrom,
      now,
    };
  });
  return { observations, failures, troubles: [...troubles, ...unplaced(groups)] };
}

/** One cluster's instances of all that were read, found by their ids: a sweep has many clusters and many instances. */
function only(
  ids: ReadonlySet<InstanceId>,
  instances: ReadonlyMap<InstanceId, Instance>,
): ReadonlyMap<InstanceId, Instance> {
  return new Map(
    [...ids].flatMap((id) => {
      const instance = instances.get(id);
      return instance === undefined ? [] : [[id, instance] as const];
    }),
  );
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

/** Groups that opt in with a name that no cluster can have. */
function unplaced(groups: readonly Group[]): readonly Trouble[] {
  return groups
    .filter(({ tags: { srv_cluster: cluster = '' } }) => !isClusterName(cluster))
    .map(({ name, tags: { srv_cluster: cluster = '' } }) => ({
      cluster,
      error: new Error(
        `Cannot read tag "srv_cluster" of group "${name}": must be a lower-case DNS label: current value is "${cluster}"`,
      ),
    }));
}

/** What was read of one cluster. */
export interface Found {
  readonly recordSets: readonly RecordSet[];
  readonly groups: readonly Group[];
  readonly recorded: ReadonlySet<InstanceId>;
  readonly members: ReadonlySet<InstanceId>;
}

function foundOf(
  cluster: ClusterName,
  zone: string,
  recordSets: readonly RecordSet[],
  groups: readonly Group[],
): Found {
  const members = new Set(groups.flatMap((group) => group.members.map(({ instanceId }) => instanceId)));
  return { recordSets, groups, recorded: recordedIds(cluster, zone, recordSets), members };
}

const asleep: Woken = { instances: new Set(), hop: false, publications: [], interrupted: {}, denied: {} };

/** Members by their group's tag, which is one read for many groups; those that it does not mention, and recorded instances, by their ids. */
async function readInstances(found: readonly Found[], ports: Ports): Promise<ReadonlyMap<InstanceId, Instance>> {
  const names = new Set(found.flatMap(({ groups }) => groups.map(({ name }) => name)));
  const tagged = names.size === 0 ? [] : await ports.instances.ofGroups(names);
  const seen = new Set(tagged.map(({ id }) => id));
  const wanted = found.flatMap(({ recorded, members }) => [...recorded, ...members]);
  const rest = new Set(wanted.filter((id) => !seen.has(id)));
  const others = rest.size === 0 ? [] : await ports.instances.byId(rest);
  return new Map([...tagged, ...others].map((instance) => [instance.id, instance]));
}

function recordedIds(cluster: ClusterName, zone: string, recordSets: readonly RecordSet[]): ReadonlySet<InstanceId> {
  const targets = recordSets
    .filter(({ type }) => type === 'SRV')
    .flatMap(({ values }) => values)
    .map((value) => decodeTarget({ cluster, zone }, value));
  return new Set(targets.filter((target) => target !== undefined).map(({ instanceId }) => instanceId));
}
