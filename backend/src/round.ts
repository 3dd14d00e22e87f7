/** Runs one at a time; asked for meanwhile, once more after it. `act` deals with its own failures. */
export function createRound(act: () => Promise<void>) {
  let running: Promise<void> | null = null;
  let isWanted = false;
  const run = async () => {
    do {
      isWanted = false;
      await act();
    } while (isWanted);
    running = null;
  };
  return {
    want(): void {
      isWanted = true;
      running ??= run();
    },
    ended: async () => void (await running),
  };
}
