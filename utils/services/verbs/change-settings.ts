import type { Preferences } from '../../domain/accounts/preferences.ts';
import type { Checked } from '../../domain/base/check.ts';
import { say } from '../../domain/base/words.ts';
import type { LogEvent } from '../../domain/records/log.ts';
import { locked } from '../../platform/storage/lock.ts';
import { pulse } from '../pulse/pulse.ts';
import { changeAccount } from '../settings/accounts.ts';
import { importSettings } from '../settings/settings-file.ts';
import { watch } from '../settings/watch.ts';
import { writePreferences } from '../store/clock-store.ts';
import { log } from '../store/log.ts';
import { rememberAccounts } from '../store/sentinel.ts';
import { readAll } from '../store/store.ts';

type Change = Extract<LogEvent, { event: 'changed' }>['what'];

/** Notes a change of an account in the log, and does what follows every change. */
export async function changed(result: Checked<string>, what: Change): Promise<Checked<string>> {
  if (result.ok) log({ event: 'changed', account: result.value, what });
  await applyChange();
  return result;
}

/** What follows every change of the settings: the sentinel, the rules and listeners, and a pulse. */
export async function applyChange(): Promise<void> {
  await rememberAccounts(await readAll());
  await watch();
  await pulse();
}

/** Stops capture and sending of an account, or goes on with them; nothing is forgotten. */
export async function pause(account: string, paused: boolean): Promise<Checked<string>> {
  return changed(await changeAccount(account, { paused }), 'paused');
}

/** Takes a settings file in whose preview had this `stamp`. */
export async function importFile(text: string, stamp: string): Promise<Checked<number>> {
  const done = await importSettings(text, stamp);
  if (!done.ok) return done;
  log({ event: 'imported', changes: done.value });
  await applyChange();
  return done;
}

/** Saves the preferences, but never over those of a newer version. */
export async function savePreferences(preferences: Preferences): Promise<Checked<Preferences>> {
  if (!(await locked(() => writePreferences(preferences))))
    return { ok: false, problems: [{ field: 'preferences', message: say('problem_newer_version') }] };
  log({ event: 'preferences', notify: preferences.notify });
  await pulse();
  return { ok: true, value: preferences };
}
