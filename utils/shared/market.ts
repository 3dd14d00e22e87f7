import type { OwnDays } from './calendar.ts';
import { CURRENCY_DAYS, type NamedDay, NO_DAYS, NSE_DAYS, type PublishedDays, type SpecialDay } from './holidays.ts';
import { DAY, istClock, MINUTE, minutesOf, startOfIstDay } from './time.ts';

export const MARKET_IDS = ['nse-fo', 'nse-equity', 'currency', 'mcx', 'mcx-agri', 'mcx-agri-late'] as const;
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
  /** When it trades on a day, given as `2026-11-21`. */
  spans(date: string): readonly Span[];
  days: PublishedDays;
}

const at = (hour: number, minute: number) => hour * 60 + minute;
const span = (phase: Span['phase'], from: number, to: number): Span => ({ phase, from, to });
// Orders are taken to 09:08, matched to 09:12, and nothing moves before 09:15.
const PRE_OPEN = [span('pre-open', at(9, 0), at(9, 8)), span('frozen', at(9, 8), at(9, 15))];

/** Each market a row: when it trades, and the days its exchange published. Hours since 3 Aug 2026. */
export const MARKETS: Record<MarketId, Market> = {
  'nse-fo': { spans: always(...PRE_OPEN, span('open', at(9, 15), at(15, 40))), days: NSE_DAYS },
  'nse-equity': {
    spans: always(...PRE_OPEN, span('open', at(9, 15), at(15, 15)), span('closing-auction', at(15, 15), at(15, 35))),
    days: NSE_DAYS,
  },
  currency: { spans: always(span('open', at(9, 0), at(17, 0))), days: CURRENCY_DAYS },
  mcx: { spans: (date) => [span('open', at(9, 0), mcxClose(date))], days: NO_DAYS },
  'mcx-agri': { spans: always(span('open', at(9, 0), at(17, 0))), days: NO_DAYS },
  'mcx-agri-late': { spans: always(span('open', at(9, 0), at(21, 0))), days: NO_DAYS },
};

function always(...spans: Span[]): Market['spans'] {
  return () => spans;
}

/** MCX follows the summer time of the United States: 23:30 from the second Sunday of March to the first of November, else 23:55. */
function mcxClose(date: string): number {
  const year = date.slice(0, 4);
  const isSummer = date >= sunday(`${year}-03-08`) && date < sunday(`${year}-11-01`);
  return isSummer ? at(23, 30) : at(23, 55);
}

/** The first Sunday on or after a day. */
function sunday(date: string): string {
  const day = new Date(`${date}T00:00Z`);
  return new Date(day.getTime() + ((7 - day.getUTCDay()) % 7) * DAY).toISOString().slice(0, 10);
}

const EVENING = at(17, 0);

/** When a market closes on any usual day, in minutes since midnight IST; in summer MCX closes earlier. */
export function usualClose(market: MarketId): number {
  return Math.max(...MARKETS[market].spans('2026-07-01').map(({ to }) => to));
}

/** What is left of a day on which a commodity exchange opens only for its morning or its evening, in minutes since midnight IST; null where nothing is. */
export function sessionHours(date: string, market: MarketId, open: 'morning' | 'evening'): Hours | null {
  const close = Math.max(...MARKETS[market].spans(date).map(({ to }) => to));
  if (open === 'morning') return { from: at(9, 0), to: Math.min(close, EVENING) };
  return close > EVENING ? { from: EVENING, to: close } : null;
}

interface Hours {
  from: number;
  to: number;
}

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
  const { days } = MARKETS[market];
  const spans = MARKETS[market].spans(date);
  const isKnown = date <= days.validThrough || date <= (own.through ?? '');
  const mine = own.days.find((one) => one.date === date);
  if (mine?.kind === 'holiday') return closed(ownName(mine) ?? 'your_holiday');
  if (mine)
    return { isTrading: true, spans: mine.hours ? [openSpan(mine.hours)] : spans, name: ownName(mine), isKnown };
  const special = days.special.find((one) => one.date === date);
  if (special)
    return {
      isTrading: true,
      spans: specialSpans(special, spans),
      name: special.name,
      isKnown,
    };
  if (weekday === 0 || weekday === 6) return closed('weekend');
  const holiday = days.holidays[date];
  return holiday === undefined ? { isTrading: true, spans, name: null, isKnown } : closed(holiday);
}

function specialSpans({ hours }: SpecialDay, usual: readonly Span[]): readonly Span[] {
  if (hours === 'usual') return usual;
  return hours ? [span('open', hours.from, hours.to)] : [];
}

/** The last day through which the market's holidays are known, as `2026-12-31`; null where no list is. */
export function knownThrough({ market, own }: Calendar): string | null {
  const last = [MARKETS[market].days.validThrough, own.through ?? ''].sort().at(-1);
  return last || null;
}

// An exchange publishes its next year's list in December.
const NOTICE_MS = 28 * DAY;

/** That last day, from four weeks before it to its end: then it is time to take in the next list. */
export function endsSoon(now: number, calendar: Calendar): string | null {
  const last = knownThrough(calendar);
  if (last === null || istClock(now).date > last) return null;
  return istClock(now + NOTICE_MS).date > last ? last : null;
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

type OwnHours = NonNullable<OwnDays['days'][number]['hours']>;
function openSpan({ from, to }: OwnHours): Span {
  return span('open', minutesOf(from), minutesOf(to));
}
