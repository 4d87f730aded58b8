import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { Ports } from '../../lambda/ports.ts';
import type { GroupName, HookName, Instance, InstanceId } from '../../lambda/reconcile/model.ts';
import type { World } from '../world.ts';

/** One lifecycle action, as its event tells it. */
export interface LifecycleEvent {
  readonly group: GroupName;
  readonly hook: HookName;
  readonly instanceId: InstanceId;
}

/** What the rival writes. */
export interface TagAndUpsertProps {
  readonly hostedZoneId: string;
  /** Lower case, without a trailing dot: the name of the SRV record set, such as `_http._tcp.web.svc.example.internal`. */
  readonly recordName: string;
  /** Domain of the targets' host names. */
  readonly hostDomain: string;
  /** Seconds. @default 10 */
  readonly ttl?: number;
  /** @default 443 */
  readonly port?: number;
  /** Awaited before the record is written, like the steps of the ports. */
  readonly beforeWrite?: () => Promise<void>;
}

const fullWeight = '65535';

/**
 * What everybody writes first, and what this project must be better than: on a lifecycle event tag the instance (or take its tag away), read
 * the group's tagged instances, build the record from them and UPSERT it, complete the hook. The wait of a drain is left out.
 *
 * Each handler is right when it runs alone. Two at a time are not: whoever writes last wins, and what it read may be the older view.
 */
export function createTagAndUpsert(
  world: World,
  ports: Pick<Ports, 'groups' | 'instances'>,
  props: TagAndUpsertProps,
): (event: LifecycleEvent) => Promise<void> {
  return async ({ group, hook, instanceId }) => {
    const [own] = await ports.instances.byId(new Set([instanceId]));
    const address = own?.addresses[0];
    const registers = hook === 'srv-register' && address !== undefined;
    const tags = registers
      ? { set: { ip_address: address, srv_weight: fullWeight }, remove: [] }
      : { set: {}, remove: ['srv_weight'] };
    await ports.instances.tag([{ instanceId, ...tags, mustExist: registers }]);
    const instances = await ports.instances.ofGroups(new Set([group]));
    await props.beforeWrite?.();
    write(world, props, instances);
    await ports.groups.act([{ kind: 'complete', group, hook, instanceId }]);
  };
}

function write(world: World, props: TagAndUpsertProps, instances: readonly Instance[]): void {
  const { hostedZoneId, recordName, hostDomain, ttl = 10, port = 443 } = props;
  const values = instances
    .flatMap(({ id, tags: { srv_weight } }) =>
      srv_weight === undefined ? [] : [`0 ${srv_weight} ${port} ${id}.${hostDomain}.`],
    )
    .toSorted();
  const current = world.route53
    .records(hostedZoneId)
    .find(({ Name, Type }) => Name === `${recordName}.` && Type === 'SRV');
  const next: ResourceRecordSet = {
    Name: `${recordName}.`,
    Type: 'SRV',
    TTL: ttl,
    ResourceRecords: values.map((Value) => ({ Value })),
  };
  // A record set cannot be empty: the last host out deletes it.
  const change =
    values.length > 0
      ? { Action: 'UPSERT' as const, ResourceRecordSet: next }
      : current === undefined
        ? undefined
        : { Action: 'DELETE' as const, ResourceRecordSet: current };
  if (change !== undefined) {
    world.route53.changeResourceRecordSets({ HostedZoneId: hostedZoneId, ChangeBatch: { Changes: [change] } }, 'rival');
  }
}
