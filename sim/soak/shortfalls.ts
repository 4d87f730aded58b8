import type { Count, Tally } from './tally.ts';

/** So many seeds must show every fault class and every property; fewer may miss a rare one by chance. */
export const coverageSeedsMin = 2000;

/** What a soak has missed, a sentence each: a fault that never happened proves nothing, nor does a property that nobody looked at. */
export function shortfalls({ faults, checks }: Tally): readonly string[] {
  return [
    ...unseen(faults).map((name) => `Fault class "${name}" never fired`),
    ...unseen(checks).map((name) => `Property "${name}" was never looked at`),
  ];
}

function unseen<Name>(counts: ReadonlyMap<Name, Count>): readonly Name[] {
  return [...counts].filter(([, { times }]) => times === 0).map(([name]) => name);
}
