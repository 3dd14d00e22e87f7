import { isLoginAlive } from '../../domain/capture/capture.ts';
import { isLogOutDone, LOG_OUT_MS, onPage } from '../../domain/capture/stuck.ts';
import type { ShownPage } from '../../platform/network/broker-pages.ts';
import { locked } from '../../platform/storage/lock.ts';
import { isTabAt, showAddress } from '../../platform/toolbar/tabs.ts';
import { brokers } from '../../shared/brokers/index.ts';
import { pulse } from '../pulse/pulse.ts';
import { readAll, writeLogin } from '../store/store.ts';

/** A broker shows a page in a tab: one of a login under way, or the log-out before it. */
export async function takeShownPage(shown: ShownPage): Promise<void> {
  const login = await locked(async () => {
    const { accounts, logins } = await readAll();
    const now = Date.now();
    const here = logins.find((one) => one.tab === shown.tab && isLoginAlive(one, now));
    const account = accounts.find(({ id }) => id === here?.account);
    const seen = here && account && onPage(here, brokers[account.broker], shown, now);
    if (seen) await writeLogin(seen);
    return seen;
  });
  if (!login) return;
  if (login.next !== undefined) setTimeout(() => void leaveLogOuts(), LOG_OUT_MS);
  await pulse();
}

/** Leads the tabs whose log-out is done on to their login; a tab that the person took elsewhere stays there. */
export async function leaveLogOuts(): Promise<void> {
  await locked(async () => {
    const { accounts, logins } = await readAll();
    const now = Date.now();
    for (const { page, next, ...login } of logins.filter((one) => isLogOutDone(one, now))) {
      const account = accounts.find(({ id }) => id === login.account);
      // Before the login page is asked for: should this background end in between, nothing is done twice.
      await writeLogin({ ...login, at: now });
      const isThere = account && (await isTabAt(login.tab, brokers[account.broker].hosts));
      if (isThere && next !== undefined) await showAddress(login.tab, next).catch(() => undefined);
    }
  });
}
