import type { Property } from './property.ts';

/** Calls of one run of the function: five observations of a few clusters, with what follows them. */
const callsPerRunMax = 120;

/** Messages of ours that wait for their time, for each host that ever was in the cluster. */
const wakeUpsPerHostMax = 4;

/** A message whose write fails comes back four times, six minutes apart; in an outage each sweep's doubt about a forgotten host adds one. */
const wakeUpsBesideMax = 40;

/** Calls of one run and messages to itself have named limits; chains of wake-ups do not multiply. */
export const boundedWork: Property = {
  name: 'BoundedWork',
  onCall: (by, story) => {
    story.look('BoundedWork');
    return by.calls > callsPerRunMax + story.hosts.size * 2
      ? `run ${by.run.number} made more than ${by.calls - 1} calls`
      : undefined;
  },
  onWakeUp: (cluster, waiting, story) =>
    waiting > wakeUpsBesideMax + story.hosts.size * wakeUpsPerHostMax
      ? `${waiting} wake-ups for "${cluster}" wait at once, with ${story.hosts.size} hosts ever seen`
      : undefined,
};
