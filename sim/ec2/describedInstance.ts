import type { Instance } from '@aws-sdk/client-ec2';
import { type Ec2Instance, instanceStateCodes } from './instance.ts';

/** The one VPC of the world. */
const vpcId = 'vpc-00000000000000001';

/**
 * An instance as DescribeInstances shows it. Its private host name is empty until it runs, and all that belongs to its network interface is
 * missing once it is terminated.
 */
export function describedInstance(instance: Ec2Instance, account: string, region: string): Instance {
  return {
    InstanceId: instance.instanceId,
    ImageId: instance.imageId,
    InstanceType: instance.instanceType,
    State: { Code: instanceStateCodes[instance.state], Name: instance.state },
    LaunchTime: new Date(instance.launchedAt),
    Placement: { AvailabilityZone: instance.availabilityZone, GroupName: '', Tenancy: 'default' },
    PublicDnsName: '',
    StateTransitionReason: instance.stateReason?.message ?? '',
    ...(instance.stateReason === undefined
      ? {}
      : { StateReason: { Code: instance.stateReason.code, Message: instance.stateReason.message } }),
    ...(instance.spot ? { InstanceLifecycle: 'spot' } : {}),
    Tags: [...instance.tags].map(([Key, Value]) => ({ Key, Value })),
    ...networkOf(instance, account, region),
  };
}

function networkOf(instance: Ec2Instance, account: string, region: string): Partial<Instance> {
  const network = instance.network;
  if (network === undefined) {
    return { PrivateDnsName: '', NetworkInterfaces: [] };
  }
  const privateDnsName = `ip-${network.privateIpAddress.replaceAll('.', '-')}.${region}.compute.internal`;
  return {
    PrivateDnsName: instance.state === 'pending' ? '' : privateDnsName,
    PrivateIpAddress: network.privateIpAddress,
    ...(network.ipv6Address === undefined ? {} : { Ipv6Address: network.ipv6Address }),
    SubnetId: network.subnetId,
    VpcId: vpcId,
    NetworkInterfaces: [
      {
        NetworkInterfaceId: network.networkInterfaceId,
        OwnerId: account,
        Status: 'in-use',
        SubnetId: network.subnetId,
        VpcId: vpcId,
        PrivateIpAddress: network.privateIpAddress,
        PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: network.privateIpAddress }],
        Ipv6Addresses:
          network.ipv6Address === undefined ? [] : [{ Ipv6Address: network.ipv6Address, IsPrimaryIpv6: false }],
      },
    ],
  };
}
