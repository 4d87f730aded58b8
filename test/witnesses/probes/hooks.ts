import {
  CompleteLifecycleActionCommand,
  type CompleteLifecycleActionCommandInput,
  DeleteLifecycleHookCommand,
  DescribeLifecycleHooksCommand,
  type LifecycleHook,
  PutLifecycleHookCommand,
  type PutLifecycleHookCommandInput,
  RecordLifecycleActionHeartbeatCommand,
  SetDesiredCapacityCommand,
  TerminateInstanceInAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import type { Account } from './account.ts';
import { autoScalingApi, groupOf, memberIds, states } from './group.ts';
import { type Probe, refusal, refusalText } from './probe.ts';

const putLifecycleHook = `${autoScalingApi}/API_PutLifecycleHook.html`;
const lifecycleHook = `${autoScalingApi}/API_LifecycleHook.html`;
const deleteLifecycleHook = `${autoScalingApi}/API_DeleteLifecycleHook.html`;
const describeLifecycleHooks = `${autoScalingApi}/API_DescribeLifecycleHooks.html`;
const completeLifecycleAction = `${autoScalingApi}/API_CompleteLifecycleAction.html`;
const recordLifecycleActionHeartbeat = `${autoScalingApi}/API_RecordLifecycleActionHeartbeat.html`;
const lifecycle = 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html';
/** The text of the error is not in the documentation; it is in many logs, such as this one. */
const noActiveAction = 'https://github.com/spacelift-io/terraform-aws-spacelift-workerpool-on-ec2/issues/197';

const launching = 'autoscaling:EC2_INSTANCE_LAUNCHING';
const terminating = 'autoscaling:EC2_INSTANCE_TERMINATING';
const unknownId = 'i-0123456789abcdef0';

const register = { LifecycleTransition: launching, HeartbeatTimeout: 300, DefaultResult: 'CONTINUE' };
const drain = { ...register, LifecycleTransition: terminating };

type Hook = Omit<PutLifecycleHookCommandInput, 'AutoScalingGroupName' | 'LifecycleHookName'>;

const put = (aws: Account, name: string, hook: Hook, hookName = 'hook') =>
  aws.autoScaling.send(
    new PutLifecycleHookCommand({ AutoScalingGroupName: name, LifecycleHookName: hookName, ...hook }),
  );

async function describe(aws: Account, name: string, hookNames?: string[]): Promise<readonly LifecycleHook[]> {
  const found = await aws.autoScaling.send(
    new DescribeLifecycleHooksCommand({ AutoScalingGroupName: name, LifecycleHookNames: hookNames }),
  );
  return found.LifecycleHooks ?? [];
}

/** Each of a group's hooks: name, transition, timeout and default result. */
async function hooks(aws: Account, name: string, hookNames?: string[]): Promise<readonly string[]> {
  return (await describe(aws, name, hookNames))
    .map((hook) =>
      [
        hook.LifecycleHookName,
        hook.LifecycleTransition?.replace('autoscaling:EC2_INSTANCE_', ''),
        hook.HeartbeatTimeout,
        hook.DefaultResult,
      ].join(' '),
    )
    .toSorted();
}

/** A group that launches one instance, once it has the hook. */
async function oneBehind(
  aws: Account,
  hookName: string,
  hook: Hook,
): Promise<{ readonly name: string; readonly ids: readonly string[] }> {
  const { name } = await groupOf(aws, 0);
  await put(aws, name, hook, hookName);
  await aws.autoScaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: name, DesiredCapacity: 1 }));
  await aws.settle();
  return { name, ids: await memberIds(aws, name) };
}

/** What a group's hooks are once these were put, one after another, under one name. */
function putting(...puts: readonly Hook[]): Probe['ask'] {
  return async (aws) => {
    const { name } = await groupOf(aws, 0);
    for (const hook of puts) {
      await put(aws, name, hook);
    }
    return hooks(aws, name);
  };
}

/** What is refused of a hook in a group without hooks. */
function refusedHook(hook: Hook): Probe['ask'] {
  return async (aws) => refusal(put(aws, (await groupOf(aws, 0)).name, hook));
}

