import type { Preferences } from '../accounts/preferences.ts';
import type { Account } from '../accounts/settings.ts';
import { exported } from '../records/exportable-fields.ts';
import { changesOf, changesOfRemoved, compare, type ImportChange } from './import-changes.ts';
import { type AccountStep, planAccount } from './import-steps.ts';
import type { Settings, SettingsFile } from './settings-file.ts';

/** Everything that an import will do, decided before any of it is done. */
export interface ImportPlan {
  changes: ImportChange[];
  accounts: AccountStep[];
  removed: Account[];
  preferences: Preferences;
}

/** Plans to make the settings what the file says. An account is known by its broker and name, a further destination by its address. */
export function planImport(file: SettingsFile, settings: Settings): ImportPlan {
  const accounts = file.accounts.map((one) => planAccount(one, settings));
  const removed = settings.accounts.filter((one) => !accounts.some((step) => step.known === one));
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
