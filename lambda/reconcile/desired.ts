import { compare } from './compare.ts';
import { type ConfiguredGroup, clusterOf, groupSettings } from './groupSettings.ts';
import { type Host, hostOf, type Surroundings } from './host.ts';
import {
  batchCharactersMax,
  leavingSeconds,
  memoriesMax,
  memoryCharacters,
  propagationSecondsMax,
  registryHeadCharactersMax,
  targetsMax,
} from './limits.ts';
import type { InstanceId, Instant, Notice, Observation } from './model.ts';
import { type ClusterRecord, decodeRecord, encodeTarget, type RecordNames, recordedServices } from './record.ts';

/** What the observation asks the cluster's records to be. */
export interface Desired {
  readonly names: RecordNames;
  readonly record: ClusterRecord;
  readonly service: string;
  /** Seconds. */
  readonly ttl: number;
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
  const service = serviceInUse(groups, recordedServices(names, observation.recordSets));
  const record = decodeRecord(names, owner, service, observation.recordSets);
  const usable = groups.filter(({ problems }) => problems.length === 0);
  const recordedTtl = record.targetSets[0]?.ttl;
  const ttl = Math.min(
    ...usable.map(({ settings }) => settings.ttl),
    ...(usable.length === 0 ? [recordedTtl ?? 10] : []),
  );
  const surroundings: Surroundings = {
    observation,
    record,
    ttl,
    holdSeconds: Math.max(ttl, recordedTtl ?? 0),
    interrupted: woken.interrupted,
    propagated: (since) => now >= since + propagationSecondsMax || (woken.propagated ?? 0) >= since,
    service,
  };
  const hosts = withRoomToLeave(withRoomToJoin(keepServing(surroundings, groups), names), names, record);
  const room = memoryRoom(hosts, names, record);
  const leaving = newest(leavingMemories(hosts, record, now), room);
  return {
    names,
    record,
    service,
    ttl,
    hosts,
    leaving,
    joining: newest(
      hosts.flatMap(({ instanceId, joiningSince }) =>
        joiningSince === undefined ? [] : [[instanceId, joiningSince] as const],
      ),
      room - leaving.size,
    ),
    notices: [...groups.flatMap(groupNotices), ...hosts.flatMap(({ notices }) => notices), ...strayNotices(record)],
  };
}

function configuredGroups(observation: Observation): readonly ConfiguredGroup[] {
  return observation.groups
    .filter((group) => clusterOf(group, observation.zone) === observation.cluster)
    .toSorted((one, other) => compare(one.name, other.name))
    .map((group) => {
      const settings = groupSettings(group);
      return { group, settings, problems: settings.problems };
    });
}

/** One cluster has one service. Where its groups disagree, the recorded one stays, else the first group's: the others are reported. */
function serviceInUse(groups: readonly ConfiguredGroup[], recorded: readonly string[]): string {
  const asked = groups.filter(({ problems }) => problems.length === 0).map(({ settings }) => settings.service);
  return recorded.find((service) => asked.includes(service)) ?? asked[0] ?? recorded[0] ?? 'http';
}

function groupNotices({ group, problems }: ConfiguredGroup): readonly Notice[] {
  return problems.map((text) => ({ kind: 'badGroup', subject: group.name, text }));
}

function strayNotices(record: ClusterRecord): readonly Notice[] {
  return record.strays.map((value) => ({
    kind: 'drift',
    subject: value,
    text: `Removing value "${value}" from the record: it is no host of this cluster`,
  }));
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
    .map((instanceId) => hostOf(surroundings, instanceId, members.get(instanceId)));
}

/** A record set has a size: a host that no longer fits is left out and reported, and all others go on. */
function withRoomToJoin(hosts: readonly Host[], names: RecordNames): readonly Host[] {
  // Old and new values count in one swap, and so do both registry entries: half a batch is what a record can grow to.
  const charactersMax = batchCharactersMax / 2 - 2 * registryHeadCharactersMax;
  let targets = hosts.filter(({ recorded, target }) => recorded !== undefined && target !== undefined).length;
  let characters = targetCharacters(
    hosts.filter(({ recorded }) => recorded !== undefined),
    names,
  );
  return hosts.map((host) => {
    if (host.recorded !== undefined || host.target === undefined) {
      return host;
    }
    const more = encodeTarget(names, host.target).length;
    if (targets + 1 > targetsMax || characters + more > charactersMax) {
      return leftOut(host, names);
    }
    targets += 1;
    characters += more;
    return host;
  });
}

