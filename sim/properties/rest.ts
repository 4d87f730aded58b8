import type { DescribedGroup } from '../autoScaling/groupView.ts';
import { weightAsked } from '../scenario/weightAsked.ts';
import type { ClusterStory } from './clusterStory.ts';
import type { Story } from './story.ts';
import { tagOf } from './tagOf.ts';

/** With fewer targets than this a record is never full. */
const fullRecordTargets = 250;

/** Of one host: which weights its target may have; none where it must have no target. `may` where having no target is right, too. */
interface Wanted {
  readonly weights: 'any' | readonly number[];
  readonly may: boolean;
  readonly why: string;
}

const noTarget = (why: string): Wanted => ({ weights: [], may: true, why });

/**
 * What is wrong with a world in which nothing happens any more: a sentence for each host that a record holds against the table of the design, or
 * lacks, for each address, and for each member that waits for a hook of ours. Computed from the world, without the code under test.
 */
export function wrongAtRest(story: Story): readonly string[] {
  const { groups } = story;
  const names = new Set([...story.clusters.keys(), ...groups.flatMap((group) => tagOf(group, 'srv_cluster') ?? [])]);
  return [...names]
    .filter((name) => !story.foreignClusters.has(name) && /^[a-z0-9-]+$/.test(name))
    .flatMap((name) => wrongIn(story, story.cluster(name), groups));
}

function wrongIn(story: Story, cluster: ClusterStory, groups: readonly DescribedGroup[]): readonly string[] {
  const own = groups.filter((group) => tagOf(group, 'srv_cluster') === cluster.name);
  const wrong: string[] = [];
  const wanted = new Map<string, Wanted>();
  for (const group of own) {
    for (const { InstanceId = '', LifecycleState } of group.Instances) {
      wanted.set(InstanceId, wantedOf(story, cluster, InstanceId, LifecycleState));
    }
  }
  for (const instanceId of cluster.weights.keys()) {
    if (!wanted.has(instanceId)) {
      wanted.set(instanceId, unlisted(story, instanceId));
    }
  }
  const isFull = cluster.weights.size >= fullRecordTargets;
  for (const [instanceId, { weights, may, why }] of wanted) {
    const weight = cluster.weights.get(instanceId);
    if (weight === undefined ? !may && !isFull : weights !== 'any' && !weights.includes(weight)) {
      const want = weights === 'any' ? 'any weight' : weights.length === 0 ? 'no target' : weights.join(' or ');
      wrong.push(`"${cluster.name}" has ${instanceId} at ${weight ?? 'no target'}, must be ${want}: ${why}`);
    }
  }
  return [...wrong, ...wrongAddresses(story, cluster), ...wrongFields(story, cluster, own)];
}

/** Port, priority and TTL as the groups ask, and the group's weight for hosts whose tags no hand has touched. */
function wrongFields(story: Story, cluster: ClusterStory, own: readonly DescribedGroup[]): readonly string[] {
  const readable = own.filter((group) => portOf(group) !== undefined);
  const ttl = Math.min(...readable.map((group) => Number(tagOf(group, 'srv_ttl') ?? 10)));
  const members = new Set(own.flatMap(({ Instances }) => Instances.map(({ InstanceId = '' }) => InstanceId)));
  // A host that began to leave, and whose group then left the cluster, holds the TTL up for as long as it is recorded.
  const isHeldUp = [...cluster.weights.keys()].some((instanceId) => !members.has(instanceId));
  const ttls =
    readable.length === 0 || isHeldUp ? [] : cluster.sets.filter(({ Type, TTL }) => Type !== 'TXT' && TTL !== ttl);
  const targets = readable.flatMap((group) =>
    group.Instances.filter(({ LifecycleState }) => LifecycleState === 'InService').flatMap(({ InstanceId = '' }) => {
      const host = story.host(InstanceId);
      const target = cluster.target(InstanceId);
      const weight = weightAsked(tagOf(group, 'srv_weight') ?? '65535');
      const isUntouched =
        host.askedAt === undefined && !host.hasMoved && !story.editedGroups.has(group.AutoScalingGroupName ?? '');
      const isTagged = host.asked === 'weight' || host.asked === 'zero';
      const isRight =
        target === undefined ||
        !isTagged ||
        (target.port === portOf(group) && target.priority === 0 && (!isUntouched || target.weight === weight));
      return isRight
        ? []
        : [`"${cluster.name}" has ${InstanceId} as ${JSON.stringify(target)}, against its group's tags`];
    }),
  );
  return [...ttls.map(({ Name, Type, TTL }) => `${Type} ${Name} has TTL ${TTL}, must be ${ttl}`), ...targets];
}

