import type { Account } from '../../domain/accounts/settings.ts';
import { attempted, renewalAt } from '../../domain/reminders/renewal.ts';
import type { World } from '../../domain/session/world.ts';
import type { Overview } from '../../domain/view/overview.ts';
import { isTabOpen } from '../../platform/toolbar/tabs.ts';
import { readAttempts, writeAttempts } from '../store/clock-store.ts';
import { log } from '../store/log.ts';

/** What may be tried by itself: which accounts now, and when the others, epoch ms. */
export interface Renewals {
  due: Account[];
  times: number[];
}

/** Judges every account that may renew itself, and writes each attempt before it is made; under the lock. */
export async function planRenewals({ accounts, preferences, at: now }: Overview, world: World): Promise<Renewals> {
  const renewals: Renewals = { due: [], times: [] };
  for (const account of accounts) {
    const { id } = account.settings;
    const attempts = await readAttempts(id);
    const dueAt = renewalAt(account, attempts, preferences, now);
    if (dueAt === null || !account.term) continue;
    if (dueAt > now) renewals.times.push(dueAt);
    else if (!(await isLoginOpen(id, world))) {
      const begun = attempted(id, account.term.key, attempts, now);
      await writeAttempts(begun);
      log({ event: 'renewal', account: id, attempt: begun.count });
      renewals.due.push(account.settings);
      const again = renewalAt(account, begun, preferences, now);
      if (again !== null) renewals.times.push(again);
    }
  }
  return renewals;
}

/** A login in a tab that was closed again is none. */
async function isLoginOpen(account: string, { logins }: World): Promise<boolean> {
  const tabs = logins.filter((one) => one.account === account).map(({ tab }) => isTabOpen(tab));
  return (await Promise.all(tabs)).includes(true);
}
