import { decodeRegistry, type RegistryEntry } from '../../lambda/reconcile/registry.ts';
import { deploy } from '../../sim/deployment/deploy.ts';
import type { Deployment } from '../../sim/deployment/deployment.ts';
import { srvWeights } from '../../sim/route53/srvWeights.ts';
import { World } from '../../sim/world.ts';

const zoneName = 'svc.example.internal';
const zoneId = 'Z0EXAMPLE1234567890';

/** A small AWS with the repository's own stack deployed onto it, and what the tests ask of it. */
export interface Stage {
  readonly world: World;
  readonly deployment: Deployment;
  readonly zoneId: string;
  /** Weights of a cluster's accepted SRV set by instance id. */
  weights(cluster?: string): Readonly<Record<string, number>>;
  /** The accepted registry entry of a cluster. */
  registry(cluster?: string): RegistryEntry | undefined;
  /** Ids of a group's members in a lifecycle state, oldest first. */
  members(group: string, state?: string): readonly string[];
  setCapacity(group: string, desired: number): void;
  /** Calls of the function so far, as `service:Action`. */
  calls(): readonly string[];
  /** Messages the function logged, with their level. */
  logged(): readonly { readonly level: string; readonly message: string; readonly text: string }[];
}

/** Where the stage starts. */
export interface StageOptions {
  /** Desired capacities before the stack is deployed. @default none of the three groups has instances */
  readonly before?: Readonly<Record<string, number>>;
  readonly seed?: number;
  /** Runs before the stack is deployed. */
  readonly prepare?: (world: World) => void;
}

/** A stage whose group "web-blue" has so many hosts in service. */
export async function inService(count: number): Promise<Stage> {
  const on = await stage();
  on.setCapacity('web-blue', count);
  await on.world.advance(120);
  return on;
}

/** Makes the groups that `cdk.json` names, and deploys `cdk.out` onto them. */
export async function stage(options: StageOptions = {}): Promise<Stage> {
  const world = new World({ seed: options.seed ?? 1 });
  world.route53.addHostedZone(zoneName, zoneId);
  for (const name of ['web-blue', 'web-green', 'api']) {
    world.autoScaling.createAutoScalingGroup({
      AutoScalingGroupName: name,
      MinSize: 0,
      MaxSize: 300,
      DesiredCapacity: options.before?.[name] ?? 0,
    });
  }
  options.prepare?.(world);
  await world.advance(30);
  const deployment = await deploy(world, { assemblyPath: 'cdk.out' });
  const values = (cluster: string, type: string): readonly string[] =>
    world.route53
      .records(zoneId)
      .filter(
        (set) =>
          set.Type === type &&
          (set.Name === `${cluster}.${zoneName}.` || set.Name?.endsWith(`._tcp.${cluster}.${zoneName}.`) === true),
      )
      .flatMap((set) => set.ResourceRecords ?? [])
      .map(({ Value = '' }) => Value);
  return {
    world,
    deployment,
    zoneId,
    weights: (cluster = 'web') => Object.fromEntries(srvWeights(values(cluster, 'SRV'))),
    registry: (cluster = 'web') =>
      values(cluster, 'TXT')
        .map((value) => decodeRegistry(value)?.entry)
        .find((entry) => entry !== undefined),
    members: (group, state = 'InService') => {
      const {
        AutoScalingGroups: [found],
      } = world.autoScaling.describeAutoScalingGroups({
        AutoScalingGroupNames: [group],
      });
      return (found?.Instances ?? [])
        .filter(({ LifecycleState }) => LifecycleState === state)
        .map(({ InstanceId = '' }) => InstanceId);
    },
    setCapacity: (group, desired) => {
      world.autoScaling.setDesiredCapacity({ AutoScalingGroupName: group, DesiredCapacity: desired });
    },
    calls: () => deployment.calls.map(({ service, action }) => `${service}:${action}`),
    logged: () =>
      deployment.logs.flatMap(({ json, text }) => {
        const entry =
          typeof json === 'object' && json !== null ? new Map(Object.entries(json)) : new Map<string, unknown>();
        const level = entry.get('level');
        const message = entry.get('message');
        return typeof level === 'string' && typeof message === 'string' ? [{ level, message, text }] : [];
      }),
  };
}
