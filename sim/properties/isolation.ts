import type { Property } from './property.ts';

/**
 * Records without our registry entry are never touched, nor is any name outside a cluster's domain. And one cluster's failure never affects
 * another: only its own messages come back, and no other is taken as done without a look at its records.
 */
export const isolation: Property = {
  name: 'Isolation',
  onWrite: ({ by, cluster, wasForeign, changes }, story) => {
    if (cluster.name === '') {
      const [first] = changes;
      return `run ${by.run.number} changed ${first?.ResourceRecordSet?.Name}, which is no cluster's`;
    }
    if (story.foreignClusters.has(cluster.name) || wasForeign) {
      return `run ${by.run.number} wrote the records of "${cluster.name}", which do not carry our registry entry`;
    }
    if (story.foreignClusters.size > 0) {
      story.look('Isolation');
    }
    return undefined;
  },
  onReturn: ({ run, listed }, { messages, failing, hasErrors }, story) => {
    for (const { cluster, comesBack } of hasErrors ? [] : messages) {
      story.look('Isolation');
      if (comesBack && !failing.has(cluster)) {
        return `run ${run.number} sent back a message about "${cluster}", where only ${[...failing].join(', ')} failed`;
      }
      if (!comesBack && !listed.has(cluster) && !listed.has('')) {
        return `run ${run.number} did nothing about its message about "${cluster}", and took it as done`;
      }
    }
    return undefined;
  },
};
