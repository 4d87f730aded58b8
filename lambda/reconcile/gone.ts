import { blank, type Case, type Host, hook, left, stateOf } from './case.ts';

/** No target, at once: nothing of it serves any more, and no hook of it has anything to wait for. */
export function gone(given: Case, reason: string): Host {
  const state = stateOf(given);
  const ends = given.instance?.state === 'shutting-down' || given.instance?.state === 'terminated';
  const hooks = [
    ...(state === 'Terminating:Wait' ? [hook(given, 'complete', 'srv-drain', reason)] : []),
    ...(state === 'Pending:Wait' && ends ? [hook(given, 'complete', 'srv-register', reason)] : []),
  ];
  return { ...blank(given, reason), ...left(given), hooks };
}
