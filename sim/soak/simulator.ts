import { runScenario } from '../scenario/runScenario.ts';
import { scenarioOf } from '../scenario/scenarioOf.ts';
import { shrink } from '../scenario/shrink.ts';
import type { Verdict } from '../scenario/verdict.ts';

/** A scenario that was run, and what it showed. The soak knows of the scenario only that it can be written as JSON. */
export interface Run {
  readonly scenario: unknown;
  readonly verdict: Verdict;
}

/** What the soak needs of a simulator; tests give one of their own. */
export interface Simulator {
  /** Runs the scenario of a seed. */
  readonly run: (seed: number) => Promise<Run>;
  /** Looks for a smaller scenario that breaks what the failing seed's breaks. */
  readonly shrink: (seed: number) => Promise<Run>;
}

/** The simulator of `sim/scenario/`. */
export const simulator: Simulator = {
  run: async (seed) => {
    const scenario = scenarioOf(seed);
    return { scenario, verdict: await runScenario(scenario) };
  },
  shrink,
};
