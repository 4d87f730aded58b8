import {
  CreateOrUpdateTagsCommand,
  DeleteAutoScalingGroupCommand,
  DeleteTagsCommand,
  DescribeAutoScalingGroupsCommand,
  type DescribeAutoScalingGroupsCommandInput,
  type Filter,
  SetDesiredCapacityCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import type { Account } from './account.ts';
import { autoScalingApi, describeGroup } from './group.ts';
import { type Answer, type Probe, refusal, refusalText } from './probe.ts';

const createAutoScalingGroup = `${autoScalingApi}/API_CreateAutoScalingGroup.html`;
const describeAutoScalingGroups = `${autoScalingApi}/API_DescribeAutoScalingGroups.html`;
const updateAutoScalingGroup = `${autoScalingApi}/API_UpdateAutoScalingGroup.html`;
const setDesiredCapacity = `${autoScalingApi}/API_SetDesiredCapacity.html`;
const deleteAutoScalingGroup = `${autoScalingApi}/API_DeleteAutoScalingGroup.html`;
const createOrUpdateTags = `${autoScalingApi}/API_CreateOrUpdateTags.html`;
const deleteTags = `${autoScalingApi}/API_DeleteTags.html`;
const filterPage = `${autoScalingApi}/API_Filter.html`;

const resourceType = 'auto-scaling-group';

/** Three groups: `blue` and `green` of cluster web, `red` of cluster WEB. */
async function createThree(aws: Account): Promise<readonly string[]> {
  for (const [color, cluster] of [
    ['blue', 'web'],
    ['green', 'web'],
    ['red', 'WEB'],
  ] as const) {
    await aws.createGroup(aws.name(color), {
      Tags: [
        { Key: aws.name('srv_cluster'), Value: cluster, PropagateAtLaunch: false },
        { Key: 'color', Value: color, PropagateAtLaunch: false },
      ],
    });
  }
  return ['blue', 'green', 'red'].map(aws.name);
}

/** The names of the probe's own groups that a read finds, and whether it finds `others`. */
async function names(aws: Account, input: DescribeAutoScalingGroupsCommandInput): Promise<readonly string[]> {
  const found = await aws.autoScaling.send(new DescribeAutoScalingGroupsCommand(input));
  const all = (found.AutoScalingGroups ?? []).map((group) => group.AutoScalingGroupName ?? '');
  const own = all.filter((name) => name.startsWith(aws.name(''))).toSorted();
  return all.length > own.length ? [...own, 'others'] : own;
}

/** Which of the three groups the filters find. */
function finding(filters: (aws: Account) => Filter[]): Probe['ask'] {
  return async (aws) => {
    await createThree(aws);
    return names(aws, { Filters: filters(aws) });
  };
}

/** What a change of sizes comes to in a group of at least 1, at most 3 and desired 2. */
function resizing(change: (aws: Account, name: string) => Promise<unknown>): Probe['ask'] {
  return async (aws) => {
    const name = aws.name('web');
    await aws.createGroup(name, { MinSize: 1, MaxSize: 3, DesiredCapacity: 2 });
    const outcome = await refusal(change(aws, name));
    const group = await describeGroup(aws, name);
    return [outcome, [group.MinSize, group.DesiredCapacity, group.MaxSize]];
  };
}

const setCapacity = (aws: Account, name: string, desiredCapacity: number) =>
  aws.autoScaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName: name, DesiredCapacity: desiredCapacity }));

const tag = (name: string, key: string, value?: string) => ({
  ResourceId: name,
  ResourceType: resourceType,
  Key: key,
  Value: value,
  PropagateAtLaunch: false,
});

const write = (aws: Account, name: string, key: string, value: string) =>
  aws.autoScaling.send(new CreateOrUpdateTagsCommand({ Tags: [tag(name, key, value)] }));

const erase = (aws: Account, name: string, key: string, value?: string) =>
  aws.autoScaling.send(new DeleteTagsCommand({ Tags: [tag(name, key, value)] }));

async function tags(aws: Account, name: string): Promise<Answer> {
  const group = await describeGroup(aws, name);
  return (group.Tags ?? []).map(({ Key, Value }) => `${Key}=${Value}`).toSorted();
}

