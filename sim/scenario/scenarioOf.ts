import fc from 'fast-check';
import { arbitraryScenario } from './arbitraryScenario.ts';
import type { Scenario } from './scenario.ts';

/** The scenario of a seed: the same one each time, with the same code. */
export function scenarioOf(seed: number): Scenario {
  const [scenario] = fc.sample(arbitraryScenario, { seed, numRuns: 1 });
  if (scenario === undefined) {
    throw new Error(`Cannot make a scenario of seed ${seed}: fast-check must give one: it gave none`);
  }
  return scenario;
}
