import type { InstanceStateName } from '@aws-sdk/client-ec2';
import type { World } from '../world.ts';
import { goneSeconds, healthCheckSeconds, transitionSeconds } from './delays.ts';
import type { Group, Member, Place } from './group.ts';
import { emitActivityResult } from './groupEvents.ts';
import type { LifecycleActions, Wait } from './lifecycleActions.ts';
import { type LifecycleActionResult, launchingTransition, terminatingTransition } from './lifecycleHook.ts';
import { countsAsCapacity, isEnding, isStandby, isWarmed } from './memberState.ts';

/** The tag that tells whose member an instance is; AWS writes and removes it. */
const groupNameTag = 'aws:autoscaling:groupName';

/** What the state machine tells its owner. */
export interface LifecycleObserver {
  /** The group shows something else than before. */
  readonly changed: (group: Group) => void;
  /** The member is in another state than before, and the group shows it. */
  readonly entered: (group: Group, member: Member) => void;
  /** The group may be short of members, or have too many. */
  readonly unbalanced: (group: Group) => void;
}

/**
 * The life of members, from launch to termination, with all its ways around: warm pool, standby, attach and detach. Each method begins one
 * way; time, EC2 and the completion of lifecycle actions carry the member on.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/warm-pool-instance-lifecycle.html
 */
export class MemberLifecycle {
  readonly #world: World;
  readonly #actions: LifecycleActions;
  readonly #observer: LifecycleObserver;

  constructor(world: World, actions: LifecycleActions, observer: LifecycleObserver) {
    this.#world = world;
    this.#actions = actions;
    this.#observer = observer;
  }

