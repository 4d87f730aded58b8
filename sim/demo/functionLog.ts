import { z } from 'zod';
import type { LogLine } from '../deployment/function.ts';

/** An entry of the function's structured log. */
export interface LogEntry {
  readonly level: string;
  readonly message: string;
  /** What was changed and why, one line for each change. */
  readonly changes: readonly string[];
  /** Why nothing was done, or what went wrong. */
  readonly reason: string | undefined;
}

// Powertools writes this shape: https://docs.aws.amazon.com/powertools/typescript/latest/features/logger/
const entrySchema = z.object({
  level: z.string(),
  message: z.string(),
  changes: z.array(z.string()).default([]),
  reason: z.string().optional(),
  error: z.object({ message: z.string() }).optional(),
});

/** The log entries among what a function wrote; embedded metrics are left out. */
export function logEntries(lines: readonly LogLine[]): readonly LogEntry[] {
  return lines.flatMap(({ json }) => {
    const { success, data } = entrySchema.safeParse(json);
    return success
      ? [
          {
            level: data.level,
            message: data.message,
            changes: data.changes,
            reason: data.reason ?? data.error?.message,
          },
        ]
      : [];
  });
}
