import type { Property } from './property.ts';

/**
 * Records without our registry entry are never touched, nor is any name outside a cluster's domain. (That one cluster's failure leaves the others
 * alone is looked at where messages come back, and where the world is at rest.)
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
};
