import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstancesCommand,
  type EC2Client,
  type Instance as Ec2Instance,
} from '@aws-sdk/client-ec2';
import type { Instances, TagWrite } from '../ports.ts';
import type { Instance, InstanceId } from '../reconcile/model.ts';
import { errorCode, failure } from './failure.ts';
import { inParallel } from './inParallel.ts';
import { chunksOf, readPages } from './pages.ts';

/** Values of one filter (EC2, List and filter your resources). */
const filterValuesMax = 200;

/** Instances of one CreateTags or DeleteTags call. */
const taggedMax = 1000;

const groupTag = 'aws:autoscaling:groupName';

/** EC2 instances by its API. Read by filter only: a call that lists ids fails whole when one is unknown. */
export function createInstances(client: EC2Client): Instances {
  return {
    ofGroups: (names) => describe(client, `tag:${groupTag}`, [...names].map(literal)),
    byId: (ids) => describe(client, 'instance-id', [...ids]),
    isDenied: (id) => isDenied(client, id),
    tag: (changes) => tag(client, changes),
  };
}

async function describe(client: EC2Client, filter: string, values: readonly string[]): Promise<readonly Instance[]> {
  const found: Instance[] = [];
  for (const chunk of chunksOf(values, filterValuesMax)) {
    const instances = await readPages('describe the instances', async (token: string | undefined) => {
      try {
        const page = await client.send(
          new DescribeInstancesCommand({
            Filters: [{ Name: filter, Values: [...chunk] }],
            MaxResults: 1000,
            ...(token === undefined ? {} : { NextToken: token }),
          }),
        );
        return { items: (page.Reservations ?? []).flatMap(({ Instances = [] }) => Instances), next: page.NextToken };
      } catch (error) {
        throw failure('describe the instances', error);
      }
    });
    found.push(...instances.map(toInstance));
  }
  return found;
}

/** Group names may hold what EC2's filters take for wildcards. */
function literal(name: string): string {
  return name.replaceAll(/[\\*?]/g, (character) => `\\${character}`);
}

async function isDenied(client: EC2Client, id: InstanceId): Promise<boolean> {
  try {
    await client.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    return false;
  } catch (error) {
    if (errorCode(error) === 'InvalidInstanceID.NotFound') {
      return true;
    }
    throw failure(`ask whether instance "${id}" exists`, error);
  }
}

/** Writes first, removals after: a host whose new tags are there but whose old one is not yet gone is put right by the next pass. */
async function tag(client: EC2Client, changes: readonly TagWrite[]): Promise<ReadonlyMap<InstanceId, Error>> {
  const failed = new Map<InstanceId, Error>();
  const writes = changes.filter(({ set }) => Object.keys(set).length > 0);
  await eachAlike(writes, setKey, ({ set, mustExist }, ids) => {
    const Tags = Object.entries(set).map(([Key, Value]) => ({ Key, Value }));
    return callForEach(ids, failed, mustExist, (Resources) => client.send(new CreateTagsCommand({ Resources, Tags })));
  });
  const removals = changes.filter(({ remove, instanceId }) => remove.length > 0 && !failed.has(instanceId));
  await eachAlike(removals, removeKey, ({ remove }, ids) => {
    // Never without Tags: that would delete every tag of the instance.
    const Tags = remove.map((Key) => ({ Key }));
    return callForEach(ids, failed, false, (Resources) => client.send(new DeleteTagsCommand({ Resources, Tags })));
  });
  return failed;
}

function setKey({ set }: TagWrite): string {
  return JSON.stringify(
    Object.keys(set)
      .toSorted()
      .map((key) => [key, set[key]]),
  );
}

function removeKey({ remove }: TagWrite): string {
  return JSON.stringify(remove.toSorted());
}

/** One call for all writes that say the same. */
async function eachAlike(
  writes: readonly TagWrite[],
  key: (write: TagWrite) => string,
  call: (alike: TagWrite, ids: readonly InstanceId[]) => Promise<void>,
): Promise<void> {
  const groups = [...Map.groupBy(writes, key).values()];
  await inParallel(groups, async (group) => {
    const [first] = group;
    if (first !== undefined) {
      await call(
        first,
        group.map(({ instanceId }) => instanceId),
      );
    }
  });
}

/**
 * Calls for up to 1,000 instances at once. One that is gone, or may not be tagged, fails the call for all: halves are tried until it is found.
 * Throttling is nobody's fault.
 */
async function callForEach(
  ids: readonly InstanceId[],
  failed: Map<InstanceId, Error>,
  mustExist: boolean,
  call: (ids: string[]) => Promise<unknown>,
): Promise<void> {
  for (const chunk of chunksOf(ids, taggedMax)) {
    try {
      await call([...chunk]);
    } catch (error) {
      const code = errorCode(error);
      if (chunk.length > 1 && !throttlings.has(code)) {
        const half = Math.ceil(chunk.length / 2);
        await callForEach(chunk.slice(0, half), failed, mustExist, call);
        await callForEach(chunk.slice(half), failed, mustExist, call);
      } else if (code !== 'InvalidInstanceID.NotFound' || mustExist) {
        for (const id of chunk) {
          failed.set(id, failure(`tag instance "${id}"`, error));
        }
      }
      // What remains is an instance that is gone and was to lose weight: it has no tags any more, and needs none.
    }
  }
}

const throttlings: ReadonlySet<string> = new Set(['RequestLimitExceeded', 'Throttling', 'ThrottlingException']);

function toInstance(instance: Ec2Instance): Instance {
  const tags = Object.fromEntries((instance.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
  const group = tags[groupTag];
  const { ip_address, srv_weight, srv_drain_until } = tags;
  return {
    id: instance.InstanceId ?? '',
    state: instance.State?.Name ?? '',
    addresses: addressesOf(instance),
    ...(group === undefined ? {} : { autoScalingGroup: group }),
    tags: {
      ...(ip_address === undefined ? {} : { ip_address }),
      ...(srv_weight === undefined ? {} : { srv_weight }),
      ...(srv_drain_until === undefined ? {} : { srv_drain_until }),
    },
  };
}

/** The primary private IPv4 address first, then the other private ones, IPv6, and public ones. */
function addressesOf({
  PrivateIpAddress,
  PublicIpAddress,
  Ipv6Address,
  NetworkInterfaces = [],
}: Ec2Instance): readonly string[] {
  const privates = NetworkInterfaces.flatMap(({ PrivateIpAddresses = [] }) => PrivateIpAddresses);
  const addresses = [
    PrivateIpAddress,
    ...privates.map((address) => address.PrivateIpAddress),
    ...NetworkInterfaces.flatMap(({ Ipv6Addresses = [] }) => Ipv6Addresses.map((address) => address.Ipv6Address)),
    Ipv6Address,
    PublicIpAddress,
    ...privates.map(({ Association }) => Association?.PublicIp),
  ];
  return [...new Set(addresses.filter((address) => address !== undefined))];
}
