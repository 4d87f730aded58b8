import { createGroups } from '../lambda/aws/groups.ts';
import { createInstances } from '../lambda/aws/instances.ts';
import { createRecords } from '../lambda/aws/records.ts';
import { createWakeUps } from '../lambda/aws/wakeUps.ts';
import type { Ports } from '../lambda/ports.ts';
import type { SimPortsProps } from '../sim/ports.ts';
import type { World } from '../sim/world.ts';
import type { SdkClients } from './sdkClients.ts';

/** The ports by the adapters of `lambda/aws/` on the SDK's clients, with a world's clock and no pauses. */
export function adapterPorts(clients: SdkClients, world: World, props: SimPortsProps): Ports {
  const { hostedZoneId, zone, owner, queueUrl } = props;
  return {
    zone,
    owner,
    now: () => world.now / 1000,
    pause: async () => {},
    records: createRecords(clients.route53, { id: hostedZoneId, name: zone }),
    groups: createGroups(clients.autoScaling),
    instances: createInstances(clients.ec2),
    wakeUps: createWakeUps(clients.sqs, queueUrl),
  };
}
