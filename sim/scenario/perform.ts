import type { DescribedGroup } from '../autoScaling/groupView.ts';
import { editRecords } from './editRecords.ts';
import type { GroupSetup, Step } from './scenario.ts';
import type { Stage } from './stage.ts';
import { unreadablePort } from './unreadablePort.ts';
import { weightAsked } from './weightAsked.ts';

/** Lets one thing happen in the world; what AWS refuses, or is about nothing, does not. */
export function perform(stage: Stage, step: Step): void {
  const { world, story } = stage;
  const { autoScaling, ec2 } = world;
  stage.say(`step: ${JSON.stringify(step)}`);
  if (!('group' in step)) {
    performElsewhere(stage, step);
    return;
  }
  const group = groupOf(stage, step.group);
  if (group === undefined) {
    return;
  }
  const name = group.AutoScalingGroupName ?? '';
  switch (step.kind) {
    case 'scale':
      stage.try(() => autoScaling.setDesiredCapacity({ AutoScalingGroupName: name, DesiredCapacity: step.to }));
      if (step.to === 0 && group.Instances.length > 0) {
        stage.happened('wholeFleet', name);
      }
      return;
    case 'terminateAll':
      if (group.Instances.length > 0) {
        stage.happened('wholeFleet', name);
      }
      for (const { InstanceId } of group.Instances) {
        const request = { InstanceId, ShouldDecrementDesiredCapacity: false };
        stage.try(() => autoScaling.terminateInstanceInAutoScalingGroup(request));
      }
      return;
    case 'attach': {
      const loose = [...story.hosts.values()].find(
        ({ instanceId, lifecycleState, lives }) =>
          lifecycleState === 'Detached' && lives && ec2.instance(instanceId)?.state === 'running',
      );
      if (loose !== undefined) {
        stage.try(() => autoScaling.attachInstances({ AutoScalingGroupName: name, InstanceIds: [loose.instanceId] }));
      }
      return;
    }
    case 'tagGroup':
      tagGroup(stage, name, step.key, step.value);
      return;
    case 'deleteGroup':
      stage.happened('groupDeleted', name);
      stage.try(() => autoScaling.deleteAutoScalingGroup({ AutoScalingGroupName: name, ForceDelete: true }));
      return;
    default:
      performOnHost(stage, name, group, step);
  }
}

type HostStep = Extract<Step, { readonly host: number }>;

function performOnHost(stage: Stage, name: string, group: DescribedGroup, step: HostStep): void {
  const { world, story } = stage;
  const { autoScaling, ec2 } = world;
  const instanceId = hostOf(group, step);
  if (instanceId === undefined) {
    return;
  }
  const AutoScalingGroupName = name;
  const InstanceIds = [instanceId];
  switch (step.kind) {
    case 'terminate': {
      const request = { InstanceId: instanceId, ShouldDecrementDesiredCapacity: !step.replace };
      if (group.Instances.length === 1) {
        stage.happened('fleetOfOne', name);
      }
      stage.try(() => autoScaling.terminateInstanceInAutoScalingGroup(request));
      return;
    }
    case 'crash':
      stage.try(() => ec2.crash(instanceId));
      return;
    case 'stop':
      stage.try(() => ec2.stopInstance(instanceId));
      return;
    case 'interrupt': {
      const host = story.host(instanceId);
      host.change(world.now, () => {
        host.interrupted = true;
        host.leftAt ??= world.now;
      });
      stage.try(() => ec2.interrupt(instanceId));
      return;
    }
    case 'enterStandby':
      stage.try(() =>
        autoScaling.enterStandby({ AutoScalingGroupName, InstanceIds, ShouldDecrementDesiredCapacity: true }),
      );
      return;
    case 'exitStandby':
      stage.try(() => autoScaling.exitStandby({ AutoScalingGroupName, InstanceIds }));
      return;
    case 'detach':
      stage.try(() =>
        autoScaling.detachInstances({ AutoScalingGroupName, InstanceIds, ShouldDecrementDesiredCapacity: true }),
      );
      return;
    case 'completeHook': {
      const ended = ['srv-register', 'srv-drain'].some((LifecycleHookName) =>
        stage.try(() =>
          autoScaling.completeLifecycleAction({
            AutoScalingGroupName,
            LifecycleHookName,
            InstanceId: instanceId,
            LifecycleActionResult: 'CONTINUE',
          }),
        ),
      );
      if (ended) {
        stage.happened('hookEnded', instanceId);
      }
      return;
    }
    case 'tag':
    case 'untag':
      tagHost(stage, instanceId, step);
  }
}

