import type { MarketId } from '../../../utils/shared/market.ts';
import { parseJson } from '../../../utils/shared/schema.ts';
import { hasTradingEnded } from '../../../utils/shared/trading-session.ts';
import type { AccountName } from '../config/account-name.ts';
import type { Job } from '../store/tables/job.ts';
import type { Operation } from './operation.ts';

export interface Markets {
  operations: readonly Operation[];
  /** The market of each account; absent: NSE's F&O. */
  markets: Partial<Record<AccountName, MarketId>>;
}

/** True where the trading session that an act was meant for has ended: by the operation's own market, else by its account's. */
export function isTradingOver(job: Job, { operations, markets }: Markets, now: number): boolean {
  const prepared = operations.find(({ name }) => name === job.type)?.prepare(parseJson(job.params));
  const named = prepared?.ok ? prepared.value.market : null;
  const market = named ?? markets[job.account] ?? 'nse-fo';
  return hasTradingEnded(job.created_at, now, { market, own: { days: [], through: null } });
}
