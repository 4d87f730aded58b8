import type { Host, Surroundings } from './case.ts';
import { compare } from './compare.ts';
import { type ConfiguredGroup, clusterOf, type GroupSettings, groupSettings } from './groupSettings.ts';
import { decideHost } from './host.ts';
import { propagationSecondsMax } from './limits.ts';
import type { InstanceId, Instant, Notice, Observation } from './model.ts';
import { type ClusterRecord, decodeRecord, type RecordNames, servicesOfHosts } from './record.ts';
import { withoutFuture } from './registry.ts';
import { memories, withinRoom } from './room.ts';

/** What the observation asks the cluster's records to be. */
export interface Desired {
  readonly names: RecordNames;
  readonly record: ClusterRecord;
  readonly service: string;
  /** Seconds. */
  readonly ttl: number;
  /** The instant that a write of this plan carries. */
  readonly stamp: Instant;
  /** Every host that the record holds or a group lists, by instance id. */
  readonly hosts: readonly Host[];
  readonly leaving: ReadonlyMap<InstanceId, Instant>;
  readonly joining: ReadonlyMap<InstanceId, Instant>;
  readonly notices: readonly Notice[];
}

/** Reads the desired records off an observation: pure, and the same for any order of groups, instances and records. */
export function desired(observation: Observation): Desired {
  const { cluster, zone, owner, now, woken } = observation;
  const names = { cluster, zone };
  const groups = configuredGroups(observation);
  const service = serviceInUse(groups, servicesOfHosts(names, observation.recordSets));
  const record = soberRecord(decodeRecord(names, owner, service, observation.recordSets), now);
  const recordedTtl = record.targetSets[0]?.ttl;
  const askedTtl = lowestTtl(groups) ?? recordedTtl ?? 10;
  const stamp = Math.max(Math.ceil(now), (record.registry?.written ?? 0) + 1);
  const surroundings: Surroundings = {
    observation,
    record,
    holdSeconds: Math.max(askedTtl, recordedTtl ?? 0),
    interrupted: woken.interrupted,
    stamp,
    propagated: (since) => now >= since + propagationSecondsMax || (woken.propagated ?? 0) >= since,
    service,
  };
  const space = { observation, names, record };
  const hosts = withinRoom(keepServing(surroundings, groups), space);
  // Resolvers hold a leaving host's old weight for the old TTL: it is lowered when nobody leaves.
  const leaves = hosts.some(({ leavingSince, target }) => leavingSince !== undefined && target !== undefined);
  return {
    names,
    record,
    service,
    ttl: leaves ? Math.max(askedTtl, recordedTtl ?? 0) : askedTtl,
    stamp,
    hosts,
    ...memories(hosts, space),
    notices: [...groups.flatMap(groupNotices), ...hosts.flatMap(({ notices }) => notices), ...strayNotices(record)],
  };
}

function configuredGroups(observation: Observation): readonly ConfiguredGroup[] {
  return observation.groups
    .filter((group) => clusterOf(group, observation.zone) === observation.cluster)
    .toSorted((one, other) => compare(one.name, other.name))
    .map((group) => ({ group, settings: groupSettings(group) }));
}

/** One cluster has one service. Where its groups disagree, the recorded one stays, else the first group's: the others are reported. */
function serviceInUse(groups: readonly ConfiguredGroup[], recorded: readonly string[]): string {
  const asked = readable(groups).map(({ service }) => service);
  return recorded.find((service) => asked.includes(service)) ?? asked[0] ?? recorded[0] ?? 'http';
}

function readable(groups: readonly ConfiguredGroup[]): readonly GroupSettings[] {
  return groups.map(({ settings }) => settings).filter(({ problems }) => problems.length === 0);
}

function lowestTtl(groups: readonly ConfiguredGroup[]): number | undefined {
  const asked = readable(groups).map(({ ttl }) => ttl);
  return asked.length === 0 ? undefined : Math.min(...asked);
}

function soberRecord(record: ClusterRecord, now: Instant): ClusterRecord {
  if (record.registry === undefined) {
    return record;
  }
  const { entry, damaged } = withoutFuture(record.registry, now);
  return { ...record, registry: entry, damaged: record.damaged || damaged };
}

/** A spot warning takes a host out of rotation only where another keeps serving: the warned host still has its two minutes. */
function keepServing(surroundings: Surroundings, groups: readonly ConfiguredGroup[]): readonly Host[] {
  const hosts = everyHost(surroundings, groups);
  return hosts.some(({ target }) => target !== undefined && target.weight > 0)
    ? hosts
    : everyHost({ ...surroundings, interrupted: {} }, groups);
}

function everyHost(surroundings: Surroundings, groups: readonly ConfiguredGroup[]): readonly Host[] {
  const members = new Map<InstanceId, { readonly lifecycleState: string; readonly group: ConfiguredGroup }>();
  for (const group of groups) {
    for (const { instanceId, lifecycleState } of group.group.members) {
      const listed = members.get(instanceId);
      // The group and its warm pool are two reads: an instance in both is moving, and in the group it can serve.
      if (listed === undefined || listed.lifecycleState.startsWith('Warmed:')) {
        members.set(instanceId, { lifecycleState, group });
      }
    }
  }
  return [...new Set([...members.keys(), ...surroundings.record.targets.keys()])]
    .toSorted(compare)
    .map((instanceId) => decideHost(surroundings, instanceId, members.get(instanceId)));
}

function groupNotices({ group, settings }: ConfiguredGroup): readonly Notice[] {
  return settings.problems.map((text) => ({ kind: 'badGroup', subject: group.name, text }));
}

function strayNotices({ strays, foreign }: ClusterRecord): readonly Notice[] {
  const ours = foreign === undefined ? strays : [];
  return ours.map((value) => ({
    kind: 'drift',
    subject: value,
    text: `Removing value "${value}" from the record: it is no host of this cluster`,
  }));
}
