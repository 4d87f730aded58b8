import { coverageSeedsMin, shortfalls } from './shortfalls.ts';
import type { Tally } from './tally.ts';

/** All that a report tells. */
export interface SoakOutcome {
  readonly from: number;
  /** Seeds that were asked for; the tally says how many were run. */
  readonly seeds: number;
  readonly tally: Tally;
  /** When it began, as ISO 8601 text. */
  readonly startedAt: string;
  /** Seconds that it took on the machine's clock. */
  readonly realSeconds: number;
  readonly commit: string;
  readonly nodeVersion: string;
  readonly cores: number;
  readonly workers: number;
  /** Findings in full, each a piece of Markdown. */
  readonly details: readonly string[];
}

/** Whether every seed was run and held, and there were enough to say something where they missed nothing. */
export function held({ seeds, tally }: SoakOutcome): boolean {
  const covered = tally.seeds < coverageSeedsMin || shortfalls(tally).length === 0;
  return tally.seeds === seeds && tally.findings.length === 0 && covered;
}
