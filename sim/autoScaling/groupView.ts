import type {
  AutoScalingGroup,
  AutoScalingInstanceDetails,
  Instance,
  TagDescription,
} from '@aws-sdk/client-auto-scaling';
import { deepFrozen } from '../deepFrozen.ts';
import type { Group, Member } from './group.ts';
import { isWarmed } from './memberState.ts';

/** An instance as the describe operations show it; its state may be one that the SDK's list does not know. */
export type DescribedInstance = Omit<Instance, 'LifecycleState'> & { readonly LifecycleState: string };

/** A group as DescribeAutoScalingGroups shows it. */
export type DescribedGroup = Omit<AutoScalingGroup, 'Instances'> & { readonly Instances: DescribedInstance[] };

/**
 * What the describe operations know of one group at one instant, frozen, so that everybody can be shown the same. It is put into their words
 * when somebody first looks: a group of hundreds changes hundreds of times between two looks.
 */
export class GroupView {
  readonly name: string;
  readonly tags: ReadonlyMap<string, string>;
  readonly #group: Group;
  readonly #members: readonly DescribedInstance[];
  #described: DescribedGroup | undefined;
  #instances: readonly AutoScalingInstanceDetails[] | undefined;

  constructor(group: Group) {
    this.name = group.name;
    this.tags = new Map(group.tags.entries().map(([key, tag]) => [key, tag.value]));
    this.#group = { ...group, tags: new Map(group.tags) };
    this.#members = group.members.map(describedInstance);
  }

  get group(): DescribedGroup {
    this.#described ??= deepFrozen(describedGroup(this.#group, this.#members));
    return this.#described;
  }

  /** Members in the group and in its pool. */
  get instances(): readonly AutoScalingInstanceDetails[] {
    this.#instances ??= deepFrozen(
      this.#members.map((member) => ({
        ...member,
        AutoScalingGroupName: this.name,
        // This operation writes the status in capitals, the others do not.
        HealthStatus: member.HealthStatus?.toUpperCase(),
      })),
    );
    return this.#instances;
  }

  get pool(): readonly DescribedInstance[] {
    return this.#members.filter(isShownWarmed);
  }
}

function describedTags(group: Group): TagDescription[] {
  return [...group.tags].map(([key, tag]) => ({
    ResourceId: group.name,
    ResourceType: 'auto-scaling-group',
    Key: key,
    Value: tag.value,
    PropagateAtLaunch: tag.propagateAtLaunch,
  }));
}

function describedGroup(group: Group, members: readonly DescribedInstance[]): DescribedGroup {
  return {
    AutoScalingGroupName: group.name,
    AutoScalingGroupARN: group.arn,
    MinSize: group.minSize,
    MaxSize: group.maxSize,
    DesiredCapacity: group.desiredCapacity,
    DefaultCooldown: 300,
    AvailabilityZones: [...group.availabilityZones],
    LoadBalancerNames: [],
    TargetGroupARNs: [],
    HealthCheckType: 'EC2',
    HealthCheckGracePeriod: 0,
    Instances: members.filter((member) => !isShownWarmed(member)),
    CreatedTime: new Date(group.createdAt),
    SuspendedProcesses: [],
    EnabledMetrics: [],
    Tags: describedTags(group),
    TerminationPolicies: ['Default'],
    NewInstancesProtectedFromScaleIn: group.newInstancesProtected,
    ...(group.vpcZoneIdentifier === undefined ? {} : { VPCZoneIdentifier: group.vpcZoneIdentifier }),
    ...(group.deleting ? { Status: 'Delete in progress' } : {}),
    ...warmPoolOf(group, members.filter(isShownWarmed).length),
  };
}

function warmPoolOf(group: Group, size: number): Pick<AutoScalingGroup, 'WarmPoolConfiguration' | 'WarmPoolSize'> {
  const pool = group.warmPool;
  if (pool === undefined) {
    return {};
  }
  return {
    WarmPoolConfiguration: {
      MinSize: pool.minSize,
      PoolState: pool.poolState,
      InstanceReusePolicy: { ReuseOnScaleIn: pool.reuseOnScaleIn },
      ...(pool.maxGroupPreparedCapacity === undefined
        ? {}
        : { MaxGroupPreparedCapacity: pool.maxGroupPreparedCapacity }),
      ...(pool.deleting ? { Status: 'PendingDelete' } : {}),
    },
    WarmPoolSize: size,
  };
}

function isShownWarmed(member: DescribedInstance): boolean {
  return isWarmed({ state: member.LifecycleState });
}

/** What was last shown of each member: of a group of hundreds, one change concerns one. */
const described = new WeakMap<Member, DescribedInstance>();

function describedInstance(member: Member): DescribedInstance {
  const known = described.get(member);
  const health = member.healthy ? 'Healthy' : 'Unhealthy';
  if (known?.LifecycleState === member.state && known.HealthStatus === health) {
    return known;
  }
  const instance = deepFrozen({
    InstanceId: member.instanceId,
    InstanceType: member.instanceType,
    ImageId: member.imageId,
    AvailabilityZone: member.availabilityZone,
    LifecycleState: member.state,
    HealthStatus: health,
    ProtectedFromScaleIn: member.protectedFromScaleIn,
  });
  described.set(member, instance);
  return instance;
}
