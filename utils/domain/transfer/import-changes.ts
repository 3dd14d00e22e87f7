import { brokers } from '../../shared/brokers/index.ts';
import { destinationsOf } from '../accounts/destinations.ts';
import { isLeftOut } from '../accounts/placeholders.ts';
import type { Account } from '../accounts/settings.ts';
import { differences, type FieldChange } from '../base/field-changes.ts';
import { exported } from '../records/exportable-fields.ts';
import { type AccountStep, type DestinationStep, isUnpaired } from './import-steps.ts';
import { fileDestination, type Settings } from './settings-file.ts';

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

/** What a step changes, for a person to read. */
export function changesOf({ known, file, ...step }: AccountStep): ImportChange[] {
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
    ...step.removedDestinations.map(({ url }) => removed('destination', `${name}: ${url}`, 'pairing_removed')),
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

/** What goes with an account that the file does not have. */
export function changesOfRemoved(account: Account, { destinations, dashboards }: Settings): ImportChange[] {
  const name = nameOf(account);
  return [
    removed('account', name),
    ...destinationsOf(destinations, account.id).map(({ url }) =>
      removed('destination', `${name}: ${url}`, 'pairing_removed'),
    ),
    ...dashboards
      .filter((one) => one.account === account.id)
      .map(({ origin }) => removed('dashboard', `${name}: ${origin}`)),
  ];
}

function removed(what: ImportChange['what'], name: string, warning: ImportWarning | null = null): ImportChange {
  return { what, is: 'removed', name, fields: [], warning };
}

/** How a thing changes, field by field. */
export function compare(what: ImportChange['what'], name: string, before: object | null, after: object): ImportChange {
  if (before === null) return { what, is: 'new', name, fields: differences({}, after), warning: null };
  const fields = differences(before, after);
  return { what, is: fields.length > 0 ? 'changed' : 'unchanged', name, fields, warning: null };
}

function nameOf({ broker, name }: Pick<Account, 'broker' | 'name'>): string {
  return `${brokers[broker].name} ${name}`;
}
