/** Seconds on the demo's clock as `mm:ss`; a minute count beyond 99 simply grows. */
export function clockText(seconds: number): string {
  const whole = Math.floor(seconds);
  const padded = (count: number): string => String(count).padStart(2, '0');
  return `${padded(Math.floor(whole / 60))}:${padded(whole % 60)}`;
}
