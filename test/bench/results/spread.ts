/** The middle of some measurements, and the two quartiles that half of them lie between. */
export interface Spread {
  median: number;
  low: number;
  high: number;
}

export function spreadOf(values: readonly number[]): Spread {
  return { median: quantile(values, 0.5), low: quantile(values, 0.25), high: quantile(values, 0.75) };
}

/**
 * How many times another's value each one is. The pairs are of the same turn: a burst of other work on the machine slows
 * both sides of a pair, and leaves their ratio.
 */
export function timesOf(values: readonly number[], others: readonly number[] | undefined): Spread {
  return spreadOf(values.map((value, turn) => value / (others?.[turn] ?? Number.NaN)));
}

/** The value that `part` (0 to 1) of them lie below. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * part), sorted.length - 1)] ?? Number.NaN;
}
