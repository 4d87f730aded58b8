import {
  AttachInstancesCommand,
  type AutoScalingInstanceDetails,
  DescribeAutoScalingInstancesCommand,
  DetachInstancesCommand,
  EnterStandbyCommand,
  ExitStandbyCommand,
  SetDesiredCapacityCommand,
  TerminateInstanceInAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import type { Account } from './account.ts';
import { autoScalingApi, describeGroup, groupOf, instanceTags, states } from './group.ts';
import { type Answer, type Probe, refusal } from './probe.ts';

const describeAutoScalingInstances = `${autoScalingApi}/API_DescribeAutoScalingInstances.html`;
const enterStandby = `${autoScalingApi}/API_EnterStandby.html`;
const exitStandby = `${autoScalingApi}/API_ExitStandby.html`;
const detachInstances = `${autoScalingApi}/API_DetachInstances.html`;
const attachInstances = `${autoScalingApi}/API_AttachInstances.html`;
const terminateInstance = `${autoScalingApi}/API_TerminateInstanceInAutoScalingGroup.html`;
const tagging = 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html';
const lifecycle = 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html';

const unknownId = 'i-0123456789abcdef0';

/** Instances as DescribeAutoScalingInstances shows them. */
async function details(aws: Account, ids: readonly string[]): Promise<readonly AutoScalingInstanceDetails[]> {
  const found = await aws.autoScaling.send(new DescribeAutoScalingInstancesCommand({ InstanceIds: [...ids] }));
  return found.AutoScalingInstances ?? [];
}

const standBy = (aws: Account, name: string, ids: readonly string[], decrement: boolean) =>
  aws.autoScaling.send(
    new EnterStandbyCommand({
      AutoScalingGroupName: name,
      InstanceIds: [...ids],
      ShouldDecrementDesiredCapacity: decrement,
    }),
  );

const comeBack = (aws: Account, name: string, ids: readonly string[]) =>
  aws.autoScaling.send(new ExitStandbyCommand({ AutoScalingGroupName: name, InstanceIds: [...ids] }));

const detach = (aws: Account, name: string, ids: readonly string[], decrement: boolean) =>
  aws.autoScaling.send(
    new DetachInstancesCommand({
      AutoScalingGroupName: name,
      InstanceIds: [...ids],
      ShouldDecrementDesiredCapacity: decrement,
    }),
  );

const attach = (aws: Account, name: string, ids: readonly string[]) =>
  aws.autoScaling.send(new AttachInstancesCommand({ AutoScalingGroupName: name, InstanceIds: [...ids] }));

const terminate = (aws: Account, id: string, decrement: boolean) =>
  aws.autoScaling.send(
    new TerminateInstanceInAutoScalingGroupCommand({ InstanceId: id, ShouldDecrementDesiredCapacity: decrement }),
  );

/** What comes of a step in a group of two instances in service: its outcome, and both instances' states. */
function moving(step: (aws: Account, name: string, id: string) => Promise<unknown>): Probe['ask'] {
  return async (aws) => {
    const { name, ids } = await groupOf(aws, 2);
    const outcome = await refusal(step(aws, name, ids[0] ?? ''));
    await aws.settle();
    return [outcome, await states(aws, name, ids)];
  };
}

/** What comes of a step with an instance that is not in the group: its outcome, desired capacity and number of members. */
function refusing(step: (aws: Account, name: string) => Promise<unknown>): Probe['ask'] {
  return async (aws) => {
    const { name } = await groupOf(aws, 2);
    const outcome = await refusal(step(aws, name));
    await aws.settle();
    const group = await describeGroup(aws, name);
    return [outcome, group.DesiredCapacity, group.Instances?.length];
  };
}

/** Members of groups: how they come, stand by, go and are replaced. */
export const members: readonly Probe[] = [
  {
    name: 'A group launches as many instances as it desires, and they go into service',
    page: lifecycle,
    ask: async (aws) => {
      const { name, ids } = await groupOf(aws, 2);
      const group = await describeGroup(aws, name);
      return [await states(aws, name, ids), (group.Instances ?? []).map((one) => one.HealthStatus)];
    },
    answer: [{ desired: 2, states: ['InService', 'InService'], others: [] }, ['Healthy', 'Healthy']],
  },
  {
    name: 'Instances are found by id, with their group; an unknown id is left out',
    page: describeAutoScalingInstances,
    ask: async (aws) => {
      const { ids } = await groupOf(aws, 2);
      const found = await details(aws, [...ids, unknownId]);
      return found.map((one) => `${one.AutoScalingGroupName} ${one.LifecycleState}`);
    },
    answer: ['web InService', 'web InService'],
  },
  {
    name: 'An instance found by id has its health in capitals, unlike one shown with its group',
    page: 'https://docs.aws.amazon.com/cli/latest/reference/autoscaling/describe-auto-scaling-instances.html#examples',
    ask: async (aws) => {
      const { ids } = await groupOf(aws, 1);
      return (await details(aws, ids)).map((one) => one.HealthStatus);
    },
    answer: ['HEALTHY'],
  },
  {
    name: 'A read of more than 50 instance ids is refused',
    page: describeAutoScalingInstances,
    ask: (aws) =>
      refusal(
        details(
          aws,
          Array.from({ length: 51 }, (_, index) => `i-${String(index).padStart(17, '0')}`),
        ),
      ),
    answer: '400 ValidationError',
  },
  {
    name: "A launched instance has its group's name as a tag, and those of the group's tags that propagate",
    page: tagging,
    ask: async (aws) => {
      const { ids } = await groupOf(aws, 1, {
        Tags: [
          { Key: 'kept', Value: '1', PropagateAtLaunch: false },
          { Key: 'passed', Value: '1', PropagateAtLaunch: true },
        ],
      });
      return instanceTags(aws, ids[0] ?? '');
    },
    answer: ['aws:autoscaling:groupName=web', 'passed=1'],
  },
  {
    name: 'More desired capacity launches, less terminates',
    page: `${autoScalingApi}/API_SetDesiredCapacity.html`,
    ask: async (aws) => {
      const { name } = await groupOf(aws, 1);
      const sizes: Answer[] = [];
      for (const desiredCapacity of [3, 1]) {
        await aws.autoScaling.send(
          new SetDesiredCapacityCommand({ AutoScalingGroupName: name, DesiredCapacity: desiredCapacity }),
        );
        await aws.settle();
        sizes.push((await describeGroup(aws, name)).Instances?.length);
      }
      return sizes;
    },
    answer: [3, 1],
  },
  {
    name: 'An instance stands by, and desired capacity goes down with it',
    page: enterStandby,
    ask: moving((aws, name, id) => standBy(aws, name, [id], true)),
    answer: ['accepted', { desired: 1, states: ['Standby', 'InService'], others: [] }],
  },
  {
    name: 'An instance that stands by is replaced where desired capacity stays',
    page: enterStandby,
    ask: moving((aws, name, id) => standBy(aws, name, [id], false)),
    answer: ['accepted', { desired: 2, states: ['Standby', 'InService'], others: ['InService'] }],
  },
  {
    name: 'An instance comes back from standby, and desired capacity goes up with it',
    page: exitStandby,
    ask: moving(async (aws, name, id) => {
      await standBy(aws, name, [id], true);
      await aws.settle();
      await comeBack(aws, name, [id]);
    }),
    answer: ['accepted', { desired: 2, states: ['InService', 'InService'], others: [] }],
  },
  {
    name: 'An instance of no group cannot stand by',
    page: enterStandby,
    ask: refusing((aws, name) => standBy(aws, name, [unknownId], true)),
    answer: ['400 ValidationError', 2, 2],
  },
  {
    name: 'An instance is detached, and desired capacity goes down with it',
    page: detachInstances,
    ask: moving((aws, name, id) => detach(aws, name, [id], true)),
    answer: ['accepted', { desired: 1, states: ['not in the group', 'InService'], others: [] }],
  },
  {
    name: 'A detached instance is replaced where desired capacity stays',
    page: detachInstances,
    ask: moving((aws, name, id) => detach(aws, name, [id], false)),
    answer: ['accepted', { desired: 2, states: ['not in the group', 'InService'], others: ['InService'] }],
  },
  {
    name: "A detached instance runs on without its group's name, with its other tags, and is in no group",
    page: detachInstances,
    ask: async (aws) => {
      const { name, ids } = await groupOf(aws, 1, { Tags: [{ Key: 'passed', Value: '1', PropagateAtLaunch: true }] });
      const [id = ''] = ids;
      await detach(aws, name, [id], true);
      await aws.settle();
      return [await instanceTags(aws, id), (await details(aws, [id])).length];
    },
    answer: [['passed=1'], 0],
  },
  {
    name: 'An instance of no group cannot be detached',
    page: detachInstances,
    ask: refusing((aws, name) => detach(aws, name, [unknownId], true)),
    answer: ['400 ValidationError', 2, 2],
  },
  {
    name: 'An attached instance is in service, has the name of its group, and raises desired capacity',
    page: attachInstances,
    ask: async (aws) => {
      const { name, ids } = await groupOf(aws, 1);
      const [id = ''] = await aws.launch(1);
      const outcome = await refusal(attach(aws, name, [id]));
      await aws.settle();
      return [outcome, await states(aws, name, [...ids, id]), await instanceTags(aws, id)];
    },
    answer: [
      'accepted',
      { desired: 2, states: ['InService', 'InService'], others: [] },
      ['aws:autoscaling:groupName=web'],
    ],
  },
  {
    name: 'An instance that EC2 does not know cannot be attached',
    page: attachInstances,
    ask: refusing((aws, name) => attach(aws, name, [unknownId])),
    answer: ['400 ValidationError', 2, 2],
  },
  {
    name: 'A member is terminated for good where desired capacity goes down with it',
    page: terminateInstance,
    ask: moving((aws, _, id) => terminate(aws, id, true)),
    answer: ['accepted', { desired: 1, states: ['not in the group', 'InService'], others: [] }],
  },
  {
    name: 'A member that is terminated is replaced where desired capacity stays',
    page: terminateInstance,
    ask: moving((aws, _, id) => terminate(aws, id, false)),
    answer: ['accepted', { desired: 2, states: ['not in the group', 'InService'], others: ['InService'] }],
  },
  {
    name: 'An instance of no group cannot be terminated by Auto Scaling',
    page: terminateInstance,
    ask: refusing((aws) => terminate(aws, unknownId, true)),
    answer: ['400 ValidationError', 2, 2],
  },
];
