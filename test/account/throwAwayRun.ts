import type { VPCRegion } from '@aws-sdk/client-route-53';
import type { Account } from './account.ts';
import type { Environment } from './cdk.ts';
import { runScenario } from './scenario.ts';
import { createThrowAwaySite, removeThrowAwaySite } from './throwAwaySite.ts';

/** One run: its name, which all that it makes bears, and where it is. */
export interface ThrowAwayRun {
  readonly name: string;
  readonly region: VPCRegion;
  /** What the CDK command line finds in its environment. */
  readonly environment: Environment;
}

/**
 * Makes a site, runs the scenario on it, and removes the site, whatever happened before. Says how it went, a line for each step.
 *
 * @param signal cuts the scenario short; not the removal
 * @returns whether all held and all is gone
 */
export async function performThrowAwayRun(
  account: Account,
  run: ThrowAwayRun,
  say: (line: string) => void,
  signal?: AbortSignal,
): Promise<boolean> {
  const untilInterrupted: Account = {
    ...account,
    pause: async () => {
      await account.pause();
      signal?.throwIfAborted();
    },
  };
  let held = false;
  try {
    say(`${run.name}: deploying`);
    const site = await createThrowAwaySite(account, run.name, run.region, run.environment);
    signal?.throwIfAborted();
    const { violations } = await runScenario(untilInterrupted, site, ({ what, seconds }) =>
      say(`${seconds.toFixed(1).padStart(7)} s  ${what}`),
    );
    for (const violation of violations) {
      say(`violated: ${violation}`);
    }
    held = violations.length === 0;
  } catch (error) {
    say(`failed: ${String(error)}`);
  }
  try {
    say(`${run.name}: removing`);
    await removeThrowAwaySite(account, run.name, run.environment);
    say(`${run.name}: ${held ? 'all held' : 'not all held'}, all is removed`);
    return held;
  } catch (error) {
    say(`${String(error)}; try again with --clean-up ${run.name}`);
    return false;
  }
}
