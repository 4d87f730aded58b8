import { afterAll, beforeAll, expect, test } from 'vitest';
import { runScenario } from '../sim/scenario/runScenario.ts';
import type { Scenario } from '../sim/scenario/scenario.ts';
import { scenarioOf } from '../sim/scenario/scenarioOf.ts';
import { startWirePorts, type WirePorts } from './wirePorts.ts';

/** Seeds that also go through the adapters, the SDK and HTTP: each takes some fifty times as long there. */
const seeds = Array.from({ length: 40 }, (_, index) => index + 1);

let wire: WirePorts;

beforeAll(async () => {
  wire = await startWirePorts();
});

afterAll(() => wire.close());

/** What the wire cannot show is left out: lists that leave something out, since pages come from the world itself. */
function overTheWire({ rates, ...scenario }: Scenario): Scenario {
  const { partialRead: _, emptyRead: __, ...others } = rates;
  return { ...scenario, rates: others };
}

test.each(seeds)('seed %d holds all properties by the adapters, the SDK and HTTP', async (seed) => {
  const before = wire.calls();
  const { violation } = await runScenario(overTheWire(scenarioOf(seed)), { createPorts: wire.createPorts });
  expect(violation).toBeUndefined();
  expect(wire.calls()).toBeGreaterThan(before);
});
