/** Full weight: the highest an SRV record can carry (RFC 2782), and what `100%` means. */
export const fullWeight = 65_535;

/**
 * Reads a weight tag: 0 to 65535, or a percentage of full weight such as `50%` or `12.5%`. A positive percentage never rounds to 0, which
 * would take the host out of rotation. Anything else is undefined: the caller keeps the last good weight.
 */
export function parseWeight(raw: string): number | undefined {
  const text = raw.trim();
  if (/^\d{1,5}$/.test(text)) {
    const weight = Number(text);
    return weight <= fullWeight ? weight : undefined;
  }
  const percentage = /^(\d{1,3}(?:\.\d{1,6})?) ?%$/.exec(text)?.[1];
  if (percentage === undefined) {
    return undefined;
  }
  const share = Number(percentage) / 100;
  if (share > 1) {
    return undefined;
  }
  return share === 0 ? 0 : Math.max(1, Math.round(share * fullWeight));
}

/** The weight HAProxy makes of an SRV weight: 1 to 256 are one and the same to it (HAProxy, src/resolvers.c). */
export function haproxyWeight(weight: number): number {
  return Math.floor((weight + 255) / 256);
}
