/** Something to do at an instant (epoch milliseconds). */
export interface Task {
  readonly at: number;
  /** Tells tasks of one instant apart: they run in this order. */
  readonly order: number;
  readonly run: () => void | Promise<void>;
}

/** Tasks by their instant, and by their order within one: a binary heap, since a world of hundreds of instances has thousands waiting. */
export class TaskQueue {
  /** The earliest first; the children of index `i` are at `2i + 1` and `2i + 2`, and neither is earlier than it. */
  readonly #heap: Task[] = [];

  add(task: Task): void {
    let index = this.#heap.length;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.#heap[parentIndex];
      if (parent === undefined || isEarlier(parent, task)) {
        break;
      }
      this.#heap[index] = parent;
      index = parentIndex;
    }
    this.#heap[index] = task;
  }

  /** Takes the earliest task out, unless it is due only after that instant. */
  take(until: number): Task | undefined {
    const first = this.#heap[0];
    if (first === undefined || first.at > until) {
      return undefined;
    }
    const last = this.#heap.pop();
    if (last !== undefined && last !== first) {
      this.#sinkFromTop(last);
    }
    return first;
  }

  #sinkFromTop(task: Task): void {
    let index = 0;
    for (;;) {
      const leftIndex = 2 * index + 1;
      const left = this.#heap[leftIndex];
      const right = this.#heap[leftIndex + 1];
      if (left === undefined) {
        break;
      }
      const isRight = right !== undefined && isEarlier(right, left);
      const child = isRight ? right : left;
      if (isEarlier(task, child)) {
        break;
      }
      this.#heap[index] = child;
      index = isRight ? leftIndex + 1 : leftIndex;
    }
    this.#heap[index] = task;
  }
}

function isEarlier(task: Task, other: Task): boolean {
  return task.at < other.at || (task.at === other.at && task.order < other.order);
}
