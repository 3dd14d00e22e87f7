import { arm } from '../../domain/capture/arming.ts';
import { watched } from '../../domain/capture/match.ts';
import type { BrokerPageSeen } from '../../platform/network/navigation.ts';
import { wakeSoon } from '../../platform/runtime/alarms.ts';
import { ownOrigin } from '../../platform/runtime/own-origin.ts';
import { locked } from '../../platform/storage/lock.ts';
import { settleAsks } from '../capture/asks.ts';
import { pulse } from '../pulse/pulse.ts';
import { readAll, removeLogins, removeOutcomes, writeLogin } from '../store/store.ts';

/** The browser gave a sleeping tab another number: its login goes with it. */
export async function followTab(tab: number, former: number): Promise<void> {
  await locked(async () => {
    const login = (await readAll()).logins.find((one) => one.tab === former);
    if (!login) return;
    await writeLogin({ ...login, tab });
    await removeLogins([login]);
  });
}

/** A request for a broker's login page arms its tab, or ends what armed it. */
export async function takeBrokerPage(page: BrokerPageSeen): Promise<void> {
  const isSettled = await locked(async () => {
    const stored = await readAll();
    const { accounts, destinations, dashboards, logins, outcomes } = stored;
    const theirs = new Set([
      ...destinations.map(({ url }) => new URL(url).origin),
      ...dashboards.map(({ origin }) => origin),
    ]);
    const { arm: login, disarm } = arm(page, {
      accounts: watched(accounts),
      theirs,
      logins,
      own: ownOrigin(),
      now: Date.now(),
    });
    if (disarm.length > 0) await removeLogins(disarm);
    // The login is over then, and arms nothing.
    if (login && (await settleAsks(stored, { account: login.account, request: page.request }))) return true;
    if (login) await Promise.all([wakeSoon(login.at), writeLogin(login)]);
    // What became of an earlier redirect in this tab is not what becomes of the next one.
    await removeOutcomes(outcomes.filter(({ tab, at }) => tab === page.tab && at < page.at));
    return false;
  });
  if (isSettled) await pulse();
}
