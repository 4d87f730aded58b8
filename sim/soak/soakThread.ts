import { Worker } from 'node:worker_threads';
import type { Chunk } from './chunks.ts';
import type { ThreadStart } from './serveChunks.ts';
import { type Tally, tallyOfFailure } from './tally.ts';

/** No chunk takes nearly so long: the seed that does would never come to its end. */
const chunkSecondsMax = 300;

/** A worker thread that runs seeds. It is of no use any more once it was lost. */
export class SoakThread {
  readonly #worker: Worker;
  readonly #seed: Float64Array<SharedArrayBuffer>;
  #settle: ((tally: Tally) => void) | undefined;
  #lost: string | undefined;

  constructor(module: URL) {
    const seed = new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);
    this.#seed = new Float64Array(seed);
    const start: ThreadStart = { seed };
    this.#worker = new Worker(module, { workerData: start, execArgv: [] });
    this.#worker.on('message', (tally: Tally) => this.#end(tally));
    this.#worker.on('error', (error) => this.#lose(String(error)));
    this.#worker.on('exit', (code) => this.#lose(`the thread ended with exit code ${code}`));
  }

  /** Whether it can run no more. */
  get lost(): boolean {
    return this.#lost !== undefined;
  }

  /** Runs a chunk. Where the thread is lost on the way, what the chunk showed until then is lost too, but for the seed that was to blame. */
  run(chunk: Chunk): Promise<Tally> {
    return new Promise((resolve) => {
      const limit = setTimeout(() => {
        this.#lose(`the thread was not through with ${chunk.count} seeds in ${chunkSecondsMax} s`);
        void this.#worker.terminate();
      }, chunkSecondsMax * 1000);
      this.#settle = (tally) => {
        clearTimeout(limit);
        resolve(tally);
      };
      this.#seed[0] = chunk.from;
      this.#worker.postMessage(chunk);
      if (this.#lost !== undefined) {
        this.#fail(this.#lost);
      }
    });
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #lose(reason: string): void {
    this.#lost ??= reason;
    this.#fail(this.#lost);
  }

  #fail(reason: string): void {
    this.#end(tallyOfFailure(this.#seed[0] ?? 0, reason));
  }

  #end(tally: Tally): void {
    this.#settle?.(tally);
    this.#settle = undefined;
  }
}
