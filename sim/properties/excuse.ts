import type { Milliseconds } from '../world.ts';

/**
 * How far back a write may go by what it read: a run lives for 60 s, its reads may be 60 s old. A host that served for longer without a break has
 * given no read a reason to show it otherwise.
 */
export const excuseSeconds = 125;

/** The first instant that a read of a run that acts now can have shown. */
export function oldestShown(now: Milliseconds): Milliseconds {
  return now - excuseSeconds * 1000;
}
