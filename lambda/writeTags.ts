import { tagValues } from './overlay.ts';
import type { Planned, Report } from './planned.ts';
import type { Ports } from './ports.ts';
import type { ClusterName, InstanceId, Plan, TagChange } from './reconcile/model.ts';

/** A registration's tags come before its target. */
export function joins({ set }: TagChange): boolean {
  return set.ip_address !== undefined;
}

/**
 * The tags of a host that leaves come after the registry entry that remembers it: another pass that reads the tag, and its group as it was
 * before, would else lower the host without remembering it, and a third that reads older tags would raise it again.
 */
export function leaves(change: TagChange): boolean {
  return !joins(change);
}

/** Tags of one cluster's instances, written and not. */
export interface Tagged {
  readonly written: readonly TagChange[];
  readonly failed: readonly InstanceId[];
}

/** Writes the tags of every plan's instances, those of a kind, in as few calls as they allow. A tag that cannot be written holds up nobody else. */
export async function writeTags(
  going: readonly Planned[],
  which: (change: TagChange) => boolean,
  ports: Ports,
  trouble: Report,
): Promise<ReadonlyMap<ClusterName, Tagged>> {
  const tagged = new Map<ClusterName, Tagged>();
  const changes = going.flatMap(({ plan }) => tagChanges(plan).filter(which));
  if (changes.length === 0) {
    return tagged;
  }
  const failed = await ports.instances.tag(
    changes.map((change) => ({
      instanceId: change.instanceId,
      set: tagValues(change.set),
      remove: change.remove,
      mustExist: joins(change),
    })),
  );
  for (const { plan } of going) {
    const own = tagChanges(plan).filter(which);
    const errors = own.flatMap(({ instanceId }) => failed.get(instanceId) ?? []);
    for (const error of errors) {
      trouble(plan.cluster, error);
    }
    tagged.set(plan.cluster, {
      written: own.filter(({ instanceId }) => !failed.has(instanceId)),
      failed: own.map(({ instanceId }) => instanceId).filter((instanceId) => failed.has(instanceId)),
    });
  }
  return tagged;
}

function tagChanges(plan: Plan): readonly TagChange[] {
  return plan.kind === 'change' ? plan.changes.filter((change) => change.kind === 'tag') : [];
}
