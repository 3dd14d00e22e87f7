import { History } from '../domain/history.ts';
import { ClockSeen } from '../domain/jump.ts';
import { DEFAULT_PREFERENCES, Preferences } from '../domain/preferences.ts';
import { unwrap, wrap } from '../domain/records.ts';
import { emptyLedger, ReminderLedger } from '../domain/reminder.ts';
import { Attempts } from '../domain/renewal.ts';
import type { z } from '../domain/schema.ts';
import { readRecord, removeRecord, writeRecord } from '../platform/database.ts';

/** What the session clock keeps beside the facts: the person's wishes, and per account what was shown, tried and lived. */
const PREFERENCES = 'preferences';
const CLOCK = 'clock';
const ledgerKey = (account: string) => `reminders:${account}`;
const historyKey = (account: string) => `history:${account}`;
const attemptsKey = (account: string) => `attempts:${account}`;

/** The preferences; the defaults where none were ever saved, or what was saved cannot be read. */
export async function readPreferences(): Promise<Preferences> {
  return (await read(Preferences, PREFERENCES)) ?? DEFAULT_PREFERENCES;
}
export const writePreferences = (preferences: Preferences) => writeRecord(PREFERENCES, wrap(preferences));

export const readClockSeen = () => read(ClockSeen, CLOCK);
export const writeClockSeen = (seen: ClockSeen) => writeRecord(CLOCK, wrap(seen));

export async function readLedger(account: string): Promise<ReminderLedger> {
  return (await read(ReminderLedger, ledgerKey(account))) ?? emptyLedger(account);
}
export const writeLedger = (ledger: ReminderLedger) => writeRecord(ledgerKey(ledger.account), wrap(ledger));

export async function readHistory(account: string): Promise<History> {
  return (await read(History, historyKey(account))) ?? { account, entries: [] };
}
export const writeHistory = (history: History) => writeRecord(historyKey(history.account), wrap(history));

export const readAttempts = (account: string) => read(Attempts, attemptsKey(account));
export const writeAttempts = (attempts: Attempts) => writeRecord(attemptsKey(attempts.account), wrap(attempts));

/** Removes all of it about one account. */
export async function removeClockRecords(account: string): Promise<void> {
  await Promise.all([ledgerKey, historyKey, attemptsKey].map((keyOf) => removeRecord(keyOf(account))));
}

async function read<T extends z.ZodMiniType>(schema: T, key: string): Promise<z.infer<T> | null> {
  const found = unwrap(schema, await readRecord(key));
  return found.ok ? found.value : null;
}
