/** What belongs to a run bears its name, so that a run that was cut off can be cleaned up by name. */
export const cluster = 'web';
export const ttlSeconds = 5;
/** Longer than a change usually takes to propagate, so that a drain that is left out is not taken for one. */
export const drainSeconds = 90;

export function blueGroup(run: string): string {
  return `${run}-blue`;
}

export function greenGroup(run: string): string {
  return `${run}-green`;
}

/** Private: nobody outside the VPC can ask it. */
export function zoneName(run: string): string {
  return `${run}.internal`;
}
