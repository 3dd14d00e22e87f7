import type { Account } from '../config/account.ts';
import { type AccountName, brokerOf } from '../config/account-name.ts';
import type { Sessions } from '../store/tables/sessions.ts';
import { sameUser } from './user.ts';

/** The other account of a household that a user's login is for, or null. */
export async function accountOfUser(
  user: string,
  name: AccountName,
  { accounts, sessions }: { accounts: readonly Account[]; sessions: Sessions },
): Promise<AccountName | null> {
  for (const other of accounts) {
    if (other.name === name || brokerOf(other.name) !== brokerOf(name)) continue;
    const own = other.user ?? (await sessions.pin(other.name));
    if (own !== null && sameUser(own, user)) return other.name;
  }
  return null;
}
