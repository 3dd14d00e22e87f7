import type { AccountName } from '../config/account-name.ts';
import type { FeedPrices } from '../store/tables/feed-prices.ts';
import { createOthersTicks } from './others-ticks.ts';
import { createOwnTicks } from './own-ticks.ts';
import type { TickListener } from './tick.ts';

export type Ticks = ReturnType<typeof createTicks>;

export interface TickOptions {
  accounts: readonly AccountName[];
  prices: FeedPrices;
  lookEveryMs: number;
  now(): number;
}

/** The prices of all feeds, whichever process has them, for whoever listens in this one. */
export function createTicks({ accounts, prices, lookEveryMs, now }: TickOptions) {
  const listeners = new Set<TickListener>();
  const heard: TickListener = (account, ticks) => {
    if (ticks.length > 0) for (const listener of listeners) listener(account, ticks);
  };
  const own = createOwnTicks({ prices, heard, now });
  const others = createOthersTicks({ accounts, prices, heard, lookEveryMs, now });

  return {
    /** Takes what a feed of this process told. */
    put: own.put,
    /** Reads at once what other processes told, where anybody listens here. */
    look: others.look,
    /** Calls `listener` with what moves from now on; returns the way to end that. */
    listen(listener: TickListener): () => void {
      if (listeners.size === 0) others.start();
      listeners.add(listener);
      return () => {
        if (listeners.delete(listener) && listeners.size === 0) others.stop();
      };
    },
  };
}
