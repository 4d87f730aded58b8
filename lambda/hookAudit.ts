import { asError } from './asError.ts';
import type { Ports } from './ports.ts';
import { hookProblems } from './reconcile/hookProblems.ts';
import type { Group, GroupName, Instant } from './reconcile/model.ts';

/** Hooks are read one group a call: so many groups a sweep, each about once an hour. */
const auditsPerSweepMax = 10;
const auditSeconds = 3600;

/** Looks at the hooks of a few groups; answers what is wrong, a sentence each. */
export type HookAudit = (groups: readonly Group[], ports: Ports) => Promise<readonly string[]>;

/** An audit that remembers, while its function is warm, which groups it has looked at. Nothing but the number of calls depends on that. */
export function createHookAudit(): HookAudit {
  const auditedAt = new Map<GroupName, Instant>();
  return async (groups, ports) => {
    const now = ports.now();
    const due = groups
      .filter(({ name }) => now >= (auditedAt.get(name) ?? 0) + auditSeconds)
      .slice(0, auditsPerSweepMax);
    const problems: string[] = [];
    for (const group of due) {
      try {
        problems.push(...hookProblems(group, await ports.groups.hooks(group.name)));
        auditedAt.set(group.name, now);
      } catch (thrown) {
        problems.push(asError(thrown).message);
      }
    }
    return problems;
  };
}
