import { brokers } from './brokers/index.ts';
import { copiesOf, withoutCopies } from './copies.ts';
import type { Dashboard } from './dashboard.ts';
import { exported } from './fates.ts';
import { isLeftOut } from './left-out.ts';
import type { Preferences } from './preferences.ts';
import type { Account, Destination } from './settings.ts';
import {
  type FileAccount,
  type FileDashboard,
  type FileDestination,
  fileDestination,
  type Settings,
  type SettingsFile,
} from './settings-file.ts';

/** A field that an import changes, as it is and as it would be; null where it is not there. */
export interface FieldChange {
  field: string;
  from: string | null;
  to: string | null;
}

/** One thing of the settings and what an import does to it. */
export interface ImportChange {
  what: 'account' | 'destination' | 'dashboard' | 'preferences';
  is: 'new' | 'changed' | 'removed' | 'unchanged';
  name: string;
  fields: FieldChange[];
  warning: ImportWarning | null;
}

/**
 * What a person has to know of a change before they agree to it. `pairing_lost`: the pairing, or what a header says, is
 * gone or was never there, and has to be entered by hand (NET-04). `paused`: its logins would go another way.
 * `switched_off`: what its requests mean is the file's word alone. `left_out`: unpaired, and values are missing.
 */
export type ImportWarning = 'pairing_lost' | 'pairing_removed' | 'paused' | 'switched_off' | 'left_out';

/** What to do to a destination: `keep` its key only where the host is the same. */
export interface DestinationStep {
  known: Destination | null;
  file: FileDestination;
  keepsKey: boolean;
  isChanged: boolean;
  /** The stored copy that it belongs to; null for a new copy, and for the account's own. */
  copy: Account | null;
}

/** What to do to a dashboard: what is new or changed is off until the person switches it on. */
export interface DashboardStep {
  known: Dashboard | null;
  file: FileDashboard;
  isChanged: boolean;
}

/** What to do to one account and all that hangs on it. */
export interface AccountStep {
  known: Account | null;
  /** As it is taken in: paused also where the file does not say so. */
  file: FileAccount;
  /** Whether the import itself pauses it. */
  pauses: boolean;
  destinations: DestinationStep[];
  dashboards: DashboardStep[];
  removedCopies: { account: Account; url: string }[];
  removedDestination: Destination | null;
  removedDashboards: Dashboard[];
}

/** Everything that an import will do, decided before any of it is done. */
export interface ImportPlan {
  changes: ImportChange[];
  accounts: AccountStep[];
  removed: Account[];
  preferences: Preferences;
}

/** Plans to make the settings what the file says. An account is known by its broker and name, a copy by its address. */
export function planImport(file: SettingsFile, settings: Settings): ImportPlan {
  const known = withoutCopies(settings.accounts);
  const accounts = file.accounts.map((one) => planAccount(one, settings));
  const removed = known.filter((one) => !accounts.some((step) => step.known === one));
  const preferences = compare('preferences', '', exported('preferences', settings.preferences), file.preferences);
  return {
    accounts,
    removed,
    preferences: file.preferences,
    changes: [
      ...accounts.flatMap(changesOf),
      ...removed.flatMap((account) => changesOfRemoved(account, settings)),
      preferences,
    ],
  };
}

/** By what a login is known, where it goes and whose it is: with another value of these tokens could go astray. */
const LOGIN_FIELDS = ['apiKey', 'redirectUrl', 'mode', 'expectedUser'] as const;

function planAccount(file: FileAccount, { accounts, destinations, dashboards }: Settings): AccountStep {
  const known = withoutCopies(accounts).find((one) => one.broker === file.broker && one.name === file.name) ?? null;
  const of = (id: string | undefined) => destinations.find((one) => one.account === id) ?? null;
  const copies = known ? copiesOf(accounts, known.id) : [];
  const [own, ...others] = file.destinations;
  // Two may be told apart by what was left out of the file alone, so each stands for one.
  const left = [...copies];
  const steps = others.map((one) => {
    const at = left.findIndex(({ id }) => isAddressOf(one, of(id)));
    const [copy = null] = at < 0 ? [] : left.splice(at, 1);
    return planDestination(one, of(copy?.id), copy);
  });
  const mine = dashboards.filter((one) => one.account === known?.id);
  const pages = file.dashboards.map((one) => {
    const page = mine.find(({ origin }) => origin === one.origin) ?? null;
    return { file: one, known: page, isChanged: page === null || isDifferent(exported('dashboard', page), one) };
  });
  const pauses =
    known !== null && !known.paused && !file.paused && LOGIN_FIELDS.some((one) => known[one] !== file[one]);
  return {
    known,
    // It may pause an account, and never has one go on that the person paused.
    file: { ...file, paused: file.paused || pauses || known?.paused === true },
    pauses,
    destinations: [...(own ? [planDestination(own, of(known?.id), null)] : []), ...steps],
    dashboards: pages,
    removedCopies: copies
      .filter((one) => !steps.some(({ copy }) => copy === one))
      .map((account) => ({ account, url: of(account.id)?.url ?? '' })),
    removedDestination: own ? null : of(known?.id),
    removedDashboards: mine.filter((one) => !pages.some((page) => page.known === one)),
  };
}

