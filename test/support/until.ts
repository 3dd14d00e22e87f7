/** Long enough for the alarm that wakes a killed background: at most 30 s away while anything is pending. */
export const PATIENCE_MS = 40_000;

/** Asks until the answer is good, and gives it; says what the last one was when time runs out. */
export async function until<T>(ask: () => Promise<T> | T, isGood: (value: T) => boolean, ms = PATIENCE_MS): Promise<T> {
  // Not by the clock: tests set it.
  const deadline = performance.now() + ms;
  for (;;) {
    const value = await ask();
    if (isGood(value)) return value;
    if (performance.now() > deadline) throw new Error(`after ${ms} ms still: ${JSON.stringify(value)}`);
    await new Promise((wait) => setTimeout(wait, 30));
  }
}
