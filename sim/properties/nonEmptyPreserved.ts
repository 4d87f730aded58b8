import { weightAsked } from '../scenario/weightAsked.ts';
import { excuseSeconds, oldestShown } from './excuse.ts';
import type { Property } from './property.ts';

/**
 * Unknown, partial or failed reads never shrink a record: a write of ours takes away a host's target, or its last weight, only if the host was
 * not plainly in service at some instant that a read of that run can have shown. Nor does a tag of ours: weight 0, no weight, or an address alone,
 * which means as much, are for hosts that began to leave.
 */
export const nonEmptyPreserved: Property = {
  name: 'NonEmptyPreserved',
  onTag: ({ by, instanceId, before, after }, story) => {
    const host = story.host(instanceId);
    const takes = before !== after && (after === undefined || weightAsked(after) === 0);
    const isAddressAlone = after === undefined && before === undefined && host.asked === 'none';
    if (!takes && !isAddressAlone) {
      return undefined;
    }
    story.look('NonEmptyPreserved');
    const shown = oldestShown(story.world.now);
    const isAsked = host.askedAt !== undefined && host.askedAt > shown;
    const isYoung = story.pooled.has(host.group) && host.lifeBeganAt > shown;
    return host.leftAt !== undefined || isAsked || isYoung
      ? undefined
      : `run ${by.run.number} wrote tag srv_weight=${after ?? 'none'} of ${instanceId}, which has not begun to leave`;
  },
  onWrite: ({ by, cluster, before, write }, story) => {
    for (const [instanceId, weight] of before) {
      const host = story.hosts.get(instanceId);
      if (weight === 0 || host === undefined) {
        continue;
      }
      const serves = host.hasServedSince(oldestShown(write.at));
      if (serves) {
        story.look('NonEmptyPreserved');
      }
      const after = cluster.weights.get(instanceId);
      if (serves && (after ?? 0) === 0) {
        const what = after === undefined ? 'took it out of' : 'took its weight in';
        const spoilt = [...by.spoilt].join(', ');
        return `${instanceId} has been in service for more than ${excuseSeconds} s and run ${by.run.number} ${what} the record of "${cluster.name}"${spoilt === '' ? '' : `, having met ${spoilt}`}`;
      }
    }
    return undefined;
  },
};
