import type { ClusterName, InstanceId, RecordSet, Target } from './model.ts';
import { decodeRegistry, type RegistryEntry } from './registry.ts';

/** The names of one cluster's records (docs/how-it-works.md, "The records of a cluster"). */
export interface RecordNames {
  readonly zone: string;
  readonly cluster: ClusterName;
}

/** One cluster's records as read, told apart. */
export interface ClusterRecord {
  /** Why these records are not ours to touch; undefined when they are, or when there are none. */
  readonly foreign?: string;
  readonly registry?: RegistryEntry;
  readonly registrySet?: RecordSet;
  /** The registry entry was edited by hand beyond reading: write it anew. */
  readonly damaged: boolean;
  /** Other people's values in the TXT set of the registry entry; they stay. */
  readonly otherTexts: readonly string[];
  /** The SRV sets that are ours: all of whose targets are hosts of this cluster, and the one of the service in use. */
  readonly targetSets: readonly RecordSet[];
  readonly targets: ReadonlyMap<InstanceId, Target>;
  /** Values of our SRV sets that are no host of this cluster, or a host a second time. */
  readonly strays: readonly string[];
  readonly addressSets: ReadonlyMap<InstanceId, readonly RecordSet[]>;
}

/** `i-0abc….web.svc.example.internal.`: lower case, in the zone, so that the SRV answer carries its address. */
export function hostName(names: RecordNames, instanceId: InstanceId): string {
  return `${instanceId}.${clusterDomain(names)}`;
}

/** `web.svc.example.internal.`: the name of the registry entry, and the domain of everything else of the cluster. */
export function clusterDomain(names: RecordNames): string {
  return `${names.cluster}.${names.zone}.`;
}

/** `_http._tcp.web.svc.example.internal.` (RFC 2782). */
export function serviceName(names: RecordNames, service: string): string {
  return `_${service}._tcp.${clusterDomain(names)}`;
}

/** The value of a target: priority, weight, port, host (RFC 2782). */
export function encodeTarget(names: RecordNames, target: Target): string {
  return `${target.priority} ${target.weight} ${target.port} ${hostName(names, target.instanceId)}`;
}

/** Do two targets say the same of one host, or is there none in both? */
export function sameTarget(one: Target | undefined, other: Target | undefined): boolean {
  return one?.weight === other?.weight && one?.port === other?.port && one?.priority === other?.priority;
}

/** Reads an SRV value, with or without the host's trailing dot; undefined when its host is not an instance's name below the cluster. */
export function decodeTarget(names: RecordNames, value: string): Target | undefined {
  const match = /^(\d{1,5}) (\d{1,5}) (\d{1,5}) (i-(?:[0-9a-f]{8}|[0-9a-f]{17}))\.(\S+?)\.?$/.exec(value.toLowerCase());
  if (match === null || `${match[5]}.` !== clusterDomain(names)) {
    return undefined;
  }
  return { priority: Number(match[1]), weight: Number(match[2]), port: Number(match[3]), instanceId: match[4] ?? '' };
}

/** The services that the cluster's recorded SRV sets of ours are for. */
function recordedServices(names: RecordNames, recordSets: readonly RecordSet[]): readonly string[] {
  return recordSets
    .filter((set) => serviceOf(names, set) !== undefined && set.values.every((value) => decodeTarget(names, value)))
    .map((set) => serviceOf(names, set) ?? '');
}

/** Services under which hosts of the cluster are recorded, strays beside them or not: a hand's stray must not make us forget our hosts. */
export function servicesOfHosts(names: RecordNames, recordSets: readonly RecordSet[]): readonly string[] {
  return recordSets.filter((set) => holdsHosts(names, set)).flatMap((set) => serviceOf(names, set) ?? []);
}

