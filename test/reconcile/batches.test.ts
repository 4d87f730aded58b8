import { expect, test } from 'vitest';
import { fits, shipments } from '../../lambda/reconcile/batches.ts';
import type { RecordSet, RecordWrite } from '../../lambda/reconcile/model.ts';

const set = (name: string, count: number, characters: number): RecordSet => ({
  name,
  type: 'SRV',
  ttl: 10,
  values: Array.from({ length: count }, () => 'x'.repeat(characters)),
});
const write = (
  swap: readonly RecordSet[],
  before: readonly RecordSet[] = [],
  after: readonly RecordSet[] = [],
): RecordWrite => ({
  serial: 1,
  written: 1,
  before: { deletes: [], creates: before },
  swap: { deletes: [], creates: swap },
  after: { deletes: after, creates: [] },
});

test.each([
  [1000, 32, true],
  [1001, 1, false],
  [1, 32_000, true],
  [1, 32_001, false],
])('a batch of %i values of %i characters fits: %s', (count, characters, does) => {
  expect(fits({ deletes: [], creates: [set('a', count, characters)] })).toBe(does);
});

test('writes of many clusters share batches up to the limits, each whole in one', () => {
  const writes = Array.from({ length: 25 }, (_, index) => ({
    cluster: `c${index}`,
    write: write([set(`c${index}`, 100, 20)]),
  }));
  const shipped = shipments(writes);
  expect(shipped.map(({ clusters }) => clusters.length)).toEqual([10, 10, 5]);
  expect(shipped.every(({ batches }) => batches.length === 1 && batches.every(fits))).toBe(true);
});

test('a write too large for one batch goes alone: addresses needed, the swap, addresses no longer needed', () => {
  const big = write([set('swap', 500, 40)], [set('new', 400, 15)], [set('old', 400, 15)]);
  const shipped = shipments([
    { cluster: 'small', write: write([set('s', 1, 1)]) },
    { cluster: 'big', write: big },
  ]);
  expect(shipped.map(({ clusters }) => clusters)).toEqual([['small'], ['big']]);
  expect(shipped[1]?.batches.map(({ deletes, creates }) => [...deletes, ...creates].map(({ name }) => name))).toEqual([
    ['new'],
    ['swap'],
    ['old'],
  ]);
});
