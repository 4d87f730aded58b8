import { expect, test } from 'vitest';
import type { Members, Sighting } from './sighting.ts';
import { Watch } from './watch.ts';

const least = 30;

/** Looks at one host: when, its state (none: out of its group), its weight (none: out of the record). */
type Frame = readonly [at: number, state: string | undefined, weight: number | undefined];

function violations(frames: readonly Frame[], crashes = false): readonly string[] {
  const watch = new Watch({ drainSecondsLeast: least });
  if (crashes) {
    watch.expectCrash('i-1');
  }
  for (const [at, state, weight] of frames) {
    const blue: Members = new Map(state === undefined ? [] : [['i-1', state]]);
    const sighting: Sighting = {
      at,
      blue,
      green: new Map(),
      weights: new Map(weight === undefined ? [] : [['i-1', weight]]),
      afterwards: blue,
    };
    watch.judge(sighting);
  }
  return watch.violations.map((text) => text.split(':')[0] ?? '');
}

const served: readonly Frame[] = [
  [0, 'Pending:Wait', undefined],
  [10, 'Pending:Wait', 65535],
  [20, 'InService', 65535],
];
const drained: readonly Frame[] = [
  [100, 'Terminating:Wait', 65535],
  [102, 'Terminating:Wait', 0],
  [132, 'Terminating:Wait', undefined],
  [134, 'Terminating:Proceed', undefined],
  [136, undefined, undefined],
];

test('a watch has nothing to say of a host that is registered, drains and goes', () => {
  expect(violations([...served, ...drained])).toEqual([]);
});

test('a watch has nothing to say of standby, nor of looks that are far between', () => {
  expect(violations([...served, [40, 'Standby', 0], [60, 'InService', 65535], ...drained])).toEqual([]);
  expect(
    violations([...served, [100, 'Terminating', 65535], [129, 'Terminating:Wait', 0], [131, undefined, undefined]]),
  ).toEqual([]);
});

test.each<[string, readonly Frame[], readonly string[]]>([
  ['a host in service that is not in the record', [[0, 'InService', undefined]], ['RegisteredBeforeComplete']],
  [
    'a host that is out of the record without a drain',
    [...served, [100, 'Terminating:Wait', undefined]],
    ['DrainBeforeComplete'],
  ],
  [
    'a host whose drain is too short',
    [...served, [100, 'Terminating:Wait', 65535], [102, 'Terminating:Wait', 0], [128, 'Terminating:Wait', undefined]],
    ['DrainBeforeComplete'],
  ],
  [
    'a host that goes on at full weight',
    [...served, [100, 'Terminating:Proceed', 65535]],
    ['DrainBeforeComplete', 'DrainBeforeComplete'],
  ],
  [
    'a host that has left its group while the record holds it',
    [...served, [100, 'Terminating:Wait', 0], [140, undefined, 0]],
    ['DrainBeforeComplete'],
  ],
  [
    'a host that gains weight again while it leaves',
    [...served, [100, 'Terminating:Wait', 0], [102, 'Terminating:Wait', 65535]],
    ['NoResurrection'],
  ],
  ['a host that comes back after it left', [...served, ...drained, [140, undefined, 0]], ['NoResurrection']],
])('a watch reports %s', (_, frames, found) => {
  expect(violations(frames)).toEqual(found);
});

test('a watch does not ask for the drain of a host that crashes', () => {
  expect(violations([...served, [22, 'InService', undefined], [24, undefined, undefined]], true)).toEqual([]);
});
