import { setTimeout } from 'node:timers/promises';
import {
  CreateAutoScalingGroupCommand,
  type CreateAutoScalingGroupCommandInput,
  CreateLaunchConfigurationCommand,
} from '@aws-sdk/client-auto-scaling';
import { RunInstancesCommand } from '@aws-sdk/client-ec2';
import { createRouter } from '../../../sim/wire/router.ts';
import { startServer } from '../../../sim/wire/server.ts';
import { World } from '../../../sim/world.ts';
import { destroySdkClients, type SdkClients, sdkClients } from '../../sdkClients.ts';
import { type Emulator, startMiniStack, startMoto } from '../emulator.ts';

/** An account in some AWS, as one probe sees it: the SDK's clients, and the little that differs from one AWS to another. */
export interface Account extends SdkClients {
  /** Makes a name that no other probe uses. What it adds is taken out of the probe's answer again. */
  readonly name: (text: string) => string;
  /** Launches instances that run when this returns. @returns their ids */
  readonly launch: (count: number) => Promise<readonly string[]>;
  /** Makes an empty group of at most five, if not told otherwise. */
  readonly createGroup: (name: string, settings?: Partial<CreateAutoScalingGroupCommandInput>) => Promise<void>;
  /** Lets a span pass that the question is about, such as a delay. */
  readonly elapse: (seconds: number) => Promise<void>;
  /** Lets whatever is under way, such as a launch, come to an end. */
  readonly settle: () => Promise<void>;
}

/** An AWS with an account for each probe. */
export interface Aws {
  readonly account: (namePrefix: string) => Account;
  readonly stop: () => Promise<void>;
}

const region = 'eu-west-1';
const imageId = 'ami-03cf127a';
const launchConfiguration = 'probes';

/** Ours, over HTTP like the others. Its clock moves only when told to. */
export async function startSim(): Promise<Aws> {
  const world = new World({ region });
  const server = await startServer(createRouter(world));
  world.sqs.endpoint = server.url;
  const clients = connect(server.url);
  return {
    account: (namePrefix) => ({
      ...clients,
      name: (text) => `${namePrefix}${text}`,
      createGroup: (name, settings) => createGroup(clients, name, { ...settings }),
      launch: async (count) => {
        const ids = Array.from({ length: count }, () => world.ec2.launch());
        await world.advance(60);
        return ids;
      },
      elapse: (seconds) => world.advance(seconds),
      settle: () => world.advance(60),
    }),
    stop: async () => {
      destroySdkClients(clients);
      await server.close();
    },
  };
}

export const startMotoAws = (): Promise<Aws> => startEmulated(startMoto);
export const startMiniStackAws = (): Promise<Aws> => startEmulated(startMiniStack);

/** A witness. It goes by the machine's clock and does at once whatever takes AWS its time. */
async function startEmulated(start: () => Promise<Emulator>): Promise<Aws> {
  const emulator = await start();
  const clients = connect(emulator.endpoint);
  await clients.autoScaling.send(
    new CreateLaunchConfigurationCommand({
      LaunchConfigurationName: launchConfiguration,
      ImageId: imageId,
      InstanceType: 't3.micro',
    }),
  );
  return {
    account: (namePrefix) => ({
      ...clients,
      name: (text) => `${namePrefix}${text}`,
      createGroup: (name, settings) =>
        createGroup(clients, name, { LaunchConfigurationName: launchConfiguration, ...settings }),
      launch: async (count) => {
        const ids: string[] = [];
        // One by one, so that each is a reservation of its own, as those of groups are.
        while (ids.length < count) {
          const made = await clients.ec2.send(
            new RunInstancesCommand({ ImageId: imageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }),
          );
          ids.push(...(made.Instances ?? []).map(({ InstanceId }) => InstanceId ?? ''));
        }
        return ids;
      },
      // Nothing else moves the clock of a process that is not ours.
      elapse: (seconds) => setTimeout(seconds * 1000),
      settle: () => Promise.resolve(),
    }),
    stop: async () => {
      destroySdkClients(clients);
      await emulator.stop();
    },
  };
}

/** One attempt each: a witness's internal error is its answer, not something to try again. */
function connect(endpoint: string): SdkClients {
  return sdkClients('probe', { endpoint, maxAttempts: 1 }, region);
}

async function createGroup(
  { autoScaling }: SdkClients,
  name: string,
  settings: Partial<CreateAutoScalingGroupCommandInput>,
): Promise<void> {
  await autoScaling.send(
    new CreateAutoScalingGroupCommand({
      MinSize: 0,
      MaxSize: 5,
      AvailabilityZones: [`${region}a`],
      ...settings,
      AutoScalingGroupName: name,
    }),
  );
}
