import { addressOf, publishedAddress } from './address.ts';
import { asRecorded, blank, type Case, type Host, hook, joinedLately, stateOf, tagged } from './case.ts';
import { interruptionSecondsMax } from './limits.ts';
import type { Instance, Notice } from './model.ts';
import { parseWeight } from './weight.ts';

/** By its tags; registers when it has never been. */
export function serving(given: Case): Host {
  const host = byItsTags(given);
  return launching(given, { ...host, inService: stateOf(given) === 'InService' });
}

function byItsTags(given: Case): Host {
  const { instance, listed, recorded, instanceId } = given;
  if (listed === undefined || listed.group.settings.problems.length > 0) {
    return asRecorded(given, 'the tags of its group cannot be read, kept as recorded');
  }
  const { settings, group } = listed.group;
  if (settings.service !== given.service) {
    const text = `Cannot register instance "${instanceId}": group "${group.name}" must ask for service "${given.service}" as its cluster does: found "${settings.service}"`;
    return {
      ...asRecorded(given, 'its group asks for another service'),
      notices: [{ kind: 'badGroup', subject: group.name, text }],
    };
  }
  if (instance === undefined) {
    return asRecorded(given, 'EC2 does not show it, kept as recorded');
  }
  const { ip_address, srv_weight, srv_drain_until } = instance.tags;
  const { address, notices } = addressOf(given, instance);
  // An earlier life that was drained ended with an address and no weight, too: `srv_drain_until` tells them apart.
  const drainedBefore = srv_drain_until !== undefined && recorded === undefined;
  if (srv_weight === undefined && ip_address !== undefined && !drainedBefore) {
    return { ...blank(given, 'tag srv_weight was removed by an operator'), asked: true, notices };
  }
  if (srv_weight === undefined && recorded !== undefined) {
    return asRecorded(given, 'read without tags, kept as recorded');
  }
  if (address === undefined) {
    return { ...asRecorded(given, 'EC2 shows no address of it'), notices };
  }
  const registers = recorded === undefined && (srv_weight === undefined || ip_address === undefined);
  if (registers && given.observation.untaggable.has(instanceId)) {
    return blank(given, 'its tags cannot be written');
  }
  const asked = srv_weight === undefined ? settings.weight : parseWeight(srv_weight);
  const lastGood = asked ?? recorded?.weight ?? settings.weight;
  const warned = isInterrupted(given) && lastGood > 0;
  const weight = warned ? 0 : lastGood;
  return {
    ...blank(given, reasonOf(given, { warned, registers })),
    ...servingTag(given, instance, { registers, warned, address, lastGood }),
    target: { instanceId, priority: settings.priority, weight, port: settings.port },
    address,
    asked: !warned && weight === 0,
    draining: warned,
    ...(warned ? { leavingSince: given.stamp, begins: true } : {}),
    notices: [...notices, ...(asked === undefined ? [badWeight(given, srv_weight ?? '')] : [])],
  };
}

function reasonOf(
  given: Case,
  { warned, registers }: { readonly warned: boolean; readonly registers: boolean },
): string {
  if (warned) {
    return 'spot interruption warning';
  }
  return `${stateOf(given)}, ${registers ? 'registered' : 'by its tags'}`;
}

function servingTag(
  given: Case,
  { tags: { srv_weight, srv_drain_until } }: Instance,
  to: { readonly registers: boolean; readonly warned: boolean; readonly address: string; readonly lastGood: number },
): Pick<Host, 'tag'> {
  // A drain of an earlier life is over; left in place it would make a later removal of srv_weight look like its end.
  const remove = srv_drain_until === undefined ? [] : (['srv_drain_until'] as const);
  if (to.registers) {
    // Both, also a weight that was read: an address alone would mean that an operator took the host out. And not 0 for a warned host: this comes
    // before the swap that remembers the warning, and would be taken for an operator's word.
    const weight = srv_weight ?? String(to.lastGood);
    return tagged(given, { ip_address: to.address, srv_weight: weight }, remove, 'registered');
  }
  return to.warned
    ? tagged(given, { srv_weight: '0' }, remove, 'spot interruption warning')
    : tagged(given, {}, remove, 'its earlier drain is over');
}

/**
 * The launch hook completes once the record that holds the host has propagated, or when its tags ask for no target. Since when the record holds
 * it is remembered from the first, so that other writes of the cluster do not put the hook off.
 */
function launching(given: Case, host: Host): Host {
  const { recorded, joined, record, stamp } = given;
  const state = stateOf(given);
  const waits = state === 'Pending:Wait';
  if (host.target === undefined) {
    return waits && host.asked ? { ...host, hooks: [hook(given, 'complete', 'srv-register', host.reason)] } : host;
  }
  if (!state.startsWith('Pending')) {
    return { ...host, ...(recorded === undefined ? { joiningSince: stamp } : joinedLately(given)) };
  }
  if (recorded === undefined || (host.address !== undefined && host.address !== publishedAddress(given))) {
    return { ...host, joiningSince: stamp, waitsSince: stamp };
  }
  const since = joined ?? record.registry?.written ?? stamp;
  const remembered = joined === undefined ? host : { ...host, joiningSince: joined };
  if (!given.propagated(since)) {
    return { ...remembered, waitsSince: since };
  }
  return waits
    ? { ...remembered, hooks: [hook(given, 'complete', 'srv-register', 'its record has propagated')] }
    : remembered;
}

function isInterrupted({ interrupted, instanceId, now }: Case): boolean {
  const warnedAt = interrupted[instanceId];
  return warnedAt !== undefined && now <= warnedAt + interruptionSecondsMax;
}

function badWeight({ instanceId }: Case, raw: string): Notice {
  const text = `Cannot read tag "srv_weight" of instance "${instanceId}": must be 0 to 65535 or a percentage: current value is "${raw}"`;
  return { kind: 'badTag', subject: instanceId, text };
}
