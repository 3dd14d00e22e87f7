import type { Account } from '../../domain/accounts/settings.ts';
import type { Checked } from '../../domain/base/check.ts';
import { say } from '../../domain/base/words.ts';
import { arm, type BrokerPage } from '../../domain/capture/arming.ts';
import type { Seen } from '../../domain/capture/capture.ts';
import { type Match, match, matchEmpty, watched } from '../../domain/capture/match.ts';
import type { Start } from '../../domain/capture/provenance.ts';
import { mayHoldToken, readPaste, readRedirect, scrub } from '../../domain/capture/redirect.ts';
import { answeredBy, type Delivery } from '../../domain/delivery/delivery.ts';
import type { PageReply } from '../../domain/hold/messages.ts';
import type { AnswerSeen, NavigationSeen } from '../../platform/network/navigation.ts';
import { wakeSoon } from '../../platform/runtime/alarms.ts';
import { ownOrigin } from '../../platform/runtime/own-origin.ts';
import { locked } from '../../platform/storage/lock.ts';
import { openCapturedPage } from '../../platform/toolbar/tabs.ts';
import { brokerOrigins, brokers } from '../../shared/brokers/index.ts';
import { DAY } from '../../shared/time.ts';
import { samePlace } from '../../shared/urls.ts';
import { randomId } from '../delivery/wire.ts';
import { expectSealedPage } from '../logins/sealed-page.ts';
import { pulse, step } from '../pulse/pulse.ts';
import { unjudged } from '../pulse/world.ts';
import { log } from '../store/log.ts';
import {
  readAll,
  removeAsks,
  removeLogins,
  removeOutcomes,
  removeSeen,
  type Stored,
  writeDelivery,
  writeLogin,
  writeOutcome,
  writeSeen,
} from '../store/store.ts';
import { askAbout, captureAsked, isSeen, isUsedUp, note, take } from './capture.ts';

/**
 * A possible redirect in a tab: captured, asked about or refused, and whether it is to be kept off the network. `start`
 * comes when its headers were seen, or null where they will not be.
 */
export async function takeNavigation(
  navigation: NavigationSeen,
  start: Promise<Start | null> = Promise.resolve(null),
): Promise<{ seal: boolean }> {
  const isPage = isFromBroker(navigation);
  if (!mayHoldToken(navigation, isPage || navigation.isHeader ? 'broker' : 'others'))
    return isPage ? takeEmpty(navigation) : { seal: false };
  const seen: Seen = { ...navigation, start: null, id: randomId('').slice(0, 16) };
  // Written in the event's own turn, before anything is read: an event is delivered once, and its background may be killed.
  // The alarm goes first, or nobody would wake to take it up.
  // Without the disk space for that it is still judged at once.
  unjudged.add(seen.id);
  const written = Promise.all([wakeSoon(Date.now()), writeSeen(seen)]).catch(() => undefined);
  // The lock is asked for in that turn too: whatever follows the redirect is to find it taken.
  const taken = await locked(async () => {
    await written;
    if (isPage) seen.start = await start;
    return (await isLoginKnown(seen)) ? judgeSeen(seen) : null;
  });
  if (taken) return taken;
  await waitUntil(() => isLoginKnown(seen));
  return locked(() => judgeSeen(seen));
}

function isFromBroker({ origin, isHeader }: NavigationSeen): boolean {
  return (
    !isHeader && Object.values(brokers).some((broker) => origin !== null && brokerOrigins(broker).includes(origin))
  );
}

/** The broker's page led to an address that is never opened, and brought no login: our page says so. */
async function takeEmpty(navigation: NavigationSeen): Promise<{ seal: boolean }> {
  const now = Date.now();
  const empty = matchEmpty({ ...navigation, start: null }, { ...(await readAll()), now });
  if (!empty) return { seal: false };
  await writeOutcome({ tab: navigation.tab, account: empty.account.id, what: 'empty', at: now });
  log({ event: 'redirect', account: empty.account.id, via: 'redirect', verdict: 'empty', sealed: true });
  expectSealedPage(navigation.tab);
  return { seal: true };
}

