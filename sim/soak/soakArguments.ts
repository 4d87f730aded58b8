import { parseArgs } from 'node:util';

/** What the command was asked for. */
export type SoakArguments =
  | {
      readonly kind: 'soak';
      readonly from: number;
      readonly seeds: number;
      readonly workers: number;
      /** File that the report is written to. */
      readonly report: string;
    }
  | { readonly kind: 'replay'; readonly seed: number };

/** How the command is called. */
export const soakUsage = `Runs the simulator on many seeds, and says by property and by fault class what they showed.

  npm run soak -- --seeds 200000
  npm run soak -- --seed 17

  --seeds <count>     seeds to run, default 2000
  --from <seed>       the first of them, default 1
  --workers <count>   threads, default one for each core
  --report <file.md>  where the report goes, default soak-report.md
  --seed <seed>       runs this seed alone, and shows its scenario, its timeline and its verdict, shrunk if it failed

Exit code 0: every property held, and every fault class fired; 1: not so; 2: it was not called like this.`;

const seedsDefault = 2000;
const fromDefault = 1;
const reportDefault = 'soak-report.md';
/** A seed is a positive number of 32 bits with a sign, as fast-check takes it. */
const seedMax = 2_147_483_647;
/** Each thread holds a whole simulator. */
const workersMax = 256;

/** Reads the arguments of the command. Throws an `Error` that says what is wrong with them. */
export function readSoakArguments(argv: readonly string[], cores: number): SoakArguments {
  const option = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...argv],
    options: { seeds: option, from: option, workers: option, report: option, seed: option },
  });
  const { seed, ...others } = values;
  if (seed !== undefined) {
    const [other] = Object.keys(others);
    if (other !== undefined) {
      throw new Error(`Cannot read the options: "--seed" must stand alone: found "--${other}"`);
    }
    return { kind: 'replay', seed: readCount('seed', seed, 0, seedMax) };
  }
  const from = values.from === undefined ? fromDefault : readCount('from', values.from, 0, seedMax);
  const { report = reportDefault } = values;
  if (!report.endsWith('.md')) {
    throw new Error(`Cannot read option "--report": must be a Markdown file, ending in ".md": found "${report}"`);
  }
  return {
    kind: 'soak',
    from,
    seeds: values.seeds === undefined ? seedsDefault : readCount('seeds', values.seeds, 1, seedMax - from + 1),
    workers: values.workers === undefined ? cores : readCount('workers', values.workers, 1, workersMax),
    report,
  };
}

function readCount(option: string, text: string, min: number, max: number): number {
  const count = Number(text);
  if (!/^\d+$/u.test(text) || count < min || count > max) {
    throw new Error(`Cannot read option "--${option}": must be a whole number from ${min} to ${max}: found "${text}"`);
  }
  return count;
}
