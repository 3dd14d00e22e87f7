import { SECOND } from '../../../utils/shared/time.ts';
import type { AccountName } from '../config/account-name.ts';
import { createRound } from '../round.ts';
import type { FeedPrices, Tick } from '../store/tables/feed-prices.ts';
import type { TickListener } from './tick.ts';

/** How often those who have the feeds are asked for their prices again. */
const ASK_EVERY_MS = SECOND;

export interface OthersTicksOptions {
  accounts: readonly AccountName[];
  prices: Pick<FeedPrices, 'want' | 'ofOthers'>;
  heard: TickListener;
  /** How often to look, in ms; a notice of the store comes sooner. */
  lookEveryMs: number;
  now(): number;
}

/** The prices of other processes' feeds: asked for and read only between `start` and `stop`. */
export function createOthersTicks({ accounts, prices, heard, lookEveryMs, now }: OthersTicksOptions) {
  /** What was read last; null: nothing since the start, so nothing can be told from what is old. */
  let known: Set<string> | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  async function read(): Promise<void> {
    if (timer === undefined) return;
    if (performance.now() - askedAt >= ASK_EVERY_MS) {
      askedAt = performance.now();
      for (const account of accounts) await prices.want(account, now());
    }
    const found = await prices.ofOthers();
    const before = known;
    known = new Set(found.flatMap(({ account, ticks }) => ticks.map((tick) => nameOf(account, tick))));
    if (before === null) return;
    for (const { account, ticks } of found) {
      heard(
        account,
        ticks.filter((tick) => !before.has(nameOf(account, tick))),
      );
    }
  }

  // A store that is away for a moment: the next look reads.
  const reading = createRound(() => read().catch(() => undefined));
  const look = (): void => {
    if (timer !== undefined) reading.want();
  };

  return {
    look,
    start(): void {
      known = null;
      askedAt = Number.NEGATIVE_INFINITY;
      timer = setInterval(look, lookEveryMs).unref();
      look();
    },
    stop(): void {
      clearInterval(timer);
      timer = undefined;
    },
  };
}

function nameOf(account: string, { symbol, price, at }: Tick): string {
  return JSON.stringify([account, symbol, price, at]);
}
