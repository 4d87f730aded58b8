import { type Operations, operation } from './operation.ts';
import type { RequestReader } from './requestReader.ts';

/** The operations of EC2 that the sync and its scenarios use. */
export const ec2Operations: Operations = new Map([
  [
    'DescribeInstances',
    operation(
      (request) => ({
        InstanceIds: request.texts('InstanceId'),
        Filters: request.list('Filter', filter),
        MaxResults: request.integer('MaxResults'),
        NextToken: request.text('NextToken'),
        DryRun: request.boolean('DryRun'),
      }),
      (world, input) => world.ec2.describeInstances(input),
    ),
  ],
  [
    'CreateTags',
    operation(taggedResources, (world, input) => {
      world.ec2.createTags(input);
      return done;
    }),
  ],
  [
    'DeleteTags',
    operation(taggedResources, (world, input) => {
      world.ec2.deleteTags(input);
      return done;
    }),
  ],
  [
    'TerminateInstances',
    operation(
      (request) => ({ InstanceIds: request.texts('InstanceId'), DryRun: request.boolean('DryRun') }),
      (world, input) => world.ec2.terminateInstances(input),
    ),
  ],
]);

/** What EC2 answers where there is nothing to say. */
const done = { Return: true };

function filter(request: RequestReader) {
  return { Name: request.text('Name'), Values: request.texts('Value') };
}

function taggedResources(request: RequestReader) {
  return {
    Resources: request.texts('ResourceId'),
    Tags: request.list('Tag', (tag) => ({ Key: tag.text('Key'), Value: tag.text('Value') })),
    DryRun: request.boolean('DryRun'),
  };
}
