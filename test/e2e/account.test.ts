import { expect, test } from 'vitest';
import { runScenario } from '../account/scenario.ts';
import { simAccount } from '../account/simAccount.ts';
import { stage } from './stage.ts';

test('what "npm run test:aws" does in an account holds on sim/, too', async () => {
  const { world, zoneId, deployment } = await stage();
  try {
    // Longer than any change takes to propagate here, so that a drain that is left out is not taken for one.
    const drainSeconds = 90;
    for (const group of ['web-blue', 'web-green']) {
      const tag = { ResourceId: group, ResourceType: 'auto-scaling-group', PropagateAtLaunch: false };
      world.autoScaling.createOrUpdateTags({
        Tags: [{ ...tag, Key: 'srv_drain_seconds', Value: String(drainSeconds) }],
      });
    }
    const site = {
      zoneId,
      zoneName: 'svc.example.internal',
      cluster: 'web',
      blue: 'web-blue',
      green: 'web-green',
      ttlSeconds: 10,
      drainSeconds,
    };
    const { steps, violations } = await runScenario(simAccount(world), site, () => {});
    expect(violations).toEqual([]);
    expect(steps).toHaveLength(10);
  } finally {
    await deployment.close();
  }
});
