import type { ConfiguredGroup } from './groupSettings.ts';
import {
  forgottenSeconds,
  interruptionSecondsMax,
  leavingSeconds,
  propagationSecondsMax,
  staleSecondsMax,
} from './limits.ts';
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
import { isDead, phaseOf } from './phase.ts';
import type { ClusterRecord } from './record.ts';
import { parseWeight } from './weight.ts';

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
  /** The registry entry is to remember that the record has held it since then, for its launch hook. */
  readonly joiningSince?: Instant;
  /** Its next step is due then. */
  readonly dueAt?: Instant;
  /** EC2 has denied it since then. */
  readonly deniedSince?: Instant;
  /** Its next step waits until what was written then has propagated. */
  readonly waitsSince?: Instant;
  /** Auto Scaling and EC2 agree that it serves. */
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
  /** Seconds. */
  readonly ttl: number;
  /** Seconds that a resolver may hold what the record said before: the longer of the recorded and the new TTL. */
  readonly holdSeconds: number;
  readonly service: string;
  readonly interrupted: Readonly<Record<InstanceId, Instant>>;
  /** Has what was written then reached every name server? */
  readonly propagated: (since: Instant) => boolean;
}

/** A member of the cluster's groups, while Auto Scaling lists it. */
type Listed = { readonly lifecycleState: string; readonly group: ConfiguredGroup } | undefined;

interface Case extends Surroundings {
  readonly instanceId: InstanceId;
  readonly listed: Listed;
  readonly instance: Instance | undefined;
  readonly recorded: Target | undefined;
  /** Since when the registry entry remembers it as leaving. */
  readonly since: Instant | undefined;
  readonly now: Instant;
}

/** Decides one instance by the table of `phase.ts`; what the registry remembers of it outweighs what a read says. */
export function hostOf(surroundings: Surroundings, instanceId: InstanceId, listed: Listed): Host {
  const { observation, record } = surroundings;
  const given: Case = {
    ...surroundings,
    instanceId,
    listed,
    instance: observation.instances.get(instanceId),
    recorded: record.targets.get(instanceId),
    since: record.registry?.leaving.get(instanceId),
    now: observation.now,
  };
  const phase = phaseOf(listed?.lifecycleState, believedState(given));
  switch (phase) {
    case 'draining':
      return draining(given);
    case 'gone':
      return gone(
        given,
        given.instance !== undefined && isDead(given.instance.state)
          ? `EC2 says ${given.instance.state}`
          : stateOf(given),
      );
    case 'pooled':
      return pooled(given);
    case 'serving':
      return stillLeaving(given) ?? serving(given);
    case 'resting':
      return stillLeaving(given) ?? resting(given);
    case 'unlisted':
      return stillLeaving(given) ?? unlisted(given);
    case 'unknown':
      return (
        stillLeaving(given) ?? {
          ...asRemembered(given, `state ${stateOf(given)} is unknown, kept as recorded`),
          notices: unknownState(given),
        }
      );
  }
}

/** NoResurrection: a read that shows a leaving instance otherwise is older than its leaving, unless it shows a new life late enough. */
function stillLeaving(given: Case): Host | undefined {
  const { since, now, recorded } = given;
  const newLife = stateOf(given).startsWith('Pending');
  if (since === undefined || now >= since + (newLife ? staleSecondsMax : leavingSeconds)) {
    return undefined;
  }
  const target = recorded === undefined ? {} : { recorded, target: { ...recorded, weight: 0 } };
  const leavingSince = recorded === undefined || recorded.weight === 0 ? since : instant(now);
  return {
    ...blank(given, `began to leave; a read of ${stateOf(given)} is older than that`),
    ...target,
    leavingSince,
    draining: true,
  };
}

