import type { Property } from './property.ts';

/** Sweeps that met no fault within which a hook must have ended: to see the host, to see its write propagate, and to see its drain end. */
const cleanSweepsMax = 10;

/** The longest TTL in scenarios: a hand's, in the console. */
const ttlSecondsMax = 300;

/** What a hook needs beside the TTL and the drain where no sweep met a fault: a write to leave and propagate, and a sweep's minute. */
const needSeconds = 120 + 65;

/**
 * No hook of ours is left to time out while the APIs answer, and none is ever abandoned. The APIs answer in sweeps that meet no fault: with so
 * many of them in a hook's wait there was time; and where all of them were such, as soon as the hook is long enough at all. Hosts that cannot be registered, and clusters that are refused, wait for an operator.
 */
export const hookLiveness: Property = {
  name: 'HookLiveness',
  onActionEnded: ({ group, instanceId, hook, result, byTimeout, lifecycleState }, story) => {
    if (hook !== 'srv-register' && hook !== 'srv-drain') {
      return undefined;
    }
    story.look('HookLiveness');
    if (result === 'ABANDON' && story.acting !== undefined) {
      return `${story.actor} abandoned ${hook} of ${instanceId}`;
    }
    const since = story.host(instanceId).waitsSince;
    if (!byTimeout || since === undefined || story.unmanageable.has(group) || story.unreadableGroups.has(group)) {
      return undefined;
    }
    const sweeps = story.sweeps.filter(({ at }) => at > since);
    const clean = sweeps.filter(({ isClean }) => isClean).length;
    const hookSeconds = story.hookSeconds.get(group) ?? 0;
    const isLong = hookSeconds > needSeconds + ttlSecondsMax + (story.drainSeconds.get(group) ?? 0);
    const isUndisturbed = clean === sweeps.length && clean * 60 > hookSeconds - 90;
    return clean > cleanSweepsMax || (isLong && isUndisturbed)
      ? `${hook} of ${instanceId} of ${group} timed out in ${lifecycleState}, after ${clean} sweeps that met no fault`
      : undefined;
  },
};
