import type {
  AutoScalingGroup,
  AutoScalingInstanceDetails,
  Instance,
  TagDescription,
} from '@aws-sdk/client-auto-scaling';
import type { Group, Member } from './group.ts';
import { isWarmed } from './memberState.ts';

/** An instance as the describe operations show it; its state may be one that the SDK's list does not know. */
export type DescribedInstance = Omit<Instance, 'LifecycleState'> & { readonly LifecycleState: string };

/** A group as DescribeAutoScalingGroups shows it. */
export type DescribedGroup = Omit<AutoScalingGroup, 'Instances'> & { readonly Instances: DescribedInstance[] };

/** What the describe operations know of one group at one instant. */
export interface GroupView {
  readonly group: DescribedGroup;
  readonly tags: ReadonlyMap<string, string>;
  /** Members in the group and in its pool. */
  readonly instances: readonly AutoScalingInstanceDetails[];
  readonly pool: readonly DescribedInstance[];
}

/** Looks at a group as it is now. */
export function groupView(group: Group): GroupView {
  const pool = group.members.filter(isWarmed);
  return {
    group: describedGroup(group),
    tags: new Map([...group.tags].map(([key, tag]) => [key, tag.value])),
    instances: group.members.map((member) => ({
      ...describedInstance(member),
      AutoScalingGroupName: group.name,
      // This operation writes the status in capitals, the others do not.
      HealthStatus: member.healthy ? 'HEALTHY' : 'UNHEALTHY',
    })),
    pool: pool.map(describedInstance),
  };
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

function describedGroup(group: Group): DescribedGroup {
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
    Instances: group.members.filter((member) => !isWarmed(member)).map(describedInstance),
    CreatedTime: new Date(group.createdAt),
    SuspendedProcesses: [],
    EnabledMetrics: [],
    Tags: describedTags(group),
    TerminationPolicies: ['Default'],
    NewInstancesProtectedFromScaleIn: group.newInstancesProtected,
    ...(group.vpcZoneIdentifier === undefined ? {} : { VPCZoneIdentifier: group.vpcZoneIdentifier }),
    ...(group.deleting ? { Status: 'Delete in progress' } : {}),
    ...warmPoolOf(group),
  };
}

function warmPoolOf(group: Group): Pick<AutoScalingGroup, 'WarmPoolConfiguration' | 'WarmPoolSize'> {
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
    WarmPoolSize: group.members.filter(isWarmed).length,
  };
}

function describedInstance(member: Member): DescribedInstance {
  return {
    InstanceId: member.instanceId,
    InstanceType: member.instanceType,
    ImageId: member.imageId,
    AvailabilityZone: member.availabilityZone,
    LifecycleState: member.state,
    HealthStatus: member.healthy ? 'Healthy' : 'Unhealthy',
    ProtectedFromScaleIn: member.protectedFromScaleIn,
  };
}
