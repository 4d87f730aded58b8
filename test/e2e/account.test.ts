import { expect, test } from 'vitest';
import { runScenario } from '../account/scenario.ts';
import { simAccount } from '../account/simAccount.ts';
import { stage } from './stage.ts';

test('what "npm run test:aws" does in an account holds on sim/, too', async () => {
  const { world, zoneId, deployment } = await stage();
  try {
    const site = {
      zoneId,
      zoneName: 'svc.example.internal',
      cluster: 'web',
      blue: 'web-blue',
      green: 'web-green',
      ttlSeconds: 10,
      drainSeconds: 60,
    };
    const { steps, violations } = await runScenario(simAccount(world), site, () => {});
    expect(violations).toEqual([]);
    expect(steps).toHaveLength(10);
  } finally {
    await deployment.close();
  }
});
