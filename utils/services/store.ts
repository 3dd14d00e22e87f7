import { Ask, Login, Seen } from '../domain/capture.ts';
import { Dashboard } from '../domain/dashboard.ts';
import { Delivery } from '../domain/delivery.ts';
import { SessionFacts } from '../domain/facts.ts';
import { type Damaged, unwrap, unwrapAll, wrap } from '../domain/records.ts';
import { z } from '../domain/schema.ts';
import { Account, Destination } from '../domain/settings.ts';
import { DAY } from '../domain/time.ts';
import { readRecord, recordsUnder, removeRecord, writeRecord } from '../platform/database.ts';
import { allEntries, removeEntries, writeEntries } from '../platform/memory.ts';

/** Every kind of stored thing, with its home: what holds a token lives in memory only. */
const PREFIX = {
  account: 'account:',
  destination: 'destination:',
  facts: 'facts:',
  dashboard: 'dashboard:',
  secret: 'secret:',
  delivery: 'delivery:',
  ask: 'ask:',
  login: 'login:',
  seen: 'seen:',
  lost: 'lost:',
} as const;
const LEDGER = 'ledger';

export interface Stored {
  accounts: Account[];
  destinations: Destination[];
  facts: Map<string, SessionFacts>;
  dashboards: Dashboard[];
  /** How many requests were gone with their page, by dashboard. */
  lost: Map<string, number>;
  deliveries: Delivery[];
  asks: Ask[];
  logins: Login[];
  damaged: Damaged[];
}

/** Everything stored; damaged records are named, never thrown and never removed. */
export async function readAll(): Promise<Stored> {
  const damaged: Damaged[] = [];
  const [accounts, destinations, facts, dashboards, entries] = await Promise.all([
    recordsUnder(PREFIX.account),
    recordsUnder(PREFIX.destination),
    recordsUnder(PREFIX.facts),
    recordsUnder(PREFIX.dashboard),
    allEntries(),
  ]);
  return {
    accounts: unwrapAll(Account, accounts, PREFIX.account, damaged).sort((a, b) => a.createdAt - b.createdAt),
    destinations: unwrapAll(Destination, destinations, PREFIX.destination, damaged),
    facts: new Map(unwrapAll(SessionFacts, facts, PREFIX.facts, damaged).map((one) => [one.account, one])),
    dashboards: unwrapAll(Dashboard, dashboards, PREFIX.dashboard, damaged).sort((a, b) => a.createdAt - b.createdAt),
    lost: new Map([...under(entries, PREFIX.lost)].map(([id, count]) => [id, Number(count)])),
    deliveries: unwrapAll(Delivery, under(entries, PREFIX.delivery), PREFIX.delivery, damaged),
    asks: unwrapAll(Ask, under(entries, PREFIX.ask), PREFIX.ask, damaged),
    logins: unwrapAll(Login, under(entries, PREFIX.login), PREFIX.login, damaged),
    damaged,
  };
}

export const writeAccount = (account: Account) => writeRecord(PREFIX.account + account.id, wrap(account));
export const writeDestination = (destination: Destination) =>
  writeRecord(PREFIX.destination + destination.id, wrap(destination));
export const writeFacts = (facts: SessionFacts) => writeRecord(PREFIX.facts + facts.account, wrap(facts));
export const writeDashboard = (dashboard: Dashboard) => writeRecord(PREFIX.dashboard + dashboard.id, wrap(dashboard));
export const removeDashboard = (id: string) => removeRecord(PREFIX.dashboard + id);
export const removeAccount = (id: string) => removeRecord(PREFIX.account + id);
export const removeDestination = (id: string) => removeRecord(PREFIX.destination + id);
export const removeFacts = (id: string) => removeRecord(PREFIX.facts + id);

const deliveryKey = ({ id, destination }: Delivery) => `${PREFIX.delivery}${id}:${destination}`;
export const writeDelivery = (delivery: Delivery) => writeEntries({ [deliveryKey(delivery)]: wrap(delivery) });
export const removeDeliveries = (deliveries: readonly Delivery[]) => removeEntries(deliveries.map(deliveryKey));
export const writeAsk = (ask: Ask) => writeEntries({ [PREFIX.ask + ask.id]: wrap(ask) });
export const removeAsks = (asks: readonly Ask[]) => removeEntries(asks.map(({ id }) => PREFIX.ask + id));
export const writeLogin = (login: Login) => writeEntries({ [PREFIX.login + login.tab]: wrap(login) });
export const removeLogins = (logins: readonly Login[]) => removeEntries(logins.map(({ tab }) => PREFIX.login + tab));

export const writeLost = (dashboard: string, count: number) => writeEntries({ [PREFIX.lost + dashboard]: count });
export const removeLost = (dashboard: string) => removeEntries([PREFIX.lost + dashboard]);

export const writeSeen = (seen: Seen) => writeEntries({ [PREFIX.seen + seen.id]: wrap(seen) });
export const removeSeen = (id: string) => removeEntries([PREFIX.seen + id]);

/** What an earlier life of the background saw and did not live to judge. */
export async function readSeen(): Promise<Seen[]> {
  return unwrapAll(Seen, under(await allEntries(), PREFIX.seen), PREFIX.seen, []);
}

function under(entries: ReadonlyMap<string, unknown>, prefix: string): Map<string, unknown> {
  return new Map(
    [...entries].flatMap(([key, value]) => (key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [])),
  );
}

const Secret = z.string();

/** The header value of a plain destination: it has to be sent as it is, so it cannot be a key that nobody reads. */
export async function readSecret(destination: string): Promise<string> {
  const read = unwrap(Secret, await readRecord(PREFIX.secret + destination));
  return read.ok ? read.value : '';
}
export const writeSecret = (destination: string, secret: string) =>
  writeRecord(PREFIX.secret + destination, wrap(secret));
export const removeSecret = (destination: string) => removeRecord(PREFIX.secret + destination);

const LEDGER_LIFETIME_MS = 7 * DAY;
const Ledger = z.record(z.string(), z.int());

/** The keyed hashes of the tokens that were captured in the last seven days, with their times. */
export async function readLedger(now: number): Promise<Record<string, number>> {
  const read = unwrap(Ledger, await readRecord(LEDGER));
  const all = read.ok ? Object.entries(read.value) : [];
  return Object.fromEntries(all.filter(([, at]) => now - at < LEDGER_LIFETIME_MS));
}

export async function writeToLedger(hash: string, now: number): Promise<void> {
  await writeRecord(LEDGER, wrap({ ...(await readLedger(now)), [hash]: now }));
}