/** By its tags; registers when it has never been. */
function serving(given: Case): Host {
  const { instance, listed, recorded, instanceId, now } = given;
  if (listed === undefined || listed.group.problems.length > 0) {
    return launching(given, asRecorded(given, 'the tags of its group cannot be read, kept as recorded'));
  }
  if (listed.group.settings.service !== given.service) {
    const text = `Cannot register instance "${instanceId}": its group "${listed.group.group.name}" asks for service "${listed.group.settings.service}": the cluster's is "${given.service}"`;
    return launching(given, {
      ...asRecorded(given, 'its group asks for another service'),
      notices: [{ kind: 'badGroup', subject: listed.group.group.name, text }],
    });
  }
  if (instance === undefined) {
    return launching(given, asRecorded(given, 'EC2 does not show it, kept as recorded'));
  }
  const inService = listed.lifecycleState === 'InService';
  const { ip_address, srv_weight, srv_drain_until } = instance.tags;
  const { address, notices } = addressOf(given, instance);
  if (
    srv_weight === undefined &&
    ip_address !== undefined &&
    (srv_drain_until === undefined || recorded !== undefined)
  ) {
    return launching(given, {
      ...blank(given, 'tag srv_weight was removed by an operator'),
      inService,
      asked: true,
      notices,
    });
  }
  if (srv_weight === undefined && ip_address === undefined && recorded !== undefined) {
    return launching(given, { ...asRecorded(given, 'read without tags, kept as recorded'), inService });
  }
  if (address === undefined) {
    return launching(given, { ...asRecorded(given, 'EC2 shows no address of it'), inService, notices });
  }
  const { settings } = listed.group;
  const asked = srv_weight === undefined ? settings.weight : parseWeight(srv_weight);
  const lastGood = asked ?? recorded?.weight ?? settings.weight;
  const warned = isInterrupted(given) && lastGood > 0;
  const weight = warned ? 0 : lastGood;
  const registers = recorded === undefined && (srv_weight === undefined || ip_address === undefined);
  const tag = servingTag(given, instance, { registers, warned, address, weight });
  const badTag: readonly Notice[] =
    asked === undefined
      ? [
          {
            kind: 'badTag',
            subject: instanceId,
            text: `Cannot read tag "srv_weight" of instance "${instanceId}": must be 0 to 65535 or a percentage: current value is "${srv_weight ?? ''}"`,
          },
        ]
      : [];
  const target = { instanceId, priority: settings.priority, weight, port: settings.port };
  return launching(given, {
    ...blank(
      given,
      warned
        ? 'spot interruption warning'
        : registers
          ? `${listed.lifecycleState}, registered`
          : `${listed.lifecycleState}, by its tags`,
    ),
    target,
    address,
    ...(tag === undefined ? {} : { tag }),
    inService,
    asked: !warned && weight === 0,
    draining: warned,
    ...(warned ? { leavingSince: instant(now), begins: true } : {}),
    notices: [...notices, ...badTag],
  });
}

function servingTag(
  given: Case,
  instance: Instance,
  to: { readonly registers: boolean; readonly warned: boolean; readonly address: string; readonly weight: number },
): TagChange | undefined {
  const { instanceId } = given;
  const { srv_weight, srv_drain_until } = instance.tags;
  // A drain of an earlier life is over; left in place it would make a later removal of srv_weight look like its end.
  const remove = srv_drain_until === undefined ? [] : (['srv_drain_until'] as const);
  if (to.registers) {
    const weight = to.warned || srv_weight === undefined ? String(to.weight) : srv_weight;
    return {
      kind: 'tag',
      instanceId,
      set: { ip_address: to.address, srv_weight: weight },
      remove,
      reason: 'registered',
    };
  }
  if (to.warned) {
    return { kind: 'tag', instanceId, set: { srv_weight: '0' }, remove, reason: 'spot interruption warning' };
  }
  return remove.length === 0
    ? undefined
    : { kind: 'tag', instanceId, set: {}, remove, reason: 'its earlier drain is over' };
}

/**
 * The launch hook completes once the record that holds the host has propagated, or when its tags ask for no target. Since when the record holds
 * it is remembered from the first, so that other writes of the cluster do not put the hook off.
 */
