import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { ListResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import { srvWeights } from '../../sim/route53/srvWeights.ts';
import type { Account, Seconds, Site } from './account.ts';

/** Lifecycle states by instance id. */
export type Members = ReadonlyMap<string, string>;

/** What one look at a site showed: its groups, then its record, then its groups again. */
export interface Sighting {
  readonly at: Seconds;
  readonly blue: Members;
  readonly green: Members;
  /** Weights in the cluster's SRV record set, by instance id. */
  readonly weights: ReadonlyMap<string, number>;
  /** Members of both groups after the record was read. */
  readonly afterwards: Members;
}

/** Looks at a site. */
export async function sight(account: Account, site: Site): Promise<Sighting> {
  const { blue, green } = await members(account, site);
  const weights = await recordedWeights(account, site);
  const after = await members(account, site);
  return { at: account.now(), blue, green, weights, afterwards: new Map([...after.blue, ...after.green]) };
}

async function members(account: Account, { blue, green }: Site): Promise<Pick<Sighting, 'blue' | 'green'>> {
  const { AutoScalingGroups = [] } = await account.clients.autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [blue, green] }),
  );
  const of = (group: string): Members =>
    new Map(
      AutoScalingGroups.filter(({ AutoScalingGroupName }) => AutoScalingGroupName === group).flatMap(
        ({ Instances = [] }) =>
          Instances.map(({ InstanceId = '', LifecycleState = '' }) => [InstanceId, LifecycleState]),
      ),
    );
  return { blue: of(blue), green: of(green) };
}

async function recordedWeights(account: Account, site: Site): Promise<ReadonlyMap<string, number>> {
  const name = `_http._tcp.${site.cluster}.${site.zoneName}.`;
  const { ResourceRecordSets = [] } = await account.clients.route53.send(
    new ListResourceRecordSetsCommand({
      HostedZoneId: site.zoneId,
      StartRecordName: name,
      StartRecordType: 'SRV',
      MaxItems: 1,
    }),
  );
  const values = ResourceRecordSets.filter(({ Name, Type }) => Name === name && Type === 'SRV').flatMap(
    ({ ResourceRecords = [] }) => ResourceRecords.map(({ Value = '' }) => Value),
  );
  return srvWeights(values);
}
