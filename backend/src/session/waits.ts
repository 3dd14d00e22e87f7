import { setTimeout as sleep } from 'node:timers/promises';
import type { SessionCheck } from '../../../utils/shared/contract.ts';
import type { AccountName } from '../config/account-name.ts';

type Wait = NonNullable<SessionCheck['wait']>;

// A handful of browsers an account, and never so many that their connections are missed elsewhere.
const MOST = { account: 4, all: 32 };

interface Held {
  account: AccountName;
  after: string;
  release: AbortController;
}

export type Waits = ReturnType<typeof createWaits>;

/**
 * The checks whose answers are held. `revisionOf` says how an account stands now; it is asked by {@link look} alone, once
 * for all that wait, and never while nobody does.
 */
export function createWaits(revisionOf: (account: AccountName) => Promise<string>, most = MOST) {
  const held = new Set<Held>();
  let isStopped = false;

  const of = (account: AccountName) => [...held].filter((one) => one.account === account);

  return {
    /** Holds until there is news, the time is over, or its connection is closed. False: none is held any more, or too many are. */
    async hold(account: AccountName, { after, ms }: Wait, gone?: AbortSignal): Promise<boolean> {
      const isFull = held.size >= most.all || of(account).length >= most.account;
      if (isFull || isStopped) return false;
      const one: Held = { account, after, release: new AbortController() };
      held.add(one);
      const { signal } = one.release;
      const release = () => one.release.abort();
      if (gone?.aborted) release();
      // No signal of many: one that outlives them would keep each (https://github.com/nodejs/node/issues/64476, 2026-11).
      gone?.addEventListener('abort', release, { once: true });
      await sleep(ms, undefined, { signal }).catch(() => undefined);
      gone?.removeEventListener('abort', release);
      held.delete(one);
      return !isStopped;
    },

    /** Releases those of an account for which there is news. */
    async look(account: AccountName): Promise<void> {
      if (of(account).length === 0) return;
      const revision = await revisionOf(account);
      for (const one of of(account)) if (one.after !== revision) one.release.abort();
    },

    /** Releases all, and holds none from now on. */
    stop(): void {
      isStopped = true;
      for (const one of held) one.release.abort();
    },
  };
}
