import type { CreateAutoScalingGroupCommandInput, LifecycleHookSpecification } from '@aws-sdk/client-auto-scaling';
import { describe, expect, test } from 'vitest';
import { healthCheckSeconds } from '../../sim/autoScaling/delays.ts';
import type { EventBridgeEvent } from '../../sim/eventBridge.ts';
import { World } from '../../sim/world.ts';

const launchHook: LifecycleHookSpecification = {
  LifecycleHookName: 'srv-register',
  LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
  DefaultResult: 'CONTINUE',
  HeartbeatTimeout: 300,
};
const terminateHook: LifecycleHookSpecification = {
  LifecycleHookName: 'srv-drain',
  LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
  DefaultResult: 'CONTINUE',
  HeartbeatTimeout: 300,
};
/** Long enough for every step that waits for nobody, too short for a health check. */
const aWhile = 15;

/** A world with the group "web". */
function given(input: Partial<CreateAutoScalingGroupCommandInput> = {}) {
  const world = new World();
  const events: EventBridgeEvent[] = [];
  world.eventBridge.putRule({
    name: 'all',
    pattern: { source: ['aws.autoscaling'] },
    targets: [(event) => void events.push(event)],
  });
  const { autoScaling } = world;
  autoScaling.createAutoScalingGroup({ AutoScalingGroupName: 'web', MinSize: 0, MaxSize: 10, ...input });
  const group = () => autoScaling.describeAutoScalingGroups({ AutoScalingGroupNames: ['web'] }).AutoScalingGroups[0];
  const members = () => group()?.Instances ?? [];
  const states = () => members().map((member) => member.LifecycleState);
  const id = (index = 0) => members()[index]?.InstanceId ?? 'none';
  const pool = () =>
    autoScaling.describeWarmPool({ AutoScalingGroupName: 'web' }).Instances.map((one) => one.LifecycleState);
  const complete = (hook: LifecycleHookSpecification, instanceId: string, result = 'CONTINUE') =>
    autoScaling.completeLifecycleAction({
      AutoScalingGroupName: 'web',
      LifecycleHookName: hook.LifecycleHookName,
      LifecycleActionResult: result,
      InstanceId: instanceId,
    });
  const resize = (size: number) =>
    autoScaling.setDesiredCapacity({ AutoScalingGroupName: 'web', DesiredCapacity: size });
  const types = () => events.map((event) => event['detail-type']);
  const ec2State = (instanceId: string) => world.ec2.instance(instanceId)?.state;
  return { world, autoScaling, events, types, group, members, states, id, pool, complete, resize, ec2State };
}

describe('a launch', () => {
  test('without hooks goes into service once the instance runs', async () => {
    const { world, members, states, types, group } = given({
      DesiredCapacity: 3,
      Tags: [{ Key: 'srv_cluster', Value: 'web' }],
    });
    expect(states()).toEqual(['Pending', 'Pending', 'Pending']);
    await world.advance(aWhile);
    expect(states()).toEqual(['InService', 'InService', 'InService']);
    expect(new Set(members().map((member) => member.AvailabilityZone))).toEqual(
      new Set(['eu-west-1a', 'eu-west-1b', 'eu-west-1c']),
    );
    expect(types()).toEqual(Array(3).fill('EC2 Instance Launch Successful'));
    expect(group()).toMatchObject({
      MinSize: 0,
      MaxSize: 10,
      DesiredCapacity: 3,
      CreatedTime: new Date('2026-11-21T09:00:00Z'),
    });
  });

  test('carries the tags that propagate and the name of the group, and no others', async () => {
    const { world, id } = given({
      DesiredCapacity: 1,
      Tags: [
        { Key: 'Name', Value: 'web', PropagateAtLaunch: true },
        { Key: 'srv_cluster', Value: 'web' },
      ],
    });
    world.autoScaling.createOrUpdateTags({
      Tags: [{ ResourceId: 'web', Key: 'late', Value: 'x', PropagateAtLaunch: true }],
    });
    await world.advance(aWhile);
    expect(Object.fromEntries(world.ec2.instance(id())?.tags ?? [])).toEqual({
      Name: 'web',
      'aws:autoscaling:groupName': 'web',
    });
  });

  test('with hooks waits for all of them together', async () => {
    const other = { ...launchHook, LifecycleHookName: 'other', NotificationMetadata: 'for other' };
    const { world, events, states, id, complete, group } = given({
      DesiredCapacity: 1,
      LifecycleHookSpecificationList: [launchHook, other],
    });
    await world.advance(aWhile);
    expect(states()).toEqual(['Pending:Wait']);
    expect(new Set(events.map((event) => event.detail['LifecycleActionToken'])).size).toBe(2);
    expect(events.map((event) => event.detail)).toMatchObject(
      [launchHook, other].map((hook) => ({
        AutoScalingGroupName: 'web',
        LifecycleHookName: hook.LifecycleHookName,
        EC2InstanceId: id(),
        LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
        ...(hook.NotificationMetadata === undefined ? {} : { NotificationMetadata: hook.NotificationMetadata }),
        Origin: 'EC2',
        Destination: 'AutoScalingGroup',
      })),
    );
    expect(events[0]).toMatchObject({
      source: 'aws.autoscaling',
      'detail-type': 'EC2 Instance-launch Lifecycle Action',
      resources: [group()?.AutoScalingGroupARN],
    });
    complete(launchHook, id());
    await world.advance(aWhile);
    expect(states()).toEqual(['Pending:Wait']);
    complete(other, id());
    expect(states()).toEqual(['Pending:Proceed']);
    await world.advance(aWhile);
    expect(states()).toEqual(['InService']);
    expect(events.at(-1)).toMatchObject({
      'detail-type': 'EC2 Instance Launch Successful',
      resources: [group()?.AutoScalingGroupARN, `arn:aws:ec2:eu-west-1:111122223333:instance/${id()}`],
      detail: {
        AutoScalingGroupName: 'web',
        EC2InstanceId: id(),
        StatusCode: 'InProgress',
        Description: `Launching a new EC2 instance: ${id()}`,
      },
    });
  });

  test('that is abandoned kills the instance, whatever other hooks wait for, and another is launched', async () => {
    const other = { ...launchHook, LifecycleHookName: 'other' };
    const { world, states, id, complete, types, ec2State } = given({
      DesiredCapacity: 1,
      LifecycleHookSpecificationList: [launchHook, other, terminateHook],
    });
    await world.advance(aWhile);
    const abandoned = id();
    complete(launchHook, abandoned, 'ABANDON');
    expect(states()).toEqual(['Terminating', 'Pending']);
    expect(() => complete(other, abandoned)).toThrow('No active Lifecycle Action found');
    await world.advance(aWhile);
    expect(states()).toEqual(['Pending:Wait']);
    expect(ec2State(abandoned)).toBe('terminated');
    expect(types()).toContain('EC2 Instance Launch Unsuccessful');
    expect(types()).not.toContain('EC2 Instance-terminate Lifecycle Action');
  });

  test.each([
    ['CONTINUE', 'InService'],
    ['ABANDON', 'Pending:Wait'],
  ])('whose hook times out takes the default result %s', async (result, expected) => {
    const { world, states, id } = given({
      DesiredCapacity: 1,
      LifecycleHookSpecificationList: [{ ...launchHook, DefaultResult: result }],
    });
    await world.advance(aWhile);
    const first = id();
    await world.advance(300 - aWhile);
    expect(states()).toEqual(['Pending:Wait']);
    await world.advance(2 * aWhile);
    expect(states()).toEqual([expected]);
    expect(id() === first).toBe(result === 'CONTINUE');
  });
});

