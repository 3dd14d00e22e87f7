import { isLoginAlive } from '../../domain/capture/capture.ts';
import { showTab } from '../../platform/toolbar/tabs.ts';
import { readOverview } from '../store/overview.ts';
import { readAll } from '../store/store.ts';
import { logIn } from '../verbs/log-in.ts';
import { retry } from '../verbs/send-again.ts';

const opening = new Map<string, Promise<void>>();

/** One login an account, however many pages ask: a login page that is open is shown again. */
export function logInOnce(account: string): Promise<void> {
  const known = opening.get(account);
  if (known) return known;
  const login = startLogin(account).finally(() => opening.delete(account));
  opening.set(account, login);
  return login;
}

async function startLogin(account: string): Promise<void> {
  const view = (await readOverview())?.accounts.find(({ settings }) => settings.id === account);
  if (view?.advice?.mend === 'retry' && view.links !== null) return retry(account);
  const { logins } = await readAll();
  const done = view?.links?.[0]?.at ?? 0;
  const open = logins.find((one) => one.account === account && one.at > done && isLoginAlive(one, Date.now()));
  if (open && (await showTab(open.tab))) return;
  await logIn(account);
}
