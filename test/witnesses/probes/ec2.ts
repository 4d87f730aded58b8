import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstancesCommand,
  type DescribeInstancesCommandInput,
  type Filter,
  type Instance,
  type Tag,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { Account } from './account.ts';
import { type Answer, type Probe, refusal, refusalText } from './probe.ts';

const api = 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference';
const createTags = `${api}/API_CreateTags.html`;
const deleteTags = `${api}/API_DeleteTags.html`;
const describeInstances = `${api}/API_DescribeInstances.html`;
const terminateInstances = `${api}/API_TerminateInstances.html`;
const errorCodes = `${api}/errors-overview.html`;
const tagRestrictions = 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions';
const filtering = 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html';

const unknownId = 'i-0123456789abcdef0';
const notFound = `400 InvalidInstanceID.NotFound: The instance ID '${unknownId}' does not exist`;
const otherUnknownId = 'i-0123456789abcdef1';

async function instances(aws: Account, input: DescribeInstancesCommandInput): Promise<readonly Instance[]> {
  const found = await aws.ec2.send(new DescribeInstancesCommand(input));
  return (found.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []);
}

/** Each instance's tags, as `key=value` in order of their keys. */
async function tags(aws: Account, ids: readonly string[]): Promise<Answer> {
  const found = await instances(aws, { InstanceIds: [...ids] });
  return ids.map((id) =>
    (found.find((instance) => instance.InstanceId === id)?.Tags ?? [])
      .map((tag) => `${tag.Key}=${tag.Value}`)
      .toSorted(),
  );
}

const write = (aws: Account, ids: readonly string[], ...written: Tag[]) =>
  aws.ec2.send(new CreateTagsCommand({ Resources: [...ids], Tags: written }));

const erase = (aws: Account, ids: readonly string[], ...erased: Tag[]) =>
  aws.ec2.send(new DeleteTagsCommand({ Resources: [...ids], Tags: erased }));

const terminate = (aws: Account, ids: readonly string[]) =>
  aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [...ids] }));

/** Terminates an instance. @returns the states before and after, as EC2 tells them */
async function stateChange(aws: Account, ids: readonly string[]): Promise<Answer> {
  const [change] = (await terminate(aws, ids)).TerminatingInstances ?? [];
  return [change?.PreviousState?.Name, change?.CurrentState?.Name];
}

/** An instance's state, and whether it has an address. */
async function look(aws: Account, ids: readonly string[]): Promise<Answer> {
  const [instance] = await instances(aws, { InstanceIds: [...ids] });
  return [instance?.State?.Name, instance?.PrivateIpAddress === undefined ? 'no address' : 'an address'];
}

/** What is left of two tags once some are deleted. */
function erasing(...erased: Tag[]): (aws: Account) => Promise<Answer> {
  return async (aws) => {
    const ids = await aws.launch(1);
    await write(aws, ids, { Key: 'srv_weight', Value: '1' }, { Key: 'ip_address', Value: '10.0.0.1' });
    return [await refusal(erase(aws, ids, ...erased)), await tags(aws, ids)];
  };
}

/**
 * Which of four instances a filter finds, by their place. The first two have the tag `color`, red and blue; the third has `Color`, red; the
 * fourth is terminated and has none.
 */
function finding(filters: (aws: Account, ids: readonly string[]) => readonly Filter[]): Probe['ask'] {
  return async (aws) => {
    const ids = await aws.launch(4);
    const [first = '', second = '', third = '', fourth = ''] = ids;
    await write(aws, [first], { Key: aws.name('color'), Value: 'red' });
    await write(aws, [second], { Key: aws.name('color'), Value: 'blue' });
    await write(aws, [third], { Key: aws.name('Color'), Value: 'red' });
    await terminate(aws, [fourth]);
    await aws.settle();
    const found = (await instances(aws, { Filters: [...filters(aws, ids)] })).map(({ InstanceId }) => InstanceId ?? '');
    const own = ids.filter((id) => found.includes(id)).map((id) => ids.indexOf(id) + 1);
    return found.length > own.length ? [...own, 'others'] : own;
  };
}

const refusedRead = (input: DescribeInstancesCommandInput): Probe['ask'] => {
  return (aws) => refusal(aws.ec2.send(new DescribeInstancesCommand(input)));
};

