import {
  CreateAutoScalingGroupCommand,
  DeleteAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  type _InstanceType,
  CreateLaunchTemplateCommand,
  DeleteLaunchTemplateCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribeSubnetsCommand,
  type Subnet,
} from '@aws-sdk/client-ec2';
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  DeleteHostedZoneCommand,
  type HostedZone,
  ListHostedZonesByNameCommand,
  ListResourceRecordSetsCommand,
  type VPCRegion,
} from '@aws-sdk/client-route-53';
import { type Account, type Site, until } from './account.ts';
import { cdk, type Environment } from './cdk.ts';
import { blueGroup, cluster, drainSeconds, greenGroup, ttlSeconds, zoneName } from './throwAwayNames.ts';

const app = ['--app', 'node test/account/throwAwayApp.ts'];
const groupGoneSecondsMax = 900;
/** What is newest when a run begins; the cheapest instances there are run it. */
const launchTemplateData = {
  ImageId: 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64',
  InstanceType: 't4g.nano',
  MetadataOptions: { HttpTokens: 'required' },
} as const;

/** Makes the zone and the empty groups of a run, and deploys the stack for them. */
export async function createThrowAwaySite(
  account: Account,
  run: string,
  region: VPCRegion,
  environment: Environment,
): Promise<Site> {
  const { autoScaling, ec2, route53 } = account.clients;
  const subnet = await subnetFor(account, launchTemplateData.InstanceType);
  const { HostedZone } = await route53.send(
    new CreateHostedZoneCommand({
      Name: zoneName(run),
      CallerReference: run,
      HostedZoneConfig: { Comment: 'asg-srv: a test run, safe to delete', PrivateZone: true },
      VPC: { VPCId: subnet.VpcId, VPCRegion: region },
    }),
  );
  await ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: run, LaunchTemplateData: launchTemplateData }));
  for (const name of [blueGroup(run), greenGroup(run)]) {
    await autoScaling.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: name,
        MinSize: 0,
        MaxSize: 6,
        DesiredCapacity: 0,
        LaunchTemplate: { LaunchTemplateName: run, Version: '$Latest' },
        VPCZoneIdentifier: subnet.SubnetId,
        Tags: [{ Key: 'Name', Value: run, PropagateAtLaunch: true }],
      }),
    );
  }
  const zoneId = bareZoneId(HostedZone);
  await cdk([...app, 'deploy', ...stackOf(run, zoneId), '--require-approval', 'never'], environment);
  return {
    zoneId,
    zoneName: zoneName(run),
    cluster,
    blue: blueGroup(run),
    green: greenGroup(run),
    ttlSeconds,
    drainSeconds,
  };
}

/**
 * Removes everything of a run, whatever of it there is.
 *
 * @throws AggregateError with what could not be removed; all the rest is
 */
export async function removeThrowAwaySite(account: Account, run: string, environment: Environment): Promise<void> {
  const { autoScaling, ec2, route53 } = account.clients;
  const failures: unknown[] = [];
  const attempt = async (remove: () => Promise<unknown>): Promise<void> => {
    try {
      await remove();
    } catch (error) {
      failures.push(error);
    }
  };
  // First what would write records and hold instances back.
  await attempt(() => cdk([...app, 'destroy', ...stackOf(run, 'ZNONE'), '--force'], environment));
  for (const name of [blueGroup(run), greenGroup(run)]) {
    await attempt(async () => {
      if ((await statusOf(account, name)) === 'is there') {
        await autoScaling.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: name, ForceDelete: true }));
      }
    });
  }
  for (const name of [blueGroup(run), greenGroup(run)]) {
    await attempt(() =>
      until(account, `the end of group "${name}"`, groupGoneSecondsMax, async () =>
        (await statusOf(account, name)) === 'is gone' ? true : undefined,
      ),
    );
  }
  await attempt(async () => {
    try {
      await ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateName: run }));
    } catch (error) {
      if (!(error instanceof Error && error.name.startsWith('InvalidLaunchTemplateName.NotFound'))) {
        throw error;
      }
    }
  });
  await attempt(async () => {
    for (const zoneId of await zonesOf(account, run)) {
      await removeRecords(account, zoneId);
      await route53.send(new DeleteHostedZoneCommand({ Id: zoneId }));
    }
  });
  if (failures.length > 0) {
    throw new AggregateError(failures, `Cannot remove all of run "${run}": ${failures.map(String).join('; ')}`);
  }
}

/** One subnet, of a zone that has such instances. With two, Auto Scaling would rebalance them while the scenario counts hosts. */
async function subnetFor({ clients: { ec2 } }: Account, instanceType: _InstanceType): Promise<Subnet> {
  const { InstanceTypeOfferings = [] } = await ec2.send(
    new DescribeInstanceTypeOfferingsCommand({
      LocationType: 'availability-zone',
      Filters: [{ Name: 'instance-type', Values: [instanceType] }],
    }),
  );
  const { Subnets = [] } = await ec2.send(
    new DescribeSubnetsCommand({ Filters: [{ Name: 'default-for-az', Values: ['true'] }] }),
  );
  const zones = InstanceTypeOfferings.map(({ Location }) => Location);
  const subnet = Subnets.find(({ AvailabilityZone }) => zones.includes(AvailabilityZone));
  if (subnet === undefined) {
    const found = `${Subnets.length} default subnets and ${zones.length} zones that have it`;
    throw new Error(`Cannot make groups: a zone with a default subnet must have ${instanceType}: found ${found}`);
  }
  return subnet;
}

/** A zone's id as cdk.json takes it, without the `/hostedzone/` that Route 53 puts before it. */
export function bareZoneId(zone: HostedZone | undefined): string {
  return zone?.Id?.split('/').at(-1) ?? '';
}

/** The ids of a run's zones: one, or none. */
async function zonesOf(account: Account, run: string): Promise<readonly string[]> {
  const name = `${zoneName(run)}.`;
  const { HostedZones = [] } = await account.clients.route53.send(
    new ListHostedZonesByNameCommand({ DNSName: name, MaxItems: 10 }),
  );
  return HostedZones.filter(({ Name }) => Name === name).map(bareZoneId);
}

function stackOf(run: string, zoneId: string): readonly string[] {
  return [run, '-c', `testRun=${run}`, '-c', `hostedZoneId=${zoneId}`, '-c', `zoneName=${zoneName(run)}`];
}

/** Whether a group is there, on its way out, or gone. */
async function statusOf({ clients }: Account, name: string): Promise<'is there' | 'is being deleted' | 'is gone'> {
  const { AutoScalingGroups: [group] = [] } = await clients.autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
  );
  if (group === undefined) {
    return 'is gone';
  }
  // https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AutoScalingGroup.html: only a group that is being deleted has a status.
  return group.Status === undefined || group.Status === '' ? 'is there' : 'is being deleted';
}

/** A run has far fewer record sets than the 300 of one page. */
async function removeRecords(account: Account, zoneId: string): Promise<void> {
  const { route53 } = account.clients;
  const { ResourceRecordSets = [] } = await route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: zoneId }));
  const ours = ResourceRecordSets.filter(({ Type }) => Type !== 'NS' && Type !== 'SOA');
  if (ours.length > 0) {
    const Changes = ours.map((ResourceRecordSet) => ({ Action: 'DELETE' as const, ResourceRecordSet }));
    await route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: { Changes } }));
  }
}
