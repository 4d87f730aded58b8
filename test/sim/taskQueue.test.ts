import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Task, TaskQueue } from '../../sim/taskQueue.ts';

test('TaskQueue gives tasks back by their instant, those of one instant in their order, and none before it is due', () => {
  const instants = fc.array(fc.record({ at: fc.nat({ max: 9 }), takes: fc.nat({ max: 2 }) }), { maxLength: 40 });
  const property = fc.property(instants, fc.nat({ max: 9 }), (added, until) => {
    const queue = new TaskQueue();
    let waiting: readonly Task[] = [];
    const expectNext = (): void => {
      const next = waiting.filter(({ at }) => at <= until).toSorted(byInstant)[0];
      expect(queue.take(until)).toBe(next);
      waiting = waiting.filter((task) => task !== next);
    };
    for (const [order, { at, takes }] of added.entries()) {
      const task = { at, order, run: () => undefined };
      queue.add(task);
      waiting = [...waiting, task];
      for (let taken = 0; taken < takes; taken += 1) {
        expectNext();
      }
    }
    for (let left = waiting.length; left >= 0; left -= 1) {
      expectNext();
    }
  });
  fc.assert(property, { seed: 20_261_121 });
});

function byInstant(one: Task, other: Task): number {
  return one.at === other.at ? one.order - other.order : one.at - other.at;
}
