import { asRemembered, blank, type Case, type Host, hook, joinedLately, left, stateOf, tagged } from './case.ts';
import type { HookName } from './model.ts';

/**
 * A warm pool is no place to serve from. Which of the two hooks waits there depends on the direction: the launch hook on the way in from EC2,
 * the terminate hook on the way back from the group, which only an instance takes that has been registered. Where it may be either, both are
 * completed; the other one is not active, and a late read must not complete the launch hook of the next life.
 */
export function pooled(given: Case): Host {
  const { instance, recorded, since, stamp } = given;
  const state = stateOf(given);
  if (recorded !== undefined && joinedLately(given).joiningSince !== undefined) {
    return asRemembered(given, `a read of ${state} is older than its registration`);
  }
  // Its drain was cut short by the pool: marked as over, so that its next life registers anew instead of starting at weight 0.
  const cut = recorded !== undefined && since !== undefined && instance?.tags.srv_weight === '0';
  const tag = cut ? tagged(given, { srv_drain_until: stamp }, ['srv_weight'], 'its drain was cut short') : {};
  const returns = instance?.tags.ip_address !== undefined;
  const hooks = (returns ? waitingOnReturn : waiting)[state]?.map((name) => hook(given, 'complete', name, state)) ?? [];
  return { ...blank(given, state), ...left(given), ...tag, hooks };
}

const waiting: Readonly<Record<string, readonly HookName[]>> = {
  'Warmed:Pending:Wait': ['srv-drain', 'srv-register'],
  'Warmed:Terminating:Wait': ['srv-drain'],
};

const waitingOnReturn: Readonly<Record<string, readonly HookName[]>> = {
  ...waiting,
  'Warmed:Pending:Wait': ['srv-drain'],
};
