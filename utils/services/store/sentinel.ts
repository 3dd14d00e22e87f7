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

/** Notes that some of the accounts are none any more. */
export async function rememberFewer(count: number): Promise<void> {
  const known = await readPreference(KEY);
  if (typeof known === 'number' && count > 0) await writePreference(KEY, known - count);
}

/** Those that can be read, and those of which something cannot be. */
function countOf({ accounts, destinations, damaged }: Stored): number {
  const ids = new Set(accounts.map(({ id }) => id));
  for (const { key } of damaged) {
    const [, kind, id = ''] = /^(account|facts):(.*)$/.exec(key) ?? [];
    if (kind) ids.add(destinations.find((one) => one.id === id)?.account ?? id);
  }
  return ids.size;
}
