import type { Property } from './property.ts';

/** Sweeps that met no fault within which a hook must have ended: to see the host, to see its write propagate, and to see its drain end. */
const cleanSweepsMax = 10;

/**
 * No hook of ours is left to time out while the APIs answer, and none is ever abandoned. The APIs answer in sweeps that meet no fault: with so
 * many of them in a hook's wait there was time. Hosts that cannot be registered, and clusters that are refused, wait for an operator.
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
    if (!byTimeout || since === undefined || story.unmanageable.has(group)) {
      return undefined;
    }
    const clean = story.cleanSweeps.filter((at) => at > since).length;
    return clean > cleanSweepsMax
      ? `${hook} of ${instanceId} of ${group} timed out in ${lifecycleState}, after ${clean} sweeps that met no fault`
      : undefined;
  },
};
