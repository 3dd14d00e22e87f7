import { copiesOf, withoutCopies } from '../accounts/copies.ts';
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

/** By what a login is known, where it goes and whose it is: with another value of these tokens could go astray. */
const LOGIN_FIELDS = ['apiKey', 'redirectUrl', 'mode', 'expectedUser'] as const;

/** What to do to make one account what the file says. */
export function planAccount(file: FileAccount, { accounts, destinations, dashboards }: Settings): AccountStep {
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
