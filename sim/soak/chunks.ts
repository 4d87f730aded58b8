/** Seeds that follow each other, run by one thread in one go. */
export interface Chunk {
  readonly from: number;
  readonly count: number;
}

/** Enough that messages between threads cost nothing, few enough that all threads end at about the same time. */
const chunkSeedsMax = 50;

/** Cuts seeds into chunks, smaller ones where there would not be one for each thread. */
export function* chunks(from: number, seeds: number, workers: number): Generator<Chunk, undefined> {
  const size = Math.min(chunkSeedsMax, Math.ceil(seeds / workers));
  for (let done = 0; done < seeds; done += size) {
    yield { from: from + done, count: Math.min(size, seeds - done) };
  }
}