describe('a termination', () => {
  test('waits for the hook, then shuts the instance down, then leaves the group', async () => {
    const { world, events, states, id, complete, resize, ec2State, types } = given({
      DesiredCapacity: 1,
      LifecycleHookSpecificationList: [terminateHook],
    });
    await world.advance(aWhile);
    const instanceId = id();
    resize(0);
    expect(states()).toEqual(['Terminating']);
    await world.advance(aWhile);
    expect(states()).toEqual(['Terminating:Wait']);
    expect(ec2State(instanceId)).toBe('running');
    expect(events.at(-1)).toMatchObject({
      'detail-type': 'EC2 Instance-terminate Lifecycle Action',
      detail: {
        LifecycleHookName: 'srv-drain',
        EC2InstanceId: instanceId,
        Origin: 'AutoScalingGroup',
        Destination: 'EC2',
      },
    });
    complete(terminateHook, instanceId);
    expect(states()).toEqual(['Terminating:Proceed']);
    expect(ec2State(instanceId)).toBe('shutting-down');
    await world.advance(8);
    expect(states()).toEqual(['Terminated']);
    await world.advance(1);
    expect(states()).toEqual([]);
    expect(types().at(-1)).toBe('EC2 Instance Terminate Successful');
  });

  test('takes the oldest members first', async () => {
    const { world, id, members, resize } = given({ DesiredCapacity: 2 });
    await world.advance(aWhile);
    const [oldest, second] = [id(0), id(1)];
    resize(3);
    await world.advance(aWhile);
    const third = id(2);
    resize(1);
    await world.advance(2 * aWhile);
    expect(members().map((member) => member.InstanceId)).toEqual([third]);
    expect([oldest, second]).not.toContain(third);
  });

  test('of a member that still waits to launch ends that wait', async () => {
    const { world, states, id, complete, resize } = given({
      DesiredCapacity: 1,
      LifecycleHookSpecificationList: [launchHook, terminateHook],
    });
    await world.advance(aWhile);
    resize(0);
    await world.advance(aWhile);
    expect(states()).toEqual(['Terminating:Wait']);
    expect(() => complete(launchHook, id())).toThrow('No active Lifecycle Action found');
    complete(terminateHook, id());
    await world.advance(aWhile);
    expect(states()).toEqual([]);
  });

  test.each([
    ['is ended by ABANDON as well', undefined, []],
    ['that is abandoned keeps the instance where the group says so', 'retain' as const, ['Terminating:Retained']],
  ])('%s', async (_name, policy, expected) => {
    const { world, states, id, complete, resize, autoScaling } = given({
      DesiredCapacity: 1,
      LifecycleHookSpecificationList: [terminateHook, { ...terminateHook, LifecycleHookName: 'other' }],
      InstanceLifecyclePolicy: { RetentionTriggers: { TerminateHookAbandon: policy } },
    });
    await world.advance(aWhile);
    const instanceId = id();
    resize(0);
    await world.advance(aWhile);
    complete(terminateHook, instanceId, 'ABANDON');
    await world.advance(2 * healthCheckSeconds);
    expect(states()).toEqual(expected);
    if (policy === 'retain') {
      autoScaling.terminateInstanceInAutoScalingGroup({
        InstanceId: instanceId,
        ShouldDecrementDesiredCapacity: false,
      });
      await world.advance(aWhile);
      expect(states()).toEqual([]);
    }
  });

  test('by id is replaced, or lowers desired capacity', async () => {
    const { world, autoScaling, states, id, group } = given({ DesiredCapacity: 2, MinSize: 1 });
    await world.advance(aWhile);
    const answer = autoScaling.terminateInstanceInAutoScalingGroup({
      InstanceId: id(),
      ShouldDecrementDesiredCapacity: false,
    });
    expect(answer.Activity).toMatchObject({ AutoScalingGroupName: 'web', StatusCode: 'InProgress' });
    expect(states()).toEqual(['Terminating', 'InService', 'Pending']);
    await world.advance(aWhile);
    autoScaling.terminateInstanceInAutoScalingGroup({ InstanceId: id(), ShouldDecrementDesiredCapacity: true });
    await world.advance(aWhile);
    expect(states()).toEqual(['InService']);
    expect(group()?.DesiredCapacity).toBe(1);
    expect(() =>
      autoScaling.terminateInstanceInAutoScalingGroup({ InstanceId: id(), ShouldDecrementDesiredCapacity: true }),
    ).toThrow('Currently, desiredSize equals minSize (1).');
    expect(() =>
      autoScaling.terminateInstanceInAutoScalingGroup({
        InstanceId: 'i-0aaaaaaaaaaaaaaa1',
        ShouldDecrementDesiredCapacity: false,
      }),
    ).toThrow('No managed instance found for instance ID: i-0aaaaaaaaaaaaaaa1');
  });
});