function performElsewhere(stage: Stage, step: Exclude<Step, { readonly group: number }>): void {
  const { world, faults, names, story } = stage;
  switch (step.kind) {
    case 'createGroup':
      stage.happened('groupJoined', step.setup.cluster);
      createGroup(stage, step.setup);
      return;
    case 'console':
      editRecords(stage, step.cluster, step.edit);
      return;
    case 'outage':
      faults.break(step.of, step.seconds);
      if (step.of === 'function') {
        stage.happened('outage', `no function for ${step.seconds} s`);
      }
      return;
    case 'redrive': {
      for (const { body, receiptHandle } of world.sqs.receiveUpTo(stage.deadLetterUrl, 1000)) {
        story.redriven += 1;
        stage.happened('redrive', `a dead letter of ${body.length} characters`);
        world.sqs.deleteMessage({ QueueUrl: stage.deadLetterUrl, ReceiptHandle: receiptHandle });
        world.sqs.sendMessage({ QueueUrl: names.queueUrl, MessageBody: body });
      }
      for (const body of stage.events.slice(0, 5)) {
        stage.happened('duplicateEvent', 'one of the oldest, once more');
        world.sqs.sendMessage({ QueueUrl: names.queueUrl, MessageBody: body });
      }
      return;
    }
    case 'poison':
      stage.happened('poisonMessage', step.body);
      world.sqs.sendMessage({ QueueUrl: names.queueUrl, MessageBody: step.body });
      return;
    case 'jumpClock': {
      stage.happened('clockJump', `${step.seconds} s`);
      const before = stage.clockSeconds;
      stage.clockSeconds = step.seconds;
      stage.story.skewSeconds += Math.abs(step.seconds - before);
      return;
    }
    case 'wait':
  }
}

function createGroup(stage: Stage, setup: GroupSetup): void {
  stage.try(() => stage.createGroup(setup));
}

function tagGroup(stage: Stage, name: string, key: string, value: string | undefined): void {
  const { world, story } = stage;
  story.editedGroups.add(name);
  if (key === 'srv_cluster') {
    // Its hosts cannot be managed from now on: who looks at its hooks asks no more of them than the documentation promises.
    story.unmanageable.add(name);
  }
  if (value === unreadablePort) {
    story.unreadableGroups.add(name);
  }
  const tag = { ResourceId: name, ResourceType: 'auto-scaling-group', Key: key };
  if (key === 'srv_drain_seconds' && value !== undefined && /^\d+$/.test(value)) {
    story.drainSeconds.set(name, Math.min(story.drainSeconds.get(name) ?? 0, Number(value)));
  }
  if (key === 'srv_cluster') {
    stage.happened('groupLeft', `${name} has cluster ${value ?? 'none'}`);
  }
  stage.try(() =>
    value === undefined
      ? world.autoScaling.deleteTags({ Tags: [tag] })
      : world.autoScaling.createOrUpdateTags({ Tags: [{ ...tag, Value: value, PropagateAtLaunch: false }] }),
  );
}

function tagHost(stage: Stage, instanceId: string, step: Extract<Step, { readonly kind: 'tag' | 'untag' }>): void {
  const { world, story } = stage;
  const host = story.host(instanceId);
  if (step.kind === 'untag') {
    const written = stage.try(() =>
      world.ec2.deleteTags({ Resources: [instanceId], Tags: step.keys.map((Key) => ({ Key })) }),
    );
    if (written) {
      stage.happened('tagRemoved', `${instanceId}: ${step.keys.join(', ')}`);
    }
  } else {
    const weight = weightAsked(step.value);
    const isPoison = step.key === 'srv_weight' ? weight === undefined : true;
    const written = stage.try(() =>
      world.ec2.createTags({ Resources: [instanceId], Tags: [{ Key: step.key, Value: step.value }] }),
    );
    if (written) {
      host.isDrainTagged ||= step.key === 'srv_drain_until';
      stage.happened(isPoison ? 'tagPoisoned' : 'tagEdited', `${instanceId}: ${step.key}=${step.value}`);
    }
  }
  host.handWrote(world.ec2.instance(instanceId)?.tags, world.now);
}

function groupOf({ story: { groups } }: Stage, index: number): DescribedGroup | undefined {
  return groups[index % Math.max(1, groups.length)];
}

/** The host of a deed: of those that it can be about, where there are any. */
function hostOf({ Instances: members }: DescribedGroup, step: HostStep): string | undefined {
  const fitting = members.filter(({ LifecycleState }) => statesFor(step).test(LifecycleState));
  const needsOne = step.kind === 'exitStandby' || step.kind === 'completeHook';
  const from = fitting.length > 0 || needsOne ? fitting : members;
  return from[step.host % Math.max(1, from.length)]?.InstanceId;
}

function statesFor(step: HostStep): RegExp {
  switch (step.kind) {
    case 'exitStandby':
      return /^Standby$/;
    case 'completeHook':
      return /:Wait$/;
    case 'untag':
      return /./;
    case 'tag':
      return step.key === 'srv_drain_until' ? /^Terminating/ : /./;
    default:
      return /^InService$/;
  }
}
