import { oldestShown } from './excuse.ts';
import type { Property } from './property.ts';

/**
 * A launch hook is completed only after a write that holds the host has propagated, unless an operator's tags ask for no target, or the host is
 * dead. Groups with a warm pool are left out: docs/how-it-works.md tells the gap.
 */
export const registeredBeforeComplete: Property = {
  name: 'RegisteredBeforeComplete',
  onActionEnded: ({ group, instanceId, hook, lifecycleState, byTimeout }, story) => {
    const host = story.host(instanceId);
    if (hook !== 'srv-register' || lifecycleState !== 'Pending:Wait' || byTimeout || story.acting === undefined) {
      return undefined;
    }
    const wasTakenOut = host.asked === 'none' || (host.handTookOutAt ?? 0) > oldestShown(story.world.now);
    if (!host.lives || wasTakenOut || story.pooled.has(group)) {
      return undefined;
    }
    story.look('RegisteredBeforeComplete');
    const knownAt = [...story.clusters.values()].map(
      (cluster) => cluster.held(instanceId).knownAt ?? Number.POSITIVE_INFINITY,
    );
    const early = story.secondsEarly(Math.min(...knownAt));
    if (early <= 0) {
      return undefined;
    }
    return early === Number.POSITIVE_INFINITY
      ? `${story.actor} completed the launch hook of ${instanceId}, which no record holds`
      : `${story.actor} completed the launch hook of ${instanceId} ${Math.ceil(early)} s before the write that holds it had propagated`;
  },
};
