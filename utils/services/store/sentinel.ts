import type { Account, Destination } from '../../domain/accounts/settings.ts';
import type { Damaged } from '../../domain/base/records.ts';
import { readPreference, writePreference } from '../../platform/storage/preferences.ts';

const KEY = 'accounts';

interface Counted {
  accounts: readonly Account[];
  destinations: readonly Destination[];
  damaged: readonly Damaged[];
}

/** Notes how many accounts there are, outside the database: an emptied one must not look like a new install (STO-06). */
export function rememberAccounts(stored: Counted): Promise<void> {
  return writePreference(KEY, countOf(stored));
}

/** How many accounts there were, or null where nothing was noted. */
export async function accountsBefore(): Promise<number | null> {
  const known = await readPreference(KEY);
  return typeof known === 'number' ? known : null;
}

/** True when the browser lost accounts that were here: pair them again. */
export function areAccountsLost(before: number | null, stored: Counted): boolean {
  return before !== null && before > countOf(stored);
}

/** Notes that of so many accounts some are none any more; where accounts were lost before, that is still known. */
export async function rememberFewer(before: number, now: number): Promise<void> {
  const known = await accountsBefore();
  if (known !== null && known <= before) await writePreference(KEY, Math.min(known, now));
}

/** Those that can be read, and those of which something cannot be. */
function countOf({ accounts, destinations, damaged }: Counted): number {
  const ids = new Set(accounts.map(({ id }) => id));
  for (const { key } of damaged) {
    const [, kind, id = ''] = /^(account|facts):(.*)$/.exec(key) ?? [];
    if (kind) ids.add(destinations.find((one) => one.id === id)?.account ?? id);
  }
  return ids.size;
}
