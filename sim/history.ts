/** How far back the world remembers what things looked like: the oldest read it can answer. */
const lagSecondsMax = 600;

/** What one thing looked like at each instant of the recent past, so that a read can be answered with an old view of it. */
export class History<View> {
  #views: readonly { readonly at: number; readonly view: View }[] = [];

  /** Notes what the thing looks like from this instant (epoch milliseconds) on. */
  note(view: View, at: number): void {
    const oldest = at - lagSecondsMax * 1000;
    // A view counts until the next one takes its place, so the last one from before the oldest instant is still needed.
    const kept = this.#views.filter((noted, index) => noted.at < at && (this.#views[index + 1]?.at ?? at) > oldest);
    this.#views = [...kept, { at, view }];
  }

  /** What the thing looked like at that instant; nothing if it was not there yet. */
  at(instant: number): View | undefined {
    return this.#views.findLast((noted) => noted.at <= instant)?.view;
  }
}
