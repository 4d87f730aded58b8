import { blank, type Case, type Host, hook, joinedLately, stateOf, tagged } from './case.ts';
import { propagationSecondsMax } from './limits.ts';
import type { HookChange, Instant } from './model.ts';
import { parseWeight } from './weight.ts';

/**
 * The drain, each step a pass: weight 0 in the record, remembered by the registry entry; once that has propagated, `srv_drain_until`; once that
 * has passed, no tag and no target, and the hook is completed. Nothing is completed before the registry entry remembers that the host leaves: a
 * pass that still holds an older read then loses its swap and cannot bring the host back. The tag can only shorten the drain to what GetChange
 * proved: by the registry entry alone it ends too, whatever becomes of the tag.
 */
export function draining(given: Case): Host {
  const { since, recorded, instance, listed, now, joined, stamp, observation, instanceId } = given;
  const state = stateOf(given);
  const held = since !== undefined && (recorded === undefined || recorded.weight === 0);
  const leavingSince = held ? since : stamp;
  const waitSeconds = given.holdSeconds + (listed?.group.settings.drainSeconds ?? 0);
  const overAt = leavingSince + propagationSecondsMax + waitSeconds;
  const { ip_address, srv_weight, srv_drain_until } = instance?.tags ?? {};
  const until = drainUntil(srv_drain_until);
  // Once the record has let the host go the entry tells when it did. Then the drain was over before, and its weight tag has gone after.
  const wasOver = recorded === undefined && srv_weight === undefined && until !== undefined && until <= leavingSince;
  const believed =
    until !== undefined &&
    until <= Math.min(overAt, now + waitSeconds + 1) &&
    (wasOver || until >= leavingSince + waitSeconds);
  const act = (kind: HookChange['kind'], reason: string): readonly HookChange[] =>
    state === 'Terminating:Wait' ? [hook(given, kind, 'srv-drain', reason)] : [];

  if (held && now >= (believed ? until : overAt)) {
    return {
      ...blank(given, 'drained'),
      ...(srv_weight === undefined ? {} : tagged(given, {}, ['srv_weight'], 'drained')),
      leavingSince: recorded === undefined ? since : stamp,
      draining: true,
      hooks: act('complete', 'drained'),
    };
  }
  const host: Host = {
    ...blank(given, `${state}, drains`),
    ...(recorded === undefined ? {} : { target: { ...recorded, weight: 0 } }),
    ...joinedLately(given),
    leavingSince,
    ...(held ? {} : { begins: true, meanwhile: act('heartbeat', 'waits to leave') }),
    draining: true,
  };
  if (instance === undefined) {
    return { ...host, reason: `${state}, drains; EC2 does not show it`, dueAt: overAt };
  }
  // Without a registry entry nothing tells who was recorded: a hand may have deleted it, and tags that are not shown may be younger than the read.
  const wasKnown =
    recorded !== undefined || since !== undefined || joined !== undefined || given.record.registry === undefined;
  if (!wasKnown && ip_address === undefined && srv_weight === undefined) {
    return { ...host, hooks: act('complete', 'was never registered'), reason: `${state}, was never registered` };
  }
  const zeroTag = srv_weight === undefined || parseWeight(srv_weight) === 0 ? {} : { srv_weight: '0' };
  if (!held || !given.propagated(leavingSince)) {
    return { ...host, ...tagged(given, zeroTag, [], 'drain starts'), waitsSince: leavingSince };
  }
  if (!believed) {
    const dueAt = Math.ceil(Math.min(now + waitSeconds, overAt));
    const reason = 'weight 0 has propagated, drain clock starts';
    const tag = tagged(given, { ...zeroTag, srv_drain_until: dueAt }, [], reason);
    return { ...host, ...tag, dueAt, hooks: act('heartbeat', reason) };
  }
  const prolongs = observation.woken.hop && observation.woken.instances.has(instanceId);
  const hooks = prolongs ? act('heartbeat', 'long drain') : [];
  return { ...host, ...tagged(given, zeroTag, [], 'drains'), dueAt: until, hooks };
}

/** An instant as our tag writes it (ISO 8601, UTC); undefined for anything else. */
function drainUntil(raw: string | undefined): Instant | undefined {
  const text = raw?.trim() ?? '';
  const milliseconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}
