import { z } from 'zod';
import type { Ports } from '../../lambda/ports.ts';
import { AwsError } from '../awsError.ts';
import type { HandleBatch } from '../scenario/handleBatch.ts';
import type { World } from '../world.ts';
import { groupConfiguration } from './groupConfiguration.ts';
import { hostedZoneOf } from './hostedZoneOf.ts';
import { rivalReport } from './rivalReport.ts';
import { createTagAndUpsert, type LifecycleEvent } from './tagAndUpsert.ts';

const lifecycleAction = z.object({
  'detail-type': z.enum(['EC2 Instance-launch Lifecycle Action', 'EC2 Instance-terminate Lifecycle Action']),
  detail: z.object({
    AutoScalingGroupName: z.string(),
    EC2InstanceId: z.string(),
    LifecycleHookName: z.enum(['srv-register', 'srv-drain']),
  }),
});

/** Tag-and-UPSERT as a function on a queue: a handler run for each lifecycle event. It knows neither sweeps nor wake-ups. */
export const tagAndUpsertHandler: HandleBatch = async (messages, ports, world) => {
  const failed: string[] = [];
  const errors: Error[] = [];
  for (const { id, body } of messages) {
    const event = lifecycleEventOf(body);
    try {
      await (event === undefined ? undefined : handle(event, ports, world));
    } catch (error) {
      if (!(error instanceof AwsError)) {
        throw error;
      }
      failed.push(id);
      errors.push(error);
    }
  }
  return rivalReport(failed, errors);
};

async function handle(event: LifecycleEvent, ports: Ports, world: World): Promise<void> {
  const [group] = await ports.groups.named(new Set([event.group]));
  const configuration = group === undefined ? undefined : groupConfiguration(group);
  if (configuration?.cluster === undefined) {
    return;
  }
  const { cluster, service, port, ttl } = configuration;
  const hostDomain = `${cluster}.${ports.zone}`;
  // The cluster's other groups share its record.
  const siblings = await ports.groups.ofClusters(new Set([cluster]));
  const names = new Set([event.group, ...siblings.map(({ name }) => name)]);
  const instances: Ports['instances'] = { ...ports.instances, ofGroups: () => ports.instances.ofGroups(names) };
  await createTagAndUpsert(
    world,
    { groups: ports.groups, instances },
    {
      hostedZoneId: hostedZoneOf(world, ports.zone),
      recordName: `_${service}._tcp.${hostDomain}`,
      hostDomain,
      ttl,
      port,
      // It writes to the world itself: the one call of a port that reads and writes nothing stands for the wait before.
      beforeWrite: () => ports.pause(1),
    },
  )(event);
}

function lifecycleEventOf(body: string): LifecycleEvent | undefined {
  const read = lifecycleAction.safeParse(parseJson(body));
  if (!read.success) {
    return undefined;
  }
  const { AutoScalingGroupName: group, LifecycleHookName: hook, EC2InstanceId: instanceId } = read.data.detail;
  return { group, hook, instanceId };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
