import type { World } from '../world.ts';
import type { Scene } from './scene.ts';

/** The group that the demo plays with, and the record that its hosts are in. */
export interface Subject {
  readonly group: string;
  readonly cluster: string;
  readonly service: string;
  readonly hostedZoneId: string;
  readonly zoneName: string;
  /** Name of the SRV record set, without a trailing dot. */
  readonly recordName: string;
  /** Weight that a new host starts with. */
  readonly weight: number;
  readonly drainSeconds: number;
}

/** Reads the tags that the deployed stack wrote on the first group. Throws an `Error` where it did not opt in. */
export function readSubject(world: World, { groups: [group], hostedZoneId, zoneName }: Scene): Subject {
  const {
    AutoScalingGroups: [described],
  } = world.autoScaling.describeAutoScalingGroups({
    AutoScalingGroupNames: [group],
  });
  const tags = new Map(described?.Tags?.map(({ Key, Value }) => [Key, Value]));
  const cluster = tags.get('srv_cluster');
  if (cluster === undefined) {
    throw new Error(
      `Cannot run the demo: group "${group}" must have a tag "srv_cluster" once the stack is deployed: found none`,
    );
  }
  const service = tags.get('srv_service') ?? 'http';
  return {
    group,
    cluster,
    service,
    hostedZoneId,
    zoneName,
    recordName: `_${service}._tcp.${cluster}.${zoneName}`,
    weight: Number(tags.get('srv_weight') ?? 65_535),
    drainSeconds: Number(tags.get('srv_drain_seconds') ?? 60),
  };
}
