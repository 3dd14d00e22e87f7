import { type Calendar, marketDay } from '../../shared/market.ts';
import { DAY, HOUR, MINUTE, startOfIstDay } from '../../shared/time.ts';
import type { Term } from '../session/term.ts';

/** A stretch of the bar, in percent of its length. */
export interface Stretch {
  from: number;
  to: number;
}

/** A time on the axis: where it belongs, epoch ms, and whose it is. */
export interface Mark {
  place: number;
  at: number;
  of: 'market' | 'session';
}

/** The trading day as a bar: when prices move, the session until now and from now on, and the moment. */
export interface DayBar {
  market: Stretch[];
  past: Stretch | null;
  ahead: Stretch | null;
  now: number;
  marks: Mark[];
}

const MARGIN_MS = HOUR;
/** The least distance between two times on the axis, so that neither covers the other. */
export const MARK_GAP = 13;

/** Where everything of a day stands; the same scale for every account, since only the market and the moment set it. */
export function dayBar(
  { issuedAt, endsAt }: Pick<Term, 'issuedAt' | 'endsAt'>,
  calendar: Calendar,
  now: number,
): DayBar {
  const open = openHours(calendar, now);
  const scale = scaleOf(open, now);
  const session = { from: issuedAt ?? scale.from, to: endsAt ?? scale.to };
  return {
    market: open.map((hours) => stretch(hours, scale)).filter((one) => one !== null),
    past: stretch({ from: session.from, to: Math.min(session.to, now) }, scale),
    ahead: stretch({ from: Math.max(session.from, now), to: session.to }, scale),
    now: place(now, scale),
    marks: marks(open, { from: issuedAt, to: endsAt }, scale),
  };
}

interface Hours {
  from: number;
  to: number;
}

/** When prices move on the day of `now`, epoch ms; what follows without a pause is one. */
function openHours(calendar: Calendar, now: number): Hours[] {
  const day = startOfIstDay(now);
  const spans = marketDay(now, calendar).spans.filter(({ phase }) => phase === 'open' || phase === 'closing-auction');
  const hours: Hours[] = [];
  for (const { from, to } of spans) {
    const last = hours.at(-1);
    if (last && last.to === day + from * MINUTE) last.to = day + to * MINUTE;
    else hours.push({ from: day + from * MINUTE, to: day + to * MINUTE });
  }
  return hours;
}

/** An hour more than the market on both sides, in whole hours, and the moment always within; a day without a market is whole. */
function scaleOf(open: readonly Hours[], now: number): Hours {
  const day = startOfIstDay(now);
  const [first] = open;
  if (!first) return { from: day, to: day + DAY };
  const hour = day + Math.floor((now - day) / HOUR) * HOUR;
  const from = day + Math.floor((first.from - MARGIN_MS - day) / HOUR) * HOUR;
  const to = day + Math.ceil(((open.at(-1) ?? first).to + MARGIN_MS - day) / HOUR) * HOUR;
  return { from: Math.max(day, Math.min(from, hour)), to: Math.min(day + DAY, Math.max(to, hour + HOUR)) };
}

function place(at: number, { from, to }: Hours): number {
  return Math.min(Math.max(((at - from) / (to - from)) * 100, 0), 100);
}

function stretch({ from, to }: Hours, scale: Hours): Stretch | null {
  const one = { from: place(from, scale), to: place(to, scale) };
  return from < to && one.from < one.to ? one : null;
}

/** The market's times, then the session's where they fit between. */
function marks(open: readonly Hours[], session: { from: number | null; to: number | null }, scale: Hours): Mark[] {
  const wanted: [at: number | null, of: Mark['of']][] = [
    [open[0]?.from ?? null, 'market'],
    [open.at(-1)?.to ?? null, 'market'],
    [session.to, 'session'],
    [session.from, 'session'],
  ];
  const kept: Mark[] = [];
  for (const [at, of] of wanted) {
    if (at === null || at < scale.from || at > scale.to) continue;
    const mark = { place: place(at, scale), at, of };
    if (kept.every((other) => Math.abs(other.place - mark.place) >= MARK_GAP)) kept.push(mark);
  }
  return kept.sort((a, b) => a.place - b.place);
}
