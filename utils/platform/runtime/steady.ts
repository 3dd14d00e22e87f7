/** Milliseconds of a clock that nobody sets, counted from some moment in this life of the background. */
export function steadyNow(): number {
  return performance.now();
}
