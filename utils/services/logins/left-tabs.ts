import type { Account } from '../../domain/accounts/settings.ts';
import type { Login } from '../../domain/capture/capture.ts';
import { stuckOf } from '../../domain/capture/stuck.ts';
import { isTabAt } from '../../platform/toolbar/tabs.ts';
import { brokers } from '../../shared/brokers/index.ts';

/** The logins as they stand: a tab that left the broker, or was closed, takes no longer than it should. */
export function stillThere(logins: readonly Login[], accounts: readonly Account[], now: number): Promise<Login[]> {
  return Promise.all(
    logins.map(async (login) => {
      if (stuckOf(login, now) !== 'too-long') return login;
      const account = accounts.find(({ id }) => id === login.account);
      const isThere = account !== undefined && (await isTabAt(login.tab, brokers[account.broker].hosts));
      return isThere ? login : { ...login, page: undefined };
    }),
  );
}
