import type { BatchReport } from '../../lambda/batch.ts';

/** The report of a rival, which has no plans to tell of: only the messages that must come back, and why. */
export function rivalReport(failed: readonly string[], errors: readonly Error[]): BatchReport {
  return { outcomes: [], failed, ignored: [], troubles: [], errors, latenciesSeconds: [], swept: false };
}