/** Judges what an earlier life of the background saw and did not live to judge. */
export async function takeLeftovers(): Promise<void> {
  for (const seen of (await readAll()).seen) if (!unjudged.has(seen.id)) await locked(() => judgeSeen(seen));
}

/**
 * Events of two kinds seem to reach a background that they wake in either order (2026-11, Chromium 156: now and then a
 * redirect was judged before the login page that it came from, and a redirect page before its redirect). What is missing is
 * waited for so long before it counts.
 */
const DISORDER_MS = 500;
const LOOK_MS = 50;

async function waitUntil(isHeard: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < DISORDER_MS && !(await isHeard()); waited += LOOK_MS)
    await new Promise((look) => setTimeout(look, LOOK_MS));
}

/** False where this would be asked about only because no login is known in its tab. */
async function isLoginKnown(seen: Seen): Promise<boolean> {
  // Whether the redirect is sealed must not hang on it.
  return isLoginMissing(seen).then(
    (isMissing) => !isMissing,
    () => true,
  );
}

async function isLoginMissing(seen: Seen): Promise<boolean> {
  const found = match(seen, { ...(await readAll()), now: Date.now() });
  if (!found || found.login || found.sender === 'nobody' || found.account.mode === 'observe') return false;
  return !(await isSeen(found.account, found.token));
}

/** Under the lock. */
async function judgeSeen(seen: Seen): Promise<{ seal: boolean }> {
  const taken = await takeSeen(seen).finally(() => unjudged.delete(seen.id));
  // In the same turn of the lock: a request token lives two minutes.
  // Where that fails, the next pulse does it; whether the redirect is sealed must not hang on it.
  await Promise.all([removeSeen(seen.id), step()]).catch(() => undefined);
  return taken;
}

// Our page can be loaded again as long as anybody would still ask what became of its redirect.
const OUTCOME_LIFETIME_MS = DAY;

async function takeSeen(seen: Seen): Promise<{ seal: boolean }> {
  const stored = await readAll();
  const found = match(seen, { ...stored, now: Date.now() });
  if (!found) return { seal: false };
  const { account, broker, sender, place } = found;
  const url = readRedirect(broker, account.redirectUrl, { url: seen.url }).kind === 'login' ? seen.url : null;
  const taken = await take(stored, { ...found, via: 'redirect', url }).catch(() =>
    note(stored, account, 'storage-failed', null).catch(() => undefined),
  );
  const isSealedPlace = [account, ...found.twins].some(({ mode }) => mode === 'seal');
  const seal = sender !== 'nobody' && place === null && isSealedPlace;
  log({ event: 'redirect', account: account.id, via: 'redirect', verdict: taken ?? 'storage-failed', sealed: seal });
  if (sender !== 'nobody')
    await writeOutcome({ tab: seen.tab, account: account.id, what: taken ?? 'failed', at: Date.now() });
  await removeOutcomes(stored.outcomes.filter(({ at }) => Date.now() - at > OUTCOME_LIFETIME_MS));
  if (seal) expectSealedPage(seen.tab);
  else if (taken === 'asked') askOnPage(stored, account);
  return { seal };
}

/** Where nothing was sealed our own page has to be opened for a question; one is enough, whatever follows. */
function askOnPage({ asks }: Stored, { id }: Account): void {
  if (!asks.some(({ account }) => account === id)) void showAsk(id).catch(() => undefined);
}

async function showAsk(account: string): Promise<void> {
  await writeOutcome({ tab: await openCapturedPage(), account, what: 'asked', at: Date.now() });
}

/** A redirect page that really loaded says where it is; it hears no more than whether we have its login. */
export async function takePage(url: string, tab: number): Promise<PageReply> {
  const said = pageLogin(await readAll(), url, tab);
  if (!said) return { captured: false };
  await waitUntil(() => isSeen(said.account, said.token));
  const taken = await locked(async () => {
    const stored = await readAll();
    const login = pageLogin(stored, url, tab);
    if (!login) return null;
    const verdict = await take(stored, { ...login, via: 'page', url: null });
    log({ event: 'redirect', account: login.account.id, via: 'page', verdict, sealed: false });
    if (verdict === 'asked') askOnPage(stored, login.account);
    return verdict;
  });
  void pulse();
  return taken === 'captured' || taken === 'known'
    ? { captured: true, scrubbed: scrub(said.broker, url) }
    : { captured: false };
}

