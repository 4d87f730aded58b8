import type { WarmPoolState } from '@aws-sdk/client-auto-scaling';
import type { LifecycleAction } from './lifecycleActions.ts';
import type { LifecycleHook } from './lifecycleHook.ts';

/** Where a member comes from or goes to, in the words of the lifecycle events. */
export type Place = 'EC2' | 'AutoScalingGroup' | 'WarmPool';

/** An instance in a group or in the group's warm pool. */
export interface Member {
  readonly instanceId: string;
  readonly instanceType: string;
  readonly imageId: string;
  readonly availabilityZone: string;
  readonly subnetId: string;
  readonly protectedFromScaleIn: boolean;
  /** AWS's `LifecycleState`, also one that is not on its list. */
  state: string;
  healthy: boolean;
  /** Where the member comes from while it is on its way into the group. */
  origin: Place;
  /** The lifecycle actions it waits for. */
  actions: readonly LifecycleAction[];
  /** Why its present activity happens, and since when (epoch milliseconds). */
  cause: string;
  since: number;
  /** Counts the state changes, so that a change that was planned in an earlier state is given up. */
  changes: number;
}

export interface GroupTag {
  readonly value: string;
  readonly propagateAtLaunch: boolean;
}

interface WarmPool {
  readonly minSize: number;
  /** @default the group's maximum size */
  readonly maxGroupPreparedCapacity: number | undefined;
  readonly poolState: WarmPoolState;
  readonly reuseOnScaleIn: boolean;
  readonly deleting: boolean;
}

/** An Auto Scaling group as the world holds it. */
export interface Group {
  readonly name: string;
  readonly arn: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly tags: Map<string, GroupTag>;
  readonly hooks: Map<string, LifecycleHook>;
  availabilityZones: readonly string[];
  vpcZoneIdentifier: string | undefined;
  minSize: number;
  maxSize: number;
  desiredCapacity: number;
  newInstancesProtected: boolean;
  /** Whether an abandoned terminate hook keeps the instance, as `InstanceLifecyclePolicy` may say. */
  retainsOnAbandon: boolean;
  /** In the order in which they joined. */
  members: readonly Member[];
  warmPool: WarmPool | undefined;
  deleting: boolean;
}
