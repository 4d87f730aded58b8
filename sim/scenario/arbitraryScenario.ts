import fc from 'fast-check';
import type { ConsoleEdit, Deed, DiceFault, GroupSetup, Outage, Scenario, Step } from './scenario.ts';
import { unreadablePort } from './unreadablePort.ts';

/** How often each fault of the dice happens where it is switched on: seldom, often, or nearly always. */
const ratesOf: Readonly<Record<DiceFault, readonly number[]>> = {
  crash: [0.02, 0.1, 0.3],
  timeout: [0.02, 0.15],
  zombie: [0.05, 0.3],
  staleRead: [0.2, 0.7, 1],
  partialRead: [0.02, 0.2],
  emptyRead: [0.05, 0.3],
  tornRead: [0.3, 1],
  falseDenial: [0.5, 1],
  throttle: [0.05, 0.3],
  serverError: [0.02, 0.2],
  priorRequest: [0.1, 0.5],
  appliedButError: [0.05, 0.3],
  lostEvent: [0.1, 0.5, 1],
  duplicateEvent: [0.2, 1],
  lateEvent: [0.1, 0.5],
  reorderedEvent: [0.3, 1],
};

/** One in so many scenarios has a fault of the dice, for each of them. */
const switchedOn = 5;

const clusters = ['web', 'api', 'web-api'] as const;

const seconds = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 0, max: 20 }) },
  { weight: 4, arbitrary: fc.integer({ min: 20, max: 130 }) },
  { weight: 1, arbitrary: fc.constant(300) },
);

const weightTexts = ['0', '1', '100', '30000', '65535', '50%', '0%', '12.5%'] as const;
const poisonTexts = ['', 'heavy', '-1', '65536', '1e3', '0x10', '101%', '１００', '9'.repeat(200)] as const;
const drainTexts = ['2020-01-01T00:00:00.000Z', '2099-01-01T00:00:00.000Z', 'soon'] as const;
const poisonAddresses = [
  '198.51.100.7',
  '10.0.0.4',
  '10.0.0.5',
  '2001:db8::1',
  'host.example.com',
  '256.0.0.1',
  '127.0.0.1',
] as const;

const setup: fc.Arbitrary<GroupSetup> = fc
  .record(
    {
      cluster: fc.constantFrom(...clusters),
      desired: fc.oneof(
        { weight: 12, arbitrary: fc.integer({ min: 1, max: 4 }) },
        { weight: 1, arbitrary: fc.constant(0) },
      ),
      drainSeconds: fc.constantFrom(0, 5, 60),
      ttl: fc.constantFrom(1, 10, 30),
      weight: fc.constantFrom('100', '50%', '65535'),
      hookSeconds: fc.constantFrom(60, 60, 300),
      warm: fc.integer({ min: 1, max: 2 }),
    },
    { requiredKeys: ['cluster', 'desired'] },
  )
  .map(({ hookSeconds, warm, ...rest }) => ({
    ...rest,
    // Short hooks and warm pools are seldom: the one gives no time for anything, the other has gaps of its own.
    ...(hookSeconds === undefined || rest.desired > 1 ? {} : { hookSeconds }),
    ...(warm === undefined || rest.desired !== 2 ? {} : { warm }),
  }));

const group = fc.nat({ max: 3 });
const host = fc.nat({ max: 7 });

function deedsOn(
  ...kinds: readonly ('crash' | 'stop' | 'interrupt' | 'enterStandby' | 'exitStandby' | 'detach' | 'completeHook')[]
): fc.Arbitrary<Deed> {
  return fc.record({ kind: fc.constantFrom(...kinds), group, host });
}

const outages: readonly Outage[] = ['records', 'writes', 'reads', 'tags', 'hooks', 'queue', 'function', 'everything'];

