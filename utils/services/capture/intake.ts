import { withoutCopies } from '../../domain/accounts/copies.ts';
import type { Account } from '../../domain/accounts/settings.ts';
import type { Checked } from '../../domain/base/check.ts';
import { say } from '../../domain/base/words.ts';
import { isLoginAlive, type Seen } from '../../domain/capture/capture.ts';
import { isPlace, mayHoldToken, type Reading, readPaste, readRedirect, scrub } from '../../domain/capture/redirect.ts';
import { answeredBy, type Delivery } from '../../domain/delivery/delivery.ts';
import type { PageReply } from '../../domain/hold/messages.ts';
import type { AnswerSeen, BrokerPageSeen, NavigationSeen } from '../../platform/network/navigation.ts';
import { wakeSoon } from '../../platform/runtime/alarms.ts';
import { locked } from '../../platform/storage/lock.ts';
import { openCapturedPage } from '../../platform/toolbar/tabs.ts';
import type { Broker } from '../../shared/brokers/broker.ts';
import { brokerOrigins, brokers } from '../../shared/brokers/index.ts';
import { samePlace } from '../../shared/urls.ts';
import { randomId } from '../delivery/wire.ts';
import { expectSealedPage } from '../logins/sealed-page.ts';
import { pulse, step } from '../pulse/pulse.ts';
import { unjudged } from '../pulse/world.ts';
import { log } from '../store/log.ts';
import { readAll, removeAsks, removeSeen, type Stored, writeDelivery, writeLogin, writeSeen } from '../store/store.ts';
import { askAbout, captureAsked, isSeen, isUsedUp, loginOf, note, take } from './capture.ts';

/** A possible redirect in a tab: captured, asked about or refused, and whether it is to be kept off the network. */
export async function takeNavigation(navigation: NavigationSeen): Promise<{ seal: boolean }> {
  if (!mayHoldToken(navigation)) return { seal: false };
  const seen = { ...navigation, id: randomId('').slice(0, 16) };
  // Written in the event's own turn, before anything is read: an event is delivered once, and its background may be killed.
  // The alarm goes first, or nobody would wake to take it up.
  // Without the disk space for that it is still judged at once.
  unjudged.add(seen.id);
  const written = Promise.all([wakeSoon(Date.now()), writeSeen(seen)]).catch(() => undefined);
  // The lock is asked for in that turn too: whatever follows the redirect is to find it taken.
  const taken = await locked(async () => {
    await written;
    return (await isLoginKnown(seen)) ? judgeSeen(seen) : null;
  });
  if (taken) return taken;
  await waitUntil(() => isLoginKnown(seen));
  return locked(() => judgeSeen(seen));
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
  const stored = await readAll();
  for (const { account, broker, origins } of watched(stored)) {
    if (account.mode === 'observe' || seen.origin === null || !origins.includes(seen.origin)) continue;
    const reading = readRedirect(broker, account.redirectUrl, seen);
    if (reading.kind === 'none' || loginOf(stored, { ...reading, account, tab: seen.tab })) continue;
    if (!(await isSeen(account, reading.token))) return true;
  }
  return false;
}

/** Under the lock. */
async function judgeSeen(seen: Seen): Promise<{ seal: boolean }> {
  const taken = await takeSeen(seen).finally(() => unjudged.delete(seen.id));
  // In the same turn of the lock: a request token lives two minutes.
  // Where that fails, the next pulse does it; whether the redirect is sealed must not hang on it.
  await Promise.all([removeSeen(seen.id), step()]).catch(() => undefined);
  return taken;
}

async function takeSeen(seen: Seen): Promise<{ seal: boolean }> {
  const stored = await readAll();
  for (const { account, broker, origins } of watched(stored)) {
    const vouched = seen.origin !== null && origins.includes(seen.origin);
    if (seen.isHeader && !vouched) continue;
    const reading = readRedirect(broker, account.redirectUrl, seen);
    if (reading.kind === 'none') continue;
    const isHere = reading.kind === 'login' && isMeant(stored, account, seen.tab);
    const isElsewhere = reading.kind === 'elsewhere' && vouched && isUnderWay(stored, account, seen.tab);
    if (!isHere && !isElsewhere) continue;
    const taken = await take(stored, {
      account,
      broker,
      tab: seen.tab,
      provenance: vouched ? 'broker' : 'nobody',
      via: 'redirect',
      token: reading.token,
      companions: reading.companions,
      state: reading.state,
      url: readRedirect(broker, account.redirectUrl, { url: seen.url }).kind === 'login' ? seen.url : null,
      elsewhere: reading.kind === 'elsewhere' ? reading.place : null,
    }).catch(() => note(stored, account, 'storage-failed', null).catch(() => undefined));
    const seal = vouched && isHere && account.mode === 'seal';
    log({ event: 'redirect', account: account.id, via: 'redirect', verdict: taken ?? 'storage-failed', sealed: seal });
    if (seal) expectSealedPage(seen.tab);
    else if (taken === 'asked') askOnPage(stored, account);
    return { seal };
  }
  return { seal: false };
}