/** The login that a page's address holds, if one of our accounts may have it. */
function pageLogin(stored: Stored, url: string, tab: number): Match | null {
  const vouched = { origin: null, isHeader: false, start: null };
  const found = match({ url, tab, ...vouched, sender: 'script' }, { ...stored, now: Date.now() });
  return found?.account.mode === 'forward' ? found : null;
}

/** The callback of an observed login answered, or did not. */
export async function takeAnswer({ url, method, answered }: AnswerSeen): Promise<void> {
  // Every page that loads comes by here: only one that may be a callback is worth a look at what is stored.
  if (method !== 'POST' && !mayHoldToken({ url })) return;
  const isOurs = await locked(async () => {
    const { accounts, deliveries } = await readAll();
    const isAt = ({ account, state }: Delivery) =>
      state === 'observed' &&
      accounts.some(({ id, redirectUrl }) => id === account && samePlace(new URL(redirectUrl), new URL(url)));
    const seen = deliveries.filter(isAt);
    for (const one of seen) {
      await writeDelivery(answeredBy(one, answered, Date.now()));
      log({ event: 'callback', account: one.account, answered });
    }
    return seen.length > 0;
  });
  if (isOurs) await pulse();
}

/** A pasted token or redirect URL: never sent before the person says yes to what it is and where it goes. */
export async function takePaste(accountId: string, text: string): Promise<Checked<string>> {
  const wrong = (message: string): Checked<string> => ({ ok: false, problems: [{ field: 'text', message }] });
  const checked = await locked(async () => {
    const stored = await readAll();
    const account = stored.accounts.find(({ id }) => id === accountId);
    if (!account) return wrong(say('problem_paste_gone'));
    if (account.mode === 'observe') return wrong(say('problem_paste_observed'));
    const broker = brokers[account.broker];
    const reading = readPaste(broker, text);
    if (reading.kind !== 'login') return wrong(say('problem_paste_none', broker.name));
    if (await isUsedUp(stored, account, reading.token)) return wrong(say('problem_paste_used'));
    const ask = await askAbout(stored, account, reading.token, 'pasted');
    return { ok: true as const, value: ask.id };
  });
  await pulse();
  return checked;
}

/** The person's answer to an ask: yes captures the token, no forgets it. */
export async function answerAsk(id: string, isYes: boolean): Promise<boolean> {
  const done = await locked(async () => {
    const stored = await readAll();
    const ask = stored.asks.find((one) => one.id === id);
    const account = stored.accounts.find((one) => one.id === ask?.account);
    if (!ask || !account || ask.expiresAt <= Date.now()) return false;
    if (isYes) await captureAsked(stored, account, ask);
    log({ event: 'answered', account: account.id, yes: isYes });
    if (isYes) await sayCaptured(stored, account);
    // Where twins were asked about, one answer is the answer.
    await removeAsks(stored.asks.filter(({ token }) => token === ask.token));
    return true;
  });
  await pulse();
  return done;
}

/** The page that asked shows the login from then on, also when it is loaded again. */
async function sayCaptured({ outcomes }: Stored, { id }: Account): Promise<void> {
  for (const one of outcomes)
    if (one.account === id && one.what === 'asked') await writeOutcome({ ...one, what: 'captured', at: Date.now() });
}

/** A request for a broker's login page arms its tab, or ends what armed it. */
export async function takeBrokerPage(page: BrokerPage & { at: number }): Promise<void> {
  await locked(async () => {
    const { accounts, destinations, dashboards, logins, outcomes } = await readAll();
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
    if (login) await writeLogin(login);
    // What became of an earlier redirect in this tab is not what becomes of the next one.
    await removeOutcomes(outcomes.filter(({ tab, at }) => tab === page.tab && at < page.at));
  });
}