function launching(given: Case, host: Host): Host {
  const { recorded, now, record } = given;
  const state = stateOf(given);
  const waits = state === 'Pending:Wait';
  if (host.target === undefined) {
    return waits && host.asked ? { ...host, hooks: [hook(given, 'complete', 'srv-register', host.reason)] } : host;
  }
  if (!state.startsWith('Pending')) {
    return { ...host, ...joinedLately(given) };
  }
  if (recorded === undefined) {
    const joiningSince = instant(now);
    return { ...host, joiningSince, waitsSince: joiningSince };
  }
  const joined = joinedAt(given);
  const since = joined ?? record.registry?.written ?? now;
  const remembered = joined === undefined ? host : { ...host, joiningSince: joined };
  if (!given.propagated(since)) {
    return { ...remembered, waitsSince: since };
  }
  return waits
    ? { ...remembered, hooks: [hook(given, 'complete', 'srv-register', 'its record has propagated')] }
    : remembered;
}

/** Since when the record holds an instance that joined in this life of it, while the registry entry remembers. */
function joinedAt({ record, instanceId }: Case): Instant | undefined {
  return record.registry?.joining.get(instanceId);
}

/** EC2's state of it, unless that may be what it was in the warm pool that it came from. */
function believedState(given: Case): string | undefined {
  const state = given.instance?.state;
  const wasStopped = state === 'stopping' || state === 'stopped';
  return wasStopped && joinedLately(given).joiningSince !== undefined ? undefined : state;
}

/** Reads may still show what an instance was before it joined: the registry entry remembers for as long. */
function joinedLately(given: Case): { readonly joiningSince?: Instant } {
  const joined = joinedAt(given);
  return joined !== undefined && given.now < joined + staleSecondsMax ? { joiningSince: joined } : {};
}

/**
 * The drain, each step a pass: weight 0 in the record, remembered by the registry entry; once that has propagated, `srv_drain_until`; once that
 * has passed, no tag and no target, and the hook is completed. Nothing is completed before the registry entry remembers that the host leaves: a
 * pass that still holds an older read then loses its swap and cannot bring the host back. The tag can only shorten the drain to what GetChange
 * proved: by the registry entry alone it ends too, whatever becomes of the tag.
 */
function draining(given: Case): Host {
  const { since, recorded, instance, listed, now, instanceId } = given;
  const held = since !== undefined && (recorded === undefined || recorded.weight === 0);
  const leavingSince = held ? since : instant(now);
  const waitSeconds = given.holdSeconds + (listed?.group.settings.drainSeconds ?? 0);
  const overAt = leavingSince + propagationSecondsMax + waitSeconds;
  const state = stateOf(given);
  const completion = state === 'Terminating:Wait' ? [hook(given, 'complete', 'srv-drain', 'drained')] : [];
  const heartbeat = (reason: string): readonly HookChange[] =>
    completion.map(() => hook(given, 'heartbeat', 'srv-drain', reason));
  const { ip_address, srv_weight, srv_drain_until } = instance?.tags ?? {};
  const host: Host = {
    ...blank(given, `${state}, drains`),
    ...(recorded === undefined ? {} : { target: { ...recorded, weight: 0 } }),
    ...joinedLately(given),
    leavingSince,
    begins: !held,
    draining: true,
  };

  const until = drainUntil(srv_drain_until);
  const believed =
    until !== undefined &&
    until <= Math.min(overAt, now + waitSeconds + 1) &&
    (recorded === undefined || until >= leavingSince + waitSeconds);
  if (held && now >= (believed ? until : overAt)) {
    const { target: _, begins: __, ...left } = host;
    const removal = srv_weight === undefined ? {} : tagged(given, {}, ['srv_weight'], 'drained');
    return {
      ...left,
      ...removal,
      reason: 'drained',
      leavingSince: recorded === undefined ? since : instant(now),
      hooks: completion,
    };
  }
  if (instance === undefined) {
    return { ...host, reason: `${state}, drains; EC2 does not show it`, dueAt: overAt };
  }
  const isKnown = recorded !== undefined || since !== undefined || joinedAt(given) !== undefined;
  if (!isKnown && ip_address === undefined && srv_weight === undefined) {
    return { ...host, hooks: completion, reason: `${state}, was never registered` };
  }
  const zeroTag = srv_weight === undefined || parseWeight(srv_weight) === 0 ? {} : { srv_weight: '0' };
  if (!held || !given.propagated(leavingSince)) {
    return { ...host, ...tagged(given, zeroTag, [], 'drain starts'), waitsSince: leavingSince };
  }
  if (!believed) {
    const dueAt = instant(Math.min(now + waitSeconds, overAt));
    const tag = tagged(
      given,
      { ...zeroTag, srv_drain_until: dueAt },
      [],
      'weight 0 has propagated, drain clock starts',
    );
    return { ...host, ...tag, dueAt, hooks: heartbeat('drain clock starts') };
  }
  const prolongs = given.observation.woken.hop && given.observation.woken.instances.has(instanceId);
  return {
    ...host,
    ...tagged(given, zeroTag, [], 'drains'),
    dueAt: until,
    hooks: prolongs ? heartbeat('long drain') : [],
  };
}

