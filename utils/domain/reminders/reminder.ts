import { IsoDay } from '../../shared/calendar.ts';
import { suspectUntil } from '../../shared/expiry.ts';
import { type Calendar, closeOf, isMarketOpen, isTradingDay, nextOnTradingDay, phaseAt } from '../../shared/market.ts';
import { z } from '../../shared/schema.ts';
import { formatIst, istClock, MINUTE, minutesOf } from '../../shared/time.ts';
import type { Preferences } from '../accounts/preferences.ts';
import { Id } from '../accounts/settings.ts';
import { keyOf, say } from '../base/words.ts';
import { ruleOf } from '../session/term.ts';
import type { AccountView } from '../view/overview.ts';

export const SNOOZE_MS = 10 * MINUTE;

/** Every kind of reminder, the most urgent first. */
export const ReminderKind = z.enum(['rejected', 'expired', 'renew-now', 'due-soon', 'morning', 'fallback', 'green']);
export type ReminderKind = z.infer<typeof ReminderKind>;

const Shown = z.strictObject({ key: z.string().check(z.maxLength(160)), kind: ReminderKind, date: IsoDay });

/**
 * What was shown of an account, oldest first: the same key is never shown twice, whatever the clock does. `showing` is
 * written before the browser is asked to show it, and cleared after.
 */
export const ReminderRecord = z.strictObject({
  account: Id,
  shown: z.array(Shown),
  showing: z.nullable(z.string()),
  snoozedUntil: z.nullable(z.int()),
  mutedOn: z.nullable(IsoDay),
});
export type ReminderRecord = z.infer<typeof ReminderRecord>;

export function noReminders(account: string): ReminderRecord {
  return { account, shown: [], showing: null, snoozedUntil: null, mutedOn: null };
}

/** One thing to say about one account: the broker's name and times, nothing else (LEAK-04). */
export interface Reminder {
  account: string;
  kind: ReminderKind;
  key: string;
  title: string;
  message: string;
}

type Watched = Pick<AccountView, 'settings' | 'brokerName' | 'status' | 'term' | 'health'>;

interface Moment {
  account: Watched;
  record: ReminderRecord;
  calendar: Calendar;
  preferences: Preferences;
  now: number;
}

/** The reminder that is due for an account now, or null: at most one, never one that was shown. */
export function dueReminder(
  account: Watched,
  record: ReminderRecord,
  preferences: Preferences,
  now: number,
): Reminder | null {
  const calendar = preferences;
  const moment: Moment = { account, record, calendar, preferences, now };
  if (!preferences.notify || isSilenced(moment)) return null;
  for (const kind of ReminderKind.options) {
    const due = DUE[kind](moment);
    if (due && !wasShown(record, `${kind}:${due.about}`))
      return {
        account: account.settings.id,
        kind,
        key: `${kind}:${due.about}`,
        title: say(`reminder_${keyOf(kind)}_title`, account.brokerName),
        message: due.message,
      };
  }
  return null;
}

/** When a reminder can become due by time alone, epoch ms after `now`; what a session's own end does is its term's. */
export function nextReminderAt(
  { settings }: Watched,
  { snoozedUntil }: ReminderRecord,
  preferences: Preferences,
  now: number,
): number {
  const calendar = preferences;
  const { suspectUntil: suspect } = ruleOf(settings);
  const clocks = [
    preferences.morning,
    ...(preferences.quiet ? [preferences.quiet.to] : []),
    ...(suspect ? [suspect] : []),
  ];
  const times = clocks.map((clock) => nextOnTradingDay(minutesOf(clock), now, calendar));
  if (isSnoozed(snoozedUntil, now)) times.push(snoozedUntil ?? now);
  return Math.min(...times, phaseAt(now, calendar).until);
}

interface Due {
  /** What makes it another one: a session, a day, or what it answers. */
  about: string;
  message: string;
}