describe('lifecycle actions', () => {
  async function waiting(hook: LifecycleHookSpecification = launchHook) {
    const all = given({ DesiredCapacity: 1, LifecycleHookSpecificationList: [hook] });
    await all.world.advance(5);
    return all;
  }

  test('are completed by token, once', async () => {
    const { autoScaling, events, states, world } = await waiting();
    await world.advance(1);
    const token = String(events[0]?.detail['LifecycleActionToken']);
    const input = {
      AutoScalingGroupName: 'web',
      LifecycleHookName: 'srv-register',
      LifecycleActionResult: 'CONTINUE',
      LifecycleActionToken: token,
    };
    autoScaling.completeLifecycleAction(input);
    expect(states()).toEqual(['Pending:Proceed']);
    expect(() => autoScaling.completeLifecycleAction(input)).toThrow(
      expect.objectContaining({
        name: 'ValidationError',
        statusCode: 400,
        message: `No active Lifecycle Action found with token ${token}`,
      }),
    );
  });

  test('cannot be completed of another hook, instance or group', async () => {
    const { autoScaling, complete, id, states } = await waiting();
    expect(() => complete(terminateHook, id())).toThrow(`No active Lifecycle Action found with instance ID ${id()}`);
    expect(() => complete(launchHook, 'i-0aaaaaaaaaaaaaaa1')).toThrow(
      'No active Lifecycle Action found with instance ID i-0aaaaaaaaaaaaaaa1',
    );
    expect(() =>
      autoScaling.completeLifecycleAction({
        AutoScalingGroupName: 'gone',
        LifecycleHookName: 'srv-register',
        LifecycleActionResult: 'CONTINUE',
        InstanceId: id(),
      }),
    ).toThrow('AutoScalingGroup name not found - ');
    expect(() => complete(launchHook, id(), 'MAYBE')).toThrow('must be CONTINUE or ABANDON');
    expect(states()).toEqual(['Pending:Wait']);
  });

  test('live on heartbeats, each of which restarts the timeout', async () => {
    const { world, autoScaling, id, states } = await waiting();
    const heartbeat = () =>
      autoScaling.recordLifecycleActionHeartbeat({
        AutoScalingGroupName: 'web',
        LifecycleHookName: 'srv-register',
        InstanceId: id(),
      });
    await world.advance(299);
    heartbeat();
    await world.advance(299);
    expect(states()).toEqual(['Pending:Wait']);
    await world.advance(1);
    expect(states()).toEqual(['Pending:Proceed']);
    expect(heartbeat).toThrow('No active Lifecycle Action found');
  });

  test('end after 100 timeouts however often heartbeats come', async () => {
    const { world, autoScaling, id, states } = await waiting({ ...launchHook, HeartbeatTimeout: 30 });
    for (let elapsed = 0; elapsed < 2980; elapsed += 20) {
      await world.advance(20);
      autoScaling.recordLifecycleActionHeartbeat({
        AutoScalingGroupName: 'web',
        LifecycleHookName: 'srv-register',
        InstanceId: id(),
      });
    }
    await world.advance(19);
    expect(states()).toEqual(['Pending:Wait']);
    await world.advance(1);
    expect(states()).toEqual(['Pending:Proceed']);
  });

  test.each([
    ['launching', launchHook, 'terminated'],
    ['terminating', terminateHook, 'shutting-down'],
  ])('of a hook that is deleted end as AWS says, %s', async (_name, hook, expected) => {
    const { world, autoScaling, id, resize, ec2State } = await waiting(hook);
    const instanceId = id();
    if (hook === terminateHook) {
      await world.advance(aWhile);
      resize(0);
      await world.advance(aWhile);
    }
    autoScaling.deleteLifecycleHook({ AutoScalingGroupName: 'web', LifecycleHookName: hook.LifecycleHookName });
    expect(ec2State(instanceId)).toBe('shutting-down');
    if (expected === 'terminated') {
      await world.advance(aWhile);
      expect(ec2State(instanceId)).toBe('terminated');
    }
    expect(autoScaling.describeLifecycleHooks({ AutoScalingGroupName: 'web' })).toEqual({ LifecycleHooks: [] });
  });

  test('are told to listeners as they end: completed, timed out, or with their hook', async () => {
    const { world, autoScaling, id, complete, resize, ec2State } = await waiting();
    const instanceId = id();
    const ended: unknown[] = [];
    autoScaling.onLifecycleActionEnded(
      (action) => void ended.push({ ...action, at: world.now, is: ec2State(action.instanceId) }),
    );
    const end = (hook: LifecycleHookSpecification, lifecycleState: string, how: object) => ({
      group: 'web',
      instanceId,
      lifecycleState,
      hook: hook.LifecycleHookName,
      is: 'running',
      at: world.now,
      ...how,
    });
    complete(launchHook, instanceId);
    expect(ended.splice(0)).toEqual([end(launchHook, 'Pending:Wait', { result: 'CONTINUE', byTimeout: false })]);

    await world.advance(aWhile);
    autoScaling.putLifecycleHook({ ...terminateHook, AutoScalingGroupName: 'web', HeartbeatTimeout: 30 });
    const startedAt = world.now;
    resize(0);
    await world.advance(60);
    expect(ended.splice(0)).toEqual([
      end(terminateHook, 'Terminating:Wait', { result: 'CONTINUE', byTimeout: true, at: startedAt + 31_000 }),
    ]);

    resize(1);
    await world.advance(aWhile);
    autoScaling.deleteLifecycleHook({ AutoScalingGroupName: 'web', LifecycleHookName: launchHook.LifecycleHookName });
    expect(ended).toMatchObject([
      { lifecycleState: 'Pending:Wait', result: 'ABANDON', byTimeout: false, is: 'running' },
    ]);
  });

  test('of a hook put later run for later launches only, by the defaults of AWS', async () => {
    const { world, autoScaling, states, resize } = given({ DesiredCapacity: 1 });
    await world.advance(aWhile);
    autoScaling.putLifecycleHook({
      AutoScalingGroupName: 'web',
      LifecycleHookName: 'late',
      LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
    });
    expect(autoScaling.describeLifecycleHooks({ AutoScalingGroupName: 'web' }).LifecycleHooks).toEqual([
      {
        LifecycleHookName: 'late',
        AutoScalingGroupName: 'web',
        LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
        HeartbeatTimeout: 3600,
        GlobalTimeout: 172800,
        DefaultResult: 'ABANDON',
      },
    ]);
    resize(2);
    await world.advance(aWhile);
    expect(states()).toEqual(['InService', 'Pending:Wait']);
  });

  test.each([
    ['29 seconds', { HeartbeatTimeout: 29 }],
    ['7201 seconds', { HeartbeatTimeout: 7201 }],
    ['another result', { DefaultResult: 'RETAIN' }],
    ['no transition', { LifecycleTransition: undefined }],
    ['no name', { LifecycleHookName: '' }],
  ])('cannot be asked for with %s', (_name, change) => {
    const { autoScaling } = given();
    expect(() => autoScaling.putLifecycleHook({ ...launchHook, AutoScalingGroupName: 'web', ...change })).toThrow(
      expect.objectContaining({ name: 'ValidationError' }),
    );
    expect(() => autoScaling.describeLifecycleHooks({ AutoScalingGroupName: 'gone' })).toThrow(
      'AutoScalingGroup name not found - ',
    );
  });
});