function leftOut(host: Host, names: RecordNames): Host {
  const text = `Cannot register instance "${host.instanceId}": the record of cluster "${names.cluster}" must fit one change batch: it is full`;
  const { instanceId, inService, asked } = host;
  return {
    instanceId,
    inService,
    asked,
    reason: 'the record is full',
    hooks: [],
    draining: false,
    notices: [...host.notices, { kind: 'full', subject: instanceId, text }],
  };
}

/** A live host begins to leave only when the registry entry can remember it; the others keep serving until there is room. */
function withRoomToLeave(hosts: readonly Host[], names: RecordNames, record: ClusterRecord): readonly Host[] {
  const begins = (host: Host): boolean => host.begins === true && host.recorded !== undefined;
  const remembered = hosts.filter(
    (host) => host.leavingSince !== undefined && host.target !== undefined && !begins(host),
  );
  let room = memoryRoom(hosts, names, record) - remembered.length;
  return hosts.map((host) => {
    if (!begins(host)) {
      return host;
    }
    room -= 1;
    if (room >= 0 || host.recorded === undefined) {
      return host;
    }
    const { instanceId, recorded, inService, asked, notices } = host;
    const reason = 'waits to leave: the registry entry has no room';
    return { instanceId, recorded, target: recorded, inService, asked, notices, reason, hooks: [], draining: false };
  });
}

/** How many instances the registry entry of the next swap can remember. */
function memoryRoom(hosts: readonly Host[], names: RecordNames, record: ClusterRecord): number {
  const recorded = [...record.targetSets, ...(record.registrySet === undefined ? [] : [record.registrySet])]
    .flatMap(({ values }) => values)
    .reduce((sum, value) => sum + value.length, 0);
  const others = record.otherTexts.reduce((sum, text) => sum + text.length, 0);
  const left = batchCharactersMax - recorded - others - targetCharacters(hosts, names) - registryHeadCharactersMax;
  return Math.max(0, Math.min(memoriesMax, Math.floor(left / memoryCharacters)));
}

function targetCharacters(hosts: readonly Host[], names: RecordNames): number {
  return hosts.reduce((sum, { target }) => sum + (target === undefined ? 0 : encodeTarget(names, target).length), 0);
}

/** The hosts' own memories, and those of instances that left the record and their group less than `leavingSeconds` ago. */
function leavingMemories(
  hosts: readonly Host[],
  record: ClusterRecord,
  now: Instant,
): readonly (readonly [InstanceId, Instant])[] {
  const known = new Set(hosts.map(({ instanceId }) => instanceId));
  const others = [...(record.registry?.leaving ?? [])].filter(
    ([instanceId, since]) => !known.has(instanceId) && now < since + leavingSeconds,
  );
  const own = hosts.flatMap(({ instanceId, leavingSince }) =>
    leavingSince === undefined ? [] : [[instanceId, leavingSince] as const],
  );
  // Those still in the record come first: theirs is the drain that must not be forgotten.
  const inRecord = new Set(hosts.filter(({ target }) => target !== undefined).map(({ instanceId }) => instanceId));
  return [
    ...own.filter(([id]) => inRecord.has(id)),
    ...byNewest([...own.filter(([id]) => !inRecord.has(id)), ...others]),
  ];
}

function byNewest(memories: readonly (readonly [InstanceId, Instant])[]): readonly (readonly [InstanceId, Instant])[] {
  return memories.toSorted(([one, oneSince], [other, otherSince]) =>
    oneSince === otherSince ? compare(one, other) : otherSince - oneSince,
  );
}

function newest(memories: readonly (readonly [InstanceId, Instant])[], room: number): ReadonlyMap<InstanceId, Instant> {
  return new Map(memories.slice(0, Math.max(0, room)));
}
