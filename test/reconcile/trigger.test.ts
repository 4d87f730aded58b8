import { expect, test } from 'vitest';
import { encodeWakeUp, parseTrigger } from '../../lambda/reconcile/trigger.ts';
import { about, type PublishedEvent, publishedEvents, testNotification } from '../publishedEvents.ts';

const { interruptionByTerminate, launchSuccessful, schedule, tagChange } = publishedEvents;
const instance = 'i-1234567890abcdef0';
const at = Date.parse(launchSuccessful.event.time) / 1000;
const inGroup = { kind: 'event', at, groups: ['my-asg'], instances: [instance], interrupted: false };
const alone = { ...inGroup, groups: [] };

const named = (pattern: RegExp): readonly (readonly [string, PublishedEvent])[] =>
  Object.entries(publishedEvents).filter(([name]) => pattern.test(name));
const actions = named(/^(launch|terminate)Action/);
const ofHook = (hook: string): readonly (readonly [string, object])[] =>
  actions.map(([name, action]) => [`${name} of ${hook}`, about(action, { LifecycleHookName: hook }).event]);

const taken: readonly (readonly [string, object, object])[] = [
  ...ofHook('srv-register').map(([name, event]) => [name, event, inGroup] as const),
  ...ofHook('srv-drain').map(([name, event]) => [name, event, inGroup] as const),
  ...named(/^(launch|terminate|detach)(Uns|S)uccessful$/).map(([name, { event }]) => [name, event, inGroup] as const),
  ...named(/^(pending|running|stopping|stopped|shuttingDown|terminated)$/).map(
    ([name, { event }]) => [name, event, alone] as const,
  ),
  ...named(/^interruption/).map(([name, { event }]) => [name, event, { ...alone, interrupted: true }] as const),
  [
    'tagChange, whose tags are not believed',
    about(tagChange, { tags: { srv_weight: '0', 'aws:autoscaling:groupName': 'not-believed' } }).event,
    alone,
  ],
  ['schedule', schedule.event, { kind: 'sweep' }],
];

test.each(taken)('parseTrigger() takes the names from the published event %s', (_, message, trigger) => {
  expect(parseTrigger(JSON.stringify(message))).toEqual(trigger);
});

const ignored: readonly (readonly [string, object, string])[] = [
  ...actions.map(([name, { event }]) => [name, event, 'hook "my-lifecycle-hook"'] as const),
  ...named(/^refresh/).map(([name, { event }]) => [name, event, 'Instance Refresh'] as const),
  ...named(/^rebalance/).map(([name, { event }]) => [name, event, 'Rebalance Recommendation'] as const),
  ['tagChange of another thing', about(tagChange, { 'resource-type': 'volume' }).event, 'Tag Change on Resource'],
  ['test notification', testNotification, 'test notification'],
];

test.each(ignored)('parseTrigger() ignores the published %s, with the reason', (_, message, reason) => {
  expect(parseTrigger(JSON.stringify(message))).toEqual({ kind: 'ignored', reason: expect.stringContaining(reason) });
});

test('no published event is in neither table', () => {
  const listed = new Set([...taken, ...ignored].map(([name]) => name.split(' ')[0]));
  expect(Object.keys(publishedEvents).filter((name) => !listed.has(name))).toEqual([]);
});

test.each([
  ['broken JSON', '{"source":', 'not JSON'],
  [
    'an unknown detail-type',
    JSON.stringify({ ...interruptionByTerminate.event, 'detail-type': 'EC2 Something Else' }),
    'EC2 Something Else',
  ],
  ['an event without names', JSON.stringify({ ...interruptionByTerminate.event, detail: {} }), 'names no group'],
  [
    'an instance id that is none',
    JSON.stringify(about(interruptionByTerminate, { 'instance-id': '*' }).event),
    'names no group',
  ],
  ['a number', '7', 'no EventBridge event'],
  ['null', 'null', 'no EventBridge event'],
  ['a list', '[]', 'no EventBridge event'],
  ['a wake-up of another version', JSON.stringify({ asgSrv: 'other' }), 'wake-up'],
  [
    'a wake-up for a cluster that is no label',
    JSON.stringify({ asgSrv: 'wakeUp', cluster: '../web', at: 1 }),
    'wake-up',
  ],
])('parseTrigger() ignores %s, with the reason', (_, body, reason) => {
  expect(parseTrigger(body)).toEqual({ kind: 'ignored', reason: expect.stringContaining(reason) });
});

test('a wake-up comes back as it was sent', () => {
  const wakeUp = {
    cluster: 'web',
    at: 1_790_000_000,
    instances: [instance],
    publications: [{ changeId: '/change/C1', written: 1_790_000_000 }],
    denied: { [instance]: 5 },
  };
  expect(parseTrigger(encodeWakeUp(wakeUp, true))).toEqual({ kind: 'wakeUp', wakeUp, hop: true });
});
