import { chunks } from './chunks.ts';
import { SoakThread } from './soakThread.ts';
import { emptyTally, sum, type Tally } from './tally.ts';

/** Which seeds are run, and by whom. */
export interface SoakOptions {
  readonly from: number;
  readonly seeds: number;
  /** Threads. */
  readonly workers: number;
  /** Module that a thread runs; it calls `serveChunks()`. */
  readonly workerModule: URL;
  /** Called whenever there is more to know, with all that is known. */
  readonly onProgress: (tally: Tally) => void;
  /** Ends the soak once the seeds under way are through. */
  readonly signal: AbortSignal;
}

/** More findings say no more, and cost the time of those who wait. */
export const findingsMax = 20;

/** Runs seeds on all threads, and sums what they show. It ends early at so many findings, once the seeds under way are through. */
export async function runSoak(options: SoakOptions): Promise<Tally> {
  const { workers, onProgress, signal } = options;
  const waiting = chunks(options.from, options.seeds, workers);
  let tally = emptyTally;

  // One thread, replaced where it is lost; chunks go to whichever thread is free.
  async function serve(): Promise<void> {
    let thread = new SoakThread(options.workerModule);
    while (!signal.aborted && tally.findings.length < findingsMax) {
      const chunk = waiting.next().value;
      if (chunk === undefined) {
        break;
      }
      const more = await thread.run(chunk);
      // Not before the wait: other threads' tallies come in meanwhile.
      tally = sum(tally, more);
      onProgress(tally);
      if (thread.lost) {
        thread = new SoakThread(options.workerModule);
      }
    }
    await thread.terminate();
  }

  await Promise.all(Array.from({ length: Math.min(workers, options.seeds) }, serve));
  return tally;
}
