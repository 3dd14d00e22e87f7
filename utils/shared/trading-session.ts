import { type Calendar, isMarketOpen, NSE_FO, nextOpening, phaseAt } from './market.ts';

/** True where the trading session that something of `from` was meant for, the running one or else the next, has ended by `to`. */
export function hasTradingEnded(from: number, to: number, calendar: Calendar = NSE_FO): boolean {
  const { phase, until } = phaseAt(from, calendar);
  // The closing auction is a session of its own: what comes after it would wait for the next day.
  if (phase === 'closing-auction') return to >= until;
  const opened = isMarketOpen(from, calendar) ? from : nextOpening(from, calendar);
  if (opened > to) return false;
  return !isMarketOpen(to, calendar) || nextOpening(opened, calendar) <= to;
}
