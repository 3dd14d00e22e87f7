import { noFacts } from '../domain/facts.ts';
import { HEALTH_MS } from '../domain/health.ts';
import type { ImportPreview } from '../domain/messages.ts';
import type { Checked } from '../domain/schema.ts';
import type { Account, AccountForm, Destination } from '../domain/settings.ts';
import { readSettingsFile, type Settings, settingsFile } from '../domain/settings-file.ts';
import { type AccountStep, type DestinationStep, type ImportPlan, planImport } from '../domain/settings-import.ts';
import { say } from '../domain/words.ts';
import { digest } from '../platform/keys.ts';
import { locked } from '../platform/lock.ts';
import { dropDestination, dropWaiting, forgetOne, putAccount } from './accounts.ts';
import { readPreferences, writePreferences } from './clock-store.ts';
import {
  readAll,
  removeDashboard,
  removeLost,
  type Stored,
  writeAccount,
  writeDashboard,
  writeDestination,
  writeFacts,
} from './store.ts';
import { randomId } from './wire.ts';

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
    if (read.value.stamp !== stamp) return wrong('stamp', say('problem_import_stale'));
    if (!(await writePreferences(plan.preferences))) return wrong('preferences', say('problem_newer_version'));
    await carryOut(plan, stored);
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

async function carryOut({ accounts, removed }: ImportPlan, stored: Stored): Promise<void> {
  for (const { id } of removed) await forgetWithCopies(stored, id);
  for (const { id } of accounts.flatMap((step) => step.removedDashboards))
    await Promise.all([removeDashboard(id), removeLost(id)]);
  for (const step of accounts) await putStep(stored, step);
}

async function forgetWithCopies(stored: Stored, id: string): Promise<void> {
  for (const copy of stored.accounts.filter(({ copyOf }) => copyOf === id)) await forgetOne(stored, copy.id);
  await forgetOne(stored, id);
}

async function putStep(stored: Stored, step: AccountStep): Promise<void> {
  const { known, removedCopies, removedDestination } = step;
  const { destinations: _destinations, dashboards: _dashboards, ...form } = step.file;
  const account = await putAccount(known, { clock: undefined, ...form });
  const isOtherWay = known !== null && (known.mode === 'observe') !== (account.mode === 'observe');
  if (isOtherWay) await dropWaiting(stored, account.id);
  for (const copy of removedCopies) await forgetOne(stored, copy.account.id);
  if (removedDestination) {
    await dropWaiting(stored, account.id);
    await dropDestination(removedDestination);
    await writeFacts(noFacts(account.id));
  }
  for (const [index, destination] of step.destinations.entries()) {
    const owner = index === 0 ? account : await putCopy(account, destination.copy, form);
    if (destination.isChanged) await putDestination(stored, owner, destination);
  }
  const { id } = account;
  for (const { known: page, file, isChanged } of step.dashboards) {
    const ours = { id: page?.id ?? newId(), createdAt: page?.createdAt ?? Date.now(), account: id };
    if (isChanged) await writeDashboard({ ...file, ...ours, unconfirmed: true });
  }
}

async function putCopy(account: Account, known: Account | null, form: AccountForm): Promise<Account> {
  const copy = { ...account, confirmedUser: null, createdAt: Date.now(), id: newId(), ...known, ...form };
  const named = { ...copy, clock: account.clock, paused: account.paused, copyOf: account.id };
  await writeAccount(named);
  return named;
}

/** A key stays only with its host; what is new has none, so nothing can be sent there before the person pairs it (NET-04). */
async function putDestination(stored: Stored, { id: account }: Account, step: DestinationStep): Promise<void> {
  const { known, file, keepsKey } = step;
  await dropWaiting(stored, account);
  const ours = { account, savedAt: Date.now() };
  if (known && keepsKey) {
    await writeDestination(withKeyOf(known, file, ours.savedAt));
    await writeFacts({ ...noFacts(account), nextCheckAt: Date.now() + HEALTH_MS });
    return;
  }
  if (known) await dropDestination(known);
  const id = newId();
  if (file.kind === 'signed') await writeDestination({ ...file, ...ours, id, fingerprint: '' });
  else await writeDestination({ ...file, ...ours, id, unconfirmed: true });
  await writeFacts({ ...noFacts(account), checkTrouble: { code: 'no_key', at: Date.now() } });
}

function withKeyOf(known: Destination, file: DestinationStep['file'], savedAt: number): Destination {
  const { id, account } = known;
  if (known.kind === 'signed' && file.kind === 'signed')
    return { ...file, id, account, savedAt, fingerprint: known.fingerprint };
  if (known.kind === 'plain' && file.kind === 'plain') {
    const { extra, unconfirmed } = known;
    return { ...file, id, account, savedAt, ...(extra ? { extra } : {}), ...(unconfirmed ? { unconfirmed } : {}) };
  }
  return known;
}

function newId(): string {
  return randomId('').slice(0, 16);
}

function wrong(field: string, message: string): Checked<never> {
  return { ok: false, problems: [{ field, message }] };
}
