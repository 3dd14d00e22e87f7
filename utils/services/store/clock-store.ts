import { DEFAULT_PREFERENCES, type Preferences } from '../../domain/accounts/preferences.ts';
import { isNewer, type Kind, unwrap, wrap } from '../../domain/base/records.ts';
import type { History } from '../../domain/history/history.ts';
import { STORED } from '../../domain/records/stored.ts';
import { noReminders, type ReminderRecord } from '../../domain/reminders/reminder.ts';
import type { Attempts } from '../../domain/reminders/renewal.ts';
import type { ClockSeen } from '../../domain/session/clock-jump.ts';
import { keepRecord, readRecord, removeRecord, writeRecord } from '../../platform/storage/database.ts';
import type { z } from '../../shared/schema.ts';
import type { Entry } from './store.ts';

/** What the session clock keeps beside the facts: the person's wishes, and per account what was shown, tried and lived. */
const PREFERENCES = 'preferences';
const CLOCK = 'clock';
const remindersKey = (account: string) => `reminders:${account}`;
const historyKey = (account: string) => `history:${account}`;
const attemptsKey = (account: string) => `attempts:${account}`;

/** The preferences; the defaults where none were ever saved, or what was saved cannot be read. */
export async function readPreferences(): Promise<Preferences> {
  return (await read(STORED.preferences, PREFERENCES)) ?? DEFAULT_PREFERENCES;
}

/** False where a newer version wrote the preferences: then they are left alone. Throws where the disk refuses. */
export async function writePreferences(preferences: Preferences): Promise<boolean> {
  if (!(await mayWritePreferences())) return false;
  await writeRecord(...preferencesEntry(preferences));
  return true;
}

export async function mayWritePreferences(): Promise<boolean> {
  return !isNewer(STORED.preferences, await readRecord(PREFERENCES));
}
export const preferencesEntry = (preferences: Preferences): Entry => [
  PREFERENCES,
  wrap(STORED.preferences, preferences),
];

export const readClockSeen = () => read(STORED.clock, CLOCK);
export const writeClockSeen = (seen: ClockSeen) => keep(STORED.clock, CLOCK, seen);

export async function readReminders(account: string): Promise<ReminderRecord> {
  return (await read(STORED.reminders, remindersKey(account))) ?? noReminders(account);
}
export const writeReminders = (record: ReminderRecord) => keep(STORED.reminders, remindersKey(record.account), record);

export async function readHistory(account: string): Promise<History> {
  return (await read(STORED.history, historyKey(account))) ?? { account, entries: [] };
}
export const writeHistory = (history: History) => keep(STORED.history, historyKey(history.account), history);

export const readAttempts = (account: string) => read(STORED.attempts, attemptsKey(account));
export const writeAttempts = (attempts: Attempts) => keep(STORED.attempts, attemptsKey(attempts.account), attempts);

/** Removes all of it about one account. */
export async function removeClockRecords(account: string): Promise<void> {
  await Promise.all([remindersKey, historyKey, attemptsKey].map((keyOf) => removeRecord(keyOf(account))));
}

async function read<T extends z.ZodMiniType>(kind: Kind<T>, key: string): Promise<z.infer<T> | null> {
  const found = unwrap(kind, await readRecord(key));
  return found.ok ? found.value : null;
}

/** A full disk stops no pulse: it holds on in memory. What a newer version wrote is left alone. */
async function keep<T extends z.ZodMiniType>(kind: Kind<T>, key: string, data: z.infer<T>): Promise<void> {
  if (!isNewer(kind, await readRecord(key))) await keepRecord(key, wrap(kind, data));
}
