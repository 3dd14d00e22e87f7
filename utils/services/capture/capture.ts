import { copiesOf } from '../../domain/accounts/copies.ts';
import type { Account } from '../../domain/accounts/settings.ts';
import { skewInOrder } from '../../domain/base/moments.ts';
import { type Ask, type AskReason, judge, type Login, NO_TAB, type Provenance } from '../../domain/capture/capture.ts';
import { newDelivery, newObserved, type Via } from '../../domain/delivery/delivery.ts';
import { foldCapture, type Notice, noFacts } from '../../domain/session/facts.ts';
import { wakeSoon } from '../../platform/runtime/alarms.ts';
import { ensureKey, hmac, readKey } from '../../platform/storage/keys.ts';
import type { Broker } from '../../shared/brokers/broker.ts';
import { brokers } from '../../shared/brokers/index.ts';
import { tokenExpiry } from '../../shared/brokers/token-life.ts';
import type { Companions } from '../../shared/contract.ts';
import { nameDelivery, randomId } from '../delivery/wire.ts';
import {
  readLedger,
  removeAsks,
  removeLogins,
  type Stored,
  writeAccount,
  writeAsk,
  writeDelivery,
  writeFacts,
  writeToLedger,
} from '../store/store.ts';

/** A token that some channel saw, not yet judged. */
export interface Candidate {
  account: Account;
  broker: Broker;
  token: string;
  companions?: Companions;
  state: string | null;
  tab: number | null;
  provenance: Provenance;
  via: Via;
  /** The URL that carried the token, where it did. */
  url: string | null;
  /** Where the login arrived, if that is not the registered address. */
  elsewhere: string | null;
}

type Taken = 'captured' | 'known' | 'asked' | 'refused';

/** Judges a candidate and acts on the verdict; under the lock. */
export async function take(stored: Stored, candidate: Candidate): Promise<Taken> {
  const { account, token, state, provenance, elsewhere } = candidate;
  const now = Date.now();
  const login = loginOf(stored, candidate);
  const asked = stored.asks.filter((ask) => ask.account === account.id && ask.token === token);
  const hash = await hashToken(account, token);
  const seen = hash in (await readLedger(now));
  const verdict = judge({ account: account.id, state, provenance, login, seen, now });
  if (asked.length > 0 && (verdict.kind !== 'accept' || elsewhere !== null)) return 'asked';
  if (elsewhere !== null && (verdict.kind === 'accept' || verdict.kind === 'ask')) {
    await askElsewhere(stored, candidate, elsewhere);
    return 'asked';
  }
  if (account.mode === 'observe' && verdict.kind !== 'refuse' && verdict.kind !== 'ignore') {
    // Nothing will be sent, so there is nothing to ask about.
    await observe(stored, { ...candidate, hash, now });
    await removeLogins(login ? [login] : []);
    return 'captured';
  }
  switch (verdict.kind) {
    case 'accept':
      await capture(stored, { ...candidate, hash, now });
      await Promise.all([removeLogins(login ? [login] : []), removeAsks(asked)]);
      return 'captured';
    case 'ask':
      await askAbout(stored, candidate, verdict.why);
      return 'asked';
    case 'ignore':
      return 'known';
    case 'refuse':
      await note(stored, account, verdict.why, null);
      return 'refused';
  }
}

/** The login under way in a tab, or the one that was cut off while its tab opened, by the state it carries. */
export function loginOf(
  { logins }: Stored,
  { account, tab, state }: Pick<Candidate, 'account' | 'tab' | 'state'>,
): Login | null {
  const isCutOff = (one: Login) => one.tab === NO_TAB && one.account === account.id && one.state === state;
  return logins.find((one) => one.tab === tab) ?? (state === null ? null : (logins.find(isCutOff) ?? null));
}

type ToCapture = Pick<Candidate, 'account' | 'broker' | 'token' | 'companions' | 'via'> & { hash: string; now: number };

/** Puts a token into the outbox, for each destination of its account; the ledger is written after it, so a kill between repeats and never loses. */
async function capture(stored: Stored, token: ToCapture): Promise<void> {
  const { account, broker, hash } = token;
  if (!(await captureFor(stored, token))) await note(stored, account, 'no-destination', null);
  // A one-time token is for one exchanger.
  const copies = broker.token.kind === 'day' ? copiesOf(stored.accounts, account.id) : [];
  for (const copy of copies) if (!copy.paused) await captureFor(stored, { ...token, account: copy });
  // In either case, so that the other channels of this redirect know it.
  await writeToLedger(hash, Date.now());
}

