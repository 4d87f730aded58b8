import { type PropertyName, propertyNames } from '../sim/properties/propertyName.ts';
import { type FaultClass, faultClasses } from '../sim/scenario/faultClass.ts';
import type { Verdict } from '../sim/scenario/verdict.ts';
import type { Simulator } from '../sim/soak/simulator.ts';

/** A verdict in which each fault and each property was seen so often, but for what is given. */
export function verdictOf(times: number, given: Partial<Verdict> = {}): Verdict {
  return {
    violation: undefined,
    faults: countsOf(faultClasses, times),
    checks: countsOf(propertyNames, times),
    histories: {},
    effects: 3,
    passes: 3,
    writes: 2,
    seconds: 1800,
    timeline: () => ['00:00 a host launches', '00:01 a pass writes'],
    ...given,
  };
}

function countsOf(names: typeof faultClasses, times: number): Record<FaultClass, number>;
function countsOf(names: typeof propertyNames, times: number): Record<PropertyName, number>;
function countsOf(names: readonly string[], times: number): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, times]));
}

/** Seeds that do not hold: whose threads they end, that throw, and that break a property. */
export const [deadlySeed, throwingSeed, brokenSeeds] = [1_000_001, 2_000_000, [3_000_010, 3_000_020]] as const;
/** From here on every seed breaks a property. */
export const brokenFrom = 4_000_000;
/** From here on no outage ever happens, and nobody looks at Isolation. */
export const calmFrom = 5_000_000;

/** Stands in for the simulator: what a seed shows depends on its number alone. */
export const simulatorDouble: Simulator = {
  run: async (seed) => {
    if (seed === deadlySeed) {
      process.exit(7);
    }
    if (seed === throwingSeed) {
      throw new RangeError('Cannot run\nthis seed');
    }
    return { scenario: { seed, steps: ['launch', 'pass', 'pass'] }, verdict: verdictOfSeed(seed) };
  },
  shrink: async (seed) => ({ scenario: { seed, steps: ['pass'] }, verdict: verdictOfSeed(seed) }),
};

function verdictOfSeed(seed: number): Verdict {
  if (seed >= calmFrom) {
    return verdictOf(1, {
      faults: { ...countsOf(faultClasses, 1), outage: 0 },
      checks: { ...countsOf(propertyNames, 1), Isolation: 0 },
    });
  }
  const broken = seed >= brokenFrom || brokenSeeds.some((known) => known === seed);
  return broken
    ? verdictOf(1, { violation: { property: 'Quiescence', text: `pass 3 wrote "a"\nagain` } })
    : verdictOf(1);
}
