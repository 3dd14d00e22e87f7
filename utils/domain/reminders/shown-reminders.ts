import { istClock } from '../../shared/time.ts';
import type { Reminder, ReminderRecord } from './reminder.ts';
import { SNOOZE_MS } from './reminder.ts';

// Some weeks of reminders. By number rather than by age, so that a clock set wrong for an hour forgets nothing.
const KEPT = 60;

/** Before the browser is asked to show it: should we die here, the next life sees that it may not have been shown. */
export function willShow(record: ReminderRecord, { key, kind }: Reminder, now: number): ReminderRecord {
  const shown = [...record.shown, { key, kind, date: istClock(now).date }].slice(-KEPT);
  return { ...record, shown, showing: key };
}

/** The browser shows it. */
export function didShow(record: ReminderRecord): ReminderRecord {
  return { ...record, showing: null };
}

/** The browser could not show it, or an earlier life died before it did: then it is as if it had never been due. */
export function notShown(record: ReminderRecord): ReminderRecord {
  return { ...record, shown: record.shown.filter(({ key }) => key !== record.showing), showing: null };
}

/** *Snooze 10 min*: what was said last is said again after that, if it still holds. */
export function snooze(record: ReminderRecord, now: number): ReminderRecord {
  return { ...record, shown: record.shown.slice(0, -1), snoozedUntil: now + SNOOZE_MS };
}

/** *Not today*: nothing more about this account until the next day in India. */
export function muteToday(record: ReminderRecord, now: number): ReminderRecord {
  return { ...record, mutedOn: istClock(now).date };
}
