import { IsoDay } from '../../shared/calendar.ts';
import { nextOnTradingDay, phaseAt } from '../../shared/market.ts';
import { dueMoment, ReminderKind } from '../../shared/reminders.ts';
import { z } from '../../shared/schema.ts';
import { formatIst, istClock, MINUTE, minutesOf } from '../../shared/time.ts';
import type { Preferences } from '../accounts/preferences.ts';
import { Id } from '../accounts/settings.ts';
import { keyOf, say } from '../base/words.ts';
import { ruleOf } from '../session/term.ts';
import type { AccountView } from '../view/overview.ts';

export const SNOOZE_MS = 10 * MINUTE;

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

/** The reminder that is due for an account now, or null: at most one, never one that was shown. */
export function dueReminder(
  account: Watched,
  record: ReminderRecord,
  preferences: Preferences,
  now: number,
): Reminder | null {
  if (!preferences.notify || isSilenced(account, record, now)) return null;
  const { settings, status, term, health } = account;
  const { createdAt } = settings;
  const watched = { status, term, rule: ruleOf(settings), createdAt, isOnFallback: Boolean(health?.fallback) };
  const due = dueMoment(watched, record.shown, preferences, now);
  if (due === null) return null;
  const { kind, key, at } = due;
  const title = say(`reminder_${keyOf(kind)}_title`, account.brokerName);
  return { account: settings.id, kind, key, title, message: MESSAGES[kind](at === null ? null : formatIst(at)) };
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

const MESSAGES: Record<ReminderKind, (at: string | null) => string> = {
  rejected: () => say('reminder_rejected'),
  expired: (at) => say('reminder_expired', at ?? ''),
  'renew-now': (at) => say('reminder_ends', at ?? ''),
  'due-soon': (at) => say('reminder_ends', at ?? ''),
  morning: (at) => (at === null ? say('reminder_morning') : say('session_ended_at', at)),
  fallback: () => say('reminder_fallback'),
  green: (at) => say('reminder_green', at ?? ''),
};

function isSilenced({ status }: Watched, { snoozedUntil, mutedOn }: ReminderRecord, now: number): boolean {
  return status === 'paused' || status === 'setup' || isSnoozed(snoozedUntil, now) || mutedOn === istClock(now).date;
}

// A snooze that lies further ahead than any can was set under another clock.
function isSnoozed(until: number | null, now: number): boolean {
  return until !== null && now < until && until - now <= SNOOZE_MS;
}