/** Where nothing was sealed our own page has to be opened for a question; one is enough, whatever follows. */
function askOnPage({ asks }: Stored, { id }: Account): void {
  if (!asks.some(({ account }) => account === id)) void openCapturedPage().catch(() => undefined);
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
    const rest = { tab, provenance: 'page', via: 'page', url: null, elsewhere: null } as const;
    const verdict = await take(stored, { ...login, ...rest });
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
function pageLogin(stored: Stored, url: string, tab: number) {
  for (const { account, broker } of watched(stored)) {
    const reading = readRedirect(broker, account.redirectUrl, { url });
    if (account.mode !== 'forward' || reading.kind !== 'login' || !isMeant(stored, account, tab)) continue;
    const { token, companions, state } = reading;
    return { account, broker, token, companions, state };
  }
  return null;
}

/** The callback of an observed login answered, or did not. */
export async function takeAnswer({ url, method, answered }: AnswerSeen): Promise<void> {
  // Every page that loads comes by here: only one that may be a callback is worth a look at what is stored.
  if (method !== 'POST' && !mayHoldToken({ url })) return;
  const isOurs = await locked(async () => {
    const { accounts, deliveries } = await readAll();
    const isAt = ({ account, state }: Delivery) =>
      state === 'observed' &&
      accounts.some(
        ({ id, broker, redirectUrl }) => id === account && isPlace(brokers[broker], new URL(url), new URL(redirectUrl)),
      );
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
    if (reading.kind !== 'login') return wrong(tellPaste(reading, broker.name));
    if (await isUsedUp(stored, account, reading.token)) return wrong(say('problem_paste_used'));
    const ask = await askAbout(stored, { ...reading, account }, 'pasted');
    return { ok: true as const, value: ask.id };
  });
  await pulse();
  return checked;
}

function tellPaste(reading: Reading, broker: string): string {
  const reason = reading.kind === 'none' ? reading.reason : null;
  if (reason === 'several-tokens') return say('problem_paste_several', broker);
  if (reason === 'not-a-login') return say('problem_paste_failed', broker);
  return say('problem_paste_none', broker);
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
    await removeAsks([ask]);
    return true;
  });
  await pulse();
  return done;
}

/** A broker's login page that the person opened by hand, or that a destination of theirs links to, arms its tab. */
export async function takeBrokerPage({ tab, url, byHand, origin }: BrokerPageSeen): Promise<void> {
  await locked(async () => {
    const stored = await readAll();
    const isTheirs = byHand || stored.destinations.some((one) => new URL(one.url).origin === origin);
    if (!isTheirs || stored.logins.some((one) => one.tab === tab && one.by === 'us')) return;
    const accounts = watched(stored).filter(({ account, broker }) => broker.apiKeyIn(new URL(url)) === account.apiKey);
    const [only, another] = accounts;
    if (!only || another) return;
    await writeLogin({ tab, account: only.account.id, by: 'hand', state: null, at: Date.now() });
  });
}

function watched({ accounts }: Stored): { account: Account; broker: Broker; origins: string[] }[] {
  return withoutCopies(accounts)
    .filter(({ paused }) => !paused)
    .map((account) => ({ account, broker: brokers[account.broker], origins: brokerOrigins(brokers[account.broker]) }));
}

/** Where several accounts share a redirect URL, the login under way in the tab says which one is meant. */
function isMeant(stored: Stored, account: Account, tab: number): boolean {
  const login = stored.logins.find((one) => one.tab === tab);
  const place = new URL(account.redirectUrl);
  const twins = withoutCopies(stored.accounts).filter(
    ({ broker, redirectUrl }) => broker === account.broker && samePlace(new URL(redirectUrl), place),
  );
  return twins.length === 1 || login?.account === account.id;
}

function isUnderWay({ logins }: Stored, account: Account, tab: number): boolean {
  return logins.some((one) => one.tab === tab && one.account === account.id && isLoginAlive(one, Date.now()));
}
