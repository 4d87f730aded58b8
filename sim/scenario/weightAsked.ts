/** A weight as docs/configuration.md defines it, read by itself; undefined for what is none. */
export function weightAsked(text: string): number | undefined {
  const match = /^(\d+)(\.\d+)?(\s?%)?$/.exec(text.trim());
  const number = match === null ? Number.NaN : Number(`${match[1]}${match[2] ?? ''}`);
  if (match?.[3] === undefined) {
    return Number.isInteger(number) && match?.[2] === undefined && number <= 65_535 ? number : undefined;
  }
  return number > 100 ? undefined : number === 0 ? 0 : Math.max(1, Math.round((number / 100) * 65_535));
}
