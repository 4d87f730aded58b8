/** What belongs to a run bears its name, so that a run that was cut off can be cleaned up by name. */
export const cluster = 'web';
/** Short, so that a run costs little time. */
export const ttlSeconds = 5;
export const drainSeconds = 20;

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
