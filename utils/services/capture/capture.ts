import { furtherOf, ownDestination, ownRoute } from '../../domain/accounts/destinations.ts';
import type { Account, Destination } from '../../domain/accounts/settings.ts';
import { skewInOrder } from '../../domain/base/moments.ts';
import { type Ask, type AskReason, judge } from '../../domain/capture/capture.ts';
import type { Match } from '../../domain/capture/match.ts';
import type { Notice } from '../../domain/capture/notice.ts';
import { type Delivery, newDelivery, newObserved, type Via } from '../../domain/delivery/delivery.ts';
import { factsOf, foldCapture, type SessionFacts } from '../../domain/session/facts.ts';
import { wakeSoon } from '../../platform/runtime/alarms.ts';
import { ensureKey, hmac, readKey } from '../../platform/storage/keys.ts';
import { recordId } from '../../platform/storage/random.ts';
import { brokers } from '../../shared/brokers/index.ts';
import { tokenExpiry } from '../../shared/brokers/token-life.ts';
import { nameDelivery } from '../delivery/wire.ts';
import {
  readLedger,
  removeAsks,
  removeLogins,
  removeNotice,
  type Stored,
  writeAccount,
  writeAsk,
  writeDeliveries,
  writeDelivery,
  writeFacts,
  writeNotice,
  writeToLedger,
} from '../store/store.ts';

/** A token that some channel saw, and whose it is. */
export interface Candidate extends Match {
  via: Via;
  /** The URL that carried the token, where it did. */
  url: string | null;
  /** The browser's name of the request that brought it. */
  request?: string;
}

export type Taken = 'captured' | 'known' | 'asked' | 'refused';

/** Judges a candidate and acts on the verdict; under the lock. */
export async function takeCandidate(stored: Stored, candidate: Candidate): Promise<Taken> {
  const { account, broker, token, place, login } = candidate;
  const now = Date.now();
  const asked = stored.asks.filter((ask) => ask.token === token && isAbout(ask, candidate));
  const hash = await hashToken(account, token);
  const registered = place === null ? null : broker.schemeless(new URL(place));
  const verdict = judge({
    ...candidate,
    mode: account.mode,
    elsewhere: place === null ? null : registered === null ? 'elsewhere' : 'no-scheme',
    seen: hash in (await readLedger(now)),
    spent: await isSpent(stored, candidate),
    delivering: await isDelivering(stored, candidate),
    asked: asked.length > 0,
  });
  const over = login ? [login] : [];
  switch (verdict.kind) {
    case 'observe':
      await observe(stored, { ...candidate, hash, now });
      await removeLogins(over);
      return 'captured';
    case 'accept':
      await capture(stored, { ...candidate, hash, now });
      // Not beside the ledger: a kill between would leave a state that belongs to nobody, and a token that nobody knows.
      await Promise.all([removeLogins(over), removeAsks(asked)]);
      return 'captured';
    case 'spent':
      await writeToLedger(hash, now);
      await Promise.all([removeLogins(over), removeAsks(asked)]);
      return 'known';
    case 'ask':
      await askAll(stored, candidate, verdict.why, {
        place: registered ?? place ?? undefined,
        request: requestOf(candidate),
      });
      return 'asked';
    case 'waiting':
      return 'asked';
    case 'ignore':
      return 'known';
    case 'refuse':
      await note(account, verdict.why, null);
      return 'refused';
  }
}

/** Of a header alone: what its own request turns out to have begun with may settle the question. */
const requestOf = ({ sender, request }: Candidate) => (sender === 'header' ? request : undefined);

const isAbout = (ask: Ask, { account, twins }: Match) => [account, ...twins].some(({ id }) => id === ask.account);

type AskedOf = Pick<Ask, 'place' | 'request'>;

/** Of accounts that may be meant alike each is asked about; the person's yes names the one. */
async function askAll(
  stored: Stored,
  { account, twins, token, companions }: Match,
  why: AskReason,
  more: AskedOf,
): Promise<void> {
  for (const one of [account, ...twins]) await askAbout(stored, { account: one, token, companions }, why, more);
  if (why === 'elsewhere' || why === 'no-scheme') await note(account, why, more.place ?? null);
}

/** Whether the account's last login was made with this one-time token: seen again after kills, before the ledger knew it. */
async function isSpent(
  stored: Stored,
  { account, broker, token }: Pick<Match, 'account' | 'broker' | 'token'>,
): Promise<boolean> {
  const route = ownRoute(stored, account);
  const { destination } = route;
  const last = factsOf(stored.facts, route).login;
  if (broker.token.kind !== 'one-time' || !last || !destination) return false;
  return (await nameDelivery(account, destination, token)) === last.delivery;
}

type Named = Pick<Match, 'account' | 'token'>;

async function isDelivering({ destinations, deliveries }: Stored, { account, token }: Named): Promise<boolean> {
  const destination = ownDestination(destinations, account.id);
  const id = destination && (await nameDelivery(account, destination, token));
  return deliveries.some((one) => one.id === id && one.destination === destination?.id && one.state === 'waiting');
}

type ToCapture = Pick<Candidate, 'account' | 'broker' | 'token' | 'companions' | 'via'> & { hash: string; now: number };