const complete = (aws: Account, name: string, action: Partial<CompleteLifecycleActionCommandInput>) =>
  aws.autoScaling.send(
    new CompleteLifecycleActionCommand({
      AutoScalingGroupName: name,
      LifecycleHookName: 'srv-drain',
      LifecycleActionResult: 'CONTINUE',
      ...action,
    }),
  );

const heartbeat = (aws: Account, name: string, instanceId: string) =>
  aws.autoScaling.send(
    new RecordLifecycleActionHeartbeatCommand({
      AutoScalingGroupName: name,
      LifecycleHookName: 'srv-drain',
      InstanceId: instanceId,
    }),
  );

const terminate = (aws: Account, id: string) =>
  aws.autoScaling.send(
    new TerminateInstanceInAutoScalingGroupCommand({ InstanceId: id, ShouldDecrementDesiredCapacity: true }),
  );

/** Lifecycle hooks, and the waits that they make. */
export const hooksAndWaits: readonly Probe[] = [
  {
    name: 'A hook has the documented defaults, ABANDON among them',
    page: putLifecycleHook,
    ask: putting({ LifecycleTransition: terminating }),
    answer: ['hook TERMINATING 3600 ABANDON'],
  },
  {
    name: 'A hook is kept as it was put',
    page: putLifecycleHook,
    ask: putting({ LifecycleTransition: launching, HeartbeatTimeout: 30, DefaultResult: 'CONTINUE' }),
    answer: ['hook LAUNCHING 30 CONTINUE'],
  },
  {
    name: 'A hook that exists is changed in what is given, and keeps its transition',
    page: putLifecycleHook,
    ask: putting({ LifecycleTransition: launching, HeartbeatTimeout: 60 }, { HeartbeatTimeout: 90 }),
    answer: ['hook LAUNCHING 90 ABANDON'],
  },
  ...[
    { what: 'at most 48 hours', hook: { HeartbeatTimeout: 3600 }, seconds: 172_800 },
    { what: 'at most 100 times its timeout', hook: { HeartbeatTimeout: 30 }, seconds: 3_000 },
  ].map(({ what, hook, seconds }) => ({
    name: `In all a hook waits ${what}`,
    page: lifecycleHook,
    ask: async (aws: Account) => {
      const { name } = await groupOf(aws, 0);
      await put(aws, name, { ...hook, LifecycleTransition: launching });
      const [found] = await describe(aws, name);
      return found?.GlobalTimeout ?? 'not told';
    },
    answer: seconds,
  })),
  ...[
    { what: 'A timeout of 29 seconds', hook: { LifecycleTransition: launching, HeartbeatTimeout: 29 } },
    { what: 'A timeout of 7,201 seconds', hook: { LifecycleTransition: launching, HeartbeatTimeout: 7201 } },
    { what: 'A default result that is none', hook: { LifecycleTransition: launching, DefaultResult: 'MAYBE' } },
    { what: 'A transition that is none', hook: { LifecycleTransition: 'autoscaling:EC2_INSTANCE_RESTING' } },
    { what: 'A new hook without a transition', hook: { HeartbeatTimeout: 60 } },
  ].map(({ what, hook }) => ({
    name: `${what} is refused`,
    page: putLifecycleHook,
    ask: refusedHook(hook),
    answer: '400 ValidationError',
  })),
  {
    name: 'A hook of an unknown group is refused',
    page: putLifecycleHook,
    ask: (aws) => refusal(put(aws, aws.name('unknown'), { LifecycleTransition: launching })),
    answer: '400 ValidationError',
  },
  {
    name: 'A group has at most 50 hooks',
    page: 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-quotas.html',
    ask: async (aws) => {
      const { name } = await groupOf(aws, 0);
      for (let index = 0; index < 50; index++) {
        await put(aws, name, { LifecycleTransition: launching }, `hook-${index}`);
      }
      return refusal(put(aws, name, { LifecycleTransition: launching }, 'one-more'));
    },
    answer: '400 LimitExceededFault',
  },
  {
    name: 'Hooks are found, all or by name; a name that is unknown is left out',
    page: describeLifecycleHooks,
    ask: async (aws) => {
      const { name } = await groupOf(aws, 0);
      await put(aws, name, { LifecycleTransition: launching }, 'srv-register');
      await put(aws, name, { LifecycleTransition: terminating }, 'srv-drain');
      return [await hooks(aws, name), await hooks(aws, name, ['srv-drain', 'unknown'])];
    },
    answer: [
      ['srv-drain TERMINATING 3600 ABANDON', 'srv-register LAUNCHING 3600 ABANDON'],
      ['srv-drain TERMINATING 3600 ABANDON'],
    ],
  },
  {
    name: 'A group may be made with hooks',
    page: `${autoScalingApi}/API_CreateAutoScalingGroup.html`,
    ask: async (aws) => {
      const { name } = await groupOf(aws, 0, {
        LifecycleHookSpecificationList: [
          { LifecycleHookName: 'srv-register', ...register },
          { LifecycleHookName: 'srv-drain', ...drain },
        ],
      });
      return hooks(aws, name);
    },
    answer: ['srv-drain TERMINATING 300 CONTINUE', 'srv-register LAUNCHING 300 CONTINUE'],
  },
  {
    name: 'A deleted hook is gone',
    page: deleteLifecycleHook,
    ask: async (aws) => {
      const { name } = await groupOf(aws, 0);
      await put(aws, name, { LifecycleTransition: launching });
      await aws.autoScaling.send(
        new DeleteLifecycleHookCommand({ AutoScalingGroupName: name, LifecycleHookName: 'hook' }),
      );
      return hooks(aws, name);
    },
    answer: [],
  },
  {
    name: 'A launch waits for its hook and goes into service once that is completed by instance id',
    page: lifecycle,
    ask: async (aws) => {
      const { name, ids } = await oneBehind(aws, 'srv-register', register);
      const before = await states(aws, name, ids);
      const outcome = await refusal(complete(aws, name, { LifecycleHookName: 'srv-register', InstanceId: ids[0] }));
      await aws.settle();
      return [before, outcome, await states(aws, name, ids)];
    },
    answer: [
      { desired: 1, states: ['Pending:Wait'], others: [] },
      'accepted',
      { desired: 1, states: ['InService'], others: [] },
    ],
  },
  {
    name: 'A termination waits for its hook, takes heartbeats, and goes on once it is completed',
    page: lifecycle,
    ask: async (aws) => {
      const { name, ids } = await oneBehind(aws, 'srv-drain', drain);
      const [id = ''] = ids;
      await terminate(aws, id);
      await aws.settle();
      const waiting = await states(aws, name, ids);
      const outcomes = [
        await refusal(heartbeat(aws, name, id)),
        await refusal(complete(aws, name, { InstanceId: id })),
      ];
      await aws.settle();
      return [waiting, ...outcomes, await states(aws, name, ids)];
    },
    answer: [
      { desired: 0, states: ['Terminating:Wait'], others: [] },
      'accepted',
      'accepted',
      { desired: 0, states: ['not in the group'], others: [] },
    ],
  },
  {
    name: 'Completing an action that nothing waits for is refused, by instance id',
    page: noActiveAction,
    ask: async (aws) => {
      const { name } = await oneBehind(aws, 'srv-drain', drain);
      return refusalText(complete(aws, name, { InstanceId: unknownId }));
    },
    answer: `400 ValidationError: No active Lifecycle Action found with instance ID ${unknownId}`,
  },
  {
    name: 'A heartbeat for an action that nothing waits for is refused',
    page: recordLifecycleActionHeartbeat,
    ask: async (aws) => {
      const { name } = await oneBehind(aws, 'srv-drain', drain);
      return refusal(heartbeat(aws, name, unknownId));
    },
    answer: '400 ValidationError',
  },
  {
    name: 'Completing an action of an unknown group is refused',
    page: completeLifecycleAction,
    ask: (aws) => refusal(complete(aws, aws.name('unknown'), { InstanceId: unknownId })),
    answer: '400 ValidationError',
  },
];
