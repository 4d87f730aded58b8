import type { FaultClass } from '../scenario/faultClass.ts';
import { oldestShown } from './excuse.ts';
import type { Property } from './property.ts';

/** Faults that show a run less than there is, or something older. */
const misleading: readonly FaultClass[] = ['staleRead', 'partialRead', 'emptyRead', 'clockJump'];

/**
 * A write that would leave a cluster with instances in service without a single positive weight, which no operator asked for, does not happen.
 * Looked at where the run saw all there was, as it was: a run cannot spare what it was not shown.
 */
export const minServing: Property = {
  name: 'MinServing',
  onWrite: ({ by, cluster, before, write }, story) => {
    // A stray that a hand added is no host, whatever its weight; of a made-up instance nobody knows that before EC2 has denied it twice.
    const serves = (weights: ReadonlyMap<string, number>): boolean =>
      [...weights].some(([instanceId, weight]) => weight > 0 && instanceId.startsWith('i-'));
    if (!serves(before) || serves(cluster.weights)) {
      return undefined;
    }
    const groups = story.groupsOf(cluster.name);
    const inService = [...story.hosts.values()].filter(
      (host) =>
        groups.has(host.group) &&
        (host.inServiceSince ?? Number.POSITIVE_INFINITY) < by.run.startedAt &&
        host.hasServedSince(oldestShown(write.at)),
    );
    story.look('MinServing');
    const [spared] = inService;
    return spared === undefined || misleading.some((fault) => by.spoilt.has(fault))
      ? undefined
      : `run ${by.run.number} took the last positive weight of "${cluster.name}" though ${spared.instanceId} is in service and nobody asked for less`;
  },
};
