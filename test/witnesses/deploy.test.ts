import { spawnSync } from 'node:child_process';
import {
  CreateAutoScalingGroupCommand,
  CreateOrUpdateTagsCommand,
  DescribeAutoScalingGroupsCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateCommand,
  CreateTagsCommand,
  DescribeLaunchTemplatesCommand,
  DescribeSubnetsCommand,
} from '@aws-sdk/client-ec2';
import { CreateHostedZoneCommand } from '@aws-sdk/client-route-53';
import { STSClient } from '@aws-sdk/client-sts';
import { beforeAll, expect, test } from 'vitest';
import { type Site, until } from '../account/account.ts';
import { refuseGroupsOfNoZone, refuseOtherAccount } from '../account/awsAccount.ts';
import { cdk } from '../account/cdk.ts';
import { setCapacity } from '../account/operator.ts';
import { sight } from '../account/sighting.ts';
import { performThrowAwayRun } from '../account/throwAwayRun.ts';
import { bareZoneId } from '../account/throwAwaySite.ts';
import { type AwsCli, awsCli } from './awsCli.ts';
import { inventory } from './inventory.ts';
import { nodeVersions } from './nodeVersions.ts';
import { type StandInAccount, standInAccountId, standInRegion, startStandInAccount } from './standInAccount.ts';

/**
 * What the emulators cannot do, and so what these tests do not show:
 *
 * - Neither has wait states: a hook holds no instance, and completing one does nothing. Launches that wait and drains are shown on `sim/` only.
 * - Neither sends the events of EC2, Auto Scaling and tags: the tests put them on MiniStack's bus.
 * - MiniStack's Auto Scaling launches no instances, so groups and instances are moto's, and MiniStack keeps the stack's hooks for groups that it
 *   does not have.
 * - MiniStack does not evaluate IAM policies: `sim/` does, and parliament reads them.
 */
const groups = ['web-blue', 'web-green', 'api'];
const zoneName = 'svc.example.internal';

/** For one pass, after the event source's window of one second. */
const passSecondsMax = 30;
/** MiniStack looks every few seconds whether a schedule is due. */
const sweepSecondsMax = 75;

let account: StandInAccount;
let aws: AwsCli;

beforeAll(async () => {
  account = await startStandInAccount();
  aws = awsCli(account.miniStack.endpoint);
  return () => account.stop();
});

beforeAll(async () => {
  await createGroups();
  await cdk(['bootstrap', `aws://${standInAccountId}/${standInRegion}`], account.environment);
});

test('cdk deploys the real stack, its parts work together on MiniStack, and cdk destroy leaves none of them', async () => {
  const zoneId = await createZone();
  const site = {
    zoneId,
    zoneName,
    cluster: 'web',
    blue: 'web-blue',
    green: 'web-green',
    ttlSeconds: 10,
    drainSeconds: 60,
  };
  const context = ['AsgSrv', '-c', `hostedZoneId=${zoneId}`];
  const before = await inventory(aws, groups);

  await cdk(['deploy', ...context, '--require-approval', 'never'], account.environment);
  expect(await groupTags()).toEqual({
    'web-blue': expect.arrayContaining(['srv_cluster=web', 'srv_port=443', 'srv_weight=65535']),
    'web-green': expect.arrayContaining(['srv_cluster=web']),
    api: expect.arrayContaining(['srv_cluster=api', 'srv_port=8443', 'srv_ttl=5']),
  });
  const { hooks } = await inventory(aws, groups);
  expect(hooks).toEqual(groups.map(() => expect.toSatisfy((names) => names.length === 2)));

  const [sweep] = await names('Rules[?ScheduleExpression].Name', 'events', 'list-rules');
  await expectEventReachesRecord(site, sweep ?? '');
  await expectSweepReachesRecord(site, sweep ?? '');
  const [deadLetters] = await names('QueueUrls[?contains(@, `DeadLetter`)]', 'sqs', 'list-queues');
  expect(await messages(deadLetters ?? '')).toBe(0);
  expect(account.miniStack.output()).toContain('Changed cluster \\"web\\"');
  expect(account.miniStack.output()).not.toContain('"level":"ERROR"');

  await cdk(['destroy', ...context, '--force'], account.environment);
  expect(await inventory(aws, groups)).toEqual(before);
  expect(await groupTags()).toEqual({ 'web-blue': [], 'web-green': [], api: [] });
});

