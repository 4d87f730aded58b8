import { expect, test } from 'vitest';
import type { Message } from '../lambda/batch.ts';
import type { PortCallName } from '../sim/ports/gate.ts';
import { createSimPorts } from '../sim/ports.ts';
import { plannerAndEnactor } from '../sim/rivals/plannerAndEnactor.ts';
import { tagAndUpsertHandler } from '../sim/rivals/tagAndUpsertHandler.ts';
import type { HandleBatch } from '../sim/scenario/handleBatch.ts';
import { ourHooks } from '../sim/scenario/ourHooks.ts';
import { World } from '../sim/world.ts';
import { publishedEvents } from './publishedEvents.ts';

const zone = 'svc.example.internal';
const groups = ['web-blue', 'web-green'];

/** Awaited before each call of a port. */
type Step = (name: PortCallName) => Promise<void>;

/** Two groups of one cluster, under a rival that gets every lifecycle event and a sweep a minute. */
interface Stage {
  readonly world: World;
  readonly minutes: (count: number) => Promise<void>;
  /** A run for a sweep of its own, held back before the calls that the caller awaits something for. */
  readonly run: (step: Step) => Promise<void>;
  readonly setSize: (group: string, size: number) => void;
  readonly inService: () => Readonly<Record<string, number>>;
  readonly recorded: () => Readonly<Record<string, number>>;
  readonly states: () => readonly string[];
}

function stage(handleBatch: HandleBatch): Stage {
  const world = new World();
  const hostedZoneId = world.route53.addHostedZone(zone);
  const { QueueUrl: queueUrl = '' } = world.sqs.createQueue({ QueueName: 'queue' });
  const props = { hostedZoneId, zone, owner: 'me', queueUrl };
  const events: Message[] = [];
  world.eventBridge.putRule({
    name: 'lifecycle',
    pattern: { 'detail-type': ['EC2 Instance-launch Lifecycle Action', 'EC2 Instance-terminate Lifecycle Action'] },
    targets: [(event) => void events.push({ id: event.id, body: JSON.stringify(event) })],
  });
  for (const AutoScalingGroupName of groups) {
    world.autoScaling.createAutoScalingGroup({
      AutoScalingGroupName,
      MinSize: 0,
      MaxSize: 9,
      DesiredCapacity: 2,
      Tags: [{ Key: 'srv_cluster', Value: 'web', PropagateAtLaunch: false }],
      LifecycleHookSpecificationList: ourHooks(7200),
    });
  }
  const sweep = { id: 'sweep', body: JSON.stringify(publishedEvents.schedule.event) };
  const handle = async (messages: readonly Message[], step: Step = async () => {}): Promise<void> => {
    const { failed, errors } = await handleBatch(messages, createSimPorts(world, props, { step }), world);
    expect({ failed, errors }).toEqual({ failed: [], errors: [] });
  };
  const members = () =>
    world.autoScaling.describeAutoScalingGroups({}).AutoScalingGroups.flatMap(({ Instances }) => Instances);
  return {
    world,
    minutes: async (count) => {
      for (let minute = 0; minute < count; minute += 1) {
        await world.advance(60);
        await handle([...events.splice(0), sweep]);
      }
    },
    run: (step) => handle([sweep], step),
    setSize: (AutoScalingGroupName, DesiredCapacity) =>
      world.autoScaling.setDesiredCapacity({ AutoScalingGroupName, DesiredCapacity }),
    inService: () => {
      const serving = members().filter(({ LifecycleState }) => LifecycleState === 'InService');
      return Object.fromEntries(serving.map(({ InstanceId = '' }) => [InstanceId, 65_535]));
    },
    recorded: () => {
      const targets = world.route53.records(hostedZoneId).filter(({ Type }) => Type === 'SRV');
      return Object.fromEntries(
        targets
          .flatMap(({ ResourceRecords = [] }) => ResourceRecords)
          .map(({ Value = '' }) => Value.split(' '))
          .map(([, weight, , host = '']) => [host.split('.')[0], Number(weight)]),
      );
    },
    states: () => members().map(({ LifecycleState }) => LifecycleState),
  };
}

test.for([
  ['tagAndUpsertHandler', tagAndUpsertHandler],
  ['plannerAndEnactor', plannerAndEnactor],
] as const)(
  '%s, which nothing disturbs, keeps the record right while groups grow, shrink and end',
  async ([, handleBatch]) => {
    const { minutes, setSize, inService, recorded, states, world } = stage(handleBatch);
    await minutes(4);
    expect(states()).toEqual(['InService', 'InService', 'InService', 'InService']);
    expect(recorded()).toEqual(inService());
    setSize('web-green', 1);
    setSize('web-blue', 4);
    await minutes(8);
    expect(states()).toEqual(['InService', 'InService', 'InService', 'InService', 'InService']);
    expect(recorded()).toEqual(inService());
    const written = world.route53.writes.length;
    await minutes(2);
    expect(world.route53.writes.length).toBe(written);
    setSize('web-green', 0);
    setSize('web-blue', 0);
    await minutes(8);
    expect(states()).toEqual([]);
    expect(recorded()).toEqual({});
  },
);

test('plannerAndEnactor drains: a host leaves the record only after its time at weight 0', async () => {
  const { minutes, setSize, inService, recorded } = stage(plannerAndEnactor);
  await minutes(4);
  setSize('web-green', 1);
  await minutes(1);
  expect(Object.values(recorded()).filter((weight) => weight === 0)).toHaveLength(1);
  await minutes(6);
  expect(recorded()).toEqual(inService());
});

test('plannerAndEnactor, whose runs overlap, loses every record: an old plan is written late, and cleaned up as old', async () => {
  const { minutes, run, setSize, inService, recorded, world } = stage(plannerAndEnactor);
  // The first pause of a run lies between its check and its write, the second between its write and its clean-up.
  const heldAt = (pause: number, until: Promise<unknown>) => {
    const reached = Promise.withResolvers<undefined>();
    let pauses = 0;
    const step: Step = async (name) => {
      pauses += name === 'pause' ? 1 : 0;
      if (name === 'pause' && pauses === pause) {
        reached.resolve(undefined);
        await until;
      }
    };
    return { reached: reached.promise, step };
  };
  await minutes(4);
  setSize('web-blue', 3);
  await world.advance(30);
  const newerIsWritten = Promise.withResolvers<undefined>();
  const olderIsWritten = Promise.withResolvers<undefined>();
  const older = heldAt(1, newerIsWritten.promise);
  const olderRun = run(older.step).finally(() => olderIsWritten.resolve(undefined));
  await older.reached;
  setSize('web-green', 3);
  await minutes(4);
  setSize('web-blue', 4);
  await world.advance(30);
  const newer = heldAt(2, olderIsWritten.promise);
  const newerRun = run(newer.step);
  await newer.reached;
  newerIsWritten.resolve(undefined);
  await Promise.all([olderRun, newerRun]);
  expect(recorded()).toEqual({});
  expect(Object.keys(inService()).length).toBeGreaterThan(0);
});
