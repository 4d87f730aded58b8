import { canonicalName } from '../route53/domainName.ts';
import type { World } from '../world.ts';
import { isJsonObject } from './json.ts';
import type { PolicyRequest } from './policy.ts';
import type { RequestContext } from './policyCondition.ts';

/** A call that reached one of the services. */
export interface ServiceCall {
  /** Prefix of the service's actions in IAM: `ec2`, `autoscaling`, `route53`, `sqs`. */
  readonly service: string;
  /** The operation's name, such as `CreateTags`. */
  readonly action: string;
  /** The operation's input, in the SDK's shape. */
  readonly input: unknown;
}

/**
 * What a call needs permission for: one request per resource that it touches; every one of them must be allowed. Actions, resources and
 * condition keys are those of the Service Authorization Reference:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export function authorizationRequests(world: World, { service, action, input }: ServiceCall): readonly PolicyRequest[] {
  const global = {
    'aws:RequestedRegion': world.region,
    'aws:PrincipalAccount': world.account,
    'aws:SecureTransport': 'true',
  };
  const one = (resource: string, context: RequestContext = {}, iamAction = action): PolicyRequest => ({
    action: `${service}:${iamAction}`,
    resource,
    context: { ...global, ...context },
  });
  switch (`${service}:${action}`) {
    case 'route53:ChangeResourceRecordSets':
      return [one(hostedZoneArn(input), recordSetKeys(input))];
    case 'route53:ListResourceRecordSets':
    case 'route53:GetHostedZone':
      return [one(hostedZoneArn(input))];
    case 'route53:GetChange':
      return [one(`arn:aws:route53:::change/${lastSegment(text(input, 'Id'))}`)];
    case 'ec2:CreateTags':
    case 'ec2:DeleteTags':
      return texts(input, 'Resources').map((id) =>
        one(`arn:aws:ec2:${world.region}:${world.account}:instance/${id}`, {
          ...instanceTags(world, id),
          ...requestTags(input, action === 'CreateTags'),
          'ec2:Region': world.region,
        }),
      );
    case 'ec2:TerminateInstances':
      return texts(input, 'InstanceIds').map((id) =>
        one(`arn:aws:ec2:${world.region}:${world.account}:instance/${id}`, instanceTags(world, id)),
      );
    default:
  }
  if (service === 'sqs') {
    // A batch needs the permission of the single action. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
    const name = action === 'GetQueueUrl' ? text(input, 'QueueName') : lastSegment(text(input, 'QueueUrl'));
    return [one(`arn:aws:sqs:${world.region}:${world.account}:${name}`, {}, action.replace(/Batch$/, ''))];
  }
  if (service === 'autoscaling' && !action.startsWith('Describe')) {
    return groupNames(input).map((name) => {
      const { arn, tags } = groupResource(world, name);
      return one(arn, { ...tags, ...requestTags(input, action === 'CreateOrUpdateTags') });
    });
  }
  return [one('*')];
}

function hostedZoneArn(input: unknown): string {
  return `arn:aws:route53:::hostedzone/${lastSegment(text(input, 'HostedZoneId'))}`;
}

// Lower case, without the trailing dot, all but letters, digits, hyphen, underscore and dot in octal.
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-conditions-route53.html
function normalizedName(name: string): string {
  return canonicalName(name).replace(/\.$/, '');
}

function recordSetKeys(input: unknown): RequestContext {
  const changes = members(member(input, 'ChangeBatch'), 'Changes');
  const sets = changes.map((change) => member(change, 'ResourceRecordSet'));
  return {
    'route53:ChangeResourceRecordSetsNormalizedRecordNames': distinct(
      sets.map((set) => normalizedName(text(set, 'Name'))),
    ),
    'route53:ChangeResourceRecordSetsRecordTypes': distinct(sets.map((set) => text(set, 'Type'))),
    'route53:ChangeResourceRecordSetsActions': distinct(changes.map((change) => text(change, 'Action'))),
  };
}

function requestTags(input: unknown, withValues: boolean): RequestContext {
  const tags = members(input, 'Tags').map((tag) => ({ key: text(tag, 'Key'), value: text(tag, 'Value') }));
  const values = withValues ? tags.map(({ key, value }) => [`aws:RequestTag/${key}`, value]) : [];
  // DeleteTags without tags deletes them all, and carries no key at all.
  return {
    ...Object.fromEntries(values),
    ...(tags.length === 0 ? {} : { 'aws:TagKeys': distinct(tags.map(({ key }) => key)) }),
  };
}

function instanceTags(world: World, instanceId: string): RequestContext {
  const tags = [...(world.ec2.instance(instanceId)?.tags ?? [])].map(([Key, Value]) => ({ Key, Value }));
  return tagKeys(tags, ['aws:ResourceTag', 'ec2:ResourceTag']);
}

function groupNames(input: unknown): readonly string[] {
  const named = text(input, 'AutoScalingGroupName');
  return named === '' ? distinct(members(input, 'Tags').map((tag) => text(tag, 'ResourceId'))) : [named];
}

function groupResource(world: World, name: string): { readonly arn: string; readonly tags: RequestContext } {
  // Permissions are checked against the present, however old the view that callers read.
  const { readLagSeconds } = world.autoScaling;
  world.autoScaling.readLagSeconds = undefined;
  const [group] = world.autoScaling.describeAutoScalingGroups({ AutoScalingGroupNames: [name] }).AutoScalingGroups;
  world.autoScaling.readLagSeconds = readLagSeconds;
  const arn =
    group?.AutoScalingGroupARN ??
    `arn:aws:autoscaling:${world.region}:${world.account}:autoScalingGroup:*:autoScalingGroupName/${name}`;
  return { arn, tags: tagKeys(group?.Tags ?? [], ['aws:ResourceTag', 'autoscaling:ResourceTag']) };
}

function tagKeys(
  tags: readonly { Key?: string | undefined; Value?: string | undefined }[],
  prefixes: readonly string[],
): RequestContext {
  return Object.fromEntries(
    tags.flatMap(({ Key, Value }) =>
      prefixes.map((prefix): [string, string] => [`${prefix}/${Key ?? ''}`, Value ?? '']),
    ),
  );
}

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}

function member(value: unknown, name: string): unknown {
  return isJsonObject(value) ? value[name] : undefined;
}

function members(value: unknown, name: string): readonly unknown[] {
  const found = member(value, name);
  return Array.isArray(found) ? found : [];
}

function text(value: unknown, name: string): string {
  const found = member(value, name);
  return typeof found === 'string' ? found : '';
}

function texts(value: unknown, name: string): readonly string[] {
  return members(value, name).filter((item) => typeof item === 'string');
}
