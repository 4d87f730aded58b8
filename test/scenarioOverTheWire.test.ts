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

test('a run over the wire writes what a run in process writes, where nothing goes wrong', async () => {
  const scenario: Scenario = {
    seed: 5,
    groups: [
      { cluster: 'web', desired: 3, drainSeconds: 5 },
      { cluster: 'api', desired: 1, weight: '50%' },
    ],
    rates: {},
    steps: [
      { kind: 'wait', pauseSeconds: 150 },
      { kind: 'tag', group: 1, host: 0, key: 'srv_weight', value: '100', pauseSeconds: 30 },
      { kind: 'scale', group: 1, to: 1, pauseSeconds: 30 },
      { kind: 'crash', group: 0, host: 0, pauseSeconds: 60 },
    ],
  };
  const inProcess = await runScenario(scenario);
  const overWire = await runScenario(scenario, { createPorts: wire.createPorts });
  expect(overWire.violation).toBeUndefined();
  expect(overWire.histories).toEqual(inProcess.histories);
  expect(overWire.histories['web']).toContain('65535 → 0 → gone');
});

test.each(seeds)('seed %d holds all properties by the adapters, the SDK and HTTP', async (seed) => {
  const before = wire.calls();
  const { violation } = await runScenario(overTheWire(scenarioOf(seed)), { createPorts: wire.createPorts });
  expect(violation).toBeUndefined();
  expect(wire.calls()).toBeGreaterThan(before);
});
