import { oldestShown } from './excuse.ts';
import type { Property } from './property.ts';

/** What a run completes so long after it began it has read some time ago. */
const lateSeconds = 5;

/**
 * A live host's terminate hook is completed only after weight 0 has propagated to every name server, and then the TTL of the old answer and the
 * drain of its group have passed. Left out are two gaps that docs/how-it-works.md tells: the record of a cluster that its group has left, and late
 * reads of a host in a warm pool.
 */
export const drainBeforeComplete: Property = {
  name: 'DrainBeforeComplete',
  onActionEnded: ({ group, instanceId, hook, lifecycleState, byTimeout }, story) => {
    const host = story.host(instanceId);
    if (hook !== 'srv-drain' || lifecycleState !== 'Terminating:Wait' || byTimeout || story.acting === undefined) {
      return undefined;
    }
    const isJustAsked = (host.askedAt ?? 0) > oldestShown(story.world.now);
    if (isJustAsked && !host.isDrainTagged) {
      // An old read and a hand's new edit look alike: as if there had never been a host, say.
      return undefined;
    }
    const isLate = story.world.now - story.acting.startedAt > lateSeconds * 1000;
    if (story.pooled.has(group) && (isLate || story.runStory(story.acting).spoilt.has('staleRead'))) {
      return undefined;
    }
    if (host.handTookOutAt !== undefined && (host.isDrainTagged || host.asked === 'nothing')) {
      // Somebody took the host out by its tags, and then said by them that its drain was over, or that there had never been a host.
      return undefined;
    }
    for (const cluster of story.clusters.values()) {
      const held = cluster.held(instanceId);
      if (
        !host.lives ||
        !story.groupsOf(cluster.name).has(group) ||
        (held.weight === undefined && held.lowered === undefined)
      ) {
        continue;
      }
      story.look('DrainBeforeComplete');
      if ((held.weight ?? 0) > 0) {
        return `${story.actor} completed the terminate hook of ${instanceId}, which "${cluster.name}" holds at weight ${held.weight}`;
      }
      const drainSeconds = story.drainSeconds.get(group) ?? 0;
      const { lowered } = held;
      const drainedAt = lowered === undefined ? 0 : lowered.inSyncAt + (lowered.ttlSeconds + drainSeconds) * 1000;
      const early = story.secondsEarly(drainedAt);
      if (early > 0) {
        return `${story.actor} completed the terminate hook of ${instanceId} ${Math.ceil(early)} s before weight 0 had propagated, the TTL of ${lowered?.ttlSeconds} s and the drain of ${drainSeconds} s had passed`;
      }
    }
    return undefined;
  },
};