/** No target, at once: nothing of it serves any more. */
function gone(given: Case, reason: string): Host {
  const { instance } = given;
  const terminates = instance?.state === 'shutting-down' || instance?.state === 'terminated';
  const hooks: HookChange[] = [];
  if (given.listed?.lifecycleState === 'Terminating:Wait') {
    hooks.push(hook(given, 'complete', 'srv-drain', reason));
  }
  if (given.listed?.lifecycleState === 'Pending:Wait' && terminates) {
    hooks.push(hook(given, 'complete', 'srv-register', reason));
  }
  return { ...blank(given, reason), ...left(given), hooks };
}

/** A warm pool is no place to serve from. Which of the two hooks waits there depends on the direction, so both are completed. */
function pooled(given: Case): Host {
  const { instance, recorded, since, now } = given;
  const state = stateOf(given);
  if (recorded !== undefined && joinedLately(given).joiningSince !== undefined) {
    return { ...asRemembered(given, `a read of ${state} is older than its registration`), ...joinedLately(given) };
  }
  const waiting = waitingInPool[state] ?? [];
  // Its drain was cut short by the pool: marked as over, so that its next life registers anew instead of starting at weight 0.
  const cut = recorded !== undefined && since !== undefined && instance?.tags.srv_weight === '0';
  const tag = cut ? tagged(given, { srv_drain_until: instant(now) }, ['srv_weight'], 'its drain was cut short') : {};
  const hooks = waiting.map((name) => hook(given, 'complete', name, state));
  return { ...blank(given, state), ...left(given), ...tag, hooks };
}

const waitingInPool: Readonly<Record<string, readonly HookName[]>> = {
  'Warmed:Pending:Wait': ['srv-drain', 'srv-register'],
  'Warmed:Terminating:Wait': ['srv-drain'],
};

/** Weight 0 with its tags untouched, so that the operator's weight comes back with the host. */
function resting(given: Case): Host {
  const { instance, recorded, listed, instanceId } = given;
  const reason = `${stateOf(given)}, rests at weight 0`;
  const { ip_address, srv_weight } = instance?.tags ?? {};
  if (instance !== undefined && ip_address !== undefined && srv_weight === undefined) {
    return { ...blank(given, 'tag srv_weight was removed by an operator'), asked: true };
  }
  if (recorded !== undefined) {
    return { ...asRecorded(given, reason), target: { ...recorded, weight: 0 }, draining: true };
  }
  const { address, notices } =
    instance === undefined ? { address: undefined, notices: [] } : addressOf(given, instance);
  if (listed === undefined || listed.group.problems.length > 0 || srv_weight === undefined || address === undefined) {
    return { ...blank(given, reason), notices };
  }
  const { priority, port } = listed.group.settings;
  return {
    ...blank(given, reason),
    target: { instanceId, priority, weight: 0, port },
    address,
    draining: true,
    notices,
  };
}

/** Recorded, and in no group that was read. Missing is not empty: it leaves on positive evidence only. */
function unlisted(given: Case): Host {
  const { instance, instanceId, observation, now } = given;
  if (instance !== undefined) {
    const ours = instance.tags.ip_address !== undefined || instance.tags.srv_weight !== undefined;
    return ours && instance.autoScalingGroup === undefined
      ? gone(given, 'detached: Auto Scaling took its tag away')
      : asRemembered(given, 'no group that was read lists it, kept as recorded');
  }
  if (!observation.denied.has(instanceId)) {
    return asRemembered(given, 'neither Auto Scaling nor EC2 mentions it, kept as recorded');
  }
  const deniedSince = observation.woken.denied[instanceId] ?? instant(now);
  const dueAt = deniedSince + forgottenSeconds;
  return now >= dueAt
    ? gone(given, 'EC2 says twice that it does not exist')
    : { ...asRemembered(given, 'EC2 says that it does not exist, asked again later'), deniedSince, dueAt };
}