const edits: readonly ConsoleEdit[] = [
  'deleteTargets',
  'deleteAddress',
  'deleteEntry',
  'deleteAll',
  'changeAddress',
  'changeTtl',
  'lowerWeight',
  'addStray',
  'addHost',
  'damageSerial',
  'raiseSerial',
  'doubleEntry',
  'futureInstants',
];

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({ kind: fc.constant('scale' as const), group, to: fc.integer({ min: 0, max: 5 }) }),
  },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('terminate' as const), group, host, replace: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('terminateAll' as const), group }) },
  { weight: 3, arbitrary: deedsOn('crash') },
  { weight: 1, arbitrary: deedsOn('stop') },
  { weight: 2, arbitrary: deedsOn('interrupt') },
  { weight: 3, arbitrary: deedsOn('enterStandby') },
  { weight: 3, arbitrary: deedsOn('exitStandby') },
  { weight: 2, arbitrary: deedsOn('detach') },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('attach' as const), group }) },
  { weight: 1, arbitrary: deedsOn('completeHook') },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('tag' as const),
      group,
      host,
      key: fc.constant('srv_weight' as const),
      value: fc.constantFrom(...weightTexts),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.oneof(
      fc.record({
        kind: fc.constant('tag' as const),
        group,
        host,
        key: fc.constant('srv_weight' as const),
        value: fc.constantFrom(...poisonTexts),
      }),
      fc.record({
        kind: fc.constant('tag' as const),
        group,
        host,
        key: fc.constant('ip_address' as const),
        value: fc.constantFrom(...poisonAddresses),
      }),
      fc.record({
        kind: fc.constant('tag' as const),
        group,
        host,
        key: fc.constant('srv_drain_until' as const),
        value: fc.constantFrom(...drainTexts),
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('untag' as const),
      group,
      host,
      keys: fc.constantFrom<readonly ('ip_address' | 'srv_weight')[]>(
        ['srv_weight'],
        ['ip_address'],
        ['ip_address', 'srv_weight'],
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({
        group,
        edit: fc.constantFrom<readonly [string, string | undefined]>(
          ['srv_cluster', undefined],
          ['srv_cluster', 'api'],
          ['srv_cluster', 'Not A Label'],
          ['srv_port', '8443'],
          ['srv_port', unreadablePort],
          ['srv_drain_seconds', '5'],
          ['srv_weight', '200'],
          ['srv_ttl', '5'],
          ['srv_ttl', '60'],
        ),
      })
      .map(({ edit: [key, value], ...at }) => ({ kind: 'tagGroup' as const, ...at, key, value })),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('createGroup' as const), setup }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('deleteGroup' as const), group }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('console' as const),
      cluster: fc.constantFrom(...clusters),
      edit: fc.constantFrom(...edits),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('outage' as const),
      of: fc.constantFrom(...outages),
      seconds: fc.oneof(
        { weight: 12, arbitrary: fc.integer({ min: 10, max: 300 }) },
        { weight: 1, arbitrary: fc.constant(2 * 3600) },
      ),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'redrive' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('poison' as const),
      body: fc.constantFrom(
        'not JSON',
        '{}',
        '[]',
        'null',
        '{"asgSrv":"wakeUp"}',
        '{"asgSrv":"wakeUp","cluster":"web","at":1,"instances":["i-0"],"publications":[{}],"denied":{"i-0123456789abcdef0":1}}',
        '{"source":"aws.ec2","detail-type":"EC2 Spot Instance Interruption Warning","time":"2026-11-21T09:00:00Z","detail":{"instance-id":"i-0123456789abcdef0"}}',
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('jumpClock' as const), seconds: fc.integer({ min: -20, max: 20 }) }),
  },
  { weight: 4, arbitrary: fc.constant({ kind: 'wait' as const }) },
);

/** An outage of hours is waited for, and the queue that it filled is read after it. */
const step: fc.Arbitrary<Step> = fc.tuple(deed, seconds).map(([what, pauseSeconds]) => ({
  ...what,
  pauseSeconds: what.kind === 'outage' && what.seconds > 3600 ? what.seconds : pauseSeconds,
}));

