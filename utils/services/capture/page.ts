import type { Account } from '../../domain/accounts/settings.ts';
import { type Match, match, matchHidden } from '../../domain/capture/match.ts';
import { scrub } from '../../domain/capture/redirect.ts';
import type { PageMessage, PageReply } from '../../domain/hold/messages.ts';
import { pageSpeaks, wasRequested } from '../../platform/network/requested.ts';
import { locked } from '../../platform/storage/lock.ts';
import { brokerOrigins, brokers } from '../../shared/brokers/index.ts';
import { SECOND } from '../../shared/time.ts';
import { parseUrl } from '../../shared/urls.ts';
import { expectSealedPage, showSealedPage } from '../logins/sealed-page.ts';
import { pulse } from '../pulse/pulse.ts';
import { log } from '../store/log.ts';
import { readAll, type Stored, writeOutcome } from '../store/store.ts';
import { isSeen, note, type Taken, takeCandidate } from './capture.ts';
import { askOnPage, waitUntil } from './intake.ts';

/** The patience costs nothing: a login that really is hidden cannot be captured any more. */
const HIDDEN_AFTER_MS = 2 * SECOND;
/**
 * Firefox tells of every request, also of one behind a service worker, and on a busy machine a page speaks long before
 * that (2026-11, Firefox ESR 153).
 */
const HEARD_AFTER_MS = import.meta.env.FIREFOX ? 10 * SECOND : undefined;

type Said = Pick<PageMessage, 'url' | 'referrer'> & { tab: number };

/** A redirect page that really loaded says where it is and who led there; it hears no more than whether we have its login. */
export async function takePage(said: Said): Promise<PageReply> {
  await pageSpeaks(said.tab, said.url);
  const login = pageLogin(await readAll(), said);
  if (login) await waitUntil(() => isHeard(said, login), HEARD_AFTER_MS);
  const taken = login && (await locked(async () => takeLogin(await readAll(), said)));
  const isHidden = (!taken || taken === 'refused') && (await sayHidden(said));
  if (login || isHidden) void pulse();
  return login && (taken === 'captured' || taken === 'known')
    ? { captured: true, scrubbed: scrub(login.broker, said.url) }
    : { captured: false };
}

/** Whether the request that brought a login was judged, or the login is known by another channel. */
async function isHeard({ tab, url }: Said, { account, token }: Match): Promise<boolean> {
  // A request that the page overtook is judged as soon as it is there.
  await pageSpeaks(tab, url);
  return (import.meta.env.FIREFOX && wasRequested(tab, url)) || isSeen(account, token);
}

/** Under the lock. */
async function takeLogin(stored: Stored, said: Said): Promise<Taken | null> {
  const login = pageLogin(stored, said);
  if (!login) return null;
  const { account, sender } = login;
  const verdict = await takeCandidate(stored, { ...login, via: 'page', url: null });
  const isOver = account.mode === 'seal' && verdict !== 'refused' && (sender === 'link' || verdict === 'asked');
  log({ event: 'redirect', account: account.id, via: 'page', verdict, sealed: isOver });
  if (isOver) {
    // Its service worker kept the request from every rule: the page has loaded, and our page follows it.
    await writeOutcome({ tab: said.tab, account: account.id, what: verdict, at: Date.now() });
    expectSealedPage(said.tab);
  } else if (verdict === 'asked') askOnPage(stored, account);
  return verdict;
}

/** The login that a page's address holds, if one of our accounts may have it. */
function pageLogin(stored: Stored, { url, referrer, tab }: Said): Match | null {
  const origin = parseUrl(referrer)?.origin ?? null;
  const isBrokers = Object.values(brokers).some((one) => origin !== null && brokerOrigins(one).includes(origin));
  const vouched = { origin, isHeader: false, start: null };
  const found = match(
    { url, tab, ...vouched, ...(isBrokers ? {} : { sender: 'script' as const }) },
    { ...stored, now: Date.now() },
  );
  return found && found.place === null && found.account.mode !== 'observe' ? found : null;
}

/** A login came back to a page whose service worker kept it from every event: no form that it posted can be read. */
async function sayHidden(said: Said): Promise<boolean> {
  const find = async (): Promise<Account | null> =>
    wasRequested(said.tab, said.url) ? null : matchHidden(said, { ...(await readAll()), now: Date.now() });
  if (!(await find())) return false;
  await waitUntil(async () => (await find()) === null, HEARD_AFTER_MS ?? HIDDEN_AFTER_MS);
  const hidden = await locked(async () => {
    const account = await find();
    if (!account) return null;
    await note(account, 'hidden', null);
    await writeOutcome({ tab: said.tab, account: account.id, what: 'hidden', at: Date.now() });
    log({ event: 'redirect', account: account.id, via: 'page', verdict: 'hidden', sealed: false });
    return account;
  });
  if (hidden?.mode === 'seal') await showSealedPage(said.tab);
  return hidden !== null;
}
