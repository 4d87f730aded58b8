import { afterEach, expect, test } from 'vitest';
import { inService, type Stage } from './stage.ts';

let on: Stage;

afterEach(async () => {
  await on.deployment.close();
});

/** Wake-ups that the function sends while one host drains, with so many copies of each event, spread over a minute. */
async function wakeUpsOfDrain(copies: number): Promise<number> {
  on = await inService(3);
  on.world.eventBridge.fault = (event) =>
    event['detail-type'] === 'Scheduled Event'
      ? [0.5]
      : Array.from({ length: copies }, (_, copy) => 0.5 + (copy * 60) / copies);
  const before = on.calls().length;
  on.setCapacity('web-blue', 2);
  await on.world.advance(300);
  expect(Object.keys(on.weights())).toHaveLength(2);
  return on
    .calls()
    .slice(before)
    .filter((call) => call === 'sqs:SendMessageBatch').length;
}

test('one chain of wake-ups per deadline, however many events arrive', async () => {
  const alone = await wakeUpsOfDrain(1);
  await on.deployment.close();
  const flooded = await wakeUpsOfDrain(40);
  expect(alone).toBeLessThanOrEqual(8);
  expect(flooded).toBeLessThanOrEqual(alone + 4);
});

test('a drain longer than SQS can delay a message hops, sends heartbeats, and ends in time', async () => {
  on = await inService(2);
  const [host = ''] = on.members('web-blue');
  on.world.autoScaling.createOrUpdateTags({
    Tags: [
      {
        ResourceId: 'web-blue',
        ResourceType: 'auto-scaling-group',
        Key: 'srv_drain_seconds',
        Value: '3000',
        PropagateAtLaunch: false,
      },
    ],
  });
  on.world.autoScaling.putLifecycleHook({
    AutoScalingGroupName: 'web-blue',
    LifecycleHookName: 'srv-drain',
    LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
    DefaultResult: 'CONTINUE',
    HeartbeatTimeout: 1200,
  });
  const start = on.world.now;
  on.setCapacity('web-blue', 1);
  await on.world.advance(3300);
  const lines = on.world.happenings.filter(
    ({ at, text }) => at >= start && text.startsWith(`${host} of web-blue: srv-drain`),
  );
  expect(lines.filter(({ text }) => text.endsWith('heartbeat')).length).toBeGreaterThanOrEqual(3);
  const completed = lines.find(({ text }) => text.includes('CONTINUE'));
  expect(completed?.text).toBe(`${host} of web-blue: srv-drain CONTINUE`);
  expect(((completed?.at ?? 0) - start) / 1000).toBeGreaterThan(3010);
});
