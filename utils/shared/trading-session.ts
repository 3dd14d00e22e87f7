import { type Calendar, isMarketOpen, NSE_FO, nextOpening } from './market.ts';

/** True where the trading session that something of `from` was meant for, the running one or else the next, has ended by `to`. */
export function hasTradingEnded(from: number, to: number, calendar: Calendar = NSE_FO): boolean {
  const opened = isMarketOpen(from, calendar) ? from : nextOpening(from, calendar);
  if (opened > to) return false;
  return !isMarketOpen(to, calendar) || nextOpening(opened, calendar) <= to;
}
