import type { Account, Destination } from '../../domain/accounts/settings.ts';
import type { Dashboard } from '../../domain/dashboards/dashboard.ts';
import { noFacts } from '../../domain/session/facts.ts';
import { HEALTH_MS } from '../../domain/session/health.ts';
import type { AccountStep, DestinationStep } from '../../domain/transfer/import-steps.ts';
import type { FileDestination } from '../../domain/transfer/settings-file.ts';
import type { ImportPlan } from '../../domain/transfer/settings-import.ts';
import { recordId } from '../../platform/storage/random.ts';
import { preferencesEntry } from '../store/clock-store.ts';
import {
  accountEntry,
  accountKey,
  dashboardEntry,
  dashboardKey,
  destinationEntry,
  destinationKeys,
  type Entry,
  factsEntry,
  type Stored,
} from '../store/store.ts';
import { newAccount } from './accounts.ts';

/** All that an import does to what is stored: worked out before any of it is done. */
export interface ImportRecords {
  /** What to write, each with the field of the file that it comes from. */
  put: { field: string; entry: Entry }[];
  /** What to remove: the records that are the settings, and of what the rest goes too. */
  gone: { keys: string[]; accounts: string[]; dashboards: Dashboard[] };
  /** The accounts, and copies, whose waiting tokens have no place to go any more. */
  emptied: Set<string>;
}

/** The records of an import. */
export function importRecords({ accounts, removed, preferences }: ImportPlan, stored: Stored): ImportRecords {
  const all: ImportRecords = {
    put: [{ field: 'preferences', entry: preferencesEntry(preferences) }],
    gone: { keys: [], accounts: [], dashboards: [] },
    emptied: new Set(),
  };
  for (const { id } of removed) {
    for (const copy of stored.accounts.filter(({ copyOf }) => copyOf === id)) removeAccount(all, stored, copy.id);
    removeAccount(all, stored, id);
  }
  for (const [at, step] of accounts.entries()) putAccount(all, stored, step, `accounts.${at}`);
  return all;
}

function removeAccount({ gone }: ImportRecords, stored: Stored, id: string): void {
  const isOurs = (one: { account: string }) => one.account === id;
  gone.accounts.push(id);
  gone.keys.push(accountKey(id), ...stored.destinations.filter(isOurs).flatMap((one) => destinationKeys(one.id)));
  removeDashboards(gone, stored.dashboards.filter(isOurs));
}

function removeDashboards(gone: ImportRecords['gone'], dashboards: readonly Dashboard[]): void {
  gone.dashboards.push(...dashboards);
  gone.keys.push(...dashboards.map(({ id }) => dashboardKey(id)));
}

function putAccount(all: ImportRecords, stored: Stored, step: AccountStep, field: string): void {
  const { known, removedCopies, removedDestination, removedDashboards } = step;
  const { destinations: _destinations, dashboards: _dashboards, ...form } = step.file;
  const account = newAccount(known, { clock: undefined, ...form });
  all.put.push({ field, entry: accountEntry(account) });
  if (known !== null && (known.mode === 'observe') !== (account.mode === 'observe')) all.emptied.add(account.id);
  for (const copy of removedCopies) removeAccount(all, stored, copy.account.id);
  if (removedDestination) {
    all.emptied.add(account.id);
    all.gone.keys.push(...destinationKeys(removedDestination.id));
    all.put.push({ field, entry: factsEntry(noFacts(account.id)) });
  }
  for (const [at, destination] of step.destinations.entries()) {
    const place = `${field}.destinations.${at}`;
    const owner = at === 0 ? account : copyFor(account, destination.copy, form);
    if (at > 0) all.put.push({ field: place, entry: accountEntry(owner) });
    if (destination.isChanged) putDestination(all, owner.id, destination, place);
  }
  removeDashboards(all.gone, removedDashboards);
  for (const [at, { known: page, file, isChanged }] of step.dashboards.entries()) {
    const ours = { id: page?.id ?? newId(), createdAt: page?.createdAt ?? Date.now(), account: account.id };
    const entry = dashboardEntry({ ...file, ...ours, unconfirmed: true });
    if (isChanged) all.put.push({ field: `${field}.dashboards.${at}`, entry });
  }
}

function copyFor(account: Account, known: Account | null, form: Partial<Account>): Account {
  const copy = { ...account, confirmedUser: null, createdAt: Date.now(), id: newId(), ...known, ...form };
  return { ...copy, clock: account.clock, paused: account.paused, copyOf: account.id };
}

/** A key stays only with its host; what is new has none, so nothing can be sent there before the person pairs it (NET-04). */
function putDestination(all: ImportRecords, account: string, step: DestinationStep, field: string): void {
  const { known, file, keepsKey } = step;
  const now = Date.now();
  const put = (entry: Entry) => void all.put.push({ field, entry });
  all.emptied.add(account);
  if (keepsKey && known?.kind === 'signed' && file.kind === 'signed') {
    put(destinationEntry({ ...known, ...file, savedAt: now }));
    put(factsEntry({ ...noFacts(account), nextCheckAt: now + HEALTH_MS }));
    return;
  }
  if (known) all.gone.keys.push(...destinationKeys(known.id));
  put(destinationEntry(unpaired(file, { account, savedAt: now, id: newId() })));
  put(factsEntry({ ...noFacts(account), checkTrouble: { code: 'no_key', at: now } }));
}

function unpaired(file: FileDestination, ours: Pick<Destination, 'id' | 'account' | 'savedAt'>): Destination {
  return file.kind === 'signed' ? { ...file, ...ours, fingerprint: '' } : { ...file, ...ours, unconfirmed: true };
}

function newId(): string {
  return recordId();
}
