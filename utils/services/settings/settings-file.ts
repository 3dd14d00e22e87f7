import type { Checked } from '../../domain/base/check.ts';
import { say } from '../../domain/base/words.ts';
import type { ImportPreview } from '../../domain/hold/messages.ts';
import { readSettingsFile, type Settings, settingsFile } from '../../domain/transfer/settings-file.ts';
import { type ImportPlan, planImport } from '../../domain/transfer/settings-import.ts';
import { changeRecords } from '../../platform/storage/database.ts';
import { digest } from '../../platform/storage/keys.ts';
import { locked } from '../../platform/storage/lock.ts';
import { mayWritePreferences, readPreferences } from '../store/clock-store.ts';
import { readAll, removeLost, type Stored } from '../store/store.ts';
import { forgetOne } from './accounts.ts';
import { dropHostsOf } from './dashboards.ts';
import { dropWaiting, forgetDestination } from './destinations.ts';
import { type ImportRecords, importRecords } from './import-records.ts';

/** The settings as the text of a file, without anything secret. */
export async function exportSettings(): Promise<string> {
  return `${JSON.stringify(settingsFile((await locked(readSettings)).settings), null, 2)}\n`;
}

/** What an import would change. Nothing is written, nothing is sent. */
export async function previewImport(text: string): Promise<Checked<ImportPreview>> {
  const read = await locked(() => planned(text));
  return read.ok ? { ok: true, value: { changes: read.value.plan.changes, stamp: read.value.stamp } } : read;
}

/** Takes in exactly what the preview with this stamp showed; with any other stamp nothing is done. Gives how much changed. */
export function importSettings(text: string, stamp: string): Promise<Checked<number>> {
  return locked(async () => {
    const read = await planned(text);
    if (!read.ok) return read;
    const { plan, stored } = read.value;
    if (read.value.stamp !== stamp) return problemOf('stamp', say('problem_import_stale'));
    if (!(await mayWritePreferences())) return problemOf('preferences', say('problem_newer_version'));
    const done = await carryOut(plan, stored);
    if (!done.ok) return done;
    return { ok: true, value: plan.changes.filter(({ is }) => is !== 'unchanged').length };
  });
}

interface Planned {
  plan: ImportPlan;
  stored: Stored;
  stamp: string;
}

async function planned(text: string): Promise<Checked<Planned>> {
  const file = readSettingsFile(text);
  if (!file.ok) return file;
  const { settings, stored } = await readSettings();
  const plan = planImport(file.value, settings);
  // Of the settings too: what has changed since the preview is not what the person said yes to.
  return { ok: true, value: { plan, stored, stamp: await digest(JSON.stringify([text, settings])) } };
}

async function readSettings(): Promise<{ settings: Settings; stored: Stored }> {
  const stored = await readAll();
  const { accounts, destinations, dashboards } = stored;
  return { stored, settings: { accounts, destinations, dashboards, preferences: await readPreferences() } };
}

/** The settings in one go, all of them or none; then what hangs on what is gone. */
async function carryOut(plan: ImportPlan, stored: Stored): Promise<Checked<void>> {
  const records = importRecords(plan, stored);
  const { put, gone } = records;
  const changed = await changeRecords(new Map(put.map(({ entry }) => entry)), gone.keys);
  if (!changed.ok) {
    const refused = put.find(({ entry: [key] }) => key === changed.key);
    return problemOf(refused?.field ?? 'storage', say('problem_import_storage'));
  }
  // The new settings hold from here on, whatever of the old ones cannot be cleared away now.
  await clearAway(records, stored).catch(() => undefined);
  return { ok: true, value: undefined };
}

/** What waits for a place that is no longer meant first: the lock is held, so nothing of it is sent before. */
async function clearAway({ gone, emptied }: ImportRecords, stored: Stored): Promise<void> {
  for (const [destination, successor] of emptied) await dropWaiting(stored, destination, successor);
  for (const one of gone.destinations) await forgetDestination(stored, one);
  for (const id of gone.accounts) await forgetOne(stored, id);
  for (const { id } of gone.dashboards) await removeLost(id);
  await dropHostsOf(gone.dashboards);
}

function problemOf(field: string, message: string): Checked<never> {
  return { ok: false, problems: [{ field, message }] };
}
