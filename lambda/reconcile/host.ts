import { addressOf } from './address.ts';
import {
  asRemembered,
  blank,
  type Case,
  type Host,
  joinedLately,
  type Listed,
  type Surroundings,
  stateOf,
} from './case.ts';
import { draining } from './draining.ts';
import { gone } from './gone.ts';
import { leavingRecordedSeconds, leavingSeconds, staleSecondsMax } from './limits.ts';
import type { InstanceId } from './model.ts';
import { isDead, phaseOf } from './phase.ts';
import { pooled } from './pooled.ts';
import { resting } from './resting.ts';
import { serving } from './serving.ts';
import { unlisted } from './unlisted.ts';

/** Decides one instance by the table of `phase.ts`; what the registry remembers of it outweighs what a read says. */
export function decideHost(surroundings: Surroundings, instanceId: InstanceId, listed: Listed): Host {
  const { observation, record } = surroundings;
  const given: Case = {
    ...surroundings,
    instanceId,
    listed,
    instance: observation.instances.get(instanceId),
    recorded: record.targets.get(instanceId),
    since: record.registry?.leaving.get(instanceId),
    joined: record.registry?.joining.get(instanceId),
    now: observation.now,
  };
  return withOwnAddress(given, decide(given));
}

function decide(given: Case): Host {
  const { listed } = given;
  const state = believedState(given);
  switch (phaseOf(listed?.lifecycleState, state)) {
    case 'draining':
      return draining(given);
    case 'gone':
      return gone(given, state !== undefined && isDead(state) ? `EC2 says ${state}` : stateOf(given));
    case 'pooled':
      return pooled(given);
    case 'serving':
      return stillLeaving(given) ?? serving(given);
    case 'resting':
      return stillLeaving(given) ?? resting(given);
    case 'unlisted':
      return stillLeaving(given) ?? unlisted(given);
    case 'unknown':
      return stillLeaving(given) ?? unknown(given);
  }
}

/** Whatever becomes of a host that stays: its address record holds one address of its own, the published one where that is one. */
function withOwnAddress(given: Case, host: Host): Host {
  const { instance, instanceId, record } = given;
  if (instance === undefined || host.target === undefined || host.address !== undefined) {
    return host;
  }
  const { address, notices } = addressOf(given, instance);
  const sets = record.addressSets.get(instanceId) ?? [];
  const published = sets.flatMap(({ values }) => values.map((value) => value.toLowerCase()));
  const own = instance.addresses.map((one) => one.toLowerCase());
  const kept = [address, ...own].find((one) => one !== undefined && published.includes(one)) ?? address;
  return { ...host, ...(kept === undefined ? {} : { address: kept }), notices: [...host.notices, ...notices] };
}

/** NoResurrection: a read that shows a leaving instance otherwise is older than its leaving, unless it shows a new life late enough. */
function stillLeaving(given: Case): Host | undefined {
  const { since, recorded, observation, stamp } = given;
  if (since === undefined || observation.readFrom >= since + believedSeconds(given)) {
    return undefined;
  }
  return {
    ...blank(given, `began to leave; a read of ${stateOf(given)} is older than that`),
    ...(recorded === undefined ? {} : { target: { ...recorded, weight: 0 } }),
    leavingSince: recorded === undefined || recorded.weight === 0 ? since : stamp,
    draining: true,
  };
}

/** For how long its leaving outweighs what reads say. Only one that the record has let go can begin a new life in the group. */
function believedSeconds(given: Case): number {
  if (given.recorded !== undefined) {
    return leavingRecordedSeconds;
  }
  return stateOf(given).startsWith('Pending') ? staleSecondsMax : leavingSeconds;
}

/** EC2's state of it, unless that may be what it was in the warm pool that it came from. */
function believedState(given: Case): string | undefined {
  const state = given.instance?.state;
  const wasStopped = state === 'stopping' || state === 'stopped';
  return wasStopped && joinedLately(given).joiningSince !== undefined ? undefined : state;
}

function unknown(given: Case): Host {
  const { instanceId } = given;
  const state = stateOf(given);
  const text = `Cannot place instance "${instanceId}": its lifecycle state must be a known one: found "${state}"`;
  return {
    ...asRemembered(given, `state ${state} is unknown, kept as recorded`),
    notices: [{ kind: 'unknownState', subject: instanceId, text }],
  };
}