describe('a member', () => {
  test('tells listeners each state that it enters, once its group shows it', async () => {
    const { world, autoScaling, states, id, complete, resize } = given({
      LifecycleHookSpecificationList: [launchHook],
    });
    const entered: unknown[] = [];
    autoScaling.onMemberStateChange((change) => void entered.push({ ...change, shown: states() }));
    resize(1);
    await world.advance(aWhile);
    complete(launchHook, id());
    await world.advance(aWhile);
    expect(entered).toEqual(
      ['Pending', 'Pending:Wait', 'Pending:Proceed', 'InService'].map((lifecycleState) => ({
        group: 'web',
        instanceId: id(),
        lifecycleState,
        shown: [lifecycleState],
      })),
    );
  });

  test('in standby is out of capacity and comes back through Pending, and no hook runs', async () => {
    const { world, autoScaling, states, id, group, types } = given({
      DesiredCapacity: 2,
      LifecycleHookSpecificationList: [terminateHook],
    });
    await world.advance(aWhile);
    const before = types().length;
    autoScaling.enterStandby({
      AutoScalingGroupName: 'web',
      InstanceIds: [id()],
      ShouldDecrementDesiredCapacity: true,
    });
    expect(states()).toEqual(['EnteringStandby', 'InService']);
    await world.advance(aWhile);
    expect(states()).toEqual(['Standby', 'InService']);
    expect(group()?.DesiredCapacity).toBe(1);
    autoScaling.putLifecycleHook({ ...launchHook, AutoScalingGroupName: 'web' });
    autoScaling.exitStandby({ AutoScalingGroupName: 'web', InstanceIds: [id()] });
    expect(states()).toEqual(['Pending', 'InService']);
    await world.advance(aWhile);
    expect(states()).toEqual(['InService', 'InService']);
    expect(group()?.DesiredCapacity).toBe(2);
    expect(types().length).toBe(before);
  });

  test('in standby is replaced where desired capacity stays', async () => {
    const { world, autoScaling, states, id } = given({ DesiredCapacity: 1, MinSize: 1 });
    await world.advance(aWhile);
    const ids = [id()];
    expect(() =>
      autoScaling.enterStandby({ AutoScalingGroupName: 'web', InstanceIds: ids, ShouldDecrementDesiredCapacity: true }),
    ).toThrow('AutoScalingGroup web has min-size=1, max-size=10, and desired-size=1.');
    autoScaling.enterStandby({ AutoScalingGroupName: 'web', InstanceIds: ids, ShouldDecrementDesiredCapacity: false });
    await world.advance(aWhile);
    expect(states()).toEqual(['Standby', 'InService']);
    expect(() =>
      autoScaling.enterStandby({
        AutoScalingGroupName: 'web',
        InstanceIds: ids,
        ShouldDecrementDesiredCapacity: false,
      }),
    ).toThrow(`The instance ${ids[0]} is not in InService.`);
  });

  test('detached lives on without the tag of its group, and attached gets it back; no hook runs', async () => {
    const { world, autoScaling, states, id, types, group, ec2State } = given({
      DesiredCapacity: 1,
      Tags: [{ Key: 'Name', Value: 'web', PropagateAtLaunch: true }],
      LifecycleHookSpecificationList: [terminateHook],
    });
    await world.advance(aWhile);
    const instanceId = id();
    autoScaling.detachInstances({
      AutoScalingGroupName: 'web',
      InstanceIds: [instanceId],
      ShouldDecrementDesiredCapacity: true,
    });
    expect(states()).toEqual(['Detaching']);
    await world.advance(aWhile);
    expect(states()).toEqual([]);
    expect(ec2State(instanceId)).toBe('running');
    expect(Object.fromEntries(world.ec2.instance(instanceId)?.tags ?? [])).toEqual({ Name: 'web' });
    expect(types().at(-1)).toBe('EC2 Instance Detach Successful');
    expect(group()?.DesiredCapacity).toBe(0);

    autoScaling.putLifecycleHook({ ...launchHook, AutoScalingGroupName: 'web' });
    world.ec2.createTags({ Resources: [instanceId], Tags: [{ Key: 'Name', Value: 'mine' }] });
    autoScaling.attachInstances({ AutoScalingGroupName: 'web', InstanceIds: [instanceId] });
    expect(states()).toEqual(['Pending']);
    await world.advance(aWhile);
    expect(states()).toEqual(['InService']);
    expect(group()?.DesiredCapacity).toBe(1);
    expect(Object.fromEntries(world.ec2.instance(instanceId)?.tags ?? [])).toEqual({
      Name: 'web',
      'aws:autoscaling:groupName': 'web',
    });
    expect(() => autoScaling.attachInstances({ AutoScalingGroupName: 'web', InstanceIds: [instanceId] })).toThrow(
      'already part of',
    );
  });

  test.each(['crash', 'stopInstance'] as const)(
    'whose instance is gone by %s is noticed after a while, drained and replaced',
    async (how) => {
      const { world, states, members, id, complete } = given({
        DesiredCapacity: 1,
        LifecycleHookSpecificationList: [terminateHook],
      });
      await world.advance(aWhile);
      const lost = id();
      world.ec2[how](lost);
      await world.advance(healthCheckSeconds - 1);
      expect(states()).toEqual(['InService']);
      await world.advance(1);
      expect(states()).toEqual(['Terminating', 'Pending']);
      expect(members()[0]?.HealthStatus).toBe('Unhealthy');
      await world.advance(aWhile);
      expect(states()).toEqual(['Terminating:Wait', 'InService']);
      complete(terminateHook, lost);
      await world.advance(aWhile);
      expect(states()).toEqual(['InService']);
    },
  );

  test('that dies while it drains is left to its hook, and gone as soon as that is completed', async () => {
    const { world, states, members, id, complete, resize } = given({
      DesiredCapacity: 1,
      LifecycleHookSpecificationList: [terminateHook],
    });
    await world.advance(aWhile);
    resize(0);
    await world.advance(aWhile);
    world.ec2.crash(id());
    await world.advance(2 * healthCheckSeconds);
    expect(states()).toEqual(['Terminating:Wait']);
    expect(members()[0]?.HealthStatus).toBe('Healthy');
    complete(terminateHook, id());
    expect(states()).toEqual(['Terminated']);
    await world.advance(1);
    expect(states()).toEqual([]);
  });

  test('that dies in standby is noticed once it is back in service', async () => {
    const { world, autoScaling, states, id } = given({ DesiredCapacity: 1 });
    await world.advance(aWhile);
    const ids = [id()];
    autoScaling.enterStandby({ AutoScalingGroupName: 'web', InstanceIds: ids, ShouldDecrementDesiredCapacity: true });
    await world.advance(aWhile);
    world.ec2.crash(id());
    await world.advance(2 * healthCheckSeconds);
    expect(states()).toEqual(['Standby']);
    autoScaling.exitStandby({ AutoScalingGroupName: 'web', InstanceIds: ids });
    await world.advance(healthCheckSeconds + aWhile);
    expect(states()).toEqual(['InService']);
    expect(ids).not.toContain(id());
  });

  test('that dies while its launch waits is noticed as well', async () => {
    const { world, states, id } = given({ DesiredCapacity: 1, LifecycleHookSpecificationList: [launchHook] });
    await world.advance(aWhile);
    const lost = id();
    world.ec2.crash(lost);
    await world.advance(healthCheckSeconds + aWhile);
    expect(states()).toEqual(['Pending:Wait']);
    expect(id()).not.toBe(lost);
  });

  test.each([
    'Pending:Proceed',
    'Quarantined',
    'Terminating:Proceed',
    'Terminating:Retained',
    'Detaching',
    'Standby',
    'ReplacingRootVolume:Wait',
    'Warmed:Hibernated',
    'Dreaming',
  ])('can be forced into %s and stays there', async (state) => {
    const { world, autoScaling, id } = given({ DesiredCapacity: 1 });
    await world.advance(aWhile);
    const instanceId = id();
    autoScaling.setLifecycleState(instanceId, state);
    await world.advance(600);
    expect(
      autoScaling.describeAutoScalingInstances({ InstanceIds: [instanceId] }).AutoScalingInstances?.[0]?.LifecycleState,
    ).toBe(state);
  });

  test.each([
    ['Pending:Wait', launchHook, 'InService'],
    ['Terminating:Wait', terminateHook, 'Terminating:Proceed'],
    ['Warmed:Pending:Wait', launchHook, 'Warmed:Stopped'],
    ['Warmed:Terminating:Wait', terminateHook, 'Warmed:Terminating:Proceed'],
  ])('forced into %s waits for its hook and goes on', async (state, hook, expected) => {
    const { world, autoScaling, id, complete } = given({
      DesiredCapacity: 1,
      LifecycleHookSpecificationList: [terminateHook],
    });
    await world.advance(aWhile);
    autoScaling.putLifecycleHook({ ...launchHook, AutoScalingGroupName: 'web' });
    const instanceId = id();
    const now = () =>
      autoScaling.describeAutoScalingInstances({ InstanceIds: [instanceId] }).AutoScalingInstances?.[0]?.LifecycleState;
    autoScaling.setLifecycleState(instanceId, state);
    autoScaling.putWarmPool({ AutoScalingGroupName: 'web', MinSize: 1, MaxGroupPreparedCapacity: 0 });
    expect(now()).toBe(state);
    complete(hook, instanceId);
    await world.advance(7);
    expect(now()).toBe(expected);
  });
});