/** Tells a cluster's record sets apart, and says whether they are ours: a set without our registry entry is never touched. */
export function decodeRecord(
  names: RecordNames,
  owner: string,
  service: string,
  recordSets: readonly RecordSet[],
): ClusterRecord {
  const domain = clusterDomain(names);
  const texts = recordSets.filter((set) => set.name === domain && set.type === 'TXT');
  const entries = texts.flatMap((set) => set.values).map((value) => ({ value, decoded: decodeRegistry(value) }));
  // A hand may have doubled the entry: the one written last counts, the other goes.
  const ours = entries.filter(({ decoded }) => decoded?.entry.owner === owner);
  const own = ours.toSorted((one, other) => serialOf(other) - serialOf(one))[0];
  const services = recordedServices(names, recordSets);
  const targetSets = recordSets.filter((set) => {
    const setService = serviceOf(names, set);
    return setService !== undefined && (setService === service || services.includes(setService));
  });
  const addressSets = Map.groupBy(
    recordSets.filter((set) => (set.type === 'A' || set.type === 'AAAA') && hostLabel(names, set) !== undefined),
    (set) => hostLabel(names, set) ?? '',
  );
  const values = targetSets.flatMap((set) => set.values);
  const targets = new Map<InstanceId, Target>();
  const strays: string[] = [];
  for (const value of values) {
    const target = decodeTarget(names, value);
    if (target === undefined || targets.has(target.instanceId)) {
      strays.push(value);
    } else {
      targets.set(target.instanceId, target);
    }
  }
  const managed = [...texts, ...targetSets, ...[...addressSets.values()].flat()];
  const foreign =
    whyForeign(names, recordSets, managed, entries, own !== undefined) ?? whyTaken(names, service, recordSets);
  const registrySet = own === undefined ? undefined : texts[0];
  return {
    ...(foreign === undefined ? {} : { foreign }),
    ...(own?.decoded === undefined ? {} : { registry: own.decoded.entry }),
    ...(registrySet === undefined ? {} : { registrySet }),
    damaged: own?.decoded?.damaged === true || ours.length > 1,
    otherTexts: entries.filter((entry) => !ours.includes(entry)).map((entry) => entry.value),
    targetSets,
    targets,
    strays,
    addressSets,
  };
}

function serialOf({ decoded }: { readonly decoded: ReturnType<typeof decodeRegistry> }): number {
  return decoded?.entry.serial ?? 0;
}

function whyForeign(
  names: RecordNames,
  recordSets: readonly RecordSet[],
  managed: readonly RecordSet[],
  entries: readonly { readonly value: string; readonly decoded: ReturnType<typeof decodeRegistry> }[],
  owned: boolean,
): string | undefined {
  const routed = managed.find((set) => set.routing !== undefined);
  if (routed !== undefined) {
    return `Cannot manage ${routed.type} record set "${routed.name}": must be a simple record set: found ${routed.routing}`;
  }
  const alias = recordSets.find(
    (set) => set.type === 'CNAME' && managed.length === 0 && set.name === clusterDomain(names),
  );
  if (alias !== undefined) {
    return `Cannot write the registry entry of cluster "${names.cluster}": the name must be free: found a CNAME record set`;
  }
  if (owned) {
    return undefined;
  }
  const other = entries.find(({ decoded }) => decoded !== undefined)?.decoded?.entry.owner;
  if (other !== undefined) {
    return `Cannot take over the records of cluster "${names.cluster}": must be owned by this deployment: found owner "${other}"`;
  }
  const found = managed[0];
  return found === undefined
    ? undefined
    : `Cannot touch the records of cluster "${names.cluster}": must carry our registry entry: found ${found.type} record set "${found.name}" without it`;
}

/** Our registry entry does not make every set ours: while another SRV set holds our hosts, one without any was never ours. */
function whyTaken(names: RecordNames, service: string, recordSets: readonly RecordSet[]): string | undefined {
  const sets = recordSets.filter((set) => serviceOf(names, set) !== undefined);
  const taken = sets.find((set) => serviceOf(names, set) === service && !holdsHosts(names, set));
  return taken === undefined || !sets.some((set) => holdsHosts(names, set))
    ? undefined
    : `Cannot write SRV record set "${taken.name}" of cluster "${names.cluster}": must hold hosts of the cluster, as another SRV set of it does: found "${taken.values.join(', ')}"`;
}

/** Is one of its values at least a host of the cluster? */
function holdsHosts(names: RecordNames, { values }: RecordSet): boolean {
  return values.some((value) => decodeTarget(names, value) !== undefined);
}

function serviceOf(names: RecordNames, set: RecordSet): string | undefined {
  const suffix = `._tcp.${clusterDomain(names)}`;
  return set.type === 'SRV' && set.name.startsWith('_') && set.name.endsWith(suffix)
    ? set.name.slice(1, -suffix.length)
    : undefined;
}

function hostLabel(names: RecordNames, set: RecordSet): InstanceId | undefined {
  const suffix = `.${clusterDomain(names)}`;
  const label = set.name.endsWith(suffix) ? set.name.slice(0, -suffix.length) : '';
  return /^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/.test(label) ? label : undefined;
}