/** Undefined for what cannot be read. */
function portOf(group: DescribedGroup): number | undefined {
  const port = Number(tagOf(group, 'srv_port') ?? 443);
  return Number.isNaN(port) ? undefined : port;
}

function wantedOf(story: Story, cluster: ClusterStory, instanceId: string, state: string): Wanted {
  const instance = story.world.ec2.instance(instanceId);
  const host = story.host(instanceId);
  if (/Standby/.test(state)) {
    return { weights: [0], may: true, why: state };
  }
  if (!host.lives || /^(Warmed|Detach|Terminated|Terminating:Proceed)|:Retained$/.test(state)) {
    return noTarget(`it is ${state}, EC2 says ${host.instanceState}`);
  }
  const weight = instance?.tags.get('srv_weight');
  const address = instance?.tags.get('ip_address');
  if (/^Terminating/.test(state)) {
    return { weights: [0], may: true, why: state };
  }
  // A hand's word stands, however the tags came to look: registration happens once, and never over it.
  if (host.asked === 'none' && host.askedAt !== undefined && cluster.heldBefore(instanceId, host.askedAt)) {
    return noTarget('an operator removed its tag srv_weight');
  }
  if (weight === undefined) {
    return address === undefined
      ? { weights: 'any', may: false, why: `${state}, without tags` }
      : noTarget(`${state}, without tag srv_weight`);
  }
  const asked = weightAsked(weight);
  if (asked === undefined) {
    return { weights: 'any', may: false, why: `${state}, with srv_weight "${weight}"` };
  }
  return { weights: [asked], may: false, why: `${state}, with srv_weight "${weight}"` };
}

/** Recorded, and in no group of the cluster. */
function unlisted(story: Story, instanceId: string): Wanted {
  const instance = story.world.ec2.instance(instanceId);
  const host = story.hosts.get(instanceId);
  if (instance === undefined || host === undefined || !host.lives) {
    return noTarget('it does not exist any more');
  }
  const isTagged = instance.tags.has('ip_address') || instance.tags.has('srv_weight');
  return !instance.tags.has('aws:autoscaling:groupName') && isTagged
    ? noTarget('it was detached')
    : { weights: 'any', may: true, why: 'its group left the cluster, or its tags are gone' };
}

/** Each target has its own address, and nothing else has one. */
function wrongAddresses(story: Story, cluster: ClusterStory): readonly string[] {
  const published = Map.groupBy(cluster.addresses(), ({ instanceId }) => instanceId);
  const without = [...cluster.weights.keys()].filter((instanceId) => !published.has(instanceId));
  const wrong = [...published].flatMap(([instanceId, addresses]) => {
    const host = story.hosts.get(instanceId);
    const isRight = addresses.length === 1 && addresses.every(({ address }) => host?.addresses.has(address) === true);
    return isRight && cluster.weights.has(instanceId)
      ? []
      : [`"${cluster.name}" publishes ${addresses.map(({ address }) => address).join(', ')} for ${instanceId}`];
  });
  return [...wrong, ...without.map((instanceId) => `"${cluster.name}" has no address of ${instanceId}`)];
}

/** Members that wait for a hook, of whatever group. */
export function waitingMembers(story: Story): number {
  return [...story.hosts.values()].filter(({ lifecycleState, lives }) => lifecycleState.endsWith(':Wait') && lives)
    .length;
}

/** Members on their way somewhere: by their lifecycle, or because their group has yet to notice what became of their instance. */
export function movingAtRest(story: Story): readonly string[] {
  const { groups } = story;
  const warned = [...story.hosts.values()].filter(({ interrupted, lives }) => interrupted && lives);
  const moving = groups
    .filter(({ AutoScalingGroupName = '' }) => !story.unmanageable.has(AutoScalingGroupName))
    .flatMap(({ Instances, AutoScalingGroupName }) =>
      Instances.filter(
        ({ InstanceId = '', LifecycleState }) =>
          !/^(InService|Standby|Warmed:Stopped)$/.test(LifecycleState) ||
          (LifecycleState === 'InService' && !story.host(InstanceId).lives),
      ).map(({ InstanceId, LifecycleState }) => `${InstanceId} of ${AutoScalingGroupName} is ${LifecycleState}`),
    );
  return [...moving, ...warned.map(({ instanceId }) => `${instanceId} is about to be reclaimed`)];
}
