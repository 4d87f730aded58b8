import type { ConfiguredGroup } from './groupSettings.ts';
import { leavingSeconds, staleSecondsMax } from './limits.ts';
import type {
  HookChange,
  HookName,
  Instance,
  InstanceId,
  Instant,
  Notice,
  Observation,
  TagChange,
  Target,
} from './model.ts';
import type { ClusterRecord } from './record.ts';

/** What becomes of one instance in its cluster's record, and why. */
export interface Host {
  readonly instanceId: InstanceId;
  /** Its target as the record holds it now. */
  readonly recorded?: Target;
  /** Its target as it should be; absent when it has none. */
  readonly target?: Target;
  /** Address of its A or AAAA record; absent where that stays as it is. */
  readonly address?: string;
  readonly reason: string;
  readonly tag?: TagChange;
  readonly hooks: readonly HookChange[];
  /** The registry entry is to remember that it has been leaving since then. */
  readonly leavingSince?: Instant;
  /** It begins to leave with this plan: the registry entry must say so before anything else follows. */
  readonly begins?: boolean;
  /** What to do instead, while the registry entry has no room for it to begin. */
  readonly meanwhile?: readonly HookChange[];
  /** The registry entry is to remember that the record has held it since then. */
  readonly joiningSince?: Instant;
  /** Its next step is due then. */
  readonly dueAt?: Instant;
  /** EC2 has denied it since then. */
  readonly deniedSince?: Instant;
  /** Its next step waits until what was written then has propagated. */
  readonly waitsSince?: Instant;
  /** Auto Scaling says that it serves, and nothing says otherwise. */
  readonly inService: boolean;
  /** Its tags ask for weight 0, or for no target at all. */
  readonly asked: boolean;
  /** It is on its way out, or resting at weight 0. */
  readonly draining: boolean;
  readonly notices: readonly Notice[];
}

/** What every host of one observation is decided by. */
export interface Surroundings {
  readonly observation: Observation;
  readonly record: ClusterRecord;
  /** Seconds that a resolver may hold what the record said before: the longer of the recorded and the new TTL. */
  readonly holdSeconds: number;
  readonly service: string;
  readonly interrupted: Readonly<Record<InstanceId, Instant>>;
  /** The instant that this plan writes into the registry entry: whole seconds, never early, and later than the entry's last. */
  readonly stamp: Instant;
  /** Has what was written then reached every name server? */
  readonly propagated: (since: Instant) => boolean;
}

/** A member of the cluster's groups, while Auto Scaling lists it. */
export type Listed = { readonly lifecycleState: string; readonly group: ConfiguredGroup } | undefined;

/** One instance to decide. */
export interface Case extends Surroundings {
  readonly instanceId: InstanceId;
  readonly listed: Listed;
  readonly instance: Instance | undefined;
  readonly recorded: Target | undefined;
  /** Since when the registry entry remembers it as leaving. */
  readonly since: Instant | undefined;
  /** Since when the registry entry remembers that the record holds it. */
  readonly joined: Instant | undefined;
  readonly now: Instant;
}

/** A host without a target. */
export function blank({ instanceId, recorded }: Case, reason: string): Host {
  return {
    instanceId,
    ...(recorded === undefined ? {} : { recorded }),
    reason,
    hooks: [],
    inService: false,
    asked: false,
    draining: false,
    notices: [],
  };
}

/** A host that keeps what the record holds of it. */
export function asRecorded(given: Case, reason: string): Host {
  const { recorded } = given;
  return { ...blank(given, reason), ...(recorded === undefined ? {} : { target: recorded }) };
}

/** As recorded, and as remembered: a host at weight 0 that was leaving goes on leaving, and one that joined may have a hook that waits. */
export function asRemembered(given: Case, reason: string): Host {
  const { recorded, since, joined } = given;
  const leaving = since === undefined || recorded?.weight !== 0 ? {} : { leavingSince: since, draining: true };
  const joining = joined === undefined ? {} : { joiningSince: joined };
  return { ...asRecorded(given, reason), ...leaving, ...joining };
}

/** It leaves the record now, or left it less than `leavingSeconds` ago: the registry entry remembers either. */
export function left({ recorded, since, now, stamp }: Case): { readonly leavingSince?: Instant } {
  if (recorded !== undefined) {
    return { leavingSince: stamp };
  }
  return since !== undefined && now < since + leavingSeconds ? { leavingSince: since } : {};
}

/** Reads may still show what an instance was before it joined: the registry entry remembers for as long. */
export function joinedLately({ joined, observation }: Case): { readonly joiningSince?: Instant } {
  return joined !== undefined && observation.readFrom < joined + staleSecondsMax ? { joiningSince: joined } : {};
}

/** A change of its tags, unless there is nothing to change. */
export function tagged(
  { instanceId }: Case,
  set: TagChange['set'],
  remove: TagChange['remove'],
  reason: string,
): { readonly tag?: TagChange } {
  const changes = Object.keys(set).length + remove.length;
  return changes === 0 ? {} : { tag: { kind: 'tag', instanceId, set, remove, reason } };
}

/** An action on one of its lifecycle hooks. */
export function hook(given: Case, kind: HookChange['kind'], name: HookName, reason: string): HookChange {
  return { kind, instanceId: given.instanceId, group: given.listed?.group.group.name ?? '', hook: name, reason };
}

/** Its lifecycle state, in words for a reason. */
export function stateOf(given: Case): string {
  return given.listed?.lifecycleState ?? 'no group';
}