  /** Launches a new member, into service or into the warm pool. */
  launch(group: Group, destination: 'AutoScalingGroup' | 'WarmPool', cause: string): void {
    const availabilityZone = quietestZone(group, this.#world.region);
    const instanceId = this.#world.ec2.launch({ availabilityZone, tags: propagatedTags(group) });
    this.#join(group, instanceId, destination === 'WarmPool' ? 'Warmed:Pending' : 'Pending', cause);
  }

  /** Takes a running instance into the group. No hook runs. */
  attach(group: Group, instanceId: string, cause: string): void {
    const member = this.#join(group, instanceId, 'Pending', cause);
    this.#world.ec2.writeTags(instanceId, propagatedTags(group));
    this.#later(member, transitionSeconds, () => this.#serve(group, member));
  }

  /** Takes a warmed member into service: it boots if it has to, and launch hooks run (again). */
  leavePool(group: Group, member: Member, cause: string): void {
    const stopped = member.state !== 'Warmed:Running';
    this.#begin(member, cause);
    member.origin = 'WarmPool';
    this.#enter(group, member, 'Pending');
    if (stopped) {
      this.#world.ec2.startInstance(member.instanceId);
    } else {
      this.#later(member, transitionSeconds, () => this.#booted(group, member));
    }
  }

  /**
   * Takes a member out of service and back into the warm pool. The hooks that run are those for termination, though the member waits in
   * `Warmed:Pending:Wait`.
   *
   * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/warm-pools-eventbridge-events.html (example 4)
   */
  returnToPool(group: Group, member: Member, cause: string): void {
    this.#begin(member, cause);
    member.origin = 'AutoScalingGroup';
    this.#enter(group, member, 'Warmed:Pending');
    this.#later(member, transitionSeconds, () => this.#wait(group, member, this.#returnWait(group, member)));
  }

  /** Terminates a member after its terminate hooks. One that is on its way out already goes on; a retained one is let go. */
  terminate(group: Group, member: Member, cause: string): void {
    if (member.state.endsWith(':Retained')) {
      this.#proceed(group, member);
      this.#shutDown(group, member);
      return;
    }
    if (isEnding(member)) {
      return;
    }
    const prefix = isWarmed(member) ? 'Warmed:' : '';
    this.#begin(member, cause);
    this.#enter(group, member, `${prefix}Terminating`);
    this.#later(member, transitionSeconds, () => this.#wait(group, member, this.#terminateWait(group, member)));
  }

  /** Terminates a member without asking any hook. */
  terminateAtOnce(group: Group, member: Member, cause: string): void {
    this.#begin(member, cause);
    this.#enter(group, member, `${isWarmed(member) ? 'Warmed:' : ''}Terminating`);
    this.#shutDown(group, member);
  }

  /** Takes a member out of service for a while. No hook runs. */
  enterStandby(group: Group, member: Member, cause: string): void {
    this.#begin(member, cause);
    this.#enter(group, member, 'EnteringStandby');
    this.#later(member, transitionSeconds, () => this.#enter(group, member, 'Standby'));
  }

  /** Puts a member back into service. No hook runs. */
  exitStandby(group: Group, member: Member, cause: string): void {
    this.#begin(member, cause);
    this.#enter(group, member, 'Pending');
    this.#later(member, transitionSeconds, () => this.#serve(group, member));
  }

  /** Lets an instance leave the group alive, without its group's tag. No hook runs. */
  detach(group: Group, member: Member, cause: string): void {
    this.#begin(member, cause);
    this.#enter(group, member, 'Detaching');
    this.#later(member, transitionSeconds, () => {
      this.#enter(group, member, 'Detached');
      if (this.#world.ec2.instance(member.instanceId) !== undefined) {
        this.#world.ec2.removeTags(member.instanceId, [groupNameTag]);
      }
      emitActivityResult(this.#world, group, member, 'EC2 Instance Detach Successful', {
        origin: 'AutoScalingGroup',
        destination: 'EC2',
      });
      this.#later(member, goneSeconds, () => this.#leave(group, member));
    });
  }

  /**
   * Puts a member into a state, known to AWS or not, and leaves it there; but a documented wait opens the actions of the hooks that there are
   * for it, and goes on from there.
   */
  force(group: Group, member: Member, state: string): void {
    this.#begin(member, 'forced');
    this.#enter(group, member, state);
    if (state === 'Pending:Wait') {
      this.#actions.open(group, member, this.#launchWait(group, member));
    } else if (state === 'Warmed:Pending:Wait') {
      this.#actions.open(group, member, this.#warmWait(group, member));
    } else if (state === 'Terminating:Wait' || state === 'Warmed:Terminating:Wait') {
      this.#actions.open(group, member, this.#terminateWait(group, member));
    }
  }

  /** Follows what happens to a member's instance. */
  instanceEntered(group: Group, member: Member, state: InstanceStateName): void {
    if (state === 'running') {
      this.#booted(group, member);
    } else if (state === 'stopped' && /^Warmed:Pending(:Proceed)?$/.test(member.state)) {
      this.#inPool(group, member);
    } else if (
      state === 'terminated' &&
      /^(Warmed:)?Terminating(:Proceed)?$/.test(member.state) &&
      member.actions.length === 0
    ) {
      this.#terminated(group, member);
    }
    this.#checkHealth(group, member);
  }

  #booted(group: Group, member: Member): void {
    if (member.state === 'Pending') {
      this.#wait(group, member, this.#launchWait(group, member));
    } else if (member.state === 'Warmed:Pending') {
      this.#wait(group, member, this.#warmWait(group, member));
    }
  }

  /** Waits for all hooks of a transition, or goes straight on, without a wait state, where there are none. */
  #wait(group: Group, member: Member, wait: Wait): void {
    if ([...group.hooks.values()].some((hook) => hook.transition === wait.transition)) {
      this.#enter(group, member, `${member.state}:Wait`);
      this.#actions.open(group, member, wait);
    } else {
      wait.proceed('CONTINUE');
    }
  }

  #launchWait(group: Group, member: Member): Wait {
    return {
      transition: launchingTransition,
      origin: member.origin,
      destination: 'AutoScalingGroup',
      proceed: (result) => this.#launched(group, member, result),
    };
  }

  #warmWait(group: Group, member: Member): Wait {
    return {
      transition: launchingTransition,
      origin: 'EC2',
      destination: 'WarmPool',
      proceed: (result) => this.#warmed(group, member, result),
    };
  }

  #returnWait(group: Group, member: Member): Wait {
    return {
      transition: terminatingTransition,
      origin: 'AutoScalingGroup',
      destination: 'WarmPool',
      proceed: (result) => this.#returned(group, member, result),
    };
  }

  #terminateWait(group: Group, member: Member): Wait {
    return {
      transition: terminatingTransition,
      origin: isWarmed(member) ? 'WarmPool' : 'AutoScalingGroup',
      destination: 'EC2',
      proceed: (result) => this.#released(group, member, result),
    };
  }

  #launched(group: Group, member: Member, result: LifecycleActionResult): void {
    if (result === 'ABANDON') {
      this.#launchFailed(group, member, 'AutoScalingGroup');
      return;
    }
    this.#proceed(group, member);
    this.#later(member, transitionSeconds, () => this.#inService(group, member));
  }

  #warmed(group: Group, member: Member, result: LifecycleActionResult): void {
    if (result === 'ABANDON') {
      this.#launchFailed(group, member, 'WarmPool');
      return;
    }
    this.#proceed(group, member);
    this.#settle(group, member);
  }

  #returned(group: Group, member: Member, result: LifecycleActionResult): void {
    if (result === 'ABANDON') {
      this.terminateAtOnce(
        group,
        member,
        'an instance was not returned to the warm pool: its lifecycle action was abandoned.',
      );
      this.#observer.unbalanced(group);
      return;
    }
    this.#proceed(group, member);
    this.#settle(group, member);
  }

  #released(group: Group, member: Member, result: LifecycleActionResult): void {
    if (result === 'ABANDON' && group.retainsOnAbandon) {
      this.#enter(group, member, member.state.replace(/:Wait$/, ':Retained'));
      return;
    }
    this.#proceed(group, member);
    this.#shutDown(group, member);
  }

  /** Leaves the wait state, if the member is in one. */
  #proceed(group: Group, member: Member): void {
    if (/:(Wait|Retained)$/.test(member.state)) {
      this.#enter(group, member, member.state.replace(/:(Wait|Retained)$/, ':Proceed'));
    }
  }

  /** Brings the instance into the state that the pool keeps its members in. */
  #settle(group: Group, member: Member): void {
    if (group.warmPool?.poolState === 'Running') {
      this.#later(member, transitionSeconds, () => this.#inPool(group, member));
    } else if (this.#world.ec2.instance(member.instanceId)?.state === 'running') {
      this.#world.ec2.stopInstance(member.instanceId);
    }
  }

  #inPool(group: Group, member: Member): void {
    this.#enter(group, member, `Warmed:${group.warmPool?.poolState ?? 'Stopped'}`);
    if (member.origin === 'EC2') {
      emitActivityResult(this.#world, group, member, 'EC2 Instance Launch Successful', {
        origin: 'EC2',
        destination: 'WarmPool',
      });
    }
    this.#checkHealth(group, member);
    this.#observer.unbalanced(group);
  }

  #inService(group: Group, member: Member): void {
    this.#serve(group, member);
    emitActivityResult(this.#world, group, member, 'EC2 Instance Launch Successful', {
      origin: member.origin,
      destination: 'AutoScalingGroup',
    });
  }

  #serve(group: Group, member: Member): void {
    this.#enter(group, member, 'InService');
    this.#checkHealth(group, member);
    this.#observer.unbalanced(group);
  }

  /** An abandoned launch ends the instance at once: terminate hooks do not run for it. */
  #launchFailed(group: Group, member: Member, destination: Place): void {
    emitActivityResult(this.#world, group, member, 'EC2 Instance Launch Unsuccessful', {
      origin: member.origin,
      destination,
      statusMessage:
        "Instance failed to complete user's Lifecycle Action: it was abandoned: Lifecycle Action Completed with ABANDON Result",
    });
    this.terminateAtOnce(group, member, 'an instance was taken out of service in response to a launch failure.');
    this.#observer.unbalanced(group);
  }

  #shutDown(group: Group, member: Member): void {
    const instance = this.#world.ec2.instance(member.instanceId);
    if (instance === undefined || instance.state === 'terminated') {
      this.#terminated(group, member);
    } else {
      this.#world.ec2.terminateInstances({ InstanceIds: [member.instanceId] });
    }
  }

  #terminated(group: Group, member: Member): void {
    const origin = isWarmed(member) ? 'WarmPool' : 'AutoScalingGroup';
    this.#enter(group, member, `${isWarmed(member) ? 'Warmed:' : ''}Terminated`);
    emitActivityResult(this.#world, group, member, 'EC2 Instance Terminate Successful', { origin, destination: 'EC2' });
    this.#later(member, goneSeconds, () => this.#leave(group, member));
  }

  /** Looks again after a while at a member whose instance is not well, and replaces it if it still is not. */
  #checkHealth(group: Group, member: Member): void {
    if (this.#isWell(member)) {
      return;
    }
    this.#world.after(healthCheckSeconds, () => {
      if (group.members.includes(member) && !this.#isWell(member)) {
        member.healthy = false;
        this.terminate(
          group,
          member,
          'an instance was taken out of service in response to an EC2 health check indicating it has been terminated or stopped.',
        );
        this.#observer.unbalanced(group);
      }
    });
  }

  #isWell(member: Member): boolean {
    if (isEnding(member) || isStandby(member)) {
      return true;
    }
    const state = this.#world.ec2.instance(member.instanceId)?.state;
    switch (state) {
      case 'pending':
      case 'running':
        return true;
      case 'stopping':
      case 'stopped':
        return isWarmed(member) && member.state !== 'Warmed:Running';
      default:
        return false;
    }
  }

  #join(group: Group, instanceId: string, state: string, cause: string): Member {
    const instance = this.#world.ec2.instance(instanceId);
    const member: Member = {
      instanceId,
      instanceType: instance?.instanceType ?? '',
      imageId: instance?.imageId ?? '',
      availabilityZone: instance?.availabilityZone ?? '',
      subnetId: instance?.network?.subnetId ?? '',
      protectedFromScaleIn: group.newInstancesProtected,
      state: '',
      healthy: true,
      origin: 'EC2',
      actions: [],
      cause,
      since: this.#world.now,
      changes: 0,
    };
    group.members = [...group.members, member];
    this.#enter(group, member, state);
    return member;
  }

  #leave(group: Group, member: Member): void {
    group.members = group.members.filter((one) => one !== member);
    this.#observer.changed(group);
    this.#observer.unbalanced(group);
  }

  /** Gives up what the member was waiting for and starts something else. */
  #begin(member: Member, cause: string): void {
    member.actions = [];
    member.cause = `At ${this.#world.timestamp} ${cause}`;
    member.since = this.#world.now;
  }

  #enter(group: Group, member: Member, state: string): void {
    const change = member.state === '' ? state : `${member.state} → ${state}`;
    this.#world.happened('autoscaling', `${member.instanceId} of ${group.name}: ${change}`);
    member.state = state;
    member.changes += 1;
    this.#observer.changed(group);
    this.#observer.entered(group, member);
  }

  /** Goes on to the next state, unless something else changed the state in the meantime. */
  #later(member: Member, seconds: number, run: () => void): void {
    const changes = member.changes;
    this.#world.after(seconds, () => {
      if (member.changes === changes) {
        run();
      }
    });
  }
}

function propagatedTags(group: Group): Readonly<Record<string, string>> {
  const own = [...group.tags].filter(([, tag]) => tag.propagateAtLaunch).map(([key, tag]) => [key, tag.value] as const);
  return Object.fromEntries([...own, [groupNameTag, group.name]]);
}

/** The zone with the fewest members, the first of several: groups keep their zones even. */
function quietestZone(group: Group, region: string): string {
  const counts = new Map(group.availabilityZones.map((zone) => [zone, 0]));
  for (const member of group.members) {
    const count = counts.get(member.availabilityZone);
    if (count !== undefined && (countsAsCapacity(member) || isWarmed(member))) {
      counts.set(member.availabilityZone, count + 1);
    }
  }
  return [...counts].sort(([, left], [, right]) => left - right)[0]?.[0] ?? `${region}a`;
}
