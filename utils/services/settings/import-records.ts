import { destinationsOf } from '../../domain/accounts/destinations.ts';
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
  factsKey,
  noticeKey,
  type Stored,
} from '../store/store.ts';
import { newAccount } from './accounts.ts';

/** All that an import does to what is stored: worked out before any of it is done. */
export interface ImportRecords {
  /** What to write, each with the field of the file that it comes from. */
  put: { field: string; entry: Entry }[];
  /** What to remove: the records that are the settings, and of what the rest goes too. */
  gone: { keys: string[]; accounts: string[]; destinations: Destination[]; dashboards: Dashboard[] };
  /** Where waiting tokens have no place to go any more, with the facts that tell of it. */
  emptied: Map<string, string>;
}

/** The records of an import. */
export function importRecords({ accounts, removed, preferences }: ImportPlan, stored: Stored): ImportRecords {
  const all: ImportRecords = {
    put: [{ field: 'preferences', entry: preferencesEntry(preferences) }],
    gone: { keys: [], accounts: [], destinations: [], dashboards: [] },
    emptied: new Map(),
  };
  for (const { id } of removed) removeAccount(all, stored, id);
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
  const { known, removedDestinations, removedDashboards } = step;
  const { destinations: _destinations, dashboards: _dashboards, ...form } = step.file;
  const account = newAccount(known, { clock: undefined, ...form });
  all.put.push({ field, entry: accountEntry(account) });
  const mine = destinationsOf(stored.destinations, account.id);
  if (known !== null && (known.mode === 'observe') !== (account.mode === 'observe'))
    for (const id of [account.id, ...mine.map((one) => one.id)]) all.emptied.set(id, id);
  for (const one of removedDestinations) removeFrom(all, account, one, step.destinations.length === 0);
  const now = Date.now();
  for (const [at, destination] of step.destinations.entries()) {
    const further = at === 0 ? undefined : (true as const);
    const createdAt = destination.known?.createdAt ?? now + at;
    const ours = { account: account.id, createdAt, ...(further && { further }) };
    if (destination.isChanged) putDestination(all, ours, destination, `${field}.destinations.${at}`);
  }
  removeDashboards(all.gone, removedDashboards);
  for (const [at, { known: page, file, isChanged }] of step.dashboards.entries()) {
    const ours = { id: page?.id ?? newId(), createdAt: page?.createdAt ?? Date.now(), account: account.id };
    const entry = dashboardEntry({ ...file, ...ours, unconfirmed: true });
    if (isChanged) all.put.push({ field: `${field}.dashboards.${at}`, entry });
  }
}

/** Of an account that is left without any, what waited is told of the account itself. */
function removeFrom(
  { emptied, gone }: ImportRecords,
  account: Account,
  destination: Destination,
  isBare: boolean,
): void {
  gone.keys.push(...destinationKeys(destination.id));
  if (isBare) emptied.set(destination.id, account.id);
  else gone.destinations.push(destination);
}

/** A key stays only with its host; what is new has none, so nothing can be sent there before the person pairs it (NET-04). */
function putDestination(
  all: ImportRecords,
  ours: Pick<Destination, 'account' | 'createdAt' | 'further'>,
  { known, file, keepsKey }: DestinationStep,
  field: string,
): void {
  const now = Date.now();
  const put = (entry: Entry) => void all.put.push({ field, entry });
  if (keepsKey && known?.kind === 'signed' && file.kind === 'signed') {
    all.emptied.set(known.id, known.id);
    put(destinationEntry({ ...known, ...file, savedAt: now }));
    put(factsEntry({ ...noFacts(known.id), nextCheckAt: now + HEALTH_MS }));
    return;
  }
  const id = newId();
  all.emptied.set(known?.id ?? ours.account, id);
  if (known) all.gone.keys.push(...destinationKeys(known.id));
  // What was told of an account without a destination of its own is over.
  if (!ours.further) all.gone.keys.push(noticeKey(ours.account), factsKey(ours.account));
  put(destinationEntry(unpaired(file, { ...ours, savedAt: now, id })));
  put(factsEntry({ ...noFacts(id), checkTrouble: { code: 'no_key', at: now } }));
}

type Ours = Pick<Destination, 'id' | 'account' | 'savedAt' | 'createdAt' | 'further'>;

function unpaired(file: FileDestination, ours: Ours): Destination {
  return file.kind === 'signed' ? { ...file, ...ours, fingerprint: '' } : { ...file, ...ours, unconfirmed: true };
}

function newId(): string {
  return recordId();
}
