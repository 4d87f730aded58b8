import { type Account, type Site, until } from './account.ts';
import { crash, enterStandby, exitStandby, setCapacity, tagWeight } from './operator.ts';
import { type Sighting, sight } from './sighting.ts';
import { Watch } from './watch.ts';

const fullWeight = 65535;
/** A launch waits for the instance, its record and the record's propagation. */
const launchSecondsMax = 420;
/** An event, or else the sweep of the next minute, then a pass that may find itself raced. */
const changeSecondsMax = 150;
/** Until 120 s after the write at most nobody knows that it has propagated; then TTL and drain; then Auto Scaling ends the instance. */
const drainSlackSeconds = 300;

/** One thing that happened, and how long it took. */
export interface Step {
  readonly what: string;
  readonly seconds: number;
}

/** What a run of the scenario showed. */
export interface Report {
  readonly steps: readonly Step[];
  /** Broken properties of the design, a sentence each. */
  readonly violations: readonly string[];
}

/**
 * Two groups of one cluster launch, change a weight, go through standby, scale in, lose a host and end, while every look at them is judged.
 * The site must be deployed, and its groups empty; in the end they are empty again.
 *
 * @param tell hears of each step as it is done
 */
export async function runScenario(account: Account, site: Site, tell: (step: Step) => void): Promise<Report> {
  const waits = !account.lacks.has('instances that wait in lifecycle hooks');
  const watch = new Watch({ drainSecondsLeast: site.ttlSeconds + site.drainSeconds });
  const steps: Step[] = [];
  /** Does something, and looks until it has come to what is expected. */
  const step = async (
    what: string,
    act: () => Promise<void>,
    withinSeconds: number,
    holds: (sighting: Sighting) => boolean,
  ): Promise<Sighting> => {
    const since = account.now();
    await act();
    const sighting = await until(account, what, withinSeconds, async () => {
      const seen = await sight(account, site);
      if (waits) {
        watch.judge(seen);
      }
      return holds(seen) ? seen : undefined;
    });
    const done = { what, seconds: account.now() - since };
    steps.push(done);
    tell(done);
    return sighting;
  };
  const nothing = async (): Promise<void> => {};

  const launched = await step(
    'three hosts of blue are launched: in service and recorded',
    () => setCapacity(account, site.blue, 3),
    launchSecondsMax,
    (seen) => served(seen, { blue: 3, green: 0 }),
  );
  const grown = await step(
    'three hosts of green beside them',
    () => setCapacity(account, site.green, 3),
    launchSecondsMax,
    (seen) => served(seen, { blue: 3, green: 3 }),
  );
  const [halved = ''] = launched.blue.keys();
  const [standing = '', crashing = ''] = grown.green.keys();

  await step(
    'an operator halves a weight: recorded',
    () => tagWeight(account, halved, '50%'),
    changeSecondsMax,
    ({ weights }) => weights.get(halved) === 32_768,
  );

  await step(
    'a host goes into standby: weight 0',
    () => enterStandby(account, site.green, standing),
    changeSecondsMax,
    ({ green, weights }) => green.get(standing) === 'Standby' && weights.get(standing) === 0,
  );
  await step(
    'it comes back: its own weight',
    () => exitStandby(account, site.green, standing),
    changeSecondsMax,
    ({ green, weights }) => green.get(standing) === 'InService' && weights.get(standing) === fullWeight,
  );

  const scaleIn = (): Promise<void> => setCapacity(account, site.blue, 1);
  if (waits) {
    await step('two hosts of blue leave: weight 0', scaleIn, changeSecondsMax, ({ blue, weights }) => {
      return [...blue.keys()].filter((id) => weights.get(id) === 0).length === 2;
    });
  }
  const drainSecondsMax = site.ttlSeconds + site.drainSeconds + drainSlackSeconds;
  await step(
    'two hosts of blue leave: out of the record and the group',
    waits ? nothing : scaleIn,
    drainSecondsMax,
    (seen) => served(seen, { blue: 1, green: 3 }),
  );

  watch.expectCrash(crashing);
  await step(
    'a host of green crashes: out of the record',
    () => crash(account, crashing),
    changeSecondsMax,
    ({ weights }) => !weights.has(crashing),
  );
  await step('its group replaces it', nothing, launchSecondsMax, (seen) => served(seen, { blue: 1, green: 3 }));

  await step(
    'all hosts leave',
    async () => {
      await setCapacity(account, site.blue, 0);
      await setCapacity(account, site.green, 0);
    },
    drainSecondsMax,
    (seen) => served(seen, { blue: 0, green: 0 }),
  );
  return { steps, violations: watch.violations };
}

/** Whether the groups have so many hosts, all in service, and the record holds just these, each at a positive weight. */
function served(
  { blue, green, weights }: Sighting,
  expected: { readonly blue: number; readonly green: number },
): boolean {
  const members = [...blue, ...green];
  return (
    blue.size === expected.blue &&
    green.size === expected.green &&
    members.every(([id, state]) => state === 'InService' && (weights.get(id) ?? 0) > 0) &&
    weights.size === members.length
  );
}