const DUE: Record<ReminderKind, (moment: Moment) => Due | null> = {
  rejected: ({ account }) =>
    account.status === 'rejected' && account.term
      ? { about: account.term.key, message: say('reminder_rejected') }
      : null,
  expired: ({ account, calendar, now }) => {
    const endsAt = endOf(account, now);
    const isInHours = endsAt !== null && hasHours(endsAt, calendar) && hasHours(now, calendar);
    if (!isInHours || !account.term || istClock(endsAt).date !== istClock(now).date) return null;
    return { about: account.term.key, message: say('reminder_expired', formatIst(endsAt)) };
  },
  'renew-now': (moment) => beforeEnd(moment, 'renew-now'),
  'due-soon': (moment) => beforeEnd(moment, 'due-soon'),
  morning,
  fallback: ({ account, calendar, now }) =>
    account.health?.fallback && isMarketOpen(now, calendar)
      ? { about: istClock(now).date, message: say('reminder_fallback') }
      : null,
  green: ({ account, record, now }) => {
    const last = record.shown.at(-1);
    if (!last || last.kind === 'green' || last.date !== istClock(now).date || account.health?.fallback) return null;
    const isGreen = account.status === 'live' || account.status === 'verified';
    const verifiedAt = account.term?.verifiedAt ?? now;
    return isGreen ? { about: last.key, message: say('reminder_green', formatIst(verifiedAt)) } : null;
  },
};

/** A login is due today, and one made now lasts: said once, unless something else has said it today. */
function morning({ account, record, calendar, preferences, now }: Moment): Due | null {
  const { date, minutes } = istClock(now);
  const close = closeOf(now, calendar);
  if (close === null || now >= close || minutes < minutesOf(preferences.morning)) return null;
  const endsAt = endOf(account, now);
  const isNew = account.status === 'never' && istClock(account.settings.createdAt).date === date;
  const isDue = endsAt !== null || ['never', 'expired', 'rejected'].includes(account.status);
  if (!isDue || isNew || suspectUntil(ruleOf(account.settings), now) !== null) return null;
  if (record.shown.some((one) => one.date === date && (one.kind === 'rejected' || one.kind === 'expired'))) return null;
  const message = endsAt === null ? say('reminder_morning') : say('session_ended_at', formatIst(endsAt));
  return { about: date, message };
}

function beforeEnd({ account, calendar, now }: Moment, status: 'renew-now' | 'due-soon'): Due | null {
  const { term } = account;
  const close = closeOf(now, calendar);
  if (account.status !== status || !term?.endsAt || close === null || now >= close) return null;
  return { about: term.key, message: say('reminder_ends', formatIst(term.endsAt)) };
}

/** When the session ended, if it is over and nothing newer is on its way. */
function endOf({ status, term }: Watched, now: number): number | null {
  const isElsewhere = status === 'paused' || status === 'setup' || status === 'working';
  return !isElsewhere && term?.endsAt && term.endsAt <= now ? term.endsAt : null;
}

function hasHours(at: number, calendar: Calendar): boolean {
  return phaseAt(at, calendar).phase !== 'closed';
}

function isSilenced({ account, record, calendar, preferences, now }: Moment): boolean {
  if (account.status === 'paused' || account.status === 'setup' || !isTradingDay(now, calendar)) return true;
  return (
    isQuiet(preferences.quiet, now) || isSnoozed(record.snoozedUntil, now) || record.mutedOn === istClock(now).date
  );
}

/** Quiet hours may go over midnight. */
function isQuiet(quiet: Preferences['quiet'], now: number): boolean {
  if (quiet === null) return false;
  const { minutes } = istClock(now);
  const [from, to] = [minutesOf(quiet.from), minutesOf(quiet.to)];
  return from < to ? minutes >= from && minutes < to : minutes >= from || minutes < to;
}

// A snooze that lies further ahead than any can was set under another clock.
function isSnoozed(until: number | null, now: number): boolean {
  return until !== null && now < until && until - now <= SNOOZE_MS;
}

function wasShown({ shown }: ReminderRecord, key: string): boolean {
  return shown.some((one) => one.key === key);
}