/** Groups, found by name and tag: how a pass comes to know its clusters. */
export const groups: readonly Probe[] = [
  {
    name: 'A new group is described as it was made, and by the documented defaults',
    page: createAutoScalingGroup,
    ask: async (aws) => {
      const name = aws.name('web');
      await aws.createGroup(name, {
        MinSize: 0,
        MaxSize: 4,
        DesiredCapacity: 0,
        Tags: [{ Key: 'srv_cluster', Value: 'web', PropagateAtLaunch: true }],
      });
      const group = await describeGroup(aws, name);
      return {
        sizes: [group.MinSize, group.DesiredCapacity, group.MaxSize],
        cooldown: group.DefaultCooldown,
        health: group.HealthCheckType,
        instances: group.Instances?.length ?? 0,
        tags: (group.Tags ?? []).map((one) => [
          one.ResourceId,
          one.ResourceType,
          one.Key,
          one.Value,
          one.PropagateAtLaunch,
        ]),
      };
    },
    answer: {
      sizes: [0, 0, 4],
      cooldown: 300,
      health: 'EC2',
      instances: 0,
      tags: [['web', 'auto-scaling-group', 'srv_cluster', 'web', true]],
    },
  },
  {
    name: 'A new group looks at the health of its instances from the first second',
    page: createAutoScalingGroup,
    ask: async (aws) => {
      await aws.createGroup(aws.name('web'));
      return (await describeGroup(aws, aws.name('web'))).HealthCheckGracePeriod;
    },
    answer: 0,
  },
  {
    name: 'A group whose name is taken is refused',
    page: createAutoScalingGroup,
    ask: async (aws) => {
      await aws.createGroup(aws.name('web'));
      return refusal(aws.createGroup(aws.name('web')));
    },
    answer: '400 AlreadyExistsFault',
  },
  {
    name: 'A group with a minimum above its maximum is refused',
    page: createAutoScalingGroup,
    ask: (aws) => refusal(aws.createGroup(aws.name('web'), { MinSize: 3, MaxSize: 2 })),
    answer: '400 ValidationError',
  },
  {
    name: 'A read by names leaves out the unknown ones',
    page: describeAutoScalingGroups,
    ask: async (aws) => {
      const [blue = ''] = await createThree(aws);
      return names(aws, { AutoScalingGroupNames: [blue, aws.name('unknown')] });
    },
    answer: ['blue'],
  },
  {
    name: 'A filter by tag finds groups of any of its values and tells case apart',
    page: filterPage,
    ask: finding((aws) => [{ Name: `tag:${aws.name('srv_cluster')}`, Values: ['web', 'Web'] }]),
    answer: ['blue', 'green'],
  },
  {
    name: 'A filter by tag key finds groups of any value',
    page: filterPage,
    ask: finding((aws) => [{ Name: 'tag-key', Values: [aws.name('srv_cluster')] }]),
    answer: ['blue', 'green', 'red'],
  },
  {
    name: 'A group must meet every filter',
    page: filterPage,
    ask: finding((aws) => [
      { Name: 'tag-key', Values: [aws.name('srv_cluster')] },
      { Name: 'tag:color', Values: ['green', 'red'] },
      { Name: 'tag-value', Values: ['web'] },
    ]),
    answer: ['green'],
  },
  {
    name: 'Pages show every group once, and the last one has no token',
    page: describeAutoScalingGroups,
    ask: async (aws) => {
      const input = { AutoScalingGroupNames: [...(await createThree(aws))], MaxRecords: 2 };
      const first = await aws.autoScaling.send(new DescribeAutoScalingGroupsCommand(input));
      const second = await aws.autoScaling.send(
        new DescribeAutoScalingGroupsCommand({ ...input, NextToken: first.NextToken }),
      );
      const shown = [first, second].map((page) => page.AutoScalingGroups ?? []);
      return {
        sizes: shown.map((page) => page.length),
        all: new Set(shown.flat().map((group) => group.AutoScalingGroupName)).size,
        more: second.NextToken !== undefined,
      };
    },
    answer: { sizes: [2, 1], all: 3, more: false },
  },
  {
    name: 'A page of more than 100 groups is refused',
    page: describeAutoScalingGroups,
    ask: (aws) => refusal(names(aws, { MaxRecords: 101 })),
    answer: '400 ValidationError',
  },
  {
    name: 'A token that is none is refused',
    page: describeAutoScalingGroups,
    ask: (aws) => refusal(names(aws, { NextToken: 'nonsense' })),
    answer: '400 InvalidNextToken',
  },
  {
    name: 'A tag of a group is written and overwritten by its key',
    page: createOrUpdateTags,
    ask: async (aws) => {
      const name = aws.name('web');
      await aws.createGroup(name);
      await write(aws, name, 'srv_port', '443');
      await write(aws, name, 'srv_ttl', '10');
      await write(aws, name, 'srv_port', '8443');
      return tags(aws, name);
    },
    answer: ['srv_port=8443', 'srv_ttl=10'],
  },
  {
    name: 'A tag of a group is deleted by its key',
    page: deleteTags,
    ask: async (aws) => {
      const name = aws.name('web');
      await aws.createGroup(name);
      await write(aws, name, 'srv_port', '443');
      await write(aws, name, 'srv_ttl', '10');
      await erase(aws, name, 'srv_port');
      return tags(aws, name);
    },
    answer: ['srv_ttl=10'],
  },
  {
    name: 'A tag of an unknown group is refused',
    page: createOrUpdateTags,
    ask: (aws) => refusal(write(aws, aws.name('unknown'), 'srv_port', '443')),
    answer: '400 ValidationError',
  },
  {
    name: 'A tag of a group whose key begins with aws: is refused',
    page: 'https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html',
    ask: async (aws) => {
      await aws.createGroup(aws.name('web'));
      return refusal(write(aws, aws.name('web'), 'aws:own', '1'));
    },
    answer: '400 ValidationError',
  },
  {
    name: 'Desired capacity is set within the bounds',
    page: setDesiredCapacity,
    ask: resizing((aws, name) => setCapacity(aws, name, 3)),
    answer: ['accepted', [1, 3, 3]],
  },
  {
    name: 'A desired capacity beyond the maximum is refused',
    page: setDesiredCapacity,
    ask: resizing((aws, name) => setCapacity(aws, name, 4)),
    answer: ['400 ValidationError', [1, 2, 3]],
  },
  {
    name: 'A desired capacity below the minimum is refused',
    page: setDesiredCapacity,
    ask: resizing((aws, name) => setCapacity(aws, name, 0)),
    answer: ['400 ValidationError', [1, 2, 3]],
  },
  {
    name: 'A new maximum below desired capacity lowers that',
    page: updateAutoScalingGroup,
    ask: resizing((aws, name) =>
      aws.autoScaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: name, MaxSize: 1 })),
    ),
    answer: ['accepted', [1, 1, 1]],
  },
  {
    name: 'A new minimum above desired capacity raises that',
    page: updateAutoScalingGroup,
    ask: resizing((aws, name) =>
      aws.autoScaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: name, MinSize: 3 })),
    ),
    answer: ['accepted', [3, 3, 3]],
  },
  {
    name: 'The desired capacity of an unknown group is refused',
    page: setDesiredCapacity,
    ask: (aws) => refusal(setCapacity(aws, aws.name('unknown'), 1)),
    answer: '400 ValidationError',
  },
  {
    name: 'A group with instances is not deleted, unless by force',
    page: deleteAutoScalingGroup,
    ask: async (aws) => {
      const name = aws.name('web');
      await aws.createGroup(name, { DesiredCapacity: 1 });
      await aws.settle();
      const remove = (force: boolean) =>
        aws.autoScaling.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: name, ForceDelete: force }));
      const outcomes = [await refusal(remove(false)), await refusal(remove(true))];
      await aws.settle();
      return [...outcomes, (await names(aws, { AutoScalingGroupNames: [name] })).length];
    },
    answer: ['400 ResourceInUseFault', 'accepted', 0],
  },
  {
    name: 'An unknown group is not deleted',
    page: deleteAutoScalingGroup,
    ask: (aws) =>
      refusalText(
        aws.autoScaling.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: aws.name('unknown') })),
      ),
    answer: "400 ValidationError: AutoScalingGroup name not found - AutoScalingGroup 'unknown' not found",
  },
];
