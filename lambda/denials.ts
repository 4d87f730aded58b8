import type { Found, PassRequest } from './observe.ts';
import type { Ports } from './ports.ts';
import { compare } from './reconcile/compare.ts';
import { forgottenChecksMax } from './reconcile/limits.ts';
import type { ClusterName, Instance, InstanceId } from './reconcile/model.ts';
import { type Trouble, unlessTrouble } from './trouble.ts';

/** Asks EC2 about recorded instances that neither service mentions: a few a pass, other ones each minute. */
export async function denials(
  found: ReadonlyMap<ClusterName, Found>,
  instances: ReadonlyMap<InstanceId, Instance>,
  { waking, swept }: Pick<PassRequest, 'waking' | 'swept'>,
  ports: Ports,
  troubles: Trouble[],
): Promise<ReadonlySet<InstanceId>> {
  const awaited = [...found].flatMap(([cluster, { recorded, members }]) => {
    const doubted = waking.get(cluster)?.denied ?? {};
    return [...recorded]
      .filter((id) => !members.has(id) && !instances.has(id) && (swept || doubted[id] !== undefined))
      .map((id) => ({ cluster, id }));
  });
  const sorted = awaited.toSorted((one, other) => compare(one.id, other.id));
  const turn = (Math.floor(ports.now() / 60) * forgottenChecksMax) % Math.max(1, sorted.length);
  const denied = new Set<InstanceId>();
  for (const { cluster, id } of [...sorted.slice(turn), ...sorted.slice(0, turn)].slice(0, forgottenChecksMax)) {
    if (await unlessTrouble(ports.instances.isDenied(id), cluster, troubles)) {
      denied.add(id);
    }
  }
  return denied;
}
