import type { Account } from '../../domain/accounts/settings.ts';
import type { Seen } from '../../domain/capture/capture.ts';
import { match, matchEmpty } from '../../domain/capture/match.ts';
import { UNSEEN, type Way } from '../../domain/capture/provenance.ts';
import { mayHoldToken, readRedirect } from '../../domain/capture/redirect.ts';
import { overreaches } from '../../domain/capture/seal.ts';
import { shapeOf } from '../../domain/capture/shape.ts';
import type { NavigationSeen } from '../../platform/network/navigation.ts';
import { wakeSoon } from '../../platform/runtime/alarms.ts';
import { locked } from '../../platform/storage/lock.ts';
import { recordId } from '../../platform/storage/random.ts';
import { openCapturedPage, showAddress } from '../../platform/toolbar/tabs.ts';
import { brokerOrigins, brokers } from '../../shared/brokers/index.ts';
import { DAY } from '../../shared/time.ts';
import { expectSealedPage } from '../logins/sealed-page.ts';
import { step } from '../pulse/pulse.ts';
import { unjudged } from '../pulse/world.ts';
import { log } from '../store/log.ts';
import { readAll, removeOutcomes, removeSeen, type Stored, writeOutcome, writeSeen } from '../store/store.ts';
import { isSeen, note, takeCandidate } from './capture.ts';

/**
 * A possible redirect in a tab: captured, asked about or refused, and whether it is to be kept off the network.
 */
export async function takeNavigation(navigation: NavigationSeen, way: Way = UNSEEN): Promise<{ seal: boolean }> {
  const isPage = isFromBroker(navigation);
  if (!mayHoldToken(navigation, isPage || navigation.isHeader ? 'broker' : 'others'))
    return isPage ? takeEmpty(navigation) : { seal: false };
  const seen: Seen = { ...navigation, start: null, id: recordId() };
  // Written in the event's own turn, before anything is read: an event is delivered once, and its background may be killed.
  // The alarm goes first, or nobody would wake to take it up.
  // Without the disk space for that it is still judged at once.
  unjudged.add(seen.id);
  const written = Promise.all([wakeSoon(Date.now()), writeSeen(seen)]).catch(() => undefined);
  // The lock is asked for in that turn too: whatever follows the redirect is to find it taken.
  const taken = await locked(async () => {
    await written;
    // Only now: a background that is being woken may hear of the addresses before this one later, though seldom so late.
    if (isPage) Object.assign(seen, { start: await way.start, ...(way.isLedOn() && { ledOn: true }) });
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

export async function waitUntil(isHeard: () => Promise<boolean>, atMostMs = DISORDER_MS): Promise<void> {
  for (let waited = 0; waited < atMostMs && !(await isHeard()); waited += LOOK_MS)
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
  const found = match(seen, { ...stored, now: Date.now() });
  if (!found || found.login || found.sender === 'nobody' || found.account.mode === 'observe') return false;
  // The other request of a redirect asked already. A login that turns up settles that question, however late.
  if (stored.asks.some(({ account, token }) => account === found.account.id && token === found.token)) return false;
  return !(await isSeen(found.account, found.token));
}

/** Under the lock. */
async function judgeSeen(seen: Seen): Promise<{ seal: boolean }> {
  const { seal, outcome } = await takeSeen(seen).finally(() => unjudged.delete(seen.id));
  if (seen.isHeader && !seal) await letThrough(seen);
  // In the same turn of the lock: a request token lives two minutes.
  // Where that fails, the next pulse does it; whether the redirect is sealed must not hang on it.
  await Promise.all([outcome, removeSeen(seen.id), step()]).catch(() => undefined);
  return { seal };
}

/** Another program's redirect that a rule took with ours goes on to it. */
async function letThrough({ tab, url }: Seen): Promise<void> {
  if (!import.meta.env.FIREFOX && overreaches((await readAll()).accounts, url))
    await showAddress(tab, url).catch(() => undefined);
}

// Our page can be loaded again as long as anybody would still ask what became of its redirect.
const OUTCOME_LIFETIME_MS = DAY;

/** `outcome`: what became of it, on its way to the memory, since a token should not wait for that. */
async function takeSeen(seen: Seen): Promise<{ seal: boolean; outcome?: Promise<unknown> }> {
  const stored = await readAll();
  const found = match(seen, { ...stored, now: Date.now() });
  if (!found) return takeEmpty(seen);
  // Another app of the same broker, at an address that is nobody's here.
  if (found.place !== null && !found.login) return { seal: false };
  const { account, broker, sender } = found;
  const url = readRedirect(broker, account.redirectUrl, { url: seen.url }).kind === 'login' ? seen.url : null;
  const taken = await takeCandidate(stored, { ...found, via: 'redirect', url, request: seen.request }).catch(() =>
    note(account, 'storage-failed', null).catch(() => undefined),
  );
  // A state that only a login of ours can have brought says as much as the broker's name.
  const isTied = sender !== 'nobody' || (found.state !== null && found.login?.state === found.state);
  const seal = isTied && found.isSealed;
  const shape = shapeOf(broker, seen);
  const verdict = taken ?? 'storage-failed';
  log({ event: 'redirect', account: account.id, via: 'redirect', verdict, sealed: seal, ...(shape ? { shape } : {}) });
  const before = stored.outcomes.find(({ tab }) => tab === seen.tab);
  // The other channels of a redirect do not change what became of it.
  const isRepeated = taken === 'known' && before?.account === account.id;
  const outcome = Promise.all([
    isTied &&
      !isRepeated &&
      writeOutcome({ tab: seen.tab, account: account.id, what: taken ?? 'failed', at: Date.now() }),
    removeOutcomes(stored.outcomes.filter(({ at }) => Date.now() - at > OUTCOME_LIFETIME_MS)),
  ]);
  if (seal) expectSealedPage(seen.tab);
  else if (taken === 'asked') askOnPage(stored, account);
  return { seal, outcome };
}

/** Where nothing was sealed our own page has to be opened for a question; one is enough, whatever follows. */
export function askOnPage({ asks }: Stored, { id }: Account): void {
  if (!asks.some(({ account }) => account === id)) void showAsk(id).catch(() => undefined);
}

async function showAsk(account: string): Promise<void> {
  await writeOutcome({ tab: await openCapturedPage(), account, what: 'asked', at: Date.now() });
}
