import type { Property } from './property.ts';

/** Calls of one run of the function: five observations of a few clusters, with what follows them. */
const callsPerRunMax = 120;

/** Messages of ours that wait for their time, for each host that ever was in the cluster. */
const wakeUpsPerHostMax = 4;

/** A message whose write fails comes back four times, six minutes apart; in an outage each sweep's doubt about a forgotten host adds one. */
const wakeUpsBesideMax = 40;

/**
 * Calls of one run and messages to itself have named limits; chains of wake-ups do not multiply; and as a run lays the tags that it wrote over what
 * it reads afterwards, it writes none of them twice.
 */
export const boundedWork: Property = {
  name: 'BoundedWork',
  onCall: ({ by, name, subject, failed }, story) => {
    story.look('BoundedWork');
    if (by.calls > callsPerRunMax + story.hosts.size * 2) {
      return `run ${by.run.number} made more than ${by.calls - 1} calls`;
    }
    if (name !== 'instances.tag' || subject === '' || failed) {
      return undefined;
    }
    const { tagChanges } = story.host(subject);
    const isRepeated = by.tagged.get(subject) === tagChanges;
    by.tagged.set(subject, tagChanges);
    return isRepeated ? `run ${by.run.number} wrote the same tags of ${subject} a second time` : undefined;
  },
  onWakeUp: (cluster, waiting, story) =>
    waiting > wakeUpsBesideMax + story.redriven + story.hosts.size * wakeUpsPerHostMax
      ? `${waiting} wake-ups for "${cluster}" wait at once, with ${story.hosts.size} hosts ever seen`
      : undefined,
};
