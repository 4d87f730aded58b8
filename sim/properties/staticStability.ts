import type { Property } from './property.ts';

/** A run that could not read what it plans from does not write: each cluster's record waits for a better read. */
export const staticStability: Property = {
  name: 'StaticStability',
  onWrite: ({ by, cluster }, story) => {
    if (by.failedReads.length === 0) {
      return undefined;
    }
    story.look('StaticStability');
    const failed = by.failedReads.find(
      ({ name, subject }) =>
        subject === '' ||
        (name === 'records.list' && subject === cluster.name) ||
        (name === 'groups.warmPool' && story.groupsOf(cluster.name).has(subject)),
    );
    return failed === undefined
      ? undefined
      : `run ${by.run.number} wrote the record of "${cluster.name}" though its ${failed.name} had failed`;
  },
};
