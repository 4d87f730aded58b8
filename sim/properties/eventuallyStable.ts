import type { LivenessProperty } from './livenessProperty.ts';
import type { Property } from './property.ts';

/**
 * Once faults and changes stop, every cluster's records equal the desired ones within a bounded number of passes, and stay so. And as a stale read
 * may undo an operator's weight for a moment, a run that wrote a record leaves a wake-up for the pass that confirms it: without one, the weight
 * would wait for the sweep.
 */
export const eventuallyStable: Property & LivenessProperty = {
  name: 'EventuallyStable',
  appliesTo: () => true,
  onReturn: ({ run, wrote, woken, spoilt }, { failing, hasErrors }, story) => {
    for (const [cluster, number] of wrote) {
      const isLast = story.cluster(cluster).lastOwnWrite === number;
      if (!isLast || failing.has(cluster) || hasErrors || spoilt.has('clockJump')) {
        continue;
      }
      story.look('EventuallyStable');
      if (!woken.has(cluster)) {
        return `run ${run.number} wrote the record of "${cluster}" and left no wake-up for the pass that confirms it`;
      }
    }
    return undefined;
  },
};
