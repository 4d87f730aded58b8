import type { Ports } from './ports.ts';
import { clusterOf } from './reconcile/groupSettings.ts';
import type { ClusterName, GroupName, InstanceId } from './reconcile/model.ts';
import type { EventTrigger } from './reconcile/trigger.ts';

/** Clusters that events are about: of the groups they name, and of the groups of the instances they name. */
export type Locator = (event: EventTrigger) => ReadonlySet<ClusterName>;

/**
 * Finds out which clusters events are about: one read for all the instances that come without a group, one for all the groups. Only the names
 * are used; the pass reads the world again, after the records.
 */
export async function locate(events: readonly EventTrigger[], ports: Ports): Promise<Locator> {
  const unplaced = new Set(events.filter(({ groups }) => groups.length === 0).flatMap(({ instances }) => instances));
  const instances = unplaced.size === 0 ? [] : await ports.instances.byId(unplaced);
  const groupOf = new Map<InstanceId, GroupName>(
    instances.flatMap(({ id, autoScalingGroup }) => (autoScalingGroup === undefined ? [] : [[id, autoScalingGroup]])),
  );
  const groupsOf = ({ groups, instances: ids }: EventTrigger): readonly GroupName[] =>
    groups.length > 0 ? groups : ids.flatMap((id) => groupOf.get(id) ?? []);
  const names = new Set(events.flatMap(groupsOf));
  const groups = names.size === 0 ? [] : await ports.groups.named(names);
  const clusters = new Map(groups.map((group) => [group.name, clusterOf(group, ports.zone)]));
  return (event) => new Set(groupsOf(event).flatMap((name) => clusters.get(name) ?? []));
}
