import type { OwnDay } from '../../shared/calendar.ts';
import { type Calendar, MARKETS } from '../../shared/market.ts';
import { istClock } from '../../shared/time.ts';
import { tellDay } from '../base/market-words.ts';

/** A day of a market that is not as its weekday says, and whose word that is. */
export interface MarketDayRow extends OwnDay {
  isOwn: boolean;
  /** True where the exchange trades at its usual hours, against the weekday. */
  isUsual?: boolean;
}

/** Every such day of a year, in order; the person's word stands in place of the exchange's. */
export function listDays({ market, own }: Calendar, year: number): MarketDayRow[] {
  const { holidays, special } = MARKETS[market].days;
  const rows = new Map<string, MarketDayRow>();
  for (const [date, name] of Object.entries(holidays))
    rows.set(date, { date, kind: 'holiday', name: tellDay(name), hours: null, isOwn: false });
  for (const { date, name, hours } of special)
    rows.set(date, {
      date,
      kind: 'trading',
      name: tellDay(name),
      hours: hours === 'usual' ? null : hours && spanOf(hours),
      isUsual: hours === 'usual',
      isOwn: false,
    });
  for (const day of own.days) rows.set(day.date, { ...day, isOwn: true });
  const ofYear = [...rows.values()].filter(({ date }) => date.startsWith(`${year}-`));
  return ofYear.sort((a, b) => (a.date < b.date ? -1 : 1));
}

/** The years worth looking at: this one, the next, and every one of which something is known. */
export function yearsOf({ market, own }: Calendar, now: number): number[] {
  const { holidays, special } = MARKETS[market].days;
  const dates = [...Object.keys(holidays), ...special.map(({ date }) => date), ...own.days.map(({ date }) => date)];
  const current = Number(istClock(now).date.slice(0, 4));
  return [...new Set([current, current + 1, ...dates.map((date) => Number(date.slice(0, 4)))])].sort((a, b) => a - b);
}

function spanOf({ from, to }: { from: number; to: number }): NonNullable<OwnDay['hours']> {
  const clock = (minutes: number) => ({ hour: Math.floor(minutes / 60), minute: minutes % 60 });
  return { from: clock(from), to: clock(to) };
}
