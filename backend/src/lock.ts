/** Runs the work of one name in order, one at a time; other names do not wait. */
export function createLock() {
  const tails = new Map<string, Promise<unknown>>();
  return {
    run<T>(name: string, work: () => Promise<T>): Promise<T> {
      const turn = (tails.get(name) ?? Promise.resolve()).then(work);
      tails.set(
        name,
        turn.catch(() => undefined),
      );
      return turn;
    },
    /** Resolves when all that was begun so far has ended. */
    settled: (): Promise<unknown> => Promise.all(tails.values()),
  };
}
