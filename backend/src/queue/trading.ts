import { isMarketOpen, nextOpening } from '../../../utils/shared/market.ts';

/** True when the trading session that a request of `askedAt` was meant for, the running one or else the next, has ended by `now`. */
export function isTradingOver(askedAt: number, now: number): boolean {
  const start = isMarketOpen(askedAt) ? askedAt : nextOpening(askedAt);
  return start <= now && (!isMarketOpen(now) || nextOpening(start) <= now);
}
