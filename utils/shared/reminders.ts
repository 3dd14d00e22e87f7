import type { ClockTime } from './clock-time.ts';
import { type ExpiryRule, sessionExpiry, suspectUntil } from './expiry.ts';
import { type Calendar, closeOf, isMarketOpen, isTradingDay, phaseAt } from './market.ts';
import { z } from './schema.ts';
import { istClock, MINUTE, minutesOf } from './time.ts';

/** Every kind of reminder, the most urgent first. */
export const ReminderKind = z.enum(['rejected', 'expired', 'renew-now', 'due-soon', 'morning', 'fallback', 'green']);
export type ReminderKind = z.infer<typeof ReminderKind>;

/** From when a login is due soon, and from when it should be renewed now, before the session ends. */
export const DUE_SOON_MS = 30 * MINUTE;
export const RENEW_NOW_MS = 15 * MINUTE;

/** What the clock has to know of an account; `status` is one of the extension's. */
export interface Watched {
  status: string;
  term: { key: string; endsAt: number | null; verifiedAt: number | null } | null;
  rule: ExpiryRule;
  /** When it was set up, epoch ms; null where nobody knows. */
  createdAt: number | null;
  /** True while something else than the broker serves the prices. */
  isOnFallback: boolean;
}

/** What a person wants of the clock: the time of the morning's reminder, and a stretch of the day without any. */
export interface Wishes extends Calendar {
  morning: ClockTime;
  quiet: { from: ClockTime; to: ClockTime } | null;
}

/** What was said of an account, oldest first. */
export interface Told {
  key: string;
  kind: string;
  date: string;
}

/** A reminder that is due: its key names it for good, and `at` is the moment that it tells of, epoch ms. */
export interface ReminderMoment {
  kind: ReminderKind;
  key: string;
  at: number | null;
}

/** The reminder that is due for an account now, or null: at most one, never one that was said. */
export function dueMoment(watched: Watched, told: readonly Told[], wishes: Wishes, now: number): ReminderMoment | null {
  if (isSilent(wishes, now)) return null;
  for (const kind of ReminderKind.options) {
    const due = DUE[kind]({ watched, told, wishes, now });
    const key = `${kind}:${due?.about}`;
    if (due && !told.some((one) => one.key === key)) return { kind, key, at: due.at };
  }
  return null;
}

/** True on a day without trading and in quiet hours. */
export function isSilent({ quiet, ...calendar }: Wishes, now: number): boolean {
  return !isTradingDay(now, calendar) || isQuiet(quiet, now);
}

/** What time alone makes of a living session that ends at `endsAt`; null where another login would end no later. */
export function endingStatus(rule: ExpiryRule, endsAt: number, now: number): 'renew-now' | 'due-soon' | null {
  const left = endsAt - now;
  if (left > DUE_SOON_MS || !isRenewable(rule, endsAt, now)) return null;
  return left <= RENEW_NOW_MS ? 'renew-now' : 'due-soon';
}

/** True when a login made at `now` would outlive the session: only then is there anything to do before its end. */
export function isRenewable(rule: ExpiryRule, endsAt: number, now: number): boolean {
  return sessionExpiry(rule, now) > endsAt;
}

interface Moment {
  watched: Watched;
  told: readonly Told[];
  wishes: Wishes;
  now: number;
}

interface Due {
  /** What makes it another one: a session, a day, or what it answers. */
  about: string;
  at: number | null;
}

const DUE: Record<ReminderKind, (moment: Moment) => Due | null> = {
  rejected: ({ watched: { status, term } }) =>
    status === 'rejected' && term ? { about: term.key, at: term.endsAt } : null,
  expired: ({ watched, wishes, now }) => {
    const endsAt = endOf(watched, now);
    const isInHours = endsAt !== null && hasHours(endsAt, wishes) && hasHours(now, wishes);
    if (!isInHours || !watched.term || istClock(endsAt).date !== istClock(now).date) return null;
    return { about: watched.term.key, at: endsAt };
  },
  'renew-now': (moment) => beforeEnd(moment, 'renew-now'),
  'due-soon': (moment) => beforeEnd(moment, 'due-soon'),
  morning,
  fallback: ({ watched, wishes, now }) =>
    watched.isOnFallback && isMarketOpen(now, wishes) ? { about: istClock(now).date, at: null } : null,
  green: ({ watched, told, now }) => {
    const last = told.at(-1);
    if (!last || last.kind === 'green' || last.date !== istClock(now).date || watched.isOnFallback) return null;
    const isGreen = watched.status === 'live' || watched.status === 'verified';
    return isGreen ? { about: last.key, at: watched.term?.verifiedAt ?? now } : null;
  },
};

/** A login is due today, and one made now lasts: said once, unless something else has said it today. */
function morning({ watched, told, wishes, now }: Moment): Due | null {
  const { date, minutes } = istClock(now);
  const close = closeOf(now, wishes);
  if (close === null || now >= close || minutes < minutesOf(wishes.morning)) return null;
  const { status, createdAt, rule } = watched;
  const endsAt = endOf(watched, now);
  const isNew = status === 'never' && createdAt !== null && istClock(createdAt).date === date;
  const isDue = endsAt !== null || ['never', 'expired', 'rejected'].includes(status);
  if (!isDue || isNew || suspectUntil(rule, now) !== null) return null;
  if (told.some((one) => one.date === date && (one.kind === 'rejected' || one.kind === 'expired'))) return null;
  return { about: date, at: endsAt };
}

function beforeEnd({ watched, wishes, now }: Moment, status: 'renew-now' | 'due-soon'): Due | null {
  const { term } = watched;
  const close = closeOf(now, wishes);
  if (watched.status !== status || !term?.endsAt || close === null || now >= close) return null;
  return { about: term.key, at: term.endsAt };
}

/** When the session ended, if it is over and nothing newer is on its way. */
function endOf({ status, term }: Watched, now: number): number | null {
  const isElsewhere = status === 'paused' || status === 'setup' || status === 'working';
  return !isElsewhere && term?.endsAt && term.endsAt <= now ? term.endsAt : null;
}

function hasHours(at: number, calendar: Calendar): boolean {
  return phaseAt(at, calendar).phase !== 'closed';
}

/** Quiet hours may go over midnight. */
function isQuiet(quiet: Wishes['quiet'], now: number): boolean {
  return isQuietAt(quiet, istClock(now).minutes);
}

/** The same for minutes since midnight in India. */
export function isQuietAt(quiet: Wishes['quiet'], minutes: number): boolean {
  if (quiet === null) return false;
  const [from, to] = [minutesOf(quiet.from), minutesOf(quiet.to)];
  return from < to ? minutes >= from && minutes < to : minutes >= from || minutes < to;
}
