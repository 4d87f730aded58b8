import type { Host } from './case.ts';
import { compare } from './compare.ts';
import type { Desired } from './desired.ts';
import { confirmSeconds, propagationPollsSeconds, propagationSecondsMax } from './limits.ts';
import type { Change, Instant, Notice, Observation, Plan, RecordWrite, TargetChange, WakeUp } from './model.ts';
import { sameTarget } from './record.ts';
import { recordWrite } from './recordWrite.ts';

/**
 * Turns the observation into the desired state, as a value: what to write, complete and wait for, or why not. Pure: the same observation
 * gives the same plan, and a plan over a world already right is `inSync`.
 */
export function plan(observation: Observation, desired: Desired): Plan {
  const { cluster } = observation;
  const targets = desired.hosts.filter(({ target }) => target !== undefined);
  const facts = {
    cluster,
    notices: desired.notices.toSorted(byNotice),
    targets: targets.length,
    draining: targets.filter(({ draining }) => draining).length,
  };
  const reason = desired.record.foreign ?? whyUnserved(observation, desired);
  if (reason !== undefined) {
    return { ...facts, kind: 'refuse', reason };
  }
  const write = recordWrite(observation, desired);
  const changes = [
    ...desired.hosts.flatMap(({ tag }) => (tag === undefined ? [] : [tag])),
    ...(write === undefined ? [] : desired.hosts.flatMap(targetChange)),
    ...desired.hosts.flatMap(({ hooks }) => hooks),
  ].toSorted(byChange);
  const wakeUp = nextWakeUp(observation, desired, changes, write);
  const waits = wakeUp === undefined ? {} : { wakeUp };
  return changes.length === 0 && write === undefined
    ? { ...facts, kind: 'inSync', ...waits }
    : { ...facts, kind: 'change', changes, ...(write === undefined ? {} : { write }), ...waits };
}

/** MinServing: instances in service must not lose their cluster's last positive weight unless an operator's tags ask for just that. */
function whyUnserved({ cluster }: Observation, { hosts }: Desired): string | undefined {
  const positive = (weights: readonly (number | undefined)[]): number =>
    weights.filter((weight = 0) => weight > 0).length;
  const inService = hosts.filter((host) => host.inService);
  const before = positive(hosts.map(({ recorded }) => recorded?.weight));
  const after = positive(hosts.map(({ target }) => target?.weight));
  if (before === 0 || after > 0 || inService.every(({ asked }) => asked)) {
    return undefined;
  }
  const unasked = inService.filter(({ asked }) => !asked).map(({ instanceId, reason }) => `${instanceId}: ${reason}`);
  return `Cannot take the last positive weight of cluster "${cluster}": ${inService.length} of its instances are in service and no tag asks for it: found ${unasked.join('; ')}`;
}

function targetChange(host: Host): readonly TargetChange[] {
  const { instanceId, recorded: before, target: after, reason } = host;
  if (sameTarget(before, after)) {
    return [];
  }
  return [
    {
      kind: 'target',
      instanceId,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
      reason,
    },
  ];
}

/**
 * The one message this pass sends itself: at the earliest instant at which one of its own instances has a next step. Its own are those it
 * changed, and those whose chain woke it; an event about an instance that another chain waits for starts no second chain.
 */
function nextWakeUp(
  { cluster, woken, now }: Observation,
  { hosts, stamp }: Desired,
  changes: readonly Change[],
  write: RecordWrite | undefined,
): WakeUp | undefined {
  const changed = new Set(changes.map(({ instanceId }) => instanceId));
  const isMine = ({ instanceId, waitsSince, deniedSince }: Host): boolean =>
    woken.instances.has(instanceId) ||
    changed.has(instanceId) ||
    (write !== undefined && waitsSince === stamp) ||
    deniedSince !== undefined;
  const waiting = hosts.filter((host) => isMine(host) && (host.dueAt !== undefined || host.waitsSince !== undefined));
  // A write from before all that is waited for says nothing any more, and would keep a newer one out.
  const waitedFor = waiting.flatMap(({ waitsSince }) => (waitsSince === undefined ? [] : [waitsSince]));
  const publications = woken.publications.filter(({ written }) => waitedFor.some((since) => since <= written));
  const asked = [...publications.map(({ written }) => written), ...(write === undefined ? [] : [write.written])];
  const instants = [
    ...waiting.flatMap((host) => nextSteps(host, asked, now)),
    ...(write === undefined ? [] : [now + confirmSeconds]),
  ];
  if (instants.length === 0) {
    return undefined;
  }
  const denied = waiting.flatMap(({ instanceId, deniedSince }) =>
    deniedSince === undefined ? [] : [[instanceId, deniedSince] as const],
  );
  return {
    cluster,
    at: Math.min(...instants),
    instances: waiting.map(({ instanceId }) => instanceId),
    publications,
    denied: Object.fromEntries(denied),
  };
}

/** When a host has its next step: at its deadline, when its write is asked about next, or when it is old enough without asking. */
function nextSteps({ dueAt, waitsSince }: Host, asked: readonly Instant[], now: Instant): readonly Instant[] {
  if (waitsSince === undefined) {
    return dueAt === undefined ? [] : [dueAt];
  }
  const polls = asked.flatMap((written) => propagationPollsSeconds.map((seconds) => written + seconds));
  return [waitsSince + propagationSecondsMax, ...polls].filter((instant) => instant > now);
}

/** Changes by kind, then by instance: the same plan always prints the same. */
function byChange(one: Change, other: Change): number {
  const order = { tag: 0, target: 1, heartbeat: 2, complete: 3 };
  const key = (change: Change): string =>
    `${order[change.kind]} ${change.instanceId} ${'hook' in change ? change.hook : ''}`;
  return compare(key(one), key(other));
}

function byNotice(one: Notice, other: Notice): number {
  return compare(`${one.kind} ${one.subject} ${one.text}`, `${other.kind} ${other.subject} ${other.text}`);
}