describe('a warm pool', () => {
  test('is filled through the launch hook, and used through it again', async () => {
    const { world, autoScaling, events, states, pool, complete, resize, group, ec2State } = given({
      MaxSize: 2,
      LifecycleHookSpecificationList: [launchHook],
    });
    autoScaling.putWarmPool({ AutoScalingGroupName: 'web', MinSize: 1, MaxGroupPreparedCapacity: 1 });
    await world.advance(aWhile);
    expect(pool()).toEqual(['Warmed:Pending:Wait']);
    expect(states()).toEqual([]);
    expect(group()).toMatchObject({ WarmPoolSize: 1, WarmPoolConfiguration: { MinSize: 1, PoolState: 'Stopped' } });
    const warmed = String(events[0]?.detail['EC2InstanceId']);
    expect(events[0]?.detail).toMatchObject({ Origin: 'EC2', Destination: 'WarmPool' });
    complete(launchHook, warmed);
    expect(pool()).toEqual(['Warmed:Pending:Proceed']);
    await world.advance(aWhile);
    expect(pool()).toEqual(['Warmed:Stopped']);
    await world.advance(2 * healthCheckSeconds);
    expect(ec2State(warmed)).toBe('stopped');

    resize(1);
    expect(states()).toEqual(['Pending']);
    await world.advance(aWhile);
    expect(states()).toEqual(['Pending:Wait']);
    const again = events.filter((event) => event.detail['EC2InstanceId'] === warmed).at(-1);
    expect(again?.detail).toMatchObject({ Origin: 'WarmPool', Destination: 'AutoScalingGroup' });
    complete(launchHook, warmed);
    await world.advance(aWhile);
    expect(states()).toEqual(['InService']);
    expect(ec2State(warmed)).toBe('running');
  });

  test('takes members back on scale-in by the terminate hook, in Warmed:Pending:Wait', async () => {
    const { world, autoScaling, events, states, pool, id, complete, resize, ec2State } = given({
      DesiredCapacity: 1,
      MaxSize: 1,
      LifecycleHookSpecificationList: [terminateHook],
    });
    autoScaling.putWarmPool({ AutoScalingGroupName: 'web', InstanceReusePolicy: { ReuseOnScaleIn: true } });
    await world.advance(aWhile);
    const instanceId = id();
    resize(0);
    await world.advance(aWhile);
    expect(states()).toEqual([]);
    expect(pool()).toEqual(['Warmed:Pending:Wait']);
    expect(events.at(-1)).toMatchObject({
      'detail-type': 'EC2 Instance-terminate Lifecycle Action',
      detail: { EC2InstanceId: instanceId, Origin: 'AutoScalingGroup', Destination: 'WarmPool' },
    });
    expect(ec2State(instanceId)).toBe('running');
    complete(terminateHook, instanceId);
    await world.advance(aWhile);
    expect(pool()).toEqual(['Warmed:Stopped']);
    expect(ec2State(instanceId)).toBe('stopped');
    resize(1);
    await world.advance(aWhile);
    expect(states()).toEqual(['InService']);
    expect(id()).toBe(instanceId);
  });

  test.each([
    ['Running', 'running'],
    ['Hibernated', 'stopped'],
  ] as const)('keeps its members %s, and is deleted through the terminate hook', async (poolState, expected) => {
    const { world, autoScaling, pool, group, complete, ec2State, events } = given({
      LifecycleHookSpecificationList: [terminateHook],
    });
    autoScaling.putWarmPool({
      AutoScalingGroupName: 'web',
      MinSize: 1,
      MaxGroupPreparedCapacity: 1,
      PoolState: poolState,
    });
    await world.advance(aWhile);
    expect(pool()).toEqual([`Warmed:${poolState}`]);
    const instanceId = String(events.at(-1)?.detail['EC2InstanceId']);
    expect(ec2State(instanceId)).toBe(expected);
    autoScaling.deleteWarmPool({ AutoScalingGroupName: 'web' });
    await world.advance(aWhile);
    expect(pool()).toEqual(['Warmed:Terminating:Wait']);
    expect(group()?.WarmPoolConfiguration?.Status).toBe('PendingDelete');
    complete(terminateHook, instanceId);
    await world.advance(aWhile);
    expect(group()).not.toHaveProperty('WarmPoolConfiguration');
    expect(ec2State(instanceId)).toBe('terminated');
  });

  test('shrinks as the group grows, and is as large as the difference to the maximum size', async () => {
    const { world, autoScaling, pool, states, resize } = given({ MaxSize: 4 });
    autoScaling.putWarmPool({ AutoScalingGroupName: 'web' });
    await world.advance(2 * aWhile);
    expect(pool()).toEqual(Array(4).fill('Warmed:Stopped'));
    resize(3);
    await world.advance(2 * aWhile);
    expect(pool()).toEqual(['Warmed:Stopped']);
    expect(states()).toEqual(Array(3).fill('InService'));
  });
});

