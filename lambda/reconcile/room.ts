import type { Host } from './case.ts';
import { compare } from './compare.ts';
import {
  batchCharactersMax,
  leavingSeconds,
  memoriesMax,
  memoriesReserved,
  memoryCharacters,
  registryHeadCharactersMax,
  targetsMax,
} from './limits.ts';
import type { InstanceId, Instant, Observation } from './model.ts';
import { type ClusterRecord, encodeTarget, type RecordNames } from './record.ts';
import { fullWeight } from './weight.ts';

/** What the hosts' record set and registry entry are measured against. */
export interface Space {
  readonly observation: Observation;
  readonly names: RecordNames;
  readonly record: ClusterRecord;
}

/** An instance and the instant that the registry entry remembers of it. */
type Memory = readonly [InstanceId, Instant];

/**
 * Lets in what fits. A swap deletes the old values and creates the new ones in one batch, so a record may grow to half a batch: its targets and
 * its registry entry's memories together. A new host that no longer fits is left out and reported; a live host begins to leave only when the
 * entry has room to remember it. All others go on as planned.
 */
export function withinRoom(hosts: readonly Host[], space: Space): readonly Host[] {
  const half = charactersFor(space);
  const staying = hosts.filter((host) => !joins(host) && !begins(host));
  const fixed = [...staying, ...hosts.filter(begins)];
  let memories = staying.filter(({ leavingSince }) => leavingSince !== undefined).length + history(hosts, space).length;
  let targets = fixed.filter(({ target }) => target !== undefined).length;
  let characters = fixed.reduce((sum, host) => sum + widest(host, space.names), 0);
  const fits = (remembered: number): boolean =>
    targets <= targetsMax && characters + remembered * memoryCharacters <= half;
  return hosts.map((host) => {
    if (begins(host)) {
      memories += 1;
      if (memories <= memoriesMax && fits(memories)) {
        return host;
      }
      memories -= 1;
      return waits(host, space.observation);
    }
    if (joins(host)) {
      targets += 1;
      characters += widest(host, space.names);
      if (fits(Math.max(memories, memoriesReserved))) {
        return host;
      }
      targets -= 1;
      characters -= widest(host, space.names);
      return leftOut(host, space.names);
    }
    return host;
  });
}

/** What the registry entry is to remember of leaving and of joining instances: those in the record first, then the latest, while there is room. */
export function memories(
  hosts: readonly Host[],
  space: Space,
): { readonly leaving: ReadonlyMap<InstanceId, Instant>; readonly joining: ReadonlyMap<InstanceId, Instant> } {
  const targets = hosts.reduce((sum, host) => sum + widest(host, space.names), 0);
  const free = charactersFor(space) - targets;
  const room = Math.max(0, Math.min(memoriesMax, Math.floor(free / memoryCharacters)));
  const own = (which: (host: Host) => boolean): readonly Memory[] =>
    hosts.flatMap((host) =>
      host.leavingSince !== undefined && which(host) ? [[host.instanceId, host.leavingSince] as const] : [],
    );
  const inRecord = own(({ target }) => target !== undefined);
  const past = [...own(({ target }) => target === undefined), ...history(hosts, space)].toSorted(byLatest);
  const leaving = [...inRecord, ...past].slice(0, room);
  const joining = hosts.flatMap(({ instanceId, joiningSince }) =>
    joiningSince === undefined ? [] : [[instanceId, joiningSince] as const],
  );
  return { leaving: new Map(leaving), joining: new Map(joining.toSorted(byLatest).slice(0, room - leaving.length)) };
}

/** Instances that left the record and their group less than `leavingSeconds` ago. */
function history(hosts: readonly Host[], { record, observation }: Space): readonly Memory[] {
  const known = new Set(hosts.map(({ instanceId }) => instanceId));
  return [...(record.registry?.leaving ?? [])].filter(
    ([instanceId, since]) => !known.has(instanceId) && observation.now < since + leavingSeconds,
  );
}

function joins({ recorded, target }: Host): boolean {
  return recorded === undefined && target !== undefined;
}

function begins(host: Host): boolean {
  return host.begins === true;
}

/** It keeps serving, its hook kept alive once a sweep, until an earlier one has left. */
function waits(host: Host, { swept }: Observation): Host {
  const { instanceId, recorded, inService, asked, notices, meanwhile = [] } = host;
  const kept = recorded === undefined ? {} : { recorded, target: recorded };
  const reason = 'waits to leave: the registry entry has no room';
  return { instanceId, ...kept, inService, asked, notices, reason, hooks: swept ? meanwhile : [], draining: false };
}

function leftOut(host: Host, names: RecordNames): Host {
  const { instanceId, inService, asked, notices } = host;
  const text = `Cannot register instance "${instanceId}": the record of cluster "${names.cluster}" must fit one change batch: it is full`;
  const full = { kind: 'full' as const, subject: instanceId, text };
  return {
    instanceId,
    inService,
    asked,
    reason: 'the record is full',
    hooks: [],
    draining: false,
    notices: [...notices, full],
  };
}

/** A target's characters at full weight: it may get there without joining again. */
function widest({ target }: Host, names: RecordNames): number {
  return target === undefined ? 0 : encodeTarget(names, { ...target, weight: fullWeight }).length;
}

/** Half a batch, less what every registry entry takes: characters that targets and memories share. */
function charactersFor({ record }: Space): number {
  const others = record.otherTexts.reduce((sum, text) => sum + text.length, 0);
  return batchCharactersMax / 2 - registryHeadCharactersMax - others;
}

function byLatest([one, oneSince]: Memory, [other, otherSince]: Memory): number {
  return oneSince === otherSince ? compare(one, other) : otherSince - oneSince;
}