test('what "npm run test:aws" does in an account holds on MiniStack and moto, and nothing of it is left', async () => {
  const before = await inventory(aws, groups);
  const groupsBefore = await groupTags();
  const templatesBefore = await launchTemplates();
  const said: string[] = [];
  const run = { name: 'asg-srv-test-1', region: standInRegion, environment: account.environment };
  const held = await performThrowAwayRun(account, run, (line) => said.push(line));
  expect({ held, said }).toMatchObject({ held: true });
  expect(said.filter((line) => /^ *\d/u.test(line))).toHaveLength(9);
  expect(await inventory(aws, groups)).toEqual(before);
  expect(await groupTags()).toEqual(groupsBefore);
  expect(await launchTemplates()).toEqual(templatesBefore);
});

test('a run that is cut off removes what it made', async () => {
  const before = await inventory(aws, groups);
  const said: string[] = [];
  const run = { name: 'asg-srv-test-2', region: standInRegion, environment: account.environment };
  const interruption = new AbortController();
  const held = await performThrowAwayRun(
    account,
    run,
    (line) => {
      said.push(line);
      if (line.includes('are launched')) {
        interruption.abort(new Error('interrupted by a test'));
      }
    },
    interruption.signal,
  );
  expect({ held, said }).toMatchObject({ held: false });
  expect(said).toContain('failed: Error: interrupted by a test');
  expect(said.at(-1)).toBe('asg-srv-test-2: not all held, all is removed');
  expect(await inventory(aws, groups)).toEqual(before);
});

test('a run that fails half way removes what it made, and the program itself cleans up after one that was killed', async () => {
  const before = await inventory(aws, groups);
  const templatesBefore = await launchTemplates();
  const name = 'asg-srv-test-3';
  const taken = new CreateLaunchTemplateCommand({
    LaunchTemplateName: name,
    LaunchTemplateData: { InstanceType: 't4g.nano' },
  });
  await account.clients.ec2.send(taken);
  const said: string[] = [];
  const run = { name, region: standInRegion, environment: account.environment };
  const held = await performThrowAwayRun(account, run, (line) => said.push(line));
  expect({ held, said }).toMatchObject({ held: false });
  expect(said.join()).toContain('failed: InvalidLaunchTemplateName.AlreadyExistsException');
  expect(await launchTemplates()).toEqual(templatesBefore);

  await account.clients.ec2.send(taken);
  await account.clients.route53.send(new CreateHostedZoneCommand({ Name: `${name}.internal`, CallerReference: name }));
  const program = ['test/account/main.ts', '--region', standInRegion, '--clean-up', name, '--account'];
  const environment = {
    ...account.environment,
    AWS_ENDPOINT_URL_AUTO_SCALING: account.moto.endpoint,
    AWS_ENDPOINT_URL_EC2: account.moto.endpoint,
  };
  const call = (accountId: string) =>
    spawnSync(process.execPath, [...program, accountId], { env: environment, encoding: 'utf8' });
  expect(call('111122223333')).toMatchObject({ status: 1, stderr: expect.stringContaining('Cannot test in account') });
  expect(await launchTemplates()).toContain(name);
  expect(call(standInAccountId)).toMatchObject({ status: 0, stdout: `${name}: all is removed\n` });
  expect(await launchTemplates()).toEqual(templatesBefore);
  expect(await inventory(aws, groups)).toEqual(before);
});

