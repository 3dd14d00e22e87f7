/** Asks until the answer is good, and gives it; says what the last one was when time runs out. */
export async function until<T>(ask: () => Promise<T> | T, isGood: (value: T) => boolean, ms = 10_000): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    const value = await ask();
    if (isGood(value)) return value;
    if (Date.now() > deadline) throw new Error(`after ${ms} ms still: ${JSON.stringify(value)}`);
    await new Promise((wait) => setTimeout(wait, 30));
  }
}
