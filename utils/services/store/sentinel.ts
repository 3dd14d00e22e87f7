import { readPreference, writePreference } from '../../platform/storage/preferences.ts';
import type { Stored } from './store.ts';

const KEY = 'accounts';

/** Notes how many accounts there are, outside the database: an emptied one must not look like a new install (STO-06). */
export function rememberAccounts(stored: Stored): Promise<void> {
  return writePreference(KEY, countOf(stored));
}

/** True when the browser lost accounts that were here: pair them again. */
export async function areAccountsLost(stored: Stored): Promise<boolean> {
  const known = await readPreference(KEY);
  return typeof known === 'number' && known > countOf(stored);
}

function countOf({ accounts, damaged }: Stored): number {
  return accounts.length + damaged.filter(({ key }) => /^(account|facts):/.test(key)).length;
}
