import type { PortCallName } from '../ports/gate.ts';
import { weightAsked } from '../scenario/weightAsked.ts';
import type { Property } from './property.ts';

const reads: readonly PortCallName[] = ['records.list', 'groups.ofClusters', 'instances.ofGroups', 'instances.byId'];

/**
 * No accepted write was planned from reads made before those of the write before it: the run that wrote had read the record, the groups and the
 * instances after the cluster's last write was accepted, and the serial rises by one with each write (further only where a hand had edited the
 * registry entry; where one has deleted it, nothing tells an old view from a new one). Nor does an old read undo a hand's tags: registration happens once, and a run that saw a host in the record gives it no weight.
 */
export const noStaleOverwrite: Property = {
  name: 'NoStaleOverwrite',
  onTag: ({ by, instanceId, before, after }, story) => {
    const { group } = story.host(instanceId);
    const listedAfter = by.readAfter.get('records.list') ?? 0;
    for (const cluster of story.clusters.values()) {
      const since = cluster.heldSinceWrite(instanceId);
      const hasSeenIt = since !== undefined && since <= listedAfter;
      if (after === undefined || after === before || !hasSeenIt || !story.groupsOf(cluster.name).has(group)) {
        continue;
      }
      story.look('NoStaleOverwrite');
      if ((weightAsked(after) ?? 0) > 0) {
        return `run ${by.run.number} wrote tag srv_weight=${after} of ${instanceId} over ${before ?? 'none'}, though it had seen that "${cluster.name}" holds the host`;
      }
    }
    return undefined;
  },
  onWrite: ({ by, cluster, serialBefore, isSwap }, story) => {
    if (!isSwap || (serialBefore === undefined && (cluster.lastOwnWrite === 0 || cluster.edited))) {
      return undefined;
    }
    story.look('NoStaleOverwrite');
    const old = reads.find((name) => (by.readAfter.get(name) ?? Number.POSITIVE_INFINITY) < cluster.lastOwnWrite);
    if (old !== undefined) {
      return `run ${by.run.number} wrote the record of "${cluster.name}" from ${old} of before batch ${cluster.lastOwnWrite}, which had written it meanwhile`;
    }
    const { serial } = cluster;
    const rises =
      serial !== undefined && (cluster.edited ? serial > (serialBefore ?? 0) : serial === (serialBefore ?? 0) + 1);
    return rises
      ? undefined
      : `run ${by.run.number} wrote the record of "${cluster.name}", whose serial ${serialBefore} became ${serial}`;
  },
};
