/** Every order of some events, such as a background may hear them in that they wake. */
export function ordersOf<T>(events: readonly T[]): T[][] {
  if (events.length < 2) return [[...events]];
  return events.flatMap((one, at) => ordersOf(events.toSpliced(at, 1)).map((rest) => [one, ...rest]));
}
