import { type Calendar, type DayName, marketDay } from '../../shared/market.ts';
import { DAY, istClock, MINUTE, startOfIstDay } from '../../shared/time.ts';
import { clip, lengthOf, merge, type Stretch, without } from '../base/interval.ts';
import type { HistoryEntry } from './history.ts';

/**
 * Why no session lived in market hours. `absent`: on the whole day, so far. `late`: from the opening to the day's first.
 * `rejected`: from the broker's word on. `outage`: the backend was not heard. `ended`: from a session's end on.
 */
export type GapWhy = 'absent' | 'late' | 'rejected' | 'outage' | 'ended';
export interface Gap extends Stretch {
  why: GapWhy;
}

/**
 * A day of a month: `trading` counts; `holiday` has no market hours; `unpublished` trades at hours that nobody published;
 * `unknown` lies before all history, or is on no list of holidays and saw no login; `future` is to come.
 */
export type DayKind = 'trading' | 'holiday' | 'unpublished' | 'unknown' | 'future';

/** A day's market hours, and when a session lived in them: gaps and live time together are its hours so far. */
export interface CoveredDay {
  /** Its midnight in India, epoch ms. */
  at: number;
  date: string;
  kind: DayKind;
  /** The name of a holiday or a special session. */
  name: DayName | null;
  hours: Stretch | null;
  live: Stretch[];
  gaps: Gap[];
  /** The part of its hours so far in which a session lived, 0 to 1; null where that cannot be said. */
  share: number | null;
  /** What happened on it, in order. */
  entries: HistoryEntry[];
}

export interface MonthCoverage {
  days: CoveredDay[];
  share: number | null;
  late: number;
  absent: number;
  rejected: number;
  ended: number;
  outages: { count: number; ms: number };
}

/** The month of a moment in India: `2026-11`. */
export function monthOf(at: number): string {
  return istClock(at).date.slice(0, 7);
}

/** How a month's market hours were covered by a live session, as far as the history tells by `now`. */
export function coverage(
  entries: readonly HistoryEntry[],
  calendar: Calendar,
  month: string,
  now: number,
): MonthCoverage {
  const lived = sessions(entries);
  const away = outages(entries, now);
  // A login comes a moment before the session that it leads to.
  const since = Math.min(...entries.filter(({ kind }) => kind !== 'login').map(({ at }) => at));
  const days = daysOf(month).flatMap((at): CoveredDay[] => {
    const day = bare(at, calendar, entries);
    if (day === null) return [];
    if (day.kind !== 'trading' || day.hours === null) return [day];
    if (day.hours.from >= now) return [{ ...day, kind: 'future' }];
    const known = clip([day.hours], { from: since, to: now })[0];
    const isGuess = !marketDay(at, calendar).isKnown && !day.entries.some(isLogin);
    return [known && !isGuess ? covered(day, known, lived, away) : { ...day, kind: 'unknown' }];
  });
  return { days, ...summary(days) };
}

/** The day by the calendar alone, or null for a weekend like any other. */
function bare(at: number, calendar: Calendar, entries: readonly HistoryEntry[]): CoveredDay | null {
  const { date, weekday } = istClock(at);
  const { isTrading, spans, name } = marketDay(at, calendar);
  if (!isTrading && (weekday === 0 || weekday === 6)) return null;
  const trading = spans.filter(({ phase }) => phase === 'open' || phase === 'closing-auction');
  const hours = trading.length === 0 ? null : { from: Number.POSITIVE_INFINITY, to: 0 };
  for (const { from, to } of trading)
    if (hours) Object.assign(hours, { from: Math.min(hours.from, from), to: Math.max(hours.to, to) });
  return {
    at,
    date,
    name,
    kind: !isTrading ? 'holiday' : hours === null ? 'unpublished' : 'trading',
    hours: hours && { from: at + hours.from * MINUTE, to: at + hours.to * MINUTE },
    live: [],
    gaps: [],
    share: null,
    entries: entries.filter((one) => startOfIstDay(one.at) === at).sort((a, b) => a.at - b.at),
  };
}

/** A gap this short is a login that took its time, or a check that had to be made twice. */
const SHORTEST_GAP_MS = MINUTE;

/** A trading day with what is known of it: from the first entry of the history, up to now. */
function covered(day: CoveredDay, known: Stretch, lived: readonly Lived[], away: readonly Stretch[]): CoveredDay {
  const alive = clip(merge(lived), known);
  const dead = without(known, alive).map((gap) => ({ ...gap, why: whyDead(gap, known, lived) }));
  const unheard = alive.flatMap((one) => clip(away, one)).map((gap) => ({ ...gap, why: 'outage' as const }));
  const gaps = [...dead, ...unheard]
    .filter(({ from, to }) => to - from >= SHORTEST_GAP_MS || to === known.to)
    .sort((a, b) => a.from - b.from);
  const live = without(known, gaps);
  return { ...day, live, gaps, share: lengthOf(live) / lengthOf([known]) };
}

function whyDead(gap: Stretch, known: Stretch, lived: readonly Lived[]): GapWhy {
  if (gap.from === known.from) return gap.to === known.to ? 'absent' : 'late';
  return lived.some(({ to, wasRejected }) => wasRejected && to === gap.from) ? 'rejected' : 'ended';
}

interface Lived extends Stretch {
  wasRejected: boolean;
}

/**
 * When sessions lived. A rejection is told of the newest session, so it ends every one that began before it; what comes
 * after it needs another. A session whose end nobody said is of the brokers' kind, and they last a day at most.
 */
function sessions(entries: readonly HistoryEntry[]): Lived[] {
  const rejections = entries.filter(({ kind }) => kind === 'rejection').map(({ at }) => at);
  return entries
    .filter(({ kind }) => kind === 'session')
    .map(({ at, until }) => {
      const end = until ?? startOfIstDay(at) + DAY;
      const rejectedAt = Math.min(...rejections.filter((one) => one >= at));
      return { from: at, to: Math.min(end, rejectedAt), wasRejected: rejectedAt < end };
    });
}

/** When the backend was not heard. One that nobody ended lasts until now, or until a login that arrived shows otherwise. */
function outages(entries: readonly HistoryEntry[], now: number): Stretch[] {
  const signs = entries.filter(({ kind }) => kind === 'session' || kind === 'login').map(({ at }) => at);
  return merge(
    entries
      .filter(({ kind }) => kind === 'outage')
      .map(({ at, until }) => ({ from: at, to: until ?? Math.min(now, ...signs.filter((one) => one > at)) })),
  );
}

function isLogin({ kind }: HistoryEntry): boolean {
  return kind === 'login' || kind === 'session';
}

function summary(days: readonly CoveredDay[]): Omit<MonthCoverage, 'days'> {
  const gaps = days.flatMap((day) => day.gaps);
  const live = lengthOf(days.flatMap((day) => day.live));
  const known = live + lengthOf(gaps);
  const of = (why: GapWhy) => gaps.filter((gap) => gap.why === why);
  return {
    share: known === 0 ? null : live / known,
    late: of('late').length,
    absent: of('absent').length,
    rejected: of('rejected').length,
    ended: of('ended').length,
    outages: { count: of('outage').length, ms: lengthOf(of('outage')) },
  };
}

/** The midnights of a month's days in India, epoch ms. */
function daysOf(month: string): number[] {
  const first = Date.parse(`${month}-01T00:00:00+05:30`);
  const days = Array.from({ length: 31 }, (_, ahead) => first + ahead * DAY);
  return days.filter((at) => monthOf(at) === month);
}
