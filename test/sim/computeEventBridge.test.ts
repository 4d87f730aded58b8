import { expect, test } from 'vitest';
import type { EventBridgeEvent } from '../../sim/eventBridge.ts';
import { World } from '../../sim/world.ts';

function given() {
  const world = new World();
  const received: { at: number; event: EventBridgeEvent }[] = [];
  const started = world.now;
  const target = (event: EventBridgeEvent) => {
    received.push({ at: (world.now - started) / 1000, event });
  };
  return { world, received, target };
}

test('an event reaches the targets of matching rules a moment later, in its full envelope', async () => {
  const { world, received, target } = given();
  world.eventBridge.putRule({ name: 'mine', pattern: { source: ['aws.ec2'] }, targets: [target] });
  world.eventBridge.putRule({ name: 'other', pattern: { source: ['aws.tag'] }, targets: [target] });
  await world.advance(0.25);
  world.eventBridge.emit('aws.ec2', 'Something', ['arn:1'], { a: 1 });
  expect(received).toEqual([]);
  await world.advance(1);
  expect(received[0]?.event.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(received).toMatchObject([
    {
      at: 0.75,
      event: {
        version: '0',
        'detail-type': 'Something',
        source: 'aws.ec2',
        account: '111122223333',
        time: '2026-11-21T09:00:00Z',
        region: 'eu-west-1',
        resources: ['arn:1'],
        detail: { a: 1 },
      },
    },
  ]);
});

test('a schedule sends its event each minute until its rule is gone, and not while the rule is disabled', async () => {
  const { world, received, target } = given();
  const arn = world.eventBridge.putRule({ name: 'sweep', scheduleSeconds: 60, targets: [target] });
  await world.advance(125);
  world.eventBridge.disableRule('sweep');
  await world.advance(60);
  world.eventBridge.enableRule('sweep');
  await world.advance(60);
  world.eventBridge.deleteRule('sweep');
  await world.advance(600);
  expect(received.map((one) => one.at)).toEqual([60.5, 120.5, 240.5]);
  expect(received[0]?.event).toMatchObject({
    source: 'aws.events',
    'detail-type': 'Scheduled Event',
    resources: [arn],
    detail: {},
  });
  expect(arn).toBe('arn:aws:events:eu-west-1:111122223333:rule/sweep');
});

test('a rule put again replaces targets and schedule', async () => {
  const { world, received, target } = given();
  world.eventBridge.putRule({ name: 'sweep', scheduleSeconds: 60, targets: [target] });
  world.eventBridge.putRule({ name: 'sweep', scheduleSeconds: 120, targets: [target] });
  await world.advance(250);
  expect(received.map((one) => one.at)).toEqual([120.5, 240.5]);
});

test.each([
  ['lost', [], []],
  ['late', [30], [30]],
  ['duplicated', [1, 5], [1, 5]],
])('a fault can have an event %s', async (_name, delays, expected) => {
  const { world, received, target } = given();
  world.eventBridge.putRule({ name: 'mine', pattern: { source: ['aws.ec2'] }, targets: [target] });
  world.eventBridge.fault = () => delays;
  world.eventBridge.emit('aws.ec2', 'Something', [], {});
  await world.advance(60);
  expect(received.map((one) => one.at)).toEqual(expected);
});

test('a rule with a bad pattern, without anything to react to, or with half a minute is refused', () => {
  const { world } = given();
  expect(() => world.eventBridge.putRule({ name: 'a', pattern: { source: 'x' }, targets: [] })).toThrow(
    'Event pattern is not valid',
  );
  expect(() => world.eventBridge.putRule({ name: 'a', targets: [] })).toThrow('must be specified');
  expect(() => world.eventBridge.putRule({ name: 'a', scheduleSeconds: 30, targets: [] })).toThrow('not valid');
  expect(() => world.eventBridge.disableRule('a')).toThrow('Rule a does not exist on EventBus default.');
});
