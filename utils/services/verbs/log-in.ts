import type { Account } from '../../domain/accounts/settings.ts';
import type { Checked } from '../../domain/base/check.ts';
import { say, type Word } from '../../domain/base/words.ts';
import { openTab } from '../../platform/toolbar/tabs.ts';
import { beginLogin } from '../logins/begin-login.ts';
import type { Opening } from '../logins/logins.ts';
import { readAll } from '../store/store.ts';
import { checkAccount } from './check-soon.ts';

/** Opens the broker's login page of an account, and has its destination prove itself meanwhile. */
export async function logIn(id: string, how: Opening = 'at-once'): Promise<Checked<Account>> {
  const account = (await readAll()).accounts.find((one) => one.id === id);
  if (!account) return refused('problem_gone');
  if (account.paused) return refused('problem_paused');
  // The destination proves itself while the person logs in, so that the token can go out at once.
  return beginLogin(account, checkAccount(id), how);
}

/** Opens a redirect again that the backend's own callback has not answered, while its token lives. */
export async function reopen(id: string): Promise<Checked<string>> {
  const { deliveries } = await readAll();
  const seen = deliveries.find((one) => one.account === id && one.state === 'observed' && one.expiresAt > Date.now());
  if (!seen?.body) return refused('problem_no_redirect');
  await openTab(seen.body);
  return { ok: true, value: id };
}

function refused(word: Word): Checked<never> {
  return { ok: false, problems: [{ field: 'account', message: say(word) }] };
}
