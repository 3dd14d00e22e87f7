import type { Broker } from '../domain/brokers/broker.ts';
import { brokers } from '../domain/brokers/index.ts';
import { type Ask, type AskReason, judge, type Login, type Provenance } from '../domain/capture.ts';
import { newDelivery, type Via } from '../domain/delivery.ts';
import { type Notice, noFacts } from '../domain/facts.ts';
import type { Account } from '../domain/settings.ts';
import { wakeSoon } from '../platform/alarms.ts';
import { ensureKey, hmac } from '../platform/keys.ts';
import {
  readLedger,
  removeAsks,
  removeLogins,
  type Stored,
  writeAsk,
  writeDelivery,
  writeFacts,
  writeToLedger,
} from './store.ts';
import { nameDelivery, randomId } from './wire.ts';

/** A token that some channel saw, not yet judged. */
export interface Candidate {
  account: Account;
  broker: Broker;
  token: string;
  state: string | null;
  tab: number | null;
  provenance: Provenance;
  via: Via;
}

type Taken = 'captured' | 'known' | 'asked' | 'refused';

/** Judges a candidate and acts on the verdict; under the lock. */
export async function take(stored: Stored, candidate: Candidate): Promise<Taken> {
  const { account, token, state, tab, provenance } = candidate;
  const now = Date.now();
  const login: Login | null = stored.logins.find((one) => one.tab === tab) ?? null;
  const asked = stored.asks.filter((ask) => ask.account === account.id && ask.token === token);
  const hash = await hashToken(account, token);
  const seen = hash in (await readLedger(now));
  const verdict = judge({ account: account.id, state, provenance, login, seen, now });
  if (asked.length > 0 && verdict.kind !== 'accept') return 'asked';
  switch (verdict.kind) {
    case 'accept':
      await capture(stored, { ...candidate, hash, now });
      await Promise.all([removeLogins(login ? [login] : []), removeAsks(asked)]);
      return 'captured';
    case 'ask':
      await askAbout(stored, account, token, verdict.why);
      return 'asked';
    case 'ignore':
      return 'known';
    case 'refuse':
      await note(stored, account, verdict.why, null);
      return 'refused';
  }
}

type ToCapture = Pick<Candidate, 'account' | 'broker' | 'token' | 'via'> & { hash: string; now: number };

/** Puts a token into the outbox of its account's destination; the ledger is written after it, so a kill between repeats and never loses. */
async function capture(stored: Stored, { account, broker, token, via, hash, now }: ToCapture): Promise<void> {
  const destination = stored.destinations.find((one) => one.account === account.id);
  const id = destination && (await nameDelivery(account, destination, token));
  if (destination && id) {
    const known = stored.deliveries.find((one) => one.id === id && one.destination === destination.id);
    const skewMs = stored.facts.get(account.id)?.report?.skewMs ?? 0;
    const delivery = newDelivery({ id, account, destination, broker, token, via, now, skewMs });
    // Seen again after kills, before the ledger could know it: what the last login used up is not sent once more.
    const isSpent =
      via !== 'paste' && broker.token.kind === 'one-time' && stored.facts.get(account.id)?.login?.delivery === id;
    if (!isSpent && (!known || known.state === 'ended')) {
      await wakeSoon(Date.now());
      await writeDelivery(delivery);
    }
  } else {
    await note(stored, account, 'no-destination', null);
  }
  // In either case, so that the other channels of this redirect know it.
  await writeToLedger(hash, Date.now());
}

/** Captures a token after the person's yes. */
export async function captureAsked(stored: Stored, account: Account, { token, why, at: now }: Ask): Promise<void> {
  const via = why === 'pasted' ? 'paste' : why === 'page-only' ? 'page' : 'redirect';
  const hash = await hashToken(account, token);
  // Captured when it came, not when it was answered: neither its lifetime nor its place in time begins anew.
  await capture(stored, { account, broker: brokers[account.broker], token, via, hash, now });
}

/** Keeps a token until the person answers. One ask an account: a newer token makes an older one worthless. */
export async function askAbout(stored: Stored, account: Account, token: string, why: AskReason): Promise<Ask> {
  const at = Date.now();
  const expiresAt = brokers[account.broker].token.expiresAt(at);
  const ask: Ask = { id: randomId('').slice(0, 16), account: account.id, token, why, at, expiresAt };
  await writeAsk(ask);
  await removeAsks(stored.asks.filter((one) => one.account === account.id));
  return ask;
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

/** Keyed, since about eight digits could be found again from any plain hash. */
async function hashToken(account: Account, token: string): Promise<string> {
  const mac = await hmac(await ensureKey('ledger'), `seen\0${account.id}\0${token}`);
  return btoa(String.fromCharCode(...mac.slice(0, 15)));
}