describe('a group', () => {
  test('is deleted when empty; by force with its instances, without asking hooks', async () => {
    const { world, autoScaling, group, types, id, ec2State } = given({
      DesiredCapacity: 1,
      LifecycleHookSpecificationList: [terminateHook],
    });
    await world.advance(aWhile);
    const instanceId = id();
    expect(() => autoScaling.deleteAutoScalingGroup({ AutoScalingGroupName: 'web' })).toThrow(
      expect.objectContaining({ name: 'ResourceInUse' }),
    );
    autoScaling.deleteAutoScalingGroup({ AutoScalingGroupName: 'web', ForceDelete: true });
    expect(group()?.Status).toBe('Delete in progress');
    await world.advance(aWhile);
    expect(group()).toBeUndefined();
    expect(ec2State(instanceId)).toBe('terminated');
    expect(types()).not.toContain('EC2 Instance-terminate Lifecycle Action');
    autoScaling.createAutoScalingGroup({ AutoScalingGroupName: 'web', MinSize: 0, MaxSize: 1 });
    autoScaling.deleteAutoScalingGroup({ AutoScalingGroupName: 'web' });
    expect(group()).toBeUndefined();
  });

  test('keeps its sizes in bounds', async () => {
    const { world, autoScaling, group, states, resize } = given({ DesiredCapacity: 3 });
    await world.advance(aWhile);
    autoScaling.updateAutoScalingGroup({ AutoScalingGroupName: 'web', MaxSize: 2 });
    expect(group()?.DesiredCapacity).toBe(2);
    autoScaling.updateAutoScalingGroup({ AutoScalingGroupName: 'web', MinSize: 1 });
    await world.advance(aWhile);
    expect(states()).toEqual(['InService', 'InService']);
    expect(() => resize(3)).toThrow('New SetDesiredCapacity value 3 is above max value 2 for the AutoScalingGroup.');
    expect(() => resize(0)).toThrow('New SetDesiredCapacity value 0 is below min value 1 for the AutoScalingGroup.');
    expect(() => autoScaling.updateAutoScalingGroup({ AutoScalingGroupName: 'web', MinSize: 3 })).toThrow(
      'Max bound, 2',
    );
    expect(() => autoScaling.createAutoScalingGroup({ AutoScalingGroupName: 'web', MinSize: 0, MaxSize: 1 })).toThrow(
      expect.objectContaining({ name: 'AlreadyExists' }),
    );
  });

  test('of 50 is launched at once', async () => {
    const { world, states } = given({ MaxSize: 50, DesiredCapacity: 50, LifecycleHookSpecificationList: [launchHook] });
    await world.advance(aWhile);
    expect(states()).toEqual(Array(50).fill('Pending:Wait'));
  });
});

