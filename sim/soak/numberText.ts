const format = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** A number for people to read, such as `200,000` and `0.3`. */
export function numberText(value: number): string {
  return format.format(value);
}
