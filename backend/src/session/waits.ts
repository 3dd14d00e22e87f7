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
  const stopping = new AbortController();

  const of = (account: AccountName) => [...held].filter((one) => one.account === account);

  return {
    /** Holds until there is news, the time is over, or its connection is closed. False: none is held any more, or too many are. */
    async hold(account: AccountName, { after, ms }: Wait, gone?: AbortSignal): Promise<boolean> {
      const isFull = held.size >= most.all || of(account).length >= most.account;
      if (isFull || stopping.signal.aborted) return false;
      const one: Held = { account, after, release: new AbortController() };
      held.add(one);
      const signal = AbortSignal.any([one.release.signal, stopping.signal, ...(gone ? [gone] : [])]);
      await sleep(ms, undefined, { signal }).catch(() => undefined);
      held.delete(one);
      return !stopping.signal.aborted;
    },

    /** Releases those of an account for which there is news. */
    async look(account: AccountName): Promise<void> {
      if (of(account).length === 0) return;
      const revision = await revisionOf(account);
      for (const one of of(account)) if (one.after !== revision) one.release.abort();
    },

    /** Releases all, and holds none from now on. */
    stop: (): void => stopping.abort(),
  };
}
