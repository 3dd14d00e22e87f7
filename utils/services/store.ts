import type { Ask, Login, Seen } from '../domain/capture.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { SessionFacts } from '../domain/facts.ts';
import { type Damaged, isNewer, unwrap, unwrapAll, wrap } from '../domain/records.ts';
import type { Account, Destination } from '../domain/settings.ts';
import { STORED } from '../domain/stored.ts';
import { DAY } from '../domain/time.ts';
import { keepRecord, readRecord, recordsUnder, removeRecord, writeRecord } from '../platform/database.ts';
import { allEntries, removeEntries, writeEntries } from '../platform/memory.ts';

/** Every kind of stored thing, with its home: what holds a token lives in memory only. */
const PREFIX = {
  account: 'account:',
  destination: 'destination:',
  facts: 'facts:',
  secret: 'secret:',
  delivery: 'delivery:',
  ask: 'ask:',
  login: 'login:',
  seen: 'seen:',
} as const;
const LEDGER = 'ledger';

export interface Stored {
  accounts: Account[];
  destinations: Destination[];
  facts: Map<string, SessionFacts>;
  deliveries: Delivery[];
  asks: Ask[];
  logins: Login[];
  damaged: Damaged[];
}

/** Everything stored; damaged records are named, never thrown and never removed. */
export async function readAll(): Promise<Stored> {
  const damaged: Damaged[] = [];
  const [accounts, destinations, facts, entries] = await Promise.all([
    recordsUnder(PREFIX.account),
    recordsUnder(PREFIX.destination),
    recordsUnder(PREFIX.facts),
    allEntries(),
  ]);
  const readable = unwrapAll(STORED.account, accounts, PREFIX.account, damaged);
  const isLeftAlone = ({ id }: Account) => isNewer(STORED.facts, facts.get(id));
  return {
    // Without facts that can be written, nothing can be done for an account without doing it again and again.
    accounts: readable.filter((one) => !isLeftAlone(one)).sort((a, b) => a.createdAt - b.createdAt),
    destinations: unwrapAll(STORED.destination, destinations, PREFIX.destination, damaged),
    facts: new Map(unwrapAll(STORED.facts, facts, PREFIX.facts, damaged).map((one) => [one.account, one])),
    deliveries: unwrapAll(STORED.delivery, under(entries, PREFIX.delivery), PREFIX.delivery, damaged),
    asks: unwrapAll(STORED.ask, under(entries, PREFIX.ask), PREFIX.ask, damaged),
    logins: unwrapAll(STORED.login, under(entries, PREFIX.login), PREFIX.login, damaged),
    damaged,
  };
}

export const writeAccount = (account: Account) =>
  writeRecord(PREFIX.account + account.id, wrap(STORED.account, account));
export const writeDestination = (destination: Destination) =>
  writeRecord(PREFIX.destination + destination.id, wrap(STORED.destination, destination));

/** Facts hold on in memory where the disk is full: a token must not wait for it. Those of a newer version are left alone. */
export async function writeFacts(facts: SessionFacts): Promise<void> {
  const key = PREFIX.facts + facts.account;
  if (!isNewer(STORED.facts, await readRecord(key))) await keepRecord(key, wrap(STORED.facts, facts));
}
export const removeAccount = (id: string) => removeRecord(PREFIX.account + id);
export const removeDestination = (id: string) => removeRecord(PREFIX.destination + id);
export const removeFacts = (id: string) => removeRecord(PREFIX.facts + id);

const deliveryKey = ({ id, destination }: Delivery) => `${PREFIX.delivery}${id}:${destination}`;
export const writeDelivery = (delivery: Delivery) =>
  writeEntries({ [deliveryKey(delivery)]: wrap(STORED.delivery, delivery) });
export const removeDeliveries = (deliveries: readonly Delivery[]) => removeEntries(deliveries.map(deliveryKey));
export const writeAsk = (ask: Ask) => writeEntries({ [PREFIX.ask + ask.id]: wrap(STORED.ask, ask) });
export const removeAsks = (asks: readonly Ask[]) => removeEntries(asks.map(({ id }) => PREFIX.ask + id));
export const writeLogin = (login: Login) => writeEntries({ [PREFIX.login + login.tab]: wrap(STORED.login, login) });
export const removeLogins = (logins: readonly Login[]) => removeEntries(logins.map(({ tab }) => PREFIX.login + tab));

export const writeSeen = (seen: Seen) => writeEntries({ [PREFIX.seen + seen.id]: wrap(STORED.seen, seen) });
export const removeSeen = (id: string) => removeEntries([PREFIX.seen + id]);

/** What an earlier life of the background saw and did not live to judge. */
export async function readSeen(): Promise<Seen[]> {
  return unwrapAll(STORED.seen, under(await allEntries(), PREFIX.seen), PREFIX.seen, []);
}

function under(entries: ReadonlyMap<string, unknown>, prefix: string): Map<string, unknown> {
  return new Map(
    [...entries].flatMap(([key, value]) => (key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [])),
  );
}

/** The header value of a plain destination: it has to be sent as it is, so it cannot be a key that nobody reads. */
export async function readSecret(destination: string): Promise<string> {
  const read = unwrap(STORED.secret, await readRecord(PREFIX.secret + destination));
  return read.ok ? read.value : '';
}
export const writeSecret = (destination: string, secret: string) =>
  writeRecord(PREFIX.secret + destination, wrap(STORED.secret, secret));
export const removeSecret = (destination: string) => removeRecord(PREFIX.secret + destination);

const LEDGER_LIFETIME_MS = 7 * DAY;

/** The keyed hashes of the tokens that were captured in the last seven days, with their times. */
export async function readLedger(now: number): Promise<Record<string, number>> {
  const read = unwrap(STORED.ledger, await readRecord(LEDGER));
  const all = read.ok ? Object.entries(read.value) : [];
  return Object.fromEntries(all.filter(([, at]) => now - at < LEDGER_LIFETIME_MS));
}

export async function writeToLedger(hash: string, now: number): Promise<void> {
  await keepRecord(LEDGER, wrap(STORED.ledger, { ...(await readLedger(now)), [hash]: now }));
}
