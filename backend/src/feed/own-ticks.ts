import { SECOND } from '../../../utils/shared/time.ts';
import type { AccountName } from '../config/account-name.ts';
import { createRound } from '../round.ts';
import type { FeedPrices, Tick } from '../store/tables/feed-prices.ts';
import type { Price, TickListener } from './tick.ts';

/** How long prices are gathered: of each symbol the latest one is told. */
const GATHER_MS = 250;
/** How long no other process is told once none had asked. */
const PAUSE_MS = SECOND;

/** The prices of this process's feeds. The store gets them while another process asks; nothing waits for it. */
export function createOwnTicks(from: { prices: Pick<FeedPrices, 'tell'>; heard: TickListener; now(): number }) {
  const { prices, heard, now } = from;
  /** The latest price of each symbol: as many as were subscribed. */
  const books = new Map<AccountName, Map<string, Tick>>();
  const moved = new Map<AccountName, Set<string>>();
  const untold = new Set<AccountName>();
  const pausedUntil = new Map<AccountName, number>();

  const bookOf = (account: AccountName) => [...(books.get(account)?.values() ?? [])];

  const telling = createRound(async () => {
    for (const account of untold) {
      if (performance.now() < (pausedUntil.get(account) ?? 0)) continue;
      untold.delete(account);
      // A price that is lost is followed by the next one.
      const isWanted = await prices.tell(account, bookOf(account), now()).catch(() => false);
      if (!isWanted) pausedUntil.set(account, performance.now() + PAUSE_MS);
    }
  });

  function flush(): void {
    for (const [account, symbols] of moved) {
      heard(
        account,
        bookOf(account).filter(({ symbol }) => symbols.has(symbol)),
      );
      untold.add(account);
    }
    moved.clear();
    telling.want();
  }

  return {
    put(account: AccountName, told: readonly Price[]): void {
      if (told.length === 0) return;
      if (moved.size === 0) setTimeout(flush, GATHER_MS).unref();
      const book = books.get(account) ?? new Map<string, Tick>();
      const symbols = moved.get(account) ?? new Set<string>();
      for (const { symbol, price } of told) {
        book.set(symbol, { symbol, price, at: now() });
        symbols.add(symbol);
      }
      books.set(account, book);
      moved.set(account, symbols);
    },
  };
}
