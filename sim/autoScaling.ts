import type {
  Activity,
  ActivityType,
  AttachInstancesCommandInput,
  AutoScalingInstancesType,
  CompleteLifecycleActionCommandInput,
  CreateAutoScalingGroupCommandInput,
  CreateOrUpdateTagsCommandInput,
  DeleteAutoScalingGroupCommandInput,
  DeleteLifecycleHookCommandInput,
  DeleteTagsCommandInput,
  DeleteWarmPoolCommandInput,
  DescribeAutoScalingGroupsCommandInput,
  DescribeAutoScalingInstancesCommandInput,
  DescribeLifecycleHooksAnswer,
  DescribeLifecycleHooksCommandInput,
  DescribeWarmPoolCommandInput,
  DetachInstancesAnswer,
  DetachInstancesCommandInput,
  EnterStandbyAnswer,
  EnterStandbyCommandInput,
  ExitStandbyAnswer,
  ExitStandbyCommandInput,
  PutLifecycleHookCommandInput,
  PutWarmPoolCommandInput,
  RecordLifecycleActionHeartbeatCommandInput,
  SetDesiredCapacityCommandInput,
  TerminateInstanceInAutoScalingGroupCommandInput,
  UpdateAutoScalingGroupCommandInput,
  WarmPoolConfiguration,
} from '@aws-sdk/client-auto-scaling';
import { balance } from './autoScaling/capacity.ts';
import type { Group, GroupTag, Member } from './autoScaling/group.ts';
import { groupFilter } from './autoScaling/groupFilter.ts';
import { checkCapacityChange, checkDesiredCapacity, readGroupSizes } from './autoScaling/groupSizes.ts';
import { Groups } from './autoScaling/groups.ts';
import { writeGroupTag } from './autoScaling/groupTags.ts';
import type { DescribedGroup, DescribedInstance, GroupView } from './autoScaling/groupView.ts';
import { type EndedLifecycleAction, LifecycleActions } from './autoScaling/lifecycleActions.ts';
import {
  describedHook,
  type LifecycleHook,
  readLifecycleActionResult,
  readLifecycleHook,
} from './autoScaling/lifecycleHook.ts';
import { MemberLifecycle } from './autoScaling/memberLifecycle.ts';
import { isWarmed } from './autoScaling/memberState.ts';
import { page } from './autoScaling/page.ts';
import { AwsError } from './awsError.ts';
import type { World } from './world.ts';

/** @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingGroups.html */
const groupRecords = { recordsDefault: 50, recordsMax: 100 } as const;
/** @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingInstances.html */
const instanceRecords = { recordsDefault: 50, recordsMax: 50 } as const;
const instanceIdsPerDescribeMax = 50;
/** Instances in one attach, detach or standby request. */
const instanceIdsPerChangeMax = 20;
/** @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-quotas.html */
const hooksPerGroupMax = 50;

/** A state that a member of a group, or of its warm pool, entered. */
export interface MemberStateChange {
  readonly group: string;
  readonly instanceId: string;
  /** AWS's `LifecycleState`, or what `setLifecycleState` made of it. */
  readonly lifecycleState: string;
}

/** What an operation without an answer answers. */
type Nothing = Record<string, never>;

/**
 * Auto Scaling: groups that keep their desired capacity, members that live through all lifecycle states, hooks that hold them up, and the
 * events of all that.
 */
export class AutoScaling {
  /**
   * How old the view is that the next Describe operation answers with, in seconds (at most 600). Asked once per call. Lifecycle hooks are
   * always shown as they are.
   *
   * @default each read shows the present
   */
  readLagSeconds: (() => number) | undefined;

  readonly #world: World;
  readonly #groups = new Groups();
  readonly #actions: LifecycleActions;
  readonly #lifecycle: MemberLifecycle;
  readonly #actionListeners: ((ended: EndedLifecycleAction) => void)[] = [];
  readonly #memberListeners: ((change: MemberStateChange) => void)[] = [];

