import type { Change, ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { Ports } from '../../lambda/ports.ts';
import type { World } from '../world.ts';
import type { DnsPlan } from './dnsPlan.ts';
import { hostedZoneOf } from './hostedZoneOf.ts';

/** What every planner and enactor of one cluster shares. */
export interface PlanStore {
  /** Plans not yet cleaned up. */
  plans: readonly DnsPlan[];
  latest: number;
  /** Version of the plan applied last. */
  applied: number;
  /** Route 53's id of that change. */
  changeId: string | undefined;
}

/** A plan that lies so many versions back is far older. */
const plansKept = 2;

/**
 * An enactor. It checks once, at its start, that its plan is newer than the one applied last; then come calls that may take long; then it
 * writes over whatever is there, and cleans up plans far older than its own: by their age, not by whether they are in use.
 */
export async function enact(plan: DnsPlan, store: PlanStore, ports: Ports, world: World): Promise<void> {
  if (plan.version <= store.applied) {
    return;
  }
  const joining = plan.hosts.filter(({ joins }) => joins);
  if (joining.length > 0) {
    await ports.instances.tag(
      joining.map(({ instanceId, address, weight }) => ({
        instanceId,
        set: { ip_address: address, srv_weight: String(weight) },
        remove: [],
        mustExist: true,
      })),
    );
  }
  await ports.pause(1);
  store.changeId = overwrite(plan, ports, world);
  store.applied = plan.version;
  await ports.pause(1);
  cleanUp(plan, store, ports, world);
}

/** UPSERTs the plan's records; of the cluster's others, as they are now, those go. */
function overwrite({ cluster, recordSets }: DnsPlan, ports: Ports, world: World): string | undefined {
  const wanted = recordSets.map(
    ({ name, type, ttl, values }): ResourceRecordSet => ({
      Name: name,
      Type: writtenType(type),
      TTL: ttl,
      ResourceRecords: values.map((Value) => ({ Value })),
    }),
  );
  const keys = new Set(wanted.map(key));
  return change(ports, world, [
    ...active(cluster, ports, world)
      .filter((set) => !keys.has(key(set)))
      .map((set) => ({ Action: 'DELETE' as const, ResourceRecordSet: set })),
    ...wanted.map((set) => ({ Action: 'UPSERT' as const, ResourceRecordSet: set })),
  ]);
}

/** Deletes far older plans, and with each what it made, where that is in the zone: nobody expects it there by now. */
function cleanUp({ version, cluster }: DnsPlan, store: PlanStore, ports: Ports, world: World): void {
  const old = store.plans.filter((plan) => plan.version <= version - plansKept);
  store.plans = store.plans.filter((plan) => !old.includes(plan));
  const found = active(cluster, ports, world);
  const texts = found.flatMap(({ ResourceRecords = [] }) => ResourceRecords.map(({ Value = '' }) => Value));
  const isActive = (plan: DnsPlan): boolean => texts.some((text) => text.includes(`"serial=${plan.version}"`));
  if (old.some(isActive)) {
    change(
      ports,
      world,
      found.map((set) => ({ Action: 'DELETE', ResourceRecordSet: set })),
    );
  }
}

function change(ports: Ports, world: World, changes: Change[]): string | undefined {
  const request = { HostedZoneId: hostedZoneOf(world, ports.zone), ChangeBatch: { Changes: changes } };
  return world.route53.changeResourceRecordSets(request, 'rival').ChangeInfo?.Id;
}

/** The cluster's record sets as the zone has them at this instant. */
function active(cluster: string, ports: Ports, world: World): readonly ResourceRecordSet[] {
  const domain = `${cluster}.${ports.zone}.`;
  return world.route53
    .records(hostedZoneOf(world, ports.zone))
    .filter(({ Name }) => Name === domain || Name?.endsWith(`.${domain}`) === true);
}

function key({ Name, Type }: ResourceRecordSet): string {
  return `${Name} ${Type}`;
}

function writtenType(type: string): 'A' | 'AAAA' | 'SRV' | 'TXT' {
  return (['A', 'AAAA', 'SRV'] as const).find((known) => known === type) ?? 'TXT';
}
