import type { OwnDays } from './calendar.ts';
import { type NamedDay, NO_DAYS, NSE_DAYS, type PublishedDays } from './holidays.ts';
import { DAY, istClock, MINUTE, minutesOf, startOfIstDay } from './time.ts';

export const MARKET_IDS = ['nse-fo', 'nse-equity', 'currency', 'mcx'] as const;
export type MarketId = (typeof MARKET_IDS)[number];

/** `frozen`: the pre-open is matching orders, and prices do not move. */
export type Phase = 'pre-open' | 'frozen' | 'open' | 'closing-auction' | 'closed';

/** A stretch of a trading day, in minutes since midnight IST. */
interface Span {
  phase: Exclude<Phase, 'closed'>;
  from: number;
  to: number;
}

interface Market {
  spans: readonly Span[];
  days: PublishedDays;
}

const at = (hour: number, minute: number) => hour * 60 + minute;
const span = (phase: Span['phase'], from: number, to: number): Span => ({ phase, from, to });
// Orders are taken to 09:08, matched to 09:12, and nothing moves before 09:15.
const PRE_OPEN = [span('pre-open', at(9, 0), at(9, 8)), span('frozen', at(9, 8), at(9, 15))];

/** Each market a row: when it trades, and the days its exchange published. Hours since 3 Aug 2026. */
export const MARKETS: Record<MarketId, Market> = {
  'nse-fo': { spans: [...PRE_OPEN, span('open', at(9, 15), at(15, 40))], days: NSE_DAYS },
  'nse-equity': {
    spans: [...PRE_OPEN, span('open', at(9, 15), at(15, 15)), span('closing-auction', at(15, 15), at(15, 35))],
    days: NSE_DAYS,
  },
  currency: { spans: [span('open', at(9, 0), at(17, 0))], days: NSE_DAYS },
  mcx: { spans: [span('open', at(9, 0), at(23, 55))], days: NO_DAYS },
};

/** Whose hours count, and the days that the person knows better: a person's preferences are one. */
export interface Calendar {
  market: MarketId;
  own: OwnDays;
}

export const NSE_FO: Calendar = { market: 'nse-fo', own: { days: [], through: null } };

/** Why a day is not like any other: by a list of ours, or in the person's own words. */
export type DayName = NamedDay | 'weekend' | 'your_holiday' | { own: string };

/** What a day is to a market. `isKnown` is false beyond every list: then it counts as a trading day if it is no weekend. */
export interface MarketDay {
  isTrading: boolean;
  spans: readonly Span[];
  name: DayName | null;
  isKnown: boolean;
}

/** The day that `now` falls on: the person's own word first, then special sessions, then holidays and weekends. */
export function marketDay(now: number, { market, own }: Calendar): MarketDay {
  const { date, weekday } = istClock(now);
  const { spans, days } = MARKETS[market];
  const isKnown = date <= days.validThrough || date <= (own.through ?? '');
  const mine = own.days.find((one) => one.date === date);
  if (mine?.kind === 'holiday') return closed(ownName(mine) ?? 'your_holiday');
  if (mine)
    return { isTrading: true, spans: mine.hours ? [openSpan(mine.hours)] : spans, name: ownName(mine), isKnown };
  const special = days.special.find((one) => one.date === date);
  if (special)
    return {
      isTrading: true,
      spans: special.hours ? [span('open', special.hours.from, special.hours.to)] : [],
      name: special.name,
      isKnown,
    };
  if (weekday === 0 || weekday === 6) return closed('weekend');
  const holiday = days.holidays[date];
  return holiday === undefined ? { isTrading: true, spans, name: null, isKnown } : closed(holiday);
}

/** The phase at a moment, and when it ends, epoch ms. */
export function phaseAt(now: number, calendar: Calendar): { phase: Phase; until: number } {
  const { minutes } = istClock(now);
  const day = startOfIstDay(now);
  const { spans } = marketDay(now, calendar);
  const current = spans.find(({ from, to }) => minutes >= from && minutes < to);
  if (current) return { phase: current.phase, until: day + current.to * MINUTE };
  return { phase: 'closed', until: nextSpan(now, calendar, () => true) };
}

/** True while prices should move: then a feed without a tick is not live. */
export function isMarketOpen(now: number, calendar: Calendar = NSE_FO): boolean {
  return phaseAt(now, calendar).phase === 'open';
}

/** True on a day with trading, known or not. */
export function isTradingDay(now: number, calendar: Calendar = NSE_FO): boolean {
  return marketDay(now, calendar).isTrading;
}

/** The next opening after `now`, epoch ms. */
export function nextOpening(now: number, calendar: Calendar = NSE_FO): number {
  return nextSpan(now, calendar, ({ phase }) => phase === 'open');
}

/** When the day of `now` stops trading, epoch ms; its midnight where the hours are not known; null on a day without trading. */
export function closeOf(now: number, calendar: Calendar): number | null {
  const { isTrading, spans } = marketDay(now, calendar);
  if (!isTrading) return null;
  return startOfIstDay(now) + Math.max(...spans.map(({ to }) => to * MINUTE), spans.length === 0 ? DAY : 0);
}

/** The first `minutes` since midnight IST of a trading day that lies strictly after `now`, epoch ms. */
export function nextOnTradingDay(minutes: number, now: number, calendar: Calendar): number {
  return firstDay(now, (day) => {
    const moment = day + minutes * MINUTE;
    return moment > now && isTradingDay(day, calendar) ? moment : null;
  });
}

function nextSpan(now: number, calendar: Calendar, isMeant: (one: Span) => boolean): number {
  return firstDay(now, (day) => {
    const starts = marketDay(day, calendar)
      .spans.filter(isMeant)
      .map(({ from }) => day + from * MINUTE);
    return starts.find((start) => start > now) ?? null;
  });
}

// A person may close a whole year; then the question comes up again after it.
const LONGEST_LOOK_DAYS = 400;

function firstDay(now: number, find: (day: number) => number | null): number {
  const today = startOfIstDay(now);
  for (let ahead = 0; ahead < LONGEST_LOOK_DAYS; ahead++) {
    const found = find(today + ahead * DAY);
    if (found !== null) return found;
  }
  return today + LONGEST_LOOK_DAYS * DAY;
}

function ownName({ name }: OwnDays['days'][number]): DayName | null {
  return name === '' ? null : { own: name };
}

function closed(name: DayName): MarketDay {
  return { isTrading: false, spans: [], name, isKnown: true };
}

type Hours = NonNullable<OwnDays['days'][number]['hours']>;
function openSpan({ from, to }: Hours): Span {
  return span('open', minutesOf(from), minutesOf(to));
}
