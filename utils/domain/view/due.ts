import type { AccountView } from './overview.ts';
import { needsLogin } from './status.ts';

type Known = Pick<AccountView, 'status' | 'advice' | 'destination'>;

/** True where a login is the thing that an account needs. */
export function isLoginDue({ status, advice, destination }: Known): boolean {
  const hasOtherMend = advice !== null && advice.mend !== 'log-in' && advice.mend !== 'none';
  const isMeant = needsLogin(status) || (status === 'failed' && advice?.mend === 'log-in');
  return destination !== null && isMeant && !hasOtherMend;
}

/** True where nothing stands before that login: no question, and nobody who has to be logged out at the broker first. */
export function isNextDue(account: AccountView): boolean {
  return isLoginDue(account) && account.ask === null && account.logOut === null;
}
