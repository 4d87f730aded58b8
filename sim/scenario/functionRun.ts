import type { BatchReport, Message } from '../../lambda/batch.ts';
import type { World } from '../world.ts';

/** How a run of the function ended. */
export type RunEnd =
  | { readonly kind: 'returned'; readonly report: BatchReport }
  | { readonly kind: 'threw'; readonly error: unknown }
  | { readonly kind: 'killed'; readonly why: string };

/** Thrown into a call of a port when the function dies in the middle of it. */
export class Killed extends Error {}

/** Who wants to know how a run goes. */
export interface RunListener {
  /** From now on this run acts, or none. */
  readonly turn: (run: FunctionRun | undefined) => void;
  readonly end: (end: RunEnd) => void;
}

/**
 * One run of the function on the world's clock. It stands still before each call of a port, until the clock has come to the instant of that
 * call: so other runs, and everything else in the world, happen in between. While it goes on, the world stands still.
 */
export class FunctionRun {
  readonly number: number;
  readonly messages: readonly Message[];
  readonly startedAt: number;

  readonly #world: World;
  readonly #on: RunListener;
  #parked = Promise.withResolvers<void>();
  #ended = false;

  constructor(world: World, number: number, messages: readonly Message[], on: RunListener) {
    this.#world = world;
    this.number = number;
    this.messages = messages;
    this.startedAt = world.now;
    this.#on = on;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Begins the run, and comes back when it stands still or has ended. */
  start(handle: () => Promise<BatchReport>): Promise<void> {
    return this.#goOn(() => {
      handle().then(
        (report) => this.#end({ kind: 'returned', report }),
        (error: unknown) => this.#end({ kind: 'threw', error }),
      );
    });
  }

  /** Stands still for some seconds on the world's clock; for good once the run has ended. */
  standStill(seconds: number): Promise<void> {
    const resumed = Promise.withResolvers<void>();
    if (!this.#ended) {
      this.#world.after(seconds, () => (this.#ended ? undefined : this.#goOn(resumed.resolve)));
    }
    this.#parked.resolve();
    return resumed.promise;
  }

  /** Ends the run where it stands: what it was about to do does not happen. */
  kill(why: string): void {
    this.#end({ kind: 'killed', why });
  }

  async #goOn(go: () => void): Promise<void> {
    this.#parked = Promise.withResolvers();
    const { promise } = this.#parked;
    this.#on.turn(this);
    go();
    await promise;
    this.#on.turn(undefined);
  }

  #end(end: RunEnd): void {
    if (!this.#ended) {
      this.#ended = true;
      this.#on.end(end);
    }
    this.#parked.resolve();
  }
}
