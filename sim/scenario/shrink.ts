import fc from 'fast-check';
import { arbitraryScenario } from './arbitraryScenario.ts';
import { type RunOptions, runScenario } from './runScenario.ts';
import type { Scenario } from './scenario.ts';
import { scenarioOf } from './scenarioOf.ts';
import type { Verdict } from './verdict.ts';

/** Runs that shrinking may take. */
const runsMax = 2000;

/** Makes the scenario of a seed that breaks a property as small as it gets while it still breaks the same one; others stay as they are. */
export async function shrink(
  seed: number,
  options: RunOptions = {},
): Promise<{ readonly scenario: Scenario; readonly verdict: Verdict }> {
  const whole = await runScenario(scenarioOf(seed), options);
  const broken = whole.violation?.property;
  if (broken === undefined) {
    return { scenario: scenarioOf(seed), verdict: whole };
  }
  let runs = 0;
  const property = fc.asyncProperty(arbitraryScenario, async (scenario) => {
    runs += 1;
    return runs > runsMax || (await runScenario(scenario, options)).violation?.property !== broken;
  });
  const { counterexample } = await fc.check(property, { seed, numRuns: 1 });
  const scenario = counterexample?.[0] ?? scenarioOf(seed);
  return { scenario, verdict: await runScenario(scenario, options) };
}
