/** How far back the world remembers what things looked like: the oldest read it can answer. */
const lagSecondsMax = 600;

/** What one thing looked like at each instant of the recent past, so that a read can be answered with an old view of it. */
export class History<View> {
  /** Oldest first, one for each instant. */
  readonly #views: { readonly at: number; readonly view: View }[] = [];

  /** Notes what the thing looks like from this instant (epoch milliseconds) on. */
  note(view: View, at: number): void {
    if (this.#views.at(-1)?.at === at) {
      this.#views.pop();
    }
    this.#views.push({ at, view });
    this.#forget(at - lagSecondsMax * 1000);
  }

  /** What the thing looks like since it was last noted; nothing if it never was. */
  get latest(): View | undefined {
    return this.#views.at(-1)?.view;
  }

  /** What the thing looked like at that instant; nothing if it was not there yet. */
  at(instant: number): View | undefined {
    return this.#views.findLast((noted) => noted.at <= instant)?.view;
  }

  /** A view counts until the next one takes its place, so the last one from before the oldest instant is still needed. */
  #forget(oldest: number): void {
    while ((this.#views[1]?.at ?? Number.POSITIVE_INFINITY) <= oldest) {
      this.#views.shift();
    }
  }
}