  constructor(world: World) {
    this.#world = world;
    this.#actions = new LifecycleActions(world, (ended) => {
      for (const listener of this.#actionListeners) {
        listener(ended);
      }
    });
    this.#lifecycle = new MemberLifecycle(world, this.#actions, {
      changed: (group) => this.#groups.note(group, this.#world.now),
      entered: (group, { instanceId, state }) => {
        for (const listener of this.#memberListeners) {
          listener({ group: group.name, instanceId, lifecycleState: state });
        }
      },
      unbalanced: (group) => this.#settle(group),
    });
    world.ec2.onStateChange((instanceId, state) => {
      const found = this.#groups.find(instanceId);
      if (found !== undefined) {
        this.#lifecycle.instanceEntered(found.group, found.member, state);
      }
    });
  }

  /** @throws AwsError `AlreadyExists`, `ValidationError` */
  createAutoScalingGroup(input: CreateAutoScalingGroupCommandInput): Nothing {
    const name = input.AutoScalingGroupName ?? '';
    if (name === '') {
      throw new AwsError('ValidationError', 'AutoScalingGroupName must be specified');
    }
    const sizes = readGroupSizes(input, undefined);
    const tags = new Map<string, GroupTag>();
    for (const tag of input.Tags ?? []) {
      writeGroupTag(tags, tag);
    }
    const hooks = new Map<string, LifecycleHook>();
    for (const specification of input.LifecycleHookSpecificationList ?? []) {
      const hook = readLifecycleHook(specification, undefined);
      hooks.set(hook.name, hook);
    }
    const group: Group = {
      name,
      arn: `arn:aws:autoscaling:${this.#world.region}:${this.#world.account}:autoScalingGroup:${this.#world.uuid()}:autoScalingGroupName/${name}`,
      createdAt: this.#world.now,
      ...sizes,
      tags,
      hooks,
      availabilityZones: input.AvailabilityZones ?? ['a', 'b', 'c'].map((letter) => `${this.#world.region}${letter}`),
      vpcZoneIdentifier: input.VPCZoneIdentifier,
      newInstancesProtected: input.NewInstancesProtectedFromScaleIn ?? false,
      retainsOnAbandon: input.InstanceLifecyclePolicy?.RetentionTriggers?.TerminateHookAbandon === 'retain',
      members: [],
      warmPool: undefined,
      deleting: false,
    };
    this.#groups.add(group);
    this.#world.happened('autoscaling', `group ${name}: created, ${sizesOf(group)}`);
    this.#changed(group);
    return {};
  }

  /** @throws AwsError `ValidationError` */
  updateAutoScalingGroup(input: UpdateAutoScalingGroupCommandInput): Nothing {
    const group = this.#groups.group(input.AutoScalingGroupName);
    Object.assign(group, readGroupSizes(input, group));
    group.availabilityZones = input.AvailabilityZones ?? group.availabilityZones;
    group.vpcZoneIdentifier = input.VPCZoneIdentifier ?? group.vpcZoneIdentifier;
    group.newInstancesProtected = input.NewInstancesProtectedFromScaleIn ?? group.newInstancesProtected;
    const retention = input.InstanceLifecyclePolicy?.RetentionTriggers?.TerminateHookAbandon;
    group.retainsOnAbandon = retention === undefined ? group.retainsOnAbandon : retention === 'retain';
    this.#world.happened('autoscaling', `group ${group.name}: ${sizesOf(group)}`);
    this.#changed(group);
    return {};
  }

  /** @throws AwsError `ValidationError` */
  setDesiredCapacity(input: SetDesiredCapacityCommandInput): Nothing {
    const group = this.#groups.group(input.AutoScalingGroupName);
    const desiredCapacity = input.DesiredCapacity ?? Number.NaN;
    if (!Number.isInteger(desiredCapacity)) {
      throw new AwsError('ValidationError', 'DesiredCapacity must be specified');
    }
    checkDesiredCapacity(group, desiredCapacity);
    group.desiredCapacity = desiredCapacity;
    this.#world.happened('autoscaling', `group ${group.name}: ${sizesOf(group)}`);
    this.#changed(group);
    return {};
  }

  /**
   * Deletes an empty group; with `ForceDelete` one with instances too, which are terminated without asking any hook.
   *
   * @throws AwsError `ResourceInUse`, `ValidationError`
   */
  deleteAutoScalingGroup(input: DeleteAutoScalingGroupCommandInput): Nothing {
    const group = this.#groups.group(input.AutoScalingGroupName);
    if (group.members.length > 0 && input.ForceDelete !== true) {
      throw new AwsError(
        'ResourceInUse',
        'You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.',
      );
    }
    group.deleting = true;
    group.desiredCapacity = 0;
    for (const member of group.members) {
      this.#lifecycle.terminateAtOnce(group, member, 'the group is deleted.');
    }
    this.#changed(group);
    return {};
  }

  /**
   * Groups by name or by tag filters, in pages; a name that is unknown is left out. Members of warm pools are not shown. What it shows is
   * frozen: a sweep asks for the same groups over and over, and gets the same answer as long as they stay as they are.
   *
   * @throws AwsError `ValidationError`, `InvalidNextToken`
   */
  describeAutoScalingGroups(input: DescribeAutoScalingGroupsCommandInput): {
    AutoScalingGroups: DescribedGroup[];
    NextToken?: string;
  } {
    const names = input.AutoScalingGroupNames ?? [];
    const matches = groupFilter(input.Filters ?? []);
    const views = this.#views().filter((view) => (names.length === 0 || names.includes(view.name)) && matches(view));
    const { items, ...next } = page(views, (view) => view.name, input, groupRecords);
    return {
      AutoScalingGroups: items.map((view) =>
        input.IncludeInstances === false ? { ...view.group, Instances: [] } : view.group,
      ),
      ...next,
    };
  }

  /**
   * Members by instance id, in pages; an id that is unknown is left out. Members of warm pools are shown.
   *
   * @throws AwsError `ValidationError`, `InvalidNextToken`
   */
  describeAutoScalingInstances(input: DescribeAutoScalingInstancesCommandInput): AutoScalingInstancesType {
    const ids = input.InstanceIds ?? [];
    if (ids.length > instanceIdsPerDescribeMax) {
      throw new AwsError(
        'ValidationError',
        `The number of instance ids that may be passed in is limited to ${instanceIdsPerDescribeMax}`,
      );
    }
    const instances = this.#views()
      .flatMap((view) => view.instances)
      .filter((instance) => ids.length === 0 || ids.includes(instance.InstanceId ?? ''))
      .toSorted((left, right) => ((left.InstanceId ?? '') < (right.InstanceId ?? '') ? -1 : 1));
    const { items, ...next } = page(instances, (instance) => instance.InstanceId ?? '', input, instanceRecords);
    return { AutoScalingInstances: items, ...next };
  }

  /** @throws AwsError `ValidationError` */
  describeLifecycleHooks(input: DescribeLifecycleHooksCommandInput): DescribeLifecycleHooksAnswer {
    const group = this.#groups.group(input.AutoScalingGroupName);
    const names = input.LifecycleHookNames ?? [];
    const hooks = [...group.hooks.values()].filter((hook) => names.length === 0 || names.includes(hook.name));
    return { LifecycleHooks: hooks.map((hook) => describedHook(hook, group.name)) };
  }

  /** Makes a hook, or changes one; members that wait already are not touched. @throws AwsError `ValidationError`, `LimitExceeded` */
  putLifecycleHook(input: PutLifecycleHookCommandInput): Nothing {
    const group = this.#groups.group(input.AutoScalingGroupName);
    const hook = readLifecycleHook(input, group.hooks.get(input.LifecycleHookName ?? ''));
    if (!group.hooks.has(hook.name) && group.hooks.size >= hooksPerGroupMax) {
      throw new AwsError(
        'LimitExceeded',
        `You have already reached the maximum number of lifecycle hooks for this group: ${hooksPerGroupMax}`,
      );
    }
    group.hooks.set(hook.name, hook);
    return {};
  }

  /** Removes a hook; what waits for it is abandoned if it launches, and continues if it terminates. @throws AwsError `ValidationError` */
  deleteLifecycleHook(input: DeleteLifecycleHookCommandInput): Nothing {
    const group = this.#groups.group(input.AutoScalingGroupName);
    const name = input.LifecycleHookName ?? '';
    if (!group.hooks.delete(name)) {
      throw new AwsError('ValidationError', `No Lifecycle Hook found with name ${name}`);
    }
    this.#actions.completeAll(group, name);
    return {};
  }

  /** @throws AwsError `ValidationError`: `No active Lifecycle Action found with …`, or the group is unknown */
  completeLifecycleAction(input: CompleteLifecycleActionCommandInput): Nothing {
    const group = this.#groups.group(input.AutoScalingGroupName);
    this.#actions.complete(group, input, readLifecycleActionResult(input.LifecycleActionResult));
    return {};
  }

  /** Restarts the action's timeout. @throws AwsError as `completeLifecycleAction` */
  recordLifecycleActionHeartbeat(input: RecordLifecycleActionHeartbeatCommandInput): Nothing {
    this.#actions.heartbeat(this.#groups.group(input.AutoScalingGroupName), input);
    return {};
  }

  /** Terminates a member through its hooks; a replacement comes unless desired capacity goes down too. @throws AwsError `ValidationError` */
  terminateInstanceInAutoScalingGroup(input: TerminateInstanceInAutoScalingGroupCommandInput): ActivityType {
    const { group, member } = this.#groups.managed(input.InstanceId);
    if (input.ShouldDecrementDesiredCapacity === true && !isWarmed(member)) {
      if (group.desiredCapacity <= group.minSize) {
        throw new AwsError(
          'ValidationError',
          `Currently, desiredSize equals minSize (${group.minSize}). Terminating instance without replacement will violate group's min size constraint. Either set shouldDecrementDesiredCapacity flag to false or lower group's min size.`,
        );
      }
      group.desiredCapacity -= 1;
    }
    const cause = 'an instance was taken out of service in response to a user request.';
    this.#lifecycle.terminate(group, member, cause);
    this.#changed(group);
    return { Activity: this.#activity(group, member, 'Terminating EC2 instance', cause) };
  }

  /** Takes members in service out of it; replacements come unless desired capacity goes down too. @throws AwsError `ValidationError` */
  enterStandby(input: EnterStandbyCommandInput): EnterStandbyAnswer {
    const group = this.#groups.group(input.AutoScalingGroupName);
    const members = membersIn(group, input.InstanceIds, ['InService']);
    this.#decrement(group, members.length, input.ShouldDecrementDesiredCapacity, 'place into standby');
    const cause = 'an instance was moved to standby in response to a user request.';
    for (const member of members) {
      this.#lifecycle.enterStandby(group, member, cause);
    }
    this.#changed(group);
    return {
      Activities: members.map((member) => this.#activity(group, member, 'Moving EC2 instance to Standby', cause)),
    };
  }

  /** Puts members back into service; desired capacity goes up by as many. @throws AwsError `ValidationError` */
  exitStandby(input: ExitStandbyCommandInput): ExitStandbyAnswer {
    const group = this.#groups.group(input.AutoScalingGroupName);
    const members = membersIn(group, input.InstanceIds, ['Standby']);
    checkCapacityChange(group, members.length, 'place into service');
    group.desiredCapacity += members.length;
    const cause = 'an instance was moved out of standby in response to a user request.';
    for (const member of members) {
      this.#lifecycle.exitStandby(group, member, cause);
    }
    this.#changed(group);
    return {
      Activities: members.map((member) => this.#activity(group, member, 'Moving EC2 instance out of Standby', cause)),
    };
  }

  /** Lets members leave the group alive; replacements come unless desired capacity goes down too. @throws AwsError `ValidationError` */
  detachInstances(input: DetachInstancesCommandInput): DetachInstancesAnswer {
    const group = this.#groups.group(input.AutoScalingGroupName);
    const members = membersIn(group, input.InstanceIds, [
      'InService',
      'Standby',
      'Warmed:Stopped',
      'Warmed:Running',
      'Warmed:Hibernated',
    ]);
    const counted = members.filter((member) => member.state === 'InService').length;
    this.#decrement(group, counted, input.ShouldDecrementDesiredCapacity, 'detach');
    const cause = 'an instance was detached in response to a user request.';
    for (const member of members) {
      this.#lifecycle.detach(group, member, cause);
    }
    this.#changed(group);
    return { Activities: members.map((member) => this.#activity(group, member, 'Detaching EC2 instance', cause)) };
  }

  /** Takes running instances into the group; desired capacity goes up by as many. @throws AwsError `ValidationError` */
  attachInstances(input: AttachInstancesCommandInput): Nothing {
    const group = this.#groups.group(input.AutoScalingGroupName);
    const ids = [...new Set(checkedIds(input.InstanceIds))];
    for (const id of ids) {
      if (this.#world.ec2.instance(id)?.state !== 'running') {
        throw new AwsError('ValidationError', `Invalid Instance ID(s): [${id}] specified.`);
      }
      const other = this.#groups.find(id);
      if (other !== undefined) {
        throw new AwsError(
          'ValidationError',
          `The instance ${id} is already part of AutoScalingGroup: ${other.group.name}`,
        );
      }
    }
    checkCapacityChange(group, ids.length, 'attach');
    group.desiredCapacity += ids.length;
    for (const id of ids) {
      this.#lifecycle.attach(group, id, 'an instance was attached in response to a user request.');
    }
    this.#changed(group);
    return {};
  }

  /** Gives the group a warm pool, or changes the one it has. @throws AwsError `ValidationError` */
  putWarmPool(input: PutWarmPoolCommandInput): Nothing {
    const group = this.#groups.group(input.AutoScalingGroupName);
    const prepared = input.MaxGroupPreparedCapacity ?? group.warmPool?.maxGroupPreparedCapacity;
    group.warmPool = {
      minSize: input.MinSize ?? group.warmPool?.minSize ?? 0,
      maxGroupPreparedCapacity: prepared === -1 ? undefined : prepared,
      poolState: input.PoolState ?? group.warmPool?.poolState ?? 'Stopped',
      reuseOnScaleIn: input.InstanceReusePolicy?.ReuseOnScaleIn ?? group.warmPool?.reuseOnScaleIn ?? false,
      deleting: false,
    };
    this.#changed(group);
    return {};
  }

  /** The pool's configuration and its members, in pages. @throws AwsError `ValidationError`, `InvalidNextToken` */
  describeWarmPool(input: DescribeWarmPoolCommandInput): {
    WarmPoolConfiguration?: WarmPoolConfiguration;
    Instances: DescribedInstance[];
    NextToken?: string;
  } {
    const { name } = this.#groups.group(input.AutoScalingGroupName);
    const view = this.#views().find((one) => one.name === name);
    const pool = (view?.pool ?? []).toSorted((left, right) =>
      (left.InstanceId ?? '') < (right.InstanceId ?? '') ? -1 : 1,
    );
    const { items, ...next } = page(pool, (instance) => instance.InstanceId ?? '', input, instanceRecords);
    const configuration = view?.group.WarmPoolConfiguration;
    return {
      ...(configuration === undefined ? {} : { WarmPoolConfiguration: configuration }),
      Instances: items,
      ...next,
    };
  }

  /** Removes the pool once its members are terminated; with `ForceDelete` they are without asking any hook. @throws AwsError `ValidationError` */
  deleteWarmPool(input: DeleteWarmPoolCommandInput): Nothing {
    const group = this.#groups.group(input.AutoScalingGroupName);
    if (group.warmPool === undefined) {
      throw new AwsError('ValidationError', `No warm pool found for AutoScalingGroup ${group.name}`);
    }
    group.warmPool = { ...group.warmPool, deleting: true };
    if (input.ForceDelete === true) {
      for (const member of group.members.filter(isWarmed)) {
        this.#lifecycle.terminateAtOnce(group, member, 'the warm pool is deleted.');
      }
    }
    this.#changed(group);
    return {};
  }

  /** Writes tags of groups; instances that run already do not get them. @throws AwsError `ValidationError`, `LimitExceeded` */
  createOrUpdateTags(input: CreateOrUpdateTagsCommandInput): Nothing {
    const written = (input.Tags ?? []).map((tag) => ({ tag, group: this.#groups.group(tag.ResourceId) }));
    for (const { tag, group } of written) {
      writeGroupTag(group.tags, tag);
      this.#world.happened('autoscaling', `group ${group.name}: tag ${tag.Key}=${tag.Value ?? ''}`);
      this.#groups.note(group, this.#world.now);
    }
    return {};
  }

  /** Removes tags of groups by their keys. @throws AwsError `ValidationError` */
  deleteTags(input: DeleteTagsCommandInput): Nothing {
    const removed = (input.Tags ?? []).map((tag) => ({
      key: tag.Key ?? '',
      group: this.#groups.group(tag.ResourceId),
    }));
    for (const { key, group } of removed) {
      group.tags.delete(key);
      this.#world.happened('autoscaling', `group ${group.name}: no tag ${key}`);
      this.#groups.note(group, this.#world.now);
    }
    return {};
  }

  /**
   * Puts a member into any state, one that AWS has yet to invent included, and leaves it there. The wait states that AWS documents open their
   * hooks' actions, so that they can be completed.
   *
   * @throws AwsError `ValidationError` if no group has the instance
   */
  setLifecycleState(instanceId: string, state: string): void {
    const { group, member } = this.#groups.managed(instanceId);
    this.#lifecycle.force(group, member, state);
  }

  /**
   * Calls back on every lifecycle action that ends from now on, completed, timed out or with its hook, while its member still waits. An action
   * that is given up along with its member's whole wait, because another hook's was abandoned or something else began, is not told of.
   */
  onLifecycleActionEnded(listener: (ended: EndedLifecycleAction) => void): void {
    this.#actionListeners.push(listener);
  }

  /** Calls back on every state that a member enters from now on, the one that it joins in included. */
  onMemberStateChange(listener: (change: MemberStateChange) => void): void {
    this.#memberListeners.push(listener);
  }

  #changed(group: Group): void {
    this.#groups.note(group, this.#world.now);
    this.#settle(group);
  }

  /** Launches or terminates what is missing or too much, and drops what was only waiting for its last instance to go. */
  #settle(group: Group): void {
    if (group.warmPool?.deleting === true && !group.members.some(isWarmed)) {
      group.warmPool = undefined;
      this.#groups.note(group, this.#world.now);
    }
    if (group.deleting && group.members.length === 0) {
      this.#groups.remove(group, this.#world.now);
      this.#world.happened('autoscaling', `group ${group.name}: deleted`);
      return;
    }
    balance(group, this.#lifecycle);
  }

  #decrement(group: Group, count: number, should: boolean | undefined, purpose: string): void {
    if (should === true) {
      checkCapacityChange(group, -count, purpose);
      group.desiredCapacity -= count;
    }
  }

  #views(): readonly GroupView[] {
    const lag = this.readLagSeconds?.() ?? 0;
    return this.#groups.views(lag === 0 ? undefined : this.#world.now - Math.round(lag * 1000));
  }

  #activity(group: Group, member: Member, description: string, cause: string): Activity {
    return {
      ActivityId: this.#world.uuid(),
      AutoScalingGroupName: group.name,
      AutoScalingGroupARN: group.arn,
      Description: `${description}: ${member.instanceId}`,
      Cause: `At ${this.#world.timestamp} ${cause}`,
      StartTime: new Date(this.#world.now),
      StatusCode: 'InProgress',
      Progress: 0,
      Details: JSON.stringify({ 'Subnet ID': member.subnetId, 'Availability Zone': member.availabilityZone }),
    };
  }
}

/** @throws AwsError `ValidationError` unless all are members in one of the states */
function membersIn(
  group: Group,
  instanceIds: readonly string[] | undefined,
  states: readonly string[],
): readonly Member[] {
  return [...new Set(checkedIds(instanceIds))].map((id) => {
    const member = group.members.find((one) => one.instanceId === id);
    if (member === undefined) {
      throw new AwsError('ValidationError', `The instance ${id} is not part of Auto Scaling group ${group.name}.`);
    }
    if (!states.includes(member.state)) {
      throw new AwsError('ValidationError', `The instance ${id} is not in ${states.join(' or ')}.`);
    }
    return member;
  });
}

function checkedIds(instanceIds: readonly string[] | undefined): readonly string[] {
  const ids = instanceIds ?? [];
  if (ids.length === 0 || ids.length > instanceIdsPerChangeMax) {
    throw new AwsError(
      'ValidationError',
      `Between 1 and ${instanceIdsPerChangeMax} instance ids must be specified, were ${ids.length}`,
    );
  }
  return ids;
}

function sizesOf(group: Group): string {
  return `min ${group.minSize}, desired ${group.desiredCapacity}, max ${group.maxSize}`;
}
