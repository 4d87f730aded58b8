import type { Milliseconds } from '../world.ts';

/** The tokens that calls of one service take: full at first, refilled by the clock (EC2, "Request throttling"). */
export class TokenBucket {
  readonly #capacity: number;
  readonly #perSecond: number;
  #tokens: number;
  #at: Milliseconds = 0;

  constructor(capacity: number, perSecond: number) {
    this.#capacity = capacity;
    this.#perSecond = perSecond;
    this.#tokens = capacity;
  }

  /** Takes a token, if there is one. */
  take(now: Milliseconds): boolean {
    this.#refill(now);
    if (this.#tokens < 1) {
      return false;
    }
    this.#tokens -= 1;
    return true;
  }

  /** Another caller of the account takes all there are. */
  empty(now: Milliseconds): void {
    this.#refill(now);
    this.#tokens = 0;
  }

  #refill(now: Milliseconds): void {
    this.#tokens = Math.min(this.#capacity, this.#tokens + ((now - this.#at) / 1000) * this.#perSecond);
    this.#at = now;
  }
}