/** An outbox entry for an account's one destination; false where it has none that could be named. */
async function captureFor(
  stored: Stored,
  { account, broker, token, companions, via, now }: ToCapture,
): Promise<boolean> {
  const destination = stored.destinations.find((one) => one.account === account.id);
  const id = destination && (await nameDelivery(account, destination, token));
  if (!destination || !id) return false;
  const known = stored.deliveries.find((one) => one.id === id && one.destination === destination.id);
  const facts = stored.facts.get(account.id) ?? noFacts(account.id);
  // Seen again after kills, before the ledger could know it: what the last login used up is not sent once more.
  const isSpent = via !== 'paste' && broker.token.kind === 'one-time' && facts.login?.delivery === id;
  if (isSpent || (known && known.state !== 'ended')) return true;
  const delivery = newDelivery({
    id,
    account,
    destination,
    broker,
    token,
    companions,
    via,
    now,
    skewMs: skewInOrder(now, facts.report?.skewMs, facts.pending ?? facts.login),
  });
  await wakeSoon(Date.now());
  await writeDelivery(delivery);
  await writeFacts(foldCapture(facts, delivery));
  return true;
}

type ToObserve = ToCapture & Pick<Candidate, 'url'>;

/** Records a login that the backend's own callback takes: nothing of it is ever sent (CAP-08). */
async function observe(stored: Stored, { account, broker, token, url, hash, now }: ToObserve): Promise<void> {
  const destination = stored.destinations.find((one) => one.account === account.id) ?? null;
  const id = await nameDelivery(account, destination, token);
  if (id) {
    const skewMs = stored.facts.get(account.id)?.report?.skewMs;
    const seen = newObserved({ id, account, destination, broker, url, now, skewMs });
    await writeDelivery(seen);
    await writeFacts(foldCapture(stored.facts.get(account.id) ?? noFacts(account.id), seen));
  } else {
    await note(stored, account, 'no-destination', null);
  }
  await writeToLedger(hash, now);
}

/** A login at another address than the registered one is not guessed at. */
async function askElsewhere(stored: Stored, candidate: Candidate, place: string): Promise<void> {
  const { account, broker } = candidate;
  const registered = broker.schemeless(new URL(place));
  const why = registered === null ? 'elsewhere' : 'no-scheme';
  await askAbout(stored, candidate, why, registered ?? place);
  await note(stored, account, why, registered ?? place);
}

/** Captures a token after the person's yes; a yes to another address makes that the registered one. */
export async function captureAsked(stored: Stored, known: Account, ask: Ask): Promise<void> {
  const { token, companions, why, at: now } = ask;
  const via = why === 'pasted' ? 'paste' : why === 'page-only' ? 'page' : 'redirect';
  const account = why === 'elsewhere' ? { ...known, redirectUrl: ask.place ?? known.redirectUrl } : known;
  if (account !== known) {
    await writeAccount(account);
    await writeFacts({ ...(stored.facts.get(account.id) ?? noFacts(account.id)), notice: null });
  }
  const hash = await hashToken(account, token);
  if (account.mode === 'observe')
    return observe(stored, { account, broker: brokers[account.broker], token, companions, via, hash, now, url: null });
  // Captured when it came, not when it was answered: neither its lifetime nor its place in time begins anew.
  await capture(stored, { account, broker: brokers[account.broker], token, companions, via, hash, now });
}

/** Keeps a token until the person answers. One ask an account: a newer token makes an older one worthless. */
export async function askAbout(
  stored: Stored,
  { account, token, companions }: Pick<Candidate, 'account' | 'token' | 'companions'>,
  why: AskReason,
  place?: string,
): Promise<Ask> {
  const at = Date.now();
  const expiresAt = tokenExpiry(brokers[account.broker], at, token);
  const ask: Ask = { id: randomId('').slice(0, 16), account: account.id, token, companions, why, place, at, expiresAt };
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
export async function note(
  stored: Stored,
  account: Account,
  code: Notice['code'],
  place: string | null,
): Promise<void> {
  const facts = stored.facts.get(account.id) ?? noFacts(account.id);
  await writeFacts({ ...facts, notice: { code, place, at: Date.now() } });
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
