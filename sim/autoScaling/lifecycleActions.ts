import { AwsError } from '../awsError.ts';
import type { World } from '../world.ts';
import type { Group, Member, Place } from './group.ts';
import { emitLifecycleAction } from './groupEvents.ts';
import {
  globalTimeout,
  type LifecycleActionResult,
  type LifecycleHook,
  type LifecycleTransition,
  launchingTransition,
} from './lifecycleHook.ts';

/** One hook's open action for one member. */
export interface LifecycleAction {
  readonly token: string;
  readonly hook: LifecycleHook;
  /** Epoch milliseconds at which its hook's default result is taken; heartbeats move it, up to `endsAt`. */
  readonly deadline: number;
  readonly endsAt: number;
  /** Goes on with the member once the last of its actions is completed. */
  readonly proceed: (result: LifecycleActionResult) => void;
}

/** A lifecycle action that ended. */
export interface EndedLifecycleAction {
  readonly group: string;
  readonly instanceId: string;
  /** The wait state that the member was in. */
  readonly lifecycleState: string;
  readonly hook: string;
  readonly result: LifecycleActionResult;
  readonly byTimeout: boolean;
}

/** Which action CompleteLifecycleAction or RecordLifecycleActionHeartbeat speaks of. */
interface ActionName {
  readonly LifecycleHookName: string | undefined;
  readonly LifecycleActionToken?: string | undefined;
  readonly InstanceId?: string | undefined;
}

/** What a wait is about. */
export interface Wait {
  readonly transition: LifecycleTransition;
  readonly origin: Place;
  readonly destination: Place;
  /** Called once, when all hooks have continued, or one has abandoned. */
  readonly proceed: (result: LifecycleActionResult) => void;
}

/**
 * The lifecycle actions of one Auto Scaling service. All hooks of a transition open theirs together; the member goes on when the last is
 * completed, and at once when one is abandoned.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks.html
 */
export class LifecycleActions {
  readonly #world: World;
  readonly #ended: (action: EndedLifecycleAction) => void;

  /** `ended` hears of each action that is completed, times out, or ends with its hook, before the member goes on. */
  constructor(world: World, ended: (action: EndedLifecycleAction) => void) {
    this.#world = world;
    this.#ended = ended;
  }

  /** Opens an action for each hook of the transition. */
  open(group: Group, member: Member, wait: Wait): void {
    for (const hook of [...group.hooks.values()].filter((one) => one.transition === wait.transition)) {
      const now = this.#world.now;
      const action: LifecycleAction = {
        token: this.#world.uuid(),
        hook,
        deadline: now + hook.heartbeatTimeout * 1000,
        endsAt: now + globalTimeout(hook) * 1000,
        proceed: wait.proceed,
      };
      member.actions = [...member.actions, action];
      this.#expireLater(group, member, action);
      emitLifecycleAction(this.#world, group, member, hook, { ...wait, token: action.token });
    }
  }

  /** @throws AwsError `ValidationError`, `No active Lifecycle Action found with …` */
  complete(group: Group, name: ActionName, result: LifecycleActionResult): void {
    const { member, action } = find(group, name);
    this.#complete(group, member, action, result);
  }

  /** Restarts the action's timeout. @throws AwsError as `complete` */
  heartbeat(group: Group, name: ActionName): void {
    const { member, action } = find(group, name);
    const deadline = Math.min(this.#world.now + action.hook.heartbeatTimeout * 1000, action.endsAt);
    const renewed = { ...action, deadline };
    member.actions = member.actions.map((one) => (one === action ? renewed : one));
    this.#world.happened('autoscaling', `${member.instanceId} of ${group.name}: ${action.hook.name} heartbeat`);
    this.#expireLater(group, member, renewed);
  }

  /** Ends what is open for a hook that is deleted: launches are abandoned, terminations continue. */
  completeAll(group: Group, hookName: string): void {
    for (const member of group.members) {
      for (const action of member.actions.filter((one) => one.hook.name === hookName)) {
        this.#complete(group, member, action, action.hook.transition === launchingTransition ? 'ABANDON' : 'CONTINUE');
      }
    }
  }

  #complete(
    group: Group,
    member: Member,
    action: LifecycleAction,
    result: LifecycleActionResult,
    byTimeout = false,
  ): void {
    // An abandoned action takes the other hooks' actions with it.
    member.actions = result === 'ABANDON' ? [] : member.actions.filter((one) => one !== action);
    const hook = action.hook.name;
    const how = byTimeout ? ' by timeout' : '';
    this.#world.happened('autoscaling', `${member.instanceId} of ${group.name}: ${hook} ${result}${how}`);
    const { instanceId, state: lifecycleState } = member;
    this.#ended({ group: group.name, instanceId, lifecycleState, hook, result, byTimeout });
    if (member.actions.length === 0) {
      action.proceed(result);
    }
  }

  #expireLater(group: Group, member: Member, action: LifecycleAction): void {
    this.#world.after((action.deadline - this.#world.now) / 1000, () => {
      if (member.actions.includes(action)) {
        this.#complete(group, member, action, action.hook.defaultResult, true);
      }
    });
  }
}

function find(group: Group, name: ActionName): { readonly member: Member; readonly action: LifecycleAction } {
  for (const member of group.members) {
    const action = member.actions.find(
      (one) =>
        one.hook.name === name.LifecycleHookName &&
        (name.LifecycleActionToken === undefined
          ? member.instanceId === name.InstanceId
          : one.token === name.LifecycleActionToken),
    );
    if (action !== undefined) {
      return { member, action };
    }
  }
  throw new AwsError(
    'ValidationError',
    name.LifecycleActionToken === undefined
      ? `No active Lifecycle Action found with instance ID ${name.InstanceId}`
      : `No active Lifecycle Action found with token ${name.LifecycleActionToken}`,
  );
}
