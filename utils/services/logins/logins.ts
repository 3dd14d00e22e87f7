import type { Account } from '../../domain/accounts/settings.ts';
import { type Login, NO_TAB } from '../../domain/capture/capture.ts';
import { wakeSoon } from '../../platform/runtime/alarms.ts';
import { locked } from '../../platform/storage/lock.ts';
import { openTab, openTabBehind } from '../../platform/toolbar/tabs.ts';
import { brokers } from '../../shared/brokers/index.ts';
import { toBase64Url } from '../../shared/bytes.ts';
import { log } from '../store/log.ts';
import { removeLogins, writeLogin } from '../store/store.ts';
import { consentFor } from './consent.ts';
import { containerFor, openContained, rememberContainer } from './containers.ts';
import { loginOpened } from './login-tabs.ts';

/**
 * Opens the broker's own login page for an account and arms its tab. A silent login redirects back in under a second:
 * its capture waits for the same lock, so it always finds the tab armed.
 */
export async function openLogin(account: Account, consent?: string, how: Opening = 'at-once'): Promise<void> {
  const container = await containerFor(account, 'person');
  await open(account, consent, { by: 'person', openIn: openTab, container, how });
}

/** `after-log-out`: the broker's log-out page stands first, where that is known. It may end a session, so a person asks for it. */
export type Opening = 'at-once' | 'after-log-out';

/** The same in a background tab, for a login that may go by itself: it closes as soon as the broker shows a page. */
export async function openLoginBehind(account: Account): Promise<void> {
  const consent = await consentFor(account);
  // A person who presses the button hears why.
  if (!consent.ok) return;
  const container = await containerFor(account, 'itself');
  await open(account, consent.value, { by: 'itself', openIn: openTabBehind, container, how: 'at-once' });
}

interface Manner {
  by: 'person' | 'itself';
  openIn: (url: string, container: string | null) => Promise<number>;
  container: string | null;
  how: Opening;
}

async function open(
  account: Account,
  consent: string | undefined,
  { by, openIn, container, how }: Manner,
): Promise<void> {
  const { id, broker, apiKey, redirectUrl } = account;
  const { loginUrl, logOutUrl, stateParameter } = brokers[broker];
  const state = newState();
  await locked(async () => {
    const kept = stateParameter === null ? null : state;
    const opening: Login = { tab: NO_TAB, account: id, by: 'us', state: kept, at: Date.now() };
    await wakeSoon(opening.at);
    // Before there is a tab: should this background end now, the next one still knows the state that comes back.
    await writeLogin(opening);
    const url = loginUrl({ apiKey, redirectUrl, state, consent });
    const first = how === 'after-log-out' ? logOutUrl : null;
    const opened = await openContained(openIn, first ?? url, container);
    log({ event: 'login-opened', account: id, by });
    loginOpened(opened.tab, id, by);
    await writeLogin({ ...opening, tab: opened.tab, ...(first !== null && { next: url }) });
    await removeLogins([opening]);
    await rememberContainer(account, opened.container);
  });
}

/** 128 random bits in letters that a redirect carries unchanged. */
function newState(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(16)));
}
