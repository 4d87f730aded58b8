import { setTimeout } from 'node:timers/promises';
import { AutoScalingClient, paginateDescribeAutoScalingGroups } from '@aws-sdk/client-auto-scaling';
import { EC2Client } from '@aws-sdk/client-ec2';
import { Route53Client, type VPCRegion } from '@aws-sdk/client-route-53';
import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import type { Account } from './account.ts';

const secondsBetweenLooks = 2;

/** The AWS account of the credentials that the SDK finds. */
export function awsAccount(region: VPCRegion): Account {
  return {
    clients: {
      autoScaling: new AutoScalingClient({ region }),
      ec2: new EC2Client({ region }),
      route53: new Route53Client({ region }),
    },
    lacks: new Set(),
    now: () => Date.now() / 1000,
    pause: () => setTimeout(secondsBetweenLooks * 1000),
    announce: async () => {},
  };
}

/** Refuses to go on with credentials of another account than the one that was named. */
export async function refuseOtherAccount(sts: STSClient, expected: string): Promise<void> {
  const { Account: found } = await sts.send(new GetCallerIdentityCommand({}));
  if (found !== expected) {
    throw new Error(`Cannot test in account "${expected}": the credentials must be that account's: found "${found}"`);
  }
}

/** Refuses to go on where another stack's groups name no zone: the stack under test would take them for its own, and write their hosts' tags. */
export async function refuseGroupsOfNoZone({ clients }: Account): Promise<void> {
  const found: string[] = [];
  for await (const { AutoScalingGroups = [] } of paginateDescribeAutoScalingGroups(
    { client: clients.autoScaling },
    { Filters: [{ Name: 'tag-key', Values: ['srv_cluster'] }] },
  )) {
    const unzoned = AutoScalingGroups.filter(({ Tags = [] }) => !Tags.some(({ Key }) => Key === 'srv_zone'));
    found.push(...unzoned.map(({ AutoScalingGroupName = '' }) => AutoScalingGroupName));
  }
  if (found.length > 0) {
    const rule = 'each group with the tag "srv_cluster" must have the tag "srv_zone"';
    throw new Error(`Cannot test in this account and Region: ${rule}: found none on "${found.join('", "')}"`);
  }
}
