import { groupSettings } from './groupSettings.ts';
import { propagationSecondsMax } from './limits.ts';
import type { Group, HookName, LifecycleHook } from './model.ts';

/** What is wrong with a group's hooks, a sentence each: without them the sync works, but late, and hosts leave without a drain. */
export function hookProblems(group: Group, hooks: readonly LifecycleHook[]): readonly string[] {
  const { ttl, drainSeconds } = groupSettings(group);
  const needSeconds = propagationSecondsMax + ttl + drainSeconds;
  return (['srv-register', 'srv-drain'] as const).flatMap((name) => {
    const found = hooks.find((hook) => hook.name === name);
    const transition = transitions[name];
    if (found === undefined) {
      return [`Group "${group.name}" must have lifecycle hook "${name}" for ${transition}: it has none of that name`];
    }
    const problem = (must: string, value: string | number): string =>
      `Lifecycle hook "${name}" of group "${group.name}" must have ${must}: found ${value}`;
    return [
      ...(found.transition === transition ? [] : [problem(`transition ${transition}`, found.transition)]),
      ...(found.defaultResult === 'CONTINUE' ? [] : [problem('default result CONTINUE', found.defaultResult)]),
      ...(name === 'srv-drain' && found.heartbeatTimeoutSeconds <= needSeconds
        ? [problem(`a timeout above ${needSeconds} s, the length of a drain`, `${found.heartbeatTimeoutSeconds} s`)]
        : []),
    ];
  });
}

const transitions: Readonly<Record<HookName, string>> = {
  'srv-register': 'autoscaling:EC2_INSTANCE_LAUNCHING',
  'srv-drain': 'autoscaling:EC2_INSTANCE_TERMINATING',
};
