import type { _InstanceType, InstanceStateName } from '@aws-sdk/client-ec2';

/** What makes up an instance's network interface; it goes when the instance is terminated. */
export interface InstanceNetwork {
  readonly subnetId: string;
  readonly networkInterfaceId: string;
  readonly privateIpAddress: string;
  readonly ipv6Address: string | undefined;
}

/** An instance as the world holds it. */
export interface Ec2Instance {
  readonly instanceId: string;
  readonly reservationId: string;
  readonly imageId: string;
  readonly instanceType: _InstanceType;
  readonly availabilityZone: string;
  readonly spot: boolean;
  readonly tags: Map<string, string>;
  /** Epoch milliseconds of the last launch or start. */
  launchedAt: number;
  state: InstanceStateName;
  network: InstanceNetwork | undefined;
  stateReason: { readonly code: string; readonly message: string } | undefined;
  /** Counts the state changes, so that a change that was planned in an earlier state is given up. */
  changes: number;
}

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html */
export const instanceStateCodes = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
} as const satisfies Record<InstanceStateName, number>;