describe('describeAutoScalingGroups()', () => {
  const names = (world: World, input: Parameters<World['autoScaling']['describeAutoScalingGroups']>[0]) =>
    world.autoScaling.describeAutoScalingGroups(input).AutoScalingGroups.map((group) => group.AutoScalingGroupName);

  test.each([
    ['a key', [{ Name: 'tag-key', Values: ['srv_cluster'] }], ['api', 'web']],
    ['a value', [{ Name: 'tag-value', Values: ['api'] }], ['api']],
    ['a tag', [{ Name: 'tag:srv_cluster', Values: ['web', 'other'] }], ['web']],
    ['a tag in another case', [{ Name: 'tag:srv_cluster', Values: ['WEB'] }], []],
    ['a star, which is no wildcard', [{ Name: 'tag:srv_cluster', Values: ['*'] }], []],
    [
      'both of two filters',
      [
        { Name: 'tag-key', Values: ['srv_cluster'] },
        { Name: 'tag:stage', Values: ['live'] },
      ],
      ['web'],
    ],
  ])('filters by %s', (_name, filters, expected) => {
    const { world, autoScaling } = given({
      Tags: [
        { Key: 'srv_cluster', Value: 'web' },
        { Key: 'stage', Value: 'live' },
      ],
    });
    autoScaling.createAutoScalingGroup({
      AutoScalingGroupName: 'api',
      MinSize: 0,
      MaxSize: 1,
      Tags: [{ Key: 'srv_cluster', Value: 'api' }],
    });
    autoScaling.createAutoScalingGroup({ AutoScalingGroupName: 'foreign', MinSize: 0, MaxSize: 1 });
    expect(names(world, { Filters: filters })).toEqual(expected);
  });

  test('leaves out unknown names, and gives at most 50 groups a page unless asked for up to 100', () => {
    const { world, autoScaling } = given();
    for (let index = 0; index < 60; index++) {
      autoScaling.createAutoScalingGroup({ AutoScalingGroupName: `group-${index}`, MinSize: 0, MaxSize: 1 });
    }
    expect(names(world, { AutoScalingGroupNames: ['web', 'unknown'] })).toEqual(['web']);
    const first = autoScaling.describeAutoScalingGroups({});
    expect(first.AutoScalingGroups).toHaveLength(50);
    const second = autoScaling.describeAutoScalingGroups({ NextToken: first.NextToken });
    expect(second.AutoScalingGroups).toHaveLength(11);
    expect(second).not.toHaveProperty('NextToken');
    expect(names(world, { MaxRecords: 100 })).toHaveLength(61);
    expect(() => names(world, { MaxRecords: 101 })).toThrow('Member must have value between 1 and 100');
    expect(() => names(world, { NextToken: 'x' })).toThrow(expect.objectContaining({ name: 'InvalidNextToken' }));
    expect(() => names(world, { Filters: [{ Name: 'name', Values: ['x'] }] })).toThrow(
      'Filter type name is not correct',
    );
  });

  test('can lag behind, and so can describeAutoScalingInstances()', async () => {
    const { world, autoScaling, group, states, id } = given({ DesiredCapacity: 1 });
    await world.advance(20);
    autoScaling.terminateInstanceInAutoScalingGroup({ InstanceId: id(), ShouldDecrementDesiredCapacity: true });
    await world.advance(5);
    const seen = (lag: number) => {
      autoScaling.readLagSeconds = () => lag;
      return states();
    };
    expect(seen(26)).toEqual([]);
    expect(seen(25)).toEqual(['Pending']);
    expect(seen(6)).toEqual(['InService']);
    expect(autoScaling.describeAutoScalingInstances({}).AutoScalingInstances?.[0]?.LifecycleState).toBe('InService');
    expect(seen(0)).toEqual(['Terminating']);
    await world.advance(60);
    expect(seen(0)).toEqual([]);
    expect(seen(62)).toEqual(['Terminating']);
    autoScaling.deleteAutoScalingGroup({ AutoScalingGroupName: 'web' });
    await world.advance(5);
    autoScaling.readLagSeconds = () => 6;
    expect(group()).toBeDefined();
    autoScaling.readLagSeconds = () => 4;
    expect(group()).toBeUndefined();
  });
});

