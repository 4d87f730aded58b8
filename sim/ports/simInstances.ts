import type { Instance as Ec2Instance } from '@aws-sdk/client-ec2';
import type { Instances, TagWrite } from '../../lambda/ports.ts';
import type { Instance, InstanceId } from '../../lambda/reconcile/model.ts';
import { AwsError } from '../awsError.ts';
import type { World } from '../world.ts';
import { everyPage } from './everyPage.ts';
import { attempt, type Gate, type PortCallName } from './gate.ts';

/** Values of one filter (EC2, List and filter your resources). */
const filterValuesMax = 200;

/** Only Auto Scaling writes it. */
const groupNameTag = 'aws:autoscaling:groupName';

/** The EC2 instances of the world. */
export function createSimInstances(world: World, gate: Gate): Instances {
  return {
    ofGroups: (names) => describe(world, gate, 'instances.ofGroups', `tag:${groupNameTag}`, [...names].map(literal)),
    byId: (ids) => describe(world, gate, 'instances.byId', 'instance-id', [...ids]),
    isDenied: async (id) => {
      const name = 'instances.isDenied';
      await gate.step(name);
      const answer = attempt(() =>
        gate.run(name, id, () => gate.read(name, world.ec2, () => world.ec2.describeInstances({ InstanceIds: [id] }))),
      );
      if (!(answer instanceof AwsError)) {
        return false;
      }
      if (answer.name === 'InvalidInstanceID.NotFound') {
        return true;
      }
      throw answer;
    },
    tag: async (writes) => {
      await gate.step('instances.tag');
      const failed = new Map<InstanceId, Error>();
      for (const write of writes) {
        const answer = attempt(() => gate.run('instances.tag', write.instanceId, () => tag(world, write)));
        if (answer instanceof AwsError && (answer.name !== 'InvalidInstanceID.NotFound' || write.mustExist)) {
          failed.set(write.instanceId, answer);
        }
      }
      return failed;
    },
  };
}

async function describe(
  world: World,
  gate: Gate,
  name: PortCallName,
  filter: string,
  values: readonly string[],
): Promise<readonly Instance[]> {
  await gate.step(name);
  return gate
    .run(name, '', () => {
      const found: Ec2Instance[] = [];
      const MaxResults = gate.pageSize(name);
      const size = MaxResults === undefined ? {} : { MaxResults };
      for (let start = 0; start < values.length; start += filterValuesMax) {
        const Filters = [{ Name: filter, Values: values.slice(start, start + filterValuesMax) }];
        const instances = everyPage((next) => {
          const page = gate.read(name, world.ec2, () => world.ec2.describeInstances({ Filters, ...next, ...size }));
          const items = (page.Reservations ?? []).flatMap(({ Instances = [] }) => Instances);
          return { items, NextToken: page.NextToken };
        });
        found.push(...instances);
      }
      return found;
    })
    .map(toInstance)
    .filter(({ id }) => gate.shows(name, id));
}

/** A group's name may hold what EC2's filters take for wildcards. */
function literal(name: string): string {
  return name.replaceAll(/[\\*?]/g, (character) => `\\${character}`);
}

function tag(world: World, { instanceId, set, remove }: TagWrite): void {
  const written = Object.entries(set).map(([Key, Value]) => ({ Key, Value }));
  if (written.length > 0) {
    world.ec2.createTags({ Resources: [instanceId], Tags: written });
  }
  if (remove.length > 0) {
    world.ec2.deleteTags({ Resources: [instanceId], Tags: remove.map((Key) => ({ Key })) });
  }
}

/** What the world shows of an instance is frozen, and the same as long as the instance is, so each is read once. */
const instances = new WeakMap<Ec2Instance, Instance>();

function toInstance(described: Ec2Instance): Instance {
  const known = instances.get(described);
  if (known !== undefined) {
    return known;
  }
  const instance = readInstance(described);
  instances.set(described, instance);
  return instance;
}

function readInstance(instance: Ec2Instance): Instance {
  const tags = new Map((instance.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
  const autoScalingGroup = tags.get(groupNameTag);
  const addresses = [instance.PrivateIpAddress, instance.Ipv6Address].filter((address) => address !== undefined);
  return {
    id: instance.InstanceId ?? '',
    state: instance.State?.Name ?? '',
    addresses,
    ...(autoScalingGroup === undefined ? {} : { autoScalingGroup }),
    tags: Object.fromEntries(
      (['ip_address', 'srv_weight', 'srv_drain_until'] as const).flatMap((key) => {
        const value = tags.get(key);
        return value === undefined ? [] : [[key, value]];
      }),
    ),
  };
}