/** The address to publish: EC2 says which are the instance's own, the tag only chooses among them (Authenticity). */
function addressOf(
  given: Case,
  instance: Instance,
): { readonly address?: string; readonly notices: readonly Notice[] } {
  const { instanceId, recorded, record } = given;
  const tag = instance.tags.ip_address?.trim().toLowerCase();
  const own = instance.addresses.map((address) => address.toLowerCase());
  const first = own[0];
  if (first === undefined) {
    const published = record.addressSets.get(instanceId)?.[0]?.values[0];
    const last =
      published ?? (recorded === undefined || tag === undefined || !/^[0-9a-f.:]{2,45}$/.test(tag) ? undefined : tag);
    return last === undefined ? { notices: [] } : { address: last, notices: [] };
  }
  if (tag === undefined || own.includes(tag)) {
    return { address: tag ?? first, notices: [] };
  }
  const text = `Cannot believe tag "ip_address" of instance "${instanceId}": must be one of its own addresses (${own.join(', ')}): current value is "${tag}"`;
  return { address: first, notices: [{ kind: 'badAddress', subject: instanceId, text }] };
}

/** An instant as our tag writes it (ISO 8601, UTC); undefined for anything else. */
function drainUntil(raw: string | undefined): Instant | undefined {
  const text = raw?.trim() ?? '';
  const milliseconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}

function isInterrupted({ interrupted, instanceId, now }: Case): boolean {
  const warnedAt = interrupted[instanceId];
  return warnedAt !== undefined && now <= warnedAt + interruptionSecondsMax;
}

function unknownState(given: Case): readonly Notice[] {
  const { instanceId } = given;
  return [
    {
      kind: 'unknownState',
      subject: instanceId,
      text: `Cannot place instance "${instanceId}": its lifecycle state must be a known one: found "${stateOf(given)}"`,
    },
  ];
}

/** It leaves the record now, or left it less than `leavingSeconds` ago: the registry entry remembers either. */
function left({ recorded, since, now }: Case): { readonly leavingSince?: Instant } {
  if (recorded !== undefined) {
    return { leavingSince: instant(now) };
  }
  return since !== undefined && now < since + leavingSeconds ? { leavingSince: since } : {};
}

function asRecorded(given: Case, reason: string): Host {
  const { recorded } = given;
  return { ...blank(given, reason), ...(recorded === undefined ? {} : { target: recorded }) };
}

/** As recorded, and as remembered: a host at weight 0 that was leaving goes on leaving. */
function asRemembered(given: Case, reason: string): Host {
  const { recorded, since } = given;
  const leaving = since === undefined || recorded?.weight !== 0 ? {} : { leavingSince: since, draining: true };
  return { ...asRecorded(given, reason), ...leaving };
}

function blank({ instanceId, recorded }: Case, reason: string): Host {
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

function tagged(
  given: Case,
  set: TagChange['set'],
  remove: TagChange['remove'],
  reason: string,
): { readonly tag?: TagChange } {
  const { instanceId } = given;
  return Object.keys(set).length === 0 && remove.length === 0
    ? {}
    : { tag: { kind: 'tag', instanceId, set, remove, reason } };
}

function hook(given: Case, kind: HookChange['kind'], name: HookName, reason: string): HookChange {
  return { kind, instanceId: given.instanceId, group: given.listed?.group.group.name ?? '', hook: name, reason };
}

function stateOf(given: Case): string {
  return given.listed?.lifecycleState ?? 'no group';
}

/** Instants that are written down are whole seconds, rounded up: nothing is ever taken to be older than it is. */
function instant(seconds: Instant): Instant {
  return Math.ceil(seconds);
}
