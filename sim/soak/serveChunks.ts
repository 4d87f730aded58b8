import { parentPort, workerData } from 'node:worker_threads';
import type { Chunk } from './chunks.ts';
import type { Simulator } from './simulator.ts';
import { emptyTally, sum, type Tally, tallyOf, tallyOfFailure } from './tally.ts';

/** What a thread of the soak is given: one number that both sides share, the seed that it runs. */
export interface ThreadStart {
  readonly seed: SharedArrayBuffer;
}

/** The inside of a thread of the soak: answers each chunk with its tally. */
export function serveChunks(simulator: Simulator): void {
  if (parentPort !== null) {
    serve(simulator, workerData, parentPort);
  }
}

function serve(simulator: Simulator, start: ThreadStart, port: NonNullable<typeof parentPort>): void {
  const current = new Float64Array(start.seed);
  const onSeed = (seed: number): void => {
    current[0] = seed;
  };
  port.on('message', (chunk: Chunk) => {
    void tallyChunk(simulator, chunk, onSeed).then((tally) => port.postMessage(tally));
  });
}

async function tallyChunk(
  simulator: Simulator,
  { from, count }: Chunk,
  onSeed: (seed: number) => void,
): Promise<Tally> {
  let tally = emptyTally;
  for (let seed = from; seed < from + count; seed += 1) {
    onSeed(seed);
    tally = sum(tally, await tallySeed(simulator, seed));
  }
  return tally;
}

/** An error is a finding like any other: one seed that cannot be run must not hide what the others show. */
async function tallySeed(simulator: Simulator, seed: number): Promise<Tally> {
  try {
    const { verdict } = await simulator.run(seed);
    return tallyOf(seed, verdict);
  } catch (error) {
    return tallyOfFailure(seed, String(error));
  }
}