test('describeAutoScalingInstances() leaves out unknown ids and takes at most 50', async () => {
  const { world, autoScaling, id } = given({ DesiredCapacity: 2 });
  await world.advance(aWhile);
  const ids = [id(0), 'i-0aaaaaaaaaaaaaaa1'];
  expect(autoScaling.describeAutoScalingInstances({ InstanceIds: ids }).AutoScalingInstances).toEqual([
    expect.objectContaining({
      InstanceId: id(0),
      AutoScalingGroupName: 'web',
      LifecycleState: 'InService',
      HealthStatus: 'HEALTHY',
    }),
  ]);
  expect(() => autoScaling.describeAutoScalingInstances({ InstanceIds: Array(51).fill(id(0)) })).toThrow(
    'limited to 50',
  );
});

test('group tags are written and deleted by key, never those of AWS', () => {
  const { autoScaling, group } = given();
  autoScaling.createOrUpdateTags({
    Tags: [{ ResourceId: 'web', Key: 'srv_port', Value: '443', PropagateAtLaunch: false }],
  });
  expect(group()?.Tags).toEqual([
    { ResourceId: 'web', ResourceType: 'auto-scaling-group', Key: 'srv_port', Value: '443', PropagateAtLaunch: false },
  ]);
  autoScaling.deleteTags({ Tags: [{ ResourceId: 'web', Key: 'srv_port' }] });
  expect(group()?.Tags).toEqual([]);
  expect(() => autoScaling.createOrUpdateTags({ Tags: [{ ResourceId: 'web', Key: 'aws:x' }] })).toThrow('aws:');
  expect(() => autoScaling.createOrUpdateTags({ Tags: [{ ResourceId: 'gone', Key: 'x' }] })).toThrow(
    'AutoScalingGroup name not found - ',
  );
});
