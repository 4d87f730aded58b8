/** Calls under way at once, so that a burst does not drain an API's token bucket in one go. */
const callsMax = 8;

/** Runs an action for each item, `callsMax` at a time, in order of the items. Ends when all have ended; throws the first error. */
export async function inParallel<Item>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) {
      await act(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(callsMax, items.length) }, worker));
}