/** Instances as a pass reads them, and the tags that carry intent. */
export const ec2: readonly Probe[] = [
  {
    name: 'A tag is written to every instance named, and overwrites one of its key',
    page: createTags,
    ask: async (aws) => {
      const [first = '', second = '', third = ''] = await aws.launch(3);
      await write(aws, [first], { Key: 'srv_weight', Value: '1' }, { Key: 'ip_address', Value: '10.0.0.1' });
      await write(aws, [first, second], { Key: 'srv_weight', Value: '50%' });
      return tags(aws, [first, second, third]);
    },
    answer: [['ip_address=10.0.0.1', 'srv_weight=50%'], ['srv_weight=50%'], []],
  },
  {
    name: 'A tag is deleted by its key, whatever its value',
    page: deleteTags,
    ask: erasing({ Key: 'srv_weight' }),
    answer: ['accepted', [['ip_address=10.0.0.1']]],
  },
  {
    name: 'A tag is deleted by its key and value',
    page: deleteTags,
    ask: erasing({ Key: 'srv_weight', Value: '1' }),
    answer: ['accepted', [['ip_address=10.0.0.1']]],
  },
  {
    name: 'A tag is not deleted by its key and another value',
    page: deleteTags,
    ask: erasing({ Key: 'srv_weight', Value: '2' }),
    answer: ['accepted', [['ip_address=10.0.0.1', 'srv_weight=1']]],
  },
  {
    name: 'A tag that is not there may be deleted',
    page: deleteTags,
    ask: erasing({ Key: 'other' }),
    answer: ['accepted', [['ip_address=10.0.0.1', 'srv_weight=1']]],
  },
  {
    name: 'Deleting tags without naming any deletes all',
    page: deleteTags,
    ask: erasing(),
    answer: ['accepted', [[]]],
  },
  {
    name: 'A tag whose key begins with aws: is refused',
    page: tagRestrictions,
    ask: async (aws) => {
      const ids = await aws.launch(1);
      return [await refusal(write(aws, ids, { Key: 'aws:own', Value: '1' })), await tags(aws, ids)];
    },
    answer: ['400 InvalidParameterValue', [[]]],
  },
  ...[
    { what: 'A tag key of 129 characters', tag: { Key: 'k'.repeat(129), Value: '1' } },
    { what: 'A tag value of 257 characters', tag: { Key: 'k', Value: 'v'.repeat(257) } },
  ].map(({ what, tag }) => ({
    name: `${what} is refused`,
    page: tagRestrictions,
    ask: async (aws: Account) => refusal(write(aws, await aws.launch(1), tag)),
    answer: '400 InvalidParameterValue',
  })),
  {
    name: 'An instance has at most 50 tags',
    page: tagRestrictions,
    ask: async (aws) => {
      const ids = await aws.launch(1);
      const many = Array.from({ length: 50 }, (_, index) => ({ Key: `key-${index}`, Value: '1' }));
      return [
        await refusal(write(aws, ids, ...many)),
        await refusalText(write(aws, ids, { Key: 'one-more', Value: '1' })),
        await refusal(write(aws, ids, { Key: 'key-1', Value: '2' })),
      ];
    },
    answer: [
      'accepted',
      '400 TagLimitExceeded: The maximum number of Tags for a resource has been reached.',
      'accepted',
    ],
  },
  {
    name: 'An unknown id among those to be tagged is refused, and none is tagged',
    page: errorCodes,
    ask: async (aws) => {
      const ids = await aws.launch(1);
      return [await refusal(write(aws, [...ids, unknownId], { Key: 'srv_weight', Value: '1' })), await tags(aws, ids)];
    },
    answer: ['400 InvalidInstanceID.NotFound', [[]]],
  },
  {
    name: 'A filter by tag finds any of its values',
    page: describeInstances,
    ask: finding((aws) => [{ Name: `tag:${aws.name('color')}`, Values: ['red', 'blue', 'green'] }]),
    answer: [1, 2],
  },
  {
    name: 'Filters by tag tell case apart, in keys and in values',
    page: filtering,
    ask: finding((aws) => [{ Name: `tag:${aws.name('Color')}`, Values: ['red', 'BLUE'] }]),
    answer: [3],
  },
  {
    name: 'A filter by tag key finds any value',
    page: describeInstances,
    ask: finding((aws) => [{ Name: 'tag-key', Values: [aws.name('color')] }]),
    answer: [1, 2],
  },
  {
    name: 'An instance must meet every filter',
    page: describeInstances,
    ask: finding((aws) => [
      { Name: 'tag-key', Values: [aws.name('color')] },
      { Name: `tag:${aws.name('color')}`, Values: ['blue'] },
      { Name: 'instance-state-name', Values: ['pending', 'running'] },
    ]),
    answer: [2],
  },
  {
    name: 'A filter value may hold wildcards',
    page: filtering,
    ask: finding((aws) => [{ Name: `tag:${aws.name('color')}`, Values: ['r*'] }]),
    answer: [1],
  },
  {
    name: 'A filter by state finds a terminated instance',
    page: describeInstances,
    ask: finding((_, ids) => [
      { Name: 'instance-id', Values: [...ids] },
      { Name: 'instance-state-name', Values: ['terminated'] },
    ]),
    answer: [4],
  },
  {
    name: 'A filter by instance id leaves out an id that EC2 does not know',
    page: describeInstances,
    ask: finding((_, ids) => [{ Name: 'instance-id', Values: [...ids.slice(0, 2), unknownId] }]),
    answer: [1, 2],
  },
  {
    name: 'An unknown filter is refused',
    page: errorCodes,
    ask: refusedRead({ Filters: [{ Name: 'shoe-size', Values: ['44'] }] }),
    answer: '400 InvalidParameterValue',
  },
  {
    name: 'A filter of more than 200 values is refused',
    page: errorCodes,
    ask: refusedRead({
      Filters: [{ Name: 'instance-id', Values: Array.from({ length: 201 }, (_, index) => `i-${index}`) }],
    }),
    answer: '400 FilterLimitExceeded',
  },
  {
    name: 'One unknown id fails a whole read by ids',
    page: errorCodes,
    ask: async (aws) => {
      const ids = [...(await aws.launch(1)), unknownId];
      return refusalText(aws.ec2.send(new DescribeInstancesCommand({ InstanceIds: ids })));
    },
    answer: notFound,
  },
  {
    name: 'Every unknown id of a read by ids is named',
    page: errorCodes,
    ask: async (aws) => {
      const ids = [unknownId, otherUnknownId];
      const text = await refusalText(aws.ec2.send(new DescribeInstancesCommand({ InstanceIds: ids })));
      return [text.split(':')[0], ids.filter((id) => text.includes(id)).length];
    },
    answer: ['400 InvalidInstanceID.NotFound', 2],
  },
  {
    name: 'An id that is none is refused',
    page: errorCodes,
    ask: (aws) => refusalText(aws.ec2.send(new DescribeInstancesCommand({ InstanceIds: ['i-nonsense'] }))),
    answer: '400 InvalidInstanceID.Malformed: Invalid id: "i-nonsense"',
  },
  {
    name: 'An empty list of ids means every instance',
    page: describeInstances,
    ask: async (aws) => {
      const ids = await aws.launch(2);
      const all = new Set((await instances(aws, { InstanceIds: [] })).map((instance) => instance.InstanceId));
      return ids.every((id) => all.has(id));
    },
    answer: true,
  },
  {
    name: 'A page size together with ids is refused',
    page: describeInstances,
    ask: async (aws) =>
      refusalText(
        aws.ec2.send(new DescribeInstancesCommand({ InstanceIds: [...(await aws.launch(1))], MaxResults: 5 })),
      ),
    answer: '400 InvalidParameterCombination: The parameter instancesSet cannot be used with the parameter maxResults',
  },
  {
    name: 'A page of fewer than five results is refused',
    page: 'https://github.com/aws/aws-sdk-ruby/pull/2575',
    ask: (aws) => refusalText(aws.ec2.send(new DescribeInstancesCommand({ MaxResults: 1 }))),
    answer:
      '400 InvalidParameterValue: Value ( 1 ) for parameter maxResults is invalid. Expecting a value greater than 5.',
  },
  {
    name: 'Pages show every instance once, and the last one has no token',
    page: describeInstances,
    ask: async (aws) => {
      const ids = await aws.launch(7);
      await write(aws, ids, { Key: aws.name('paged'), Value: '1' });
      const filter = { Filters: [{ Name: 'tag-key', Values: [aws.name('paged')] }], MaxResults: 5 };
      const first = await aws.ec2.send(new DescribeInstancesCommand(filter));
      const second = await aws.ec2.send(new DescribeInstancesCommand({ ...filter, NextToken: first.NextToken }));
      const [one = [], two = []] = [first, second].map((page) =>
        (page.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []),
      );
      const shown = new Set([...one, ...two].map((instance) => instance.InstanceId));
      return { sizes: [one.length, two.length], all: shown.size, more: second.NextToken !== undefined };
    },
    answer: { sizes: [5, 2], all: 7, more: false },
  },
  {
    name: 'A running instance has an address',
    page: 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html',
    ask: async (aws) => look(aws, await aws.launch(1)),
    answer: ['running', 'an address'],
  },
  {
    name: 'A terminated instance is still shown, with its tags',
    page: terminateInstances,
    ask: async (aws) => {
      const ids = await aws.launch(1);
      await write(aws, ids, { Key: 'srv_weight', Value: '1' });
      await terminate(aws, ids);
      await aws.settle();
      const [instance] = await instances(aws, { InstanceIds: [...ids] });
      return [instance?.State?.Name, await tags(aws, ids)];
    },
    answer: ['terminated', [['srv_weight=1']]],
  },
  {
    name: 'A terminated instance has no address',
    page: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/terminating-instances.html',
    ask: async (aws) => {
      const ids = await aws.launch(1);
      await terminate(aws, ids);
      await aws.settle();
      return look(aws, ids);
    },
    answer: ['terminated', 'no address'],
  },
  {
    name: 'Terminating tells the state before and after',
    page: terminateInstances,
    ask: async (aws) => stateChange(aws, await aws.launch(1)),
    answer: ['running', 'shutting-down'],
  },
  {
    name: 'A terminated instance may be terminated again',
    page: terminateInstances,
    ask: async (aws) => {
      const ids = await aws.launch(1);
      await terminate(aws, ids);
      await aws.settle();
      return stateChange(aws, ids);
    },
    answer: ['terminated', 'terminated'],
  },
  {
    name: 'Terminating an unknown instance is refused',
    page: errorCodes,
    ask: (aws) => refusalText(terminate(aws, [unknownId])),
    answer: notFound,
  },
];
