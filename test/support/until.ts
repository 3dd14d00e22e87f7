/** Only what hangs takes so long, on the slowest machine. An alarm that wakes a killed background is at most 30 s away. */
export const HANGS_MS = 100_000;
const FIRST_WAIT_MS = 20;
/** Asking costs the browser what it needs for its work: the longer something takes, the more seldom it is asked about. */
const MOST_WAIT_MS = 200;

/** Asks until the answer is good, and gives it; says what the last one was when time runs out. */
export async function until<T>(ask: () => Promise<T> | T, isGood: (value: T) => boolean, ms = HANGS_MS): Promise<T> {
  // Not by the clock: tests set it.
  const start = performance.now();
  for (;;) {
    const value = await ask();
    if (isGood(value)) return value;
    const waited = performance.now() - start;
    if (waited > ms) throw new Error(`after ${ms} ms still: ${JSON.stringify(value)}`);
    await new Promise((wait) => setTimeout(wait, Math.min(FIRST_WAIT_MS + waited / 10, MOST_WAIT_MS)));
  }
}

/** Rejects with these words where something takes as long as only what hangs does. */
export async function within<T>(work: Promise<T>, otherwise: string): Promise<T> {
  let late: NodeJS.Timeout | undefined;
  const hung = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(new Error(`${otherwise} in ${HANGS_MS} ms`)), HANGS_MS);
  });
  return Promise.race([work, hung]).finally(() => clearTimeout(late));
}
