import { destinationsOf } from '../accounts/destinations.ts';
import { isLeftOut } from '../accounts/placeholders.ts';
import type { Account, Destination } from '../accounts/settings.ts';
import { isDifferent } from '../base/field-changes.ts';
import type { Dashboard } from '../dashboards/dashboard.ts';
import { exported } from '../records/exportable-fields.ts';
import {
  type FileAccount,
  type FileDashboard,
  type FileDestination,
  fileDestination,
  type Settings,
} from './settings-file.ts';

/** What to do to a destination: `keep` its key only where the host is the same. */
export interface DestinationStep {
  known: Destination | null;
  file: FileDestination;
  keepsKey: boolean;
  isChanged: boolean;
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
  removedDestinations: Destination[];
  removedDashboards: Dashboard[];
}

/** By what a login is known, where it goes and whose it is: with another value of these tokens could go astray. */
const LOGIN_FIELDS = ['apiKey', 'redirectUrl', 'mode', 'expectedUser'] as const;

/** What to do to make one account what the file says. */
export function planAccount(file: FileAccount, { accounts, destinations, dashboards }: Settings): AccountStep {
  const known = accounts.find((one) => one.broker === file.broker && one.name === file.name) ?? null;
  const stored = known ? destinationsOf(destinations, known.id) : [];
  const steps = planDestinations(file.destinations, stored);
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
    destinations: steps,
    dashboards: pages,
    removedDestinations: stored.filter((one) => !steps.some((step) => step.known === one)),
    removedDashboards: mine.filter((one) => !pages.some((page) => page.known === one)),
  };
}

/** The account's own destination stays its own; a further one is known by its address. */
function planDestinations(files: readonly FileDestination[], stored: readonly Destination[]): DestinationStep[] {
  const own = stored.find(({ further }) => !further) ?? null;
  const left = stored.filter((one) => one !== own);
  return files.map((file, index) => {
    if (index === 0) return planDestination(file, own);
    // Two may be told apart by what was left out of the file alone, so each stands for one.
    const at = left.findIndex((one) => isAddressOf(file, one));
    const [known = null] = at < 0 ? [] : left.splice(at, 1);
    return planDestination(file, known);
  });
}

function planDestination(file: FileDestination, known: Destination | null): DestinationStep {
  const isChanged =
    known === null || (isDifferent(fileDestination(known), file) && isDifferent(exported('destination', known), file));
  const isSamePlace = known?.kind === file.kind && new URL(known.url).origin === new URL(file.url).origin;
  // A plain one proves nothing: whatever of it changes, on a host of many tenants it may be another's place (NET-04).
  const keepsKey = !isChanged || (isSamePlace && file.kind === 'signed' && !isLeftOut(file));
  return { file, known, isChanged, keepsKey };
}

/** By its address as a settings file has it, or as it is. */
function isAddressOf({ url }: FileDestination, known: Destination): boolean {
  return known.url === url || fileDestination(known).url === url;
}

/** A destination that came with a settings file, and that nobody has paired or saved since. */
export function isUnpaired(destination: Destination): boolean {
  return destination.kind === 'signed' ? destination.fingerprint === '' : destination.unconfirmed === true;
}
