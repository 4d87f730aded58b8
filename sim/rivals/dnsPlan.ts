import type {
  ClusterName,
  Group,
  Instance,
  InstanceId,
  Instant,
  Member,
  RecordSet,
} from '../../lambda/reconcile/model.ts';
import { type GroupConfiguration, groupConfiguration, trustedWeight } from './groupConfiguration.ts';

/** What the planner wants one cluster's records to be. */
export interface DnsPlan {
  /** Rises with every plan of the cluster. */
  readonly version: number;
  readonly cluster: ClusterName;
  readonly recordSets: readonly RecordSet[];
  readonly hosts: readonly PlannedHost[];
}

/** One host of a plan. */
interface PlannedHost {
  readonly instanceId: InstanceId;
  readonly address: string;
  readonly weight: number;
  readonly port: number;
  /** It has never had our tags. */
  readonly joins: boolean;
}

/** What the planner read of one cluster, records first. */
export interface ClusterView {
  readonly cluster: ClusterName;
  readonly zone: string;
  readonly owner: string;
  readonly now: Instant;
  readonly recordSets: readonly RecordSet[];
  readonly groups: readonly Group[];
  readonly instances: ReadonlyMap<InstanceId, Instance>;
  /** When each leaving host's drain is over, of those whose clock has started. */
  readonly drainedAt: ReadonlyMap<InstanceId, Instant>;
}

const serving: ReadonlySet<string> = new Set(['Pending', 'Pending:Wait', 'Pending:Proceed', 'InService']);
const resting: ReadonlySet<string> = new Set(['EnteringStandby', 'Standby', 'Terminating', 'Terminating:Wait']);

/** The planner: a plan of the next version, or nothing where the records are what it would ask for. */
export function dnsPlan(view: ClusterView, version: number): DnsPlan | undefined {
  const { cluster, zone, owner, now, groups, recordSets: recorded } = view;
  const domain = `${cluster}.${zone}.`;
  const hosts = groups.flatMap((group) => group.members.flatMap((member) => plannedHost(view, group, member)));
  const configurations = groups.map(groupConfiguration);
  const ttl = Math.min(...configurations.map((configuration) => configuration.ttl));
  const set = (name: string, type: string, values: readonly string[]): RecordSet => ({ name, type, ttl, values });
  const targets = hosts.map(({ weight, port, instanceId }) => `0 ${weight} ${port} ${instanceId}.${domain}`).toSorted();
  const service = set(`_${configurations[0]?.service ?? 'http'}._tcp.${domain}`, 'SRV', targets);
  const wanted = [
    ...(targets.length === 0 ? [] : [service]),
    ...hosts.map(({ instanceId, address }) =>
      set(`${instanceId}.${domain}`, address.includes(':') ? 'AAAA' : 'A', [address]),
    ),
  ];
  const others = recorded.filter(({ type }) => type !== 'TXT');
  if (text(wanted) === text(others)) {
    return undefined;
  }
  const entry = `"heritage=asg-srv" "owner=${owner}" "serial=${version}" "written=${Math.ceil(now)}"`;
  return { version, cluster, hosts, recordSets: [set(domain, 'TXT', [entry]), ...wanted] };
}

/** The weights of a cluster's record, by host. */
export function recordedWeights({ recordSets }: ClusterView): ReadonlyMap<InstanceId, number> {
  const values = recordSets.filter(({ type }) => type === 'SRV').flatMap((set) => set.values);
  return new Map(
    values.map((value) => {
      const [, weight, , host = ''] = value.split(' ');
      return [host.split('.')[0] ?? '', Number(weight)];
    }),
  );
}

function plannedHost(view: ClusterView, group: Group, { instanceId, lifecycleState }: Member): readonly PlannedHost[] {
  const { instances, drainedAt, now } = view;
  const instance = instances.get(instanceId);
  const address = instance?.addresses[0];
  const weight =
    instance === undefined ? undefined : plannedWeight(lifecycleState, instance, groupConfiguration(group));
  const leaves = lifecycleState.startsWith('Terminating');
  const isOver = leaves && now >= (drainedAt.get(instanceId) ?? now + 1);
  const wasNever = leaves && !recordedWeights(view).has(instanceId);
  if (instance?.state !== 'running' || address === undefined || weight === undefined || isOver || wasNever) {
    return [];
  }
  const joins = instance.tags.srv_weight === undefined;
  return [{ instanceId, address, weight, port: groupConfiguration(group).port, joins }];
}

function plannedWeight(
  lifecycleState: string,
  { tags: { ip_address, srv_weight } }: Instance,
  configuration: GroupConfiguration,
): number | undefined {
  if (ip_address !== undefined && srv_weight === undefined) {
    return undefined;
  }
  if (resting.has(lifecycleState)) {
    return 0;
  }
  return serving.has(lifecycleState) ? (trustedWeight(srv_weight) ?? configuration.weight) : undefined;
}

function text(sets: readonly RecordSet[]): string {
  return sets
    .map(({ name, type, ttl, values }) => JSON.stringify([name, type, ttl, values.toSorted()]))
    .sort()
    .join('\n');
}