/** Puts a token into the outbox, for each destination of its account; the ledger is written after it, so a kill between repeats and never loses. */
async function capture(stored: Stored, token: ToCapture): Promise<void> {
  const { account, broker, hash } = token;
  const first = ownDestination(stored.destinations, account.id);
  // A one-time token is for one exchanger.
  const further = broker.token.kind === 'day' ? furtherOf(stored.destinations, account.id) : [];
  const [own = null, ...others] = await Promise.all(
    [first, ...further].map((one) => one && entryFor(stored, token, one)),
  );
  if (own === null) await note(account, 'no-destination', null);
  else await dropNotice(stored, account);
  const entries = [own, ...others].flatMap((entry) => (entry?.isNew ? [entry] : []));
  if (entries.length > 0) {
    await wakeSoon(Date.now());
    // In one write: after a kill between two, the next background may know less of the redirect, and would only ask.
    await writeDeliveries(entries.map(({ delivery }) => delivery));
  }
  await Promise.all([
    ...entries.map(({ facts, delivery }) => writeFacts(foldCapture(facts, delivery))),
    // In either case, so that the other channels of this redirect know it.
    writeToLedger(hash, Date.now()),
  ]);
}

interface OutboxEntry {
  delivery: Delivery;
  facts: SessionFacts;
  /** False where an earlier life of the background wrote it. */
  isNew: boolean;
}

/** The outbox entry for one destination; null where none could be named for it. */
async function entryFor(
  stored: Stored,
  { account, broker, token, companions, via, now }: ToCapture,
  destination: Destination,
): Promise<OutboxEntry | null> {
  const id = await nameDelivery(account, destination, token);
  if (!id) return null;
  const known = stored.deliveries.find((one) => one.id === id && one.destination === destination.id);
  const facts = factsOf(stored.facts, { account, destination });
  if (known && known.state !== 'ended') return { delivery: known, facts, isNew: false };
  const skewMs = skewInOrder(now, facts.report?.skewMs, facts.pending ?? facts.login);
  const delivery = newDelivery({ id, account, destination, broker, token, companions, via, now, skewMs });
  return { delivery, facts, isNew: true };
}

type ToObserve = ToCapture & Pick<Candidate, 'url'>;

/** Records a login that the backend's own callback takes: nothing of it is ever sent (CAP-08). */
async function observe(stored: Stored, { account, broker, token, url, hash, now }: ToObserve): Promise<void> {
  const route = ownRoute(stored, account);
  const facts = factsOf(stored.facts, route);
  const id = await nameDelivery(account, route.destination, token);
  if (id) {
    const seen = newObserved({ ...route, id, broker, url, now, skewMs: facts.report?.skewMs });
    await writeDelivery(seen);
    await writeFacts(foldCapture(facts, seen));
    await dropNotice(stored, account);
  } else {
    await note(account, 'no-destination', null);
  }
  await writeToLedger(hash, now);
}

/** Captures a token after the person's yes; a yes to another address makes that the registered one. */
export async function captureAsked(stored: Stored, known: Account, ask: Ask): Promise<void> {
  const { token, companions, why, at: now } = ask;
  const via = why === 'pasted' ? 'paste' : why === 'page-only' ? 'page' : 'redirect';
  const account = why === 'elsewhere' ? { ...known, redirectUrl: ask.place ?? known.redirectUrl } : known;
  if (account !== known) {
    await writeAccount(account);
    await dropNotice(stored, account);
  }
  const hash = await hashToken(account, token);
  const captured: ToCapture = { account, broker: brokers[account.broker], token, companions, via, hash, now };
  if (account.mode === 'observe') return observe(stored, { ...captured, url: null });
  if (via !== 'paste' && (await isSpent(stored, captured))) return writeToLedger(hash, now);
  // Captured when it came, not when it was answered: neither its lifetime nor its place in time begins anew.
  await capture(stored, captured);
}

/** Keeps a token until the person answers. One ask an account: a newer token makes an older one worthless. */
export async function askAbout(
  stored: Stored,
  { account, token, companions }: Pick<Candidate, 'account' | 'token' | 'companions'>,
  why: AskReason,
  more: AskedOf = {},
): Promise<Ask> {
  const at = Date.now();
  const expiresAt = tokenExpiry(brokers[account.broker], at, token);
  const ask: Ask = { id: recordId(), account: account.id, token, companions, why, ...more, at, expiresAt };
  await writeAsk(ask);
  await removeAsks(stored.asks.filter((one) => one.account === account.id));
  return ask;
}

/** Whether a token is a used one-time token for a destination that could not tell a second sending from the first. */
export async function isUsedUp({ destinations }: Stored, account: Account, token: string): Promise<boolean> {
  const isPlain = destinations.some((one) => one.account === account.id && one.kind === 'plain');
  if (!isPlain || brokers[account.broker].token.kind !== 'one-time') return false;
  return isSeen(account, token);
}

/** Whether this token was captured here before. It only reads, so it may be asked without the lock: no key, no token yet. */
export async function isSeen(account: Account, token: string): Promise<boolean> {
  const key = await readKey(LEDGER);
  return key !== null && (await hashUnder(key, account, token)) in (await readLedger(Date.now()));
}

/** Says why a redirect was not captured, so that nobody waits for it. */
export function note({ id }: Account, code: Notice['code'], place: string | null): Promise<void> {
  return writeNotice({ account: id, code, place, at: Date.now() });
}

/** A login that came leaves nothing to be said; a disk that refuses must not stop it. */
async function dropNotice({ notices }: Stored, { id }: Account): Promise<void> {
  if (notices.has(id)) await removeNotice(id).catch(() => undefined);
}

const LEDGER = 'ledger';

/** Under the lock: the first one makes the key. */
async function hashToken(account: Account, token: string): Promise<string> {
  return hashUnder(await ensureKey(LEDGER), account, token);
}

/** Keyed, since about eight digits could be found again from any plain hash. */
async function hashUnder(key: CryptoKey, account: Account, token: string): Promise<string> {
  const mac = await hmac(key, `seen\0${account.id}\0${token}`);
  return btoa(String.fromCharCode(...mac.slice(0, 15)));
}