function planDestination(file: FileDestination, known: Destination | null, copy: Account | null): DestinationStep {
  const isChanged =
    known === null || (isDifferent(fileDestination(known), file) && isDifferent(exported('destination', known), file));
  const isSamePlace = known?.kind === file.kind && new URL(known.url).origin === new URL(file.url).origin;
  // A plain one proves nothing: whatever of it changes, on a host of many tenants it may be another's place (NET-04).
  const keepsKey = !isChanged || (isSamePlace && file.kind === 'signed' && !isLeftOut(file));
  return { file, known, copy, isChanged, keepsKey };
}

/** By its address as a settings file has it, or as it is. */
function isAddressOf({ url }: FileDestination, known: Destination | null): boolean {
  return known !== null && (known.url === url || fileDestination(known).url === url);
}

/** A destination that came with a settings file, and that nobody has paired or saved since. */
export function isUnpaired(destination: Destination): boolean {
  return destination.kind === 'signed' ? destination.fingerprint === '' : destination.unconfirmed === true;
}

function changesOf({ known, file, ...step }: AccountStep): ImportChange[] {
  const name = nameOf(file);
  const { destinations: _destinations, dashboards: _dashboards, ...own } = file;
  return [
    {
      ...compare('account', name, known && exported('account', known), own),
      warning: step.pauses ? ('paused' as const) : null,
    },
    ...step.destinations.map((one) => changeOf(one, name)),
    ...step.dashboards.map(({ known: before, file: after, isChanged }) => ({
      ...compare('dashboard', `${name}: ${after.origin}`, before && exported('dashboard', before), after),
      warning: isChanged ? ('switched_off' as const) : null,
    })),
    ...(step.removedDestination
      ? [removed('destination', `${name}: ${step.removedDestination.url}`, 'pairing_removed')]
      : []),
    ...step.removedCopies.map(({ url }) => removed('destination', `${name}: ${url}`, 'pairing_removed')),
    ...step.removedDashboards.map(({ origin }) => removed('dashboard', `${name}: ${origin}`)),
  ];
}

function changeOf({ known, file, isChanged, keepsKey }: DestinationStep, account: string): ImportChange {
  // What stays is not told of as if its values would go.
  const before = known && (isChanged ? fileDestination(known) : file);
  const isBare = !keepsKey || (known !== null && isUnpaired(known));
  const warning = isLeftOut(isChanged || known === null ? file : known) ? 'left_out' : 'pairing_lost';
  return { ...compare('destination', `${account}: ${file.url}`, before, file), warning: isBare ? warning : null };
}

function changesOfRemoved(account: Account, { accounts, destinations, dashboards }: Settings): ImportChange[] {
  const ids = [account, ...copiesOf(accounts, account.id)].map(({ id }) => id);
  const name = nameOf(account);
  return [
    removed('account', name),
    ...destinations
      .filter((one) => ids.includes(one.account))
      .map(({ url }) => removed('destination', `${name}: ${url}`, 'pairing_removed')),
    ...dashboards
      .filter((one) => one.account === account.id)
      .map(({ origin }) => removed('dashboard', `${name}: ${origin}`)),
  ];
}

function removed(what: ImportChange['what'], name: string, warning: ImportWarning | null = null): ImportChange {
  return { what, is: 'removed', name, fields: [], warning };
}

function compare(what: ImportChange['what'], name: string, before: object | null, after: object): ImportChange {
  if (before === null) return { what, is: 'new', name, fields: differences({}, after), warning: null };
  const fields = differences(before, after);
  return { what, is: fields.length > 0 ? 'changed' : 'unchanged', name, fields, warning: null };
}

function isDifferent(before: object, after: object): boolean {
  return differences(before, after).length > 0;
}

function differences(before: object, after: object): FieldChange[] {
  const [old, young] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return [...new Set([...old.keys(), ...young.keys()])].flatMap((field) => {
    const [from, to] = [told(old.get(field)), told(young.get(field))];
    return from === to ? [] : [{ field, from, to }];
  });
}

/** A value as a person can compare it; objects with their keys in one order. */
function told(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value, (_, inside) => sorted(inside));
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function nameOf({ broker, name }: Pick<Account, 'broker' | 'name'>): string {
  return `${brokers[broker].name} ${name}`;
}
