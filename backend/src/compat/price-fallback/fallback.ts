import type { LogEvent } from '../../log/log.ts';
import type { Parts } from '../../parts.ts';
import { createLivePrice } from './live-price.ts';
import { livePriceRoute } from './route.ts';
import { createYahoo } from './yahoo.ts';

/** Prices by the session or, while there is none, by the fallback. */
export function createFallback({ config, store, clients, usage, log, now }: Parts) {
  const livePrice = createLivePrice({
    accounts: config.accounts.map(({ name }) => name),
    sessions: store.sessions,
    clients: usage.watch('live price', clients),
    yahoo: config.fallback === 'yahoo' ? createYahoo(now) : null,
    log,
    now,
  });
  return {
    isActive: livePrice.isFallingBack,
    route: () => livePriceRoute(livePrice, now),
    /** It is left at once, whichever process has renewed the session. */
    hear({ event }: LogEvent): void {
      if (event === 'session.verified' || event === 'session.taken_over') livePrice.renewed();
    },
  };
}