/** Things that happen together more often than chance would have it. */
const chains: fc.Arbitrary<readonly Step[]> = fc.oneof(
  // Nobody can be registered, a new host serves all the same once its hook has timed out, and the last registered one leaves.
  fc.record({ group, pauseSeconds: fc.constantFrom(140, 200) }).map(({ pauseSeconds, ...at }): readonly Step[] => [
    { kind: 'outage', of: 'tags', seconds: 600, pauseSeconds: 0 },
    { kind: 'scale', ...at, to: 2, pauseSeconds },
    { kind: 'terminate', ...at, host: 0, replace: false, pauseSeconds: 60 },
  ]),
  // Somebody writes the tag that ends a drain.
  fc
    .record({ group, pauseSeconds: fc.integer({ min: 2, max: 90 }), value: fc.constantFrom(...drainTexts) })
    .map(({ pauseSeconds, value, ...at }): readonly Step[] => [
      { kind: 'terminate', ...at, host: 0, replace: true, pauseSeconds },
      { kind: 'tag', ...at, host: 0, key: 'srv_drain_until', value, pauseSeconds },
    ]),
  // A host dies and its replacement gets its address before anybody has looked.
  fc.record({ group, host }).map((at): readonly Step[] => [
    { kind: 'outage', of: 'function', seconds: 45, pauseSeconds: 0 },
    { kind: 'crash', ...at, pauseSeconds: 60 },
  ]),
  // Nothing can be read for so long that messages become dead letters; and once it can, they are sent again.
  fc.record({ group, to: fc.integer({ min: 1, max: 4 }) }).map((at): readonly Step[] => [
    { kind: 'scale', ...at, pauseSeconds: 8 },
    { kind: 'outage', of: 'reads', seconds: 2400, pauseSeconds: 2460 },
    { kind: 'redrive', pauseSeconds: 30 },
  ]),
  // A weight goes there and back.
  fc
    .record({ group, host, pauseSeconds: fc.integer({ min: 1, max: 15 }), value: fc.constantFrom(...weightTexts) })
    .map(({ pauseSeconds, value, ...at }): readonly Step[] =>
      [value, '65535', value, '65535'].map((text) => ({
        kind: 'tag',
        ...at,
        key: 'srv_weight',
        value: text,
        pauseSeconds,
      })),
    ),
);

const rates: fc.Arbitrary<Scenario['rates']> = fc
  .tuple(
    ...Object.entries(ratesOf).map(([fault, choices]) =>
      fc.oneof(
        { weight: switchedOn - 1, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: fc.constantFrom(...choices).map((rate) => [fault, rate] as const) },
      ),
    ),
  )
  .map((chosen) => Object.fromEntries(chosen.filter((one) => one !== undefined)));

/** Sizes at the limits of a registry entry's memories, of one batch of addresses, and of a full record (limits.ts, room.ts). */
const sizesAtLimits = [109, 110, 111, 239, 240, 241, 262, 263, 264] as const;

/** A large group that grows to a limit, and shrinks again. */
const largeScenario: fc.Arbitrary<Scenario> = fc
  .record({
    seed: fc.nat(),
    desired: fc.constantFrom(...sizesAtLimits),
    left: fc.constantFrom(0, 1, 100),
    concurrency: fc.constantFrom(1, 2),
    rates: fc.constantFrom<Scenario['rates']>({}, { staleRead: 0.3 }, { crash: 0.01 }, { appliedButError: 0.1 }),
    more: step,
  })
  .map(({ desired, left, more, ...rest }) => ({
    ...rest,
    groups: [{ cluster: 'web', desired, drainSeconds: 5 }],
    steps: [{ kind: 'wait', pauseSeconds: 100 }, more, { kind: 'scale', group: 0, to: left, pauseSeconds: 60 }],
  }));

/** One in so many scenarios is a large one. */
const largeOnceIn = 200;

/** Scenarios of all fault classes: a few groups, a few steps, some faults switched on. */
const smallScenario: fc.Arbitrary<Scenario> = fc
  .record({
    seed: fc.nat(),
    groups: fc.array(setup, { minLength: 1, maxLength: 3 }),
    legacy: fc.integer({ min: 0, max: 9 }).map((one) => one === 9),
    reusesAddresses: fc.integer({ min: 0, max: 4 }).map((one) => one === 4),
    assignsIpv6: fc.integer({ min: 0, max: 4 }).map((one) => one === 4),
    concurrency: fc.constantFrom(1, 2, 3, 4),
    rates,
    steps: fc.array(fc.oneof({ weight: 12, arbitrary: step.map((one) => [one]) }, { weight: 2, arbitrary: chains }), {
      minLength: 1,
      maxLength: 12,
    }),
  })
  .map(({ legacy, reusesAddresses, assignsIpv6, groups, steps, ...rest }) => ({
    ...rest,
    steps: steps.flat(),
    groups: legacy ? [...groups, { cluster: 'legacy', desired: 1 }] : groups,
    ...(legacy ? { legacy } : {}),
    ...(reusesAddresses ? { reusesAddresses } : {}),
    ...(assignsIpv6 ? { assignsIpv6 } : {}),
  }));

/** Scenarios of all fault classes and sizes. */
export const arbitraryScenario: fc.Arbitrary<Scenario> = fc.oneof(
  { weight: largeOnceIn - 1, arbitrary: smallScenario },
  { weight: 1, arbitrary: largeScenario },
);
