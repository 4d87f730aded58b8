import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import type { IConstruct } from 'constructs';

/** One statement of the function's policy, and why it needs a wildcard where it has one. */
export interface SyncPermission {
  readonly statement: PolicyStatement;
  /** The resource with a wildcard. */
  readonly wildcard?: { readonly resource: string; readonly reason: string };
}

const changeRecordSets = 'route53:ChangeResourceRecordSets';

/**
 * What the function may do besides its queue and its log, one statement per reason.
 *
 * The actions' resources and condition keys: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonroute53.html,
 * list_amazonec2autoscaling.html and list_amazonec2.html beside it. `ForAllValues` is true of a request without the key, so each comes
 * with `Null`: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
export function syncPermissions(scope: IConstruct, hostedZone: IHostedZone): readonly SyncPermission[] {
  const stack = Stack.of(scope);
  const groups = stack.formatArn({
    service: 'autoscaling',
    resource: 'autoScalingGroup',
    resourceName: '*:autoScalingGroupName/*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const instances = stack.formatArn({ service: 'ec2', resource: 'instance', resourceName: '*' });
  const changes = stack.formatArn({
    service: 'route53',
    region: '',
    account: '',
    resource: 'change',
    resourceName: '*',
  });
  return [
    {
      // Without UPSERT a blind overwrite is impossible. Names come without the trailing dot:
      // https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-rrset-conditions.html
      statement: new PolicyStatement({
        actions: [changeRecordSets],
        resources: [hostedZone.hostedZoneArn],
        conditions: {
          'ForAllValues:StringLike': { [`${changeRecordSets}NormalizedRecordNames`]: [`*.${hostedZone.zoneName}`] },
          'ForAllValues:StringEquals': {
            [`${changeRecordSets}RecordTypes`]: ['A', 'AAAA', 'SRV', 'TXT'],
            [`${changeRecordSets}Actions`]: ['CREATE', 'DELETE'],
          },
          Null: {
            [`${changeRecordSets}NormalizedRecordNames`]: 'false',
            [`${changeRecordSets}RecordTypes`]: 'false',
            [`${changeRecordSets}Actions`]: 'false',
          },
        },
      }),
    },
    {
      statement: new PolicyStatement({
        actions: ['route53:ListResourceRecordSets'],
        resources: [hostedZone.hostedZoneArn],
      }),
    },
    {
      statement: new PolicyStatement({ actions: ['route53:GetChange'], resources: [changes] }),
      wildcard: { resource: changes, reason: 'The id of a change is unknown before the change is made' },
    },
    {
      statement: new PolicyStatement({
        actions: [
          'autoscaling:DescribeAutoScalingGroups',
          'autoscaling:DescribeLifecycleHooks',
          'autoscaling:DescribeWarmPool',
          'ec2:DescribeInstances',
        ],
        resources: ['*'],
      }),
      wildcard: { resource: '*', reason: 'The Describe actions of Auto Scaling and EC2 support no resource' },
    },
    {
      // Groups opt in by tag alone, without a deployment, so no list of names will do: the tag itself is the condition.
      statement: new PolicyStatement({
        actions: ['autoscaling:CompleteLifecycleAction', 'autoscaling:RecordLifecycleActionHeartbeat'],
        resources: [groups],
        conditions: { Null: { 'autoscaling:ResourceTag/srv_cluster': 'false' } },
      }),
      wildcard: { resource: groups, reason: 'Groups opt in by the tag srv_cluster, which the statement requires' },
    },
    {
      // `Null` also keeps out a DeleteTags without keys, which would delete every tag of the instance:
      // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteTags.html
      statement: new PolicyStatement({
        actions: ['ec2:CreateTags', 'ec2:DeleteTags'],
        resources: [instances],
        conditions: {
          'ForAllValues:StringEquals': { 'aws:TagKeys': ['ip_address', 'srv_drain_until', 'srv_weight'] },
          Null: { 'aws:TagKeys': 'false' },
        },
      }),
      wildcard: {
        resource: instances,
        reason: 'Instances come and go; the statement allows three tag keys of ours only',
      },
    },
  ];
}
