import type { AccountName } from '../config/account-name.ts';

/** Work that is done once at a time for each account: what is asked for while it goes on is left out. `failed`: it threw. */
export function createSingle(failed: (error: unknown) => void) {
  const running = new Map<AccountName, Promise<void>>();
  return {
    run(account: AccountName, work: () => Promise<void>): void {
      if (running.has(account)) return;
      running.set(
        account,
        work()
          .catch(failed)
          .finally(() => running.delete(account)),
      );
    },
    settled: async (): Promise<void> => void (await Promise.all(running.values())),
  };
}
