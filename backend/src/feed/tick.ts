import type { AccountName } from '../config/account-name.ts';
import type { Tick } from '../store/tables/feed-prices.ts';

/** The price of one symbol, in the broker's spelling. */
export type Price = Pick<Tick, 'symbol' | 'price'>;

/** Called with what moved in an account's feed: of each symbol the latest price. */
export type TickListener = (account: AccountName, ticks: readonly Tick[]) => void;
