import type { AwsCli } from './awsCli.ts';

/** Everything in an account that a stack of ours may make, by name: as Debian's `aws` finds it, of which nothing is ours. */
export async function inventory(aws: AwsCli, groups: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const ask = (query: string, ...words: readonly string[]): Promise<unknown> => aws.json(...words, '--query', query);
  return {
    stacks: await ask('Stacks[].StackName', 'cloudformation', 'describe-stacks'),
    functions: await ask('Functions[].FunctionName', 'lambda', 'list-functions'),
    eventSources: await ask('EventSourceMappings[].EventSourceArn', 'lambda', 'list-event-source-mappings'),
    queues: await ask('QueueUrls', 'sqs', 'list-queues'),
    rules: await ask('Rules[].Name', 'events', 'list-rules'),
    roles: await ask('Roles[].RoleName', 'iam', 'list-roles'),
    policies: await ask('Policies[].PolicyName', 'iam', 'list-policies', '--scope', 'Local'),
    logGroups: await ask('logGroups[].logGroupName', 'logs', 'describe-log-groups'),
    zones: await ask('HostedZones[].Name', 'route53', 'list-hosted-zones'),
    hooks: await Promise.all(
      groups.map((group) =>
        ask(
          'LifecycleHooks[].LifecycleHookName',
          ...['autoscaling', 'describe-lifecycle-hooks', '--auto-scaling-group-name', group],
        ),
      ),
    ),
  };
}