test('an account is refused that is not the one named, or that has groups of no zone', async () => {
  const sts = new STSClient({
    region: standInRegion,
    endpoint: account.miniStack.endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await expect(refuseOtherAccount(sts, '111122223333')).rejects.toThrow(
    `Cannot test in account "111122223333": the credentials must be that account's: found "${standInAccountId}"`,
  );
  await refuseOtherAccount(sts, standInAccountId);

  await refuseGroupsOfNoZone(account);
  const tag = {
    ResourceId: 'api',
    ResourceType: 'auto-scaling-group',
    Key: 'srv_cluster',
    Value: 'api',
    PropagateAtLaunch: false,
  };
  await account.clients.autoScaling.send(new CreateOrUpdateTagsCommand({ Tags: [tag] }));
  await expect(refuseGroupsOfNoZone(account)).rejects.toThrow('must have the tag "srv_zone": found none on "api"');
});

/** With the sweep off, nothing but the event can wake the function. */
async function expectEventReachesRecord(site: Site, sweep: string): Promise<void> {
  await aws.json('events', 'disable-rule', '--name', sweep);
  await quiet();
  await setCapacity(account, site.blue, 2);
  const { weights, blue } = await until(account, 'both hosts in the record', passSecondsMax, async () => {
    const seen = await sight(account, site);
    return seen.weights.size === 2 ? seen : undefined;
  });
  expect([...weights]).toEqual([...blue.keys()].sort().map((id) => [id, 65_535]));
  expect(nodeVersions(account.miniStack)).toEqual(['v24']);
}

/** With no event, nothing but the sweep can wake the function. */
async function expectSweepReachesRecord(site: Site, sweep: string): Promise<void> {
  await quiet();
  const [host = ''] = (await sight(account, site)).blue.keys();
  await account.clients.ec2.send(
    new CreateTagsCommand({ Resources: [host], Tags: [{ Key: 'srv_weight', Value: '256' }] }),
  );
  await aws.json('events', 'enable-rule', '--name', sweep);
  await until(account, 'the new weight in the record', sweepSecondsMax, async () =>
    (await sight(account, site)).weights.get(host) === 256 ? true : undefined,
  );
}

/** Waits until no message is on its way to the function: not one that its last pass sent itself, either. */
async function quiet(): Promise<void> {
  const [queue = ''] = await names('QueueUrls[?!contains(@, `DeadLetter`)]', 'sqs', 'list-queues');
  await until(account, 'an empty queue', passSecondsMax, async () =>
    (await messages(queue)) === 0 ? true : undefined,
  );
}

/** Messages in a queue: those that can be received, those that are being worked on, and those that are delayed. */
async function messages(queueUrl: string): Promise<number> {
  const counts = await names(
    'values(Attributes)',
    'sqs',
    'get-queue-attributes',
    '--queue-url',
    queueUrl,
    '--attribute-names',
    'ApproximateNumberOfMessages',
    'ApproximateNumberOfMessagesNotVisible',
    'ApproximateNumberOfMessagesDelayed',
  );
  expect(counts).toHaveLength(3);
  return counts.reduce((sum, count) => sum + Number(count), 0);
}

async function names(query: string, ...words: readonly string[]): Promise<readonly string[]> {
  const answer = await aws.json(...words, '--query', query);
  return Array.isArray(answer) ? answer.map(String) : [];
}

async function groupTags(): Promise<Readonly<Record<string, readonly string[]>>> {
  const { AutoScalingGroups = [] } = await account.clients.autoScaling.send(new DescribeAutoScalingGroupsCommand({}));
  return Object.fromEntries(
    AutoScalingGroups.map(({ AutoScalingGroupName = '', Tags = [] }) => [
      AutoScalingGroupName,
      Tags.map(({ Key, Value }) => `${Key}=${Value}`),
    ]),
  );
}

async function launchTemplates(): Promise<readonly string[]> {
  const { LaunchTemplates = [] } = await account.clients.ec2.send(new DescribeLaunchTemplatesCommand({}));
  return LaunchTemplates.map(({ LaunchTemplateName = '' }) => LaunchTemplateName);
}

async function createZone(): Promise<string> {
  const { HostedZone } = await account.clients.route53.send(
    new CreateHostedZoneCommand({ Name: zoneName, CallerReference: zoneName }),
  );
  return bareZoneId(HostedZone);
}

async function createGroups(): Promise<void> {
  const { autoScaling, ec2 } = account.clients;
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: 'web',
      LaunchTemplateData: { ImageId: 'ami-12c6146b', InstanceType: 't4g.nano' },
    }),
  );
  for (const name of groups) {
    await autoScaling.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: name,
        MinSize: 0,
        MaxSize: 6,
        LaunchTemplate: { LaunchTemplateName: 'web' },
        VPCZoneIdentifier: Subnets[0]?.SubnetId,
      }),
    );
  }
}
