import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { ListResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import type { Account, Seconds, Site } from './account.ts';

/** What one look at a site showed. */
export interface Sighting {
  readonly at: Seconds;
  /** Weights in the cluster's SRV record set, by instance id. */
  readonly weights: ReadonlyMap<string, number>;
  /** Lifecycle states before the record was read, by instance id, of each group. */
  readonly blue: ReadonlyMap<string, string>;
  readonly green: ReadonlyMap<string, string>;
  /** Hosts in service before and after the record was read. */
  readonly inService: ReadonlySet<string>;
}

/** Looks at a site: its groups, its record, and its groups again. */
export async function sight(account: Account, site: Site): Promise<Sighting> {
  const before = await members(account, site);
  const weights = await recordedWeights(account, site);
  const after = await members(account, site);
  const [blue, green] = [before.get(site.blue) ?? new Map(), before.get(site.green) ?? new Map()];
  const served = [...before.values()].flatMap((states) => [...states].filter(([, state]) => state === 'InService'));
  const serving = new Set([...after.values()].flatMap((states) => [...states].map(([id, state]) => `${id} ${state}`)));
  return {
    at: account.now(),
    weights,
    blue,
    green,
    inService: new Set(served.map(([id]) => id).filter((id) => serving.has(`${id} InService`))),
  };
}

async function members(account: Account, site: Site): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const { AutoScalingGroups = [] } = await account.clients.autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [site.blue, site.green] }),
  );
  return new Map(
    AutoScalingGroups.map(({ AutoScalingGroupName = '', Instances = [] }) => [
      AutoScalingGroupName,
      new Map(Instances.map(({ InstanceId = '', LifecycleState = '' }) => [InstanceId, LifecycleState])),
    ]),
  );
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
  return new Map(
    values.map((value) => {
      const [, weight = '', , host = ''] = value.split(' ');
      return [host.split('.')[0] ?? '', Number(weight)];
    }),
  );
}
