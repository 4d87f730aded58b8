import { execFileSync } from 'node:child_process';
import { type StandInAccount, standInRegion } from './standInAccount.ts';
import { witnessPath } from './witness.ts';

/** Asks MiniStack by Debian's `aws`: a client, a server and a question of which nothing is ours. The answer is what `--query` projects, as JSON. */
export function askMiniStack(account: StandInAccount, query: string, ...words: readonly string[]): unknown {
  const connection = ['--endpoint-url', account.miniStack.endpoint, '--output', 'json', '--query', query];
  const output = execFileSync(witnessPath('aws'), [...words, ...connection], {
    encoding: 'utf8',
    env: { ...process.env, ...account.environment, AWS_DEFAULT_REGION: standInRegion },
  });
  const answer: unknown = JSON.parse(output === '' ? 'null' : output);
  return answer;
}

/** Everything on MiniStack that a stack of ours may make, by name. */
export function inventory(account: StandInAccount, groups: readonly string[]): Readonly<Record<string, unknown>> {
  const ask = (query: string, ...words: readonly string[]): unknown => askMiniStack(account, query, ...words);
  return {
    stacks: ask('Stacks[].StackName', 'cloudformation', 'describe-stacks'),
    functions: ask('Functions[].FunctionName', 'lambda', 'list-functions'),
    eventSources: ask('EventSourceMappings[].EventSourceArn', 'lambda', 'list-event-source-mappings'),
    queues: ask('QueueUrls', 'sqs', 'list-queues'),
    rules: ask('Rules[].Name', 'events', 'list-rules'),
    roles: ask('Roles[].RoleName', 'iam', 'list-roles'),
    policies: ask('Policies[].PolicyName', 'iam', 'list-policies', '--scope', 'Local'),
    logGroups: ask('logGroups[].logGroupName', 'logs', 'describe-log-groups'),
    zones: ask('HostedZones[].Name', 'route53', 'list-hosted-zones'),
    hooks: groups.map((group) =>
      ask(
        'LifecycleHooks[].LifecycleHookName',
        'autoscaling',
        'describe-lifecycle-hooks',
        '--auto-scaling-group-name',
        group,
      ),
    ),
  };
}
