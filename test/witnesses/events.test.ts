import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { resourcesOf, ruleType } from '../../sim/deployment/resources.ts';
import type { Template } from '../../sim/deployment/template.ts';
import type { EventBridgeEvent } from '../../sim/eventBridge.ts';
import { type EventPattern, matchesEventPattern } from '../../sim/eventPattern.ts';
import { eventPatterns, patternedEvent, refusedEventPatterns } from '../eventPatterns.ts';
import { about, publishedEvents } from '../publishedEvents.ts';
import { arbitraryEventAndPattern } from './arbitraryEventPattern.ts';
import { type Emulator, startMiniStack } from './emulator.ts';
import { EventRuler } from './eventRuler.ts';
import { synthesizedTemplate } from './synthesizedTemplate.ts';

let ruler: EventRuler;
let miniStack: Emulator;

beforeAll(async () => {
  ruler = new EventRuler();
  miniStack = await startMiniStack();
});

afterAll(async () => {
  await Promise.all([ruler.stop(), miniStack.stop()]);
});

const scalingResults = ['launch', 'terminate', 'detach'].flatMap((what) => [
  `${what}Successful`,
  `${what}Unsuccessful`,
]);
const statesThatLeave = ['stopping', 'stopped', 'shuttingDown', 'terminated'];
const interruptions = ['interruptionByTerminate', 'interruptionByStop', 'interruptionByHibernate'];

/** Who takes which published event; all others nobody does, as those of another tool's hook, of other tags and of an instance refresh. */
const takers: ReadonlyMap<string, string> = new Map([
  ...scalingResults.map((name) => [name, 'ScalingResults'] as const),
  ...statesThatLeave.map((name) => [name, 'InstanceStates'] as const),
  ...interruptions.map((name) => [name, 'SpotInterruptions'] as const),
]);

type Row = readonly [what: string, event: EventBridgeEvent, taker: string | undefined];

const { tagChange } = publishedEvents;
const rows: readonly Row[] = [
  ...Object.entries(publishedEvents).map(([name, { event }]): Row => [name, event, takers.get(name)]),
  ...Object.entries(publishedEvents)
    .filter(([, { event }]) => event['detail-type'].endsWith('Lifecycle Action'))
    .flatMap(([name, published]) =>
      ['srv-register', 'srv-drain'].map((hook): Row => {
        const { event } = about(published, { LifecycleHookName: hook });
        return [`${name} by the hook ${hook}`, event, 'LifecycleActions'];
      }),
    ),
  ...['srv_weight', 'ip_address'].map((key): Row => {
    const { event } = about(tagChange, { 'changed-tag-keys': ['Name', key], tags: { [key]: '0' } });
    return [`tagChange of ${key}`, event, 'TagChanges'];
  }),
  ['tagChange of srv_drain_until', about(tagChange, { 'changed-tag-keys': ['srv_drain_until'] }).event, undefined],
  [
    'tagChange of srv_weight of another service',
    about(tagChange, { 'changed-tag-keys': ['srv_weight'], service: 'rds' }).event,
    undefined,
  ],
  [
    'tagChange of srv_weight of another thing of EC2',
    about(tagChange, { 'changed-tag-keys': ['srv_weight'], 'resource-type': 'volume' }).event,
    undefined,
  ],
];

test('event-ruler that has ended is an error that names it', async () => {
  const ended = new EventRuler();
  const asked = ended.matches({ source: ['aws.tag'] }, patternedEvent);
  await ended.stop();
  await expect(asked).resolves.toBe(true);
  await expect(ended.matches({ source: ['aws.tag'] }, patternedEvent)).rejects.toThrow(
    'Cannot ask the witness "event-ruler": must answer: found it has ended',
  );
});

describe('the rules of the synthesized template', () => {
  const rules = rulesOf(synthesizedTemplate());

  test('are asked about every event, each by its name', () => {
    expect([...rules.keys()].toSorted()).toEqual([
      'InstanceStates',
      'LifecycleActions',
      'ScalingResults',
      'SpotInterruptions',
      'TagChanges',
    ]);
    const names: readonly string[] = Object.keys(publishedEvents);
    expect([...takers.keys()].filter((name) => !names.includes(name))).toEqual([]);
  });

  test.each([
    ['event-ruler', async (pattern: EventPattern, event: EventBridgeEvent) => ruler.matches(pattern, event)],
    ['MiniStack', async (pattern: EventPattern, event: EventBridgeEvent) => miniStackMatches(pattern, event)],
    ['sim/', async (pattern: EventPattern, event: EventBridgeEvent) => matchesEventPattern(pattern, event)],
  ])('take these events and no others: says %s', async (_, matches) => {
    const taken: Record<string, readonly string[]> = {};
    for (const [what, event] of rows) {
      const answers = await Promise.all(
        [...rules].map(async ([name, pattern]) => ((await matches(pattern, event)) === true ? [name] : [])),
      );
      taken[what] = answers.flat();
    }
    expect(taken).toEqual(
      Object.fromEntries(rows.map(([what, , taker]) => [what, taker === undefined ? [] : [taker]])),
    );
  });
});

/** The event patterns of a template's rules by the names that lib/triggerRules.ts gives them. */
function rulesOf(template: Template): ReadonlyMap<string, EventPattern> {
  return new Map(
    resourcesOf(template, ruleType).flatMap(({ logicalId, properties: { EventPattern: pattern } }) =>
      pattern === undefined ? [] : [[logicalId.replace(/^SyncTriggers|[0-9A-F]{8}$/gu, ''), pattern] as const],
    ),
  );
}

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TestEventPattern.html */
async function miniStackMatches(pattern: EventPattern, event: EventBridgeEvent): Promise<boolean> {
  const response = await fetch(miniStack.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSEvents.TestEventPattern' },
    body: JSON.stringify({ EventPattern: JSON.stringify(pattern), Event: JSON.stringify(event) }),
  });
  return z.object({ Result: z.boolean() }).parse(await response.json()).Result;
}

describe('sim/eventPattern.ts', () => {
  test.each(eventPatterns)('compares %s as event-ruler does', async (_, pattern, matches) => {
    expect(await ruler.matches(pattern, patternedEvent)).toBe(matches);
  });

  test.each(refusedEventPatterns)('refuses a pattern of %s as event-ruler does', async (_, pattern) => {
    expect(await ruler.matches(pattern, patternedEvent)).toBeUndefined();
  });

  test('judges every pattern and event as event-ruler does', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryEventAndPattern, async ([event, pattern]) => {
        expect(simMatches(pattern, event)).toBe(await ruler.matches(pattern, event));
      }),
      { numRuns: 10_000 },
    );
  });
});

/** As `EventRuler.matches()`: `undefined` where the pattern is refused; but what is beyond the small AWS is not asked. */
function simMatches(pattern: EventPattern, event: unknown): boolean | undefined {
  try {
    return matchesEventPattern(pattern, event);
  } catch (error) {
    fc.pre(!String(error).includes('is not supported here'));
    return undefined;
  }
}
