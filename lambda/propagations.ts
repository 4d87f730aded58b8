import type { Waking } from './observe.ts';
import type { Ports } from './ports.ts';
import { propagationPollsSeconds } from './reconcile/limits.ts';
import type { ClusterName, Instant, Publication } from './reconcile/model.ts';
import { type Trouble, unlessTrouble } from './trouble.ts';

/** Up to when each cluster's writes have propagated, as far as GetChange says so. A later write of a cluster covers the earlier ones. */
export async function propagations(
  waking: ReadonlyMap<ClusterName, Waking>,
  ports: Ports,
  troubles: Trouble[],
): Promise<ReadonlyMap<ClusterName, Instant>> {
  const answers = new Map<string, boolean>();
  const propagated = new Map<ClusterName, Instant>();
  const firstPollSeconds = Math.min(...propagationPollsSeconds);
  const hasPropagated = async (cluster: ClusterName, changeId: string): Promise<boolean> => {
    // Without an answer the clock decides, later.
    const answer =
      answers.get(changeId) ?? (await unlessTrouble(ports.records.hasPropagated(changeId), cluster, troubles));
    answers.set(changeId, answer);
    return answer;
  };
  for (const [cluster, { publications }] of waking) {
    const due = publications.filter(({ written }) => ports.now() >= written + firstPollSeconds);
    for (const { changeId, written } of due.toSorted(byNewest)) {
      if (await hasPropagated(cluster, changeId)) {
        propagated.set(cluster, written);
        break;
      }
    }
  }
  return propagated;
}

function byNewest(one: Publication, other: Publication): number {
  return other.written - one.written;
}
