import type { Account, Destination } from '../../domain/accounts/settings.ts';
import { type Damaged, isNewer, unwrap, unwrapAll, wrap } from '../../domain/base/records.ts';
import type { Ask, Login, Seen } from '../../domain/capture/capture.ts';
import type { Notice } from '../../domain/capture/notice.ts';
import type { Outcome } from '../../domain/capture/outcome.ts';
import type { Dashboard } from '../../domain/dashboards/dashboard.ts';
import type { Delivery } from '../../domain/delivery/delivery.ts';
import { STORED } from '../../domain/records/stored.ts';
import type { SessionFacts } from '../../domain/session/facts.ts';
import { keepRecord, readRecord, recordsUnder, removeRecord, writeRecord } from '../../platform/storage/database.ts';
import { recordOfKey } from '../../platform/storage/keys.ts';
import { allEntries, readEntry, removeEntries, writeEntries } from '../../platform/storage/memory.ts';
import { DAY } from '../../shared/time.ts';
import { bringUpToDate } from './bring-up-to-date.ts';

/** Every kind of stored thing, with its home: what holds a token lives in memory only. */
const PREFIX = {
  account: 'account:',
  destination: 'destination:',
  facts: 'facts:',
  notice: 'notice:',
  dashboard: 'dashboard:',
  secret: 'secret:',
  delivery: 'delivery:',
  ask: 'ask:',
  login: 'login:',
  seen: 'seen:',
  outcome: 'outcome:',
  lost: 'lost:',
  cancelled: 'cancelled:',
} as const;
const LEDGER = 'ledger';

export interface Stored {
  accounts: Account[];
  destinations: Destination[];
  /** By destination. */
  facts: Map<string, SessionFacts>;
  /** By account. */
  notices: Map<string, Notice>;
  dashboards: Dashboard[];
  /** How many requests were gone with their page, by dashboard. */
  lost: Map<string, number>;
  deliveries: Delivery[];
  asks: Ask[];
  logins: Login[];
  /** Redirects that were seen and not judged yet. */
  seen: Seen[];
  /** What became of the last redirect in each tab. */
  outcomes: Outcome[];
  damaged: Damaged[];
}

/** Everything stored; damaged records are named, never thrown and never removed. */
export async function readAll(): Promise<Stored> {
  await bringUpToDate(await recordsUnder(PREFIX.account));
  const damaged: Damaged[] = [];
  const [accounts, destinations, facts, notices, dashboards, entries] = await Promise.all([
    recordsUnder(PREFIX.account),
    recordsUnder(PREFIX.destination),
    recordsUnder(PREFIX.facts),
    recordsUnder(PREFIX.notice),
    recordsUnder(PREFIX.dashboard),
    allEntries(),
  ]);
  const readable = unwrapAll(STORED.account, accounts, PREFIX.account, damaged);
  const places = unwrapAll(STORED.destination, destinations, PREFIX.destination, damaged);
  const isLeftAlone = ({ id }: Account) =>
    isNewer(STORED.facts, facts.get(id)) ||
    places.some((one) => one.account === id && isNewer(STORED.facts, facts.get(one.id)));
  return {
    // Without facts that can be written, nothing can be done for an account without doing it again and again.
    accounts: readable.filter((one) => !isLeftAlone(one)).sort((a, b) => a.createdAt - b.createdAt),
    destinations: places,
    facts: new Map(unwrapAll(STORED.facts, facts, PREFIX.facts, damaged).map((one) => [one.destination, one])),
    notices: new Map(unwrapAll(STORED.notice, notices, PREFIX.notice, damaged).map((one) => [one.account, one])),
    dashboards: unwrapAll(STORED.dashboard, dashboards, PREFIX.dashboard, damaged).sort(
      (a, b) => a.createdAt - b.createdAt,
    ),
    lost: new Map(
      unwrapAll(STORED.lost, under(entries, PREFIX.lost), PREFIX.lost, damaged).map((one) => [
        one.dashboard,
        one.count,
      ]),
    ),
    deliveries: unwrapAll(STORED.delivery, under(entries, PREFIX.delivery), PREFIX.delivery, damaged),
    asks: unwrapAll(STORED.ask, under(entries, PREFIX.ask), PREFIX.ask, damaged),
    logins: unwrapAll(STORED.login, under(entries, PREFIX.login), PREFIX.login, damaged),
    seen: unwrapAll(STORED.seen, under(entries, PREFIX.seen), PREFIX.seen, damaged),
    outcomes: unwrapAll(STORED.outcome, under(entries, PREFIX.outcome), PREFIX.outcome, damaged),
    damaged,
  };
}

/** A record as it is stored: its key, and what is under it. */
export type Entry = readonly [key: string, record: unknown];
export const accountEntry = (account: Account): Entry => [PREFIX.account + account.id, wrap(STORED.account, account)];
export const destinationEntry = (one: Destination): Entry => [
  PREFIX.destination + one.id,
  wrap(STORED.destination, one),
];
export const dashboardEntry = (one: Dashboard): Entry => [PREFIX.dashboard + one.id, wrap(STORED.dashboard, one)];
/** Only for a destination that was read: the facts of a newer version are never written over, and their account is not read. */
export const factsEntry = (facts: SessionFacts): Entry => [PREFIX.facts + facts.destination, wrap(STORED.facts, facts)];
export const factsKey = (destination: string) => PREFIX.facts + destination;
export const noticeKey = (account: string) => PREFIX.notice + account;
/** The keys of all the records of a destination. */
export const destinationKeys = (id: string) => [
  PREFIX.destination + id,
  PREFIX.secret + id,
  PREFIX.facts + id,
  recordOfKey(id),
];
export const accountKey = (id: string) => PREFIX.account + id;
export const dashboardKey = (id: string) => PREFIX.dashboard + id;

export const writeAccount = (account: Account) => writeRecord(...accountEntry(account));
export const writeDestination = (destination: Destination) => writeRecord(...destinationEntry(destination));

/** Facts hold on in memory where the disk is full: a token must not wait for it. Those of a newer version are left alone. */
export async function writeFacts(facts: SessionFacts): Promise<void> {
  const key = PREFIX.facts + facts.destination;
  if (!isNewer(STORED.facts, await readRecord(key))) await keepRecord(key, wrap(STORED.facts, facts));
}

/** A notice holds on in memory like facts. */
export const writeNotice = (notice: Notice) => keepRecord(PREFIX.notice + notice.account, wrap(STORED.notice, notice));
export const removeNotice = (account: string) => removeRecord(PREFIX.notice + account);
export const writeDashboard = (dashboard: Dashboard) => writeRecord(...dashboardEntry(dashboard));
export const removeDashboard = (id: string) => removeRecord(dashboardKey(id));
export const removeAccount = (id: string) => removeRecord(accountKey(id));
export const removeDestination = (id: string) => removeRecord(PREFIX.destination + id);
export const removeFacts = (id: string) => removeRecord(PREFIX.facts + id);

const deliveryKey = ({ id, destination }: Delivery) => `${PREFIX.delivery}${id}:${destination}`;
/** All of them in one write: a kill leaves all of them behind, or none. */
export const writeDeliveries = (deliveries: readonly Delivery[]) =>
  writeEntries(Object.fromEntries(deliveries.map((one) => [deliveryKey(one), wrap(STORED.delivery, one)])));
export const writeDelivery = (delivery: Delivery) => writeDeliveries([delivery]);
export const removeDeliveries = (deliveries: readonly Delivery[]) => removeEntries(deliveries.map(deliveryKey));
export const writeAsk = (ask: Ask) => writeEntries({ [PREFIX.ask + ask.id]: wrap(STORED.ask, ask) });
export const removeAsks = (asks: readonly Ask[]) => removeEntries(asks.map(({ id }) => PREFIX.ask + id));
export const writeLogin = (login: Login) => writeEntries({ [PREFIX.login + login.tab]: wrap(STORED.login, login) });
export const removeLogins = (logins: readonly Login[]) => removeEntries(logins.map(({ tab }) => PREFIX.login + tab));

export const writeLost = (dashboard: string, count: number) =>
  writeEntries({ [PREFIX.lost + dashboard]: wrap(STORED.lost, { dashboard, count }) });
export const removeLost = (dashboard: string) => removeEntries([PREFIX.lost + dashboard]);

/** When the person last cancelled what waited for an account, or zero: epoch ms. */
export async function readCancelled(account: string): Promise<number> {
  const read = unwrap(STORED.cancelled, await readEntry(PREFIX.cancelled + account));
  return read.ok ? read.value : 0;
}
export const writeCancelled = (account: string, at: number) =>
  writeEntries({ [PREFIX.cancelled + account]: wrap(STORED.cancelled, at) });
export const removeCancelled = (account: string) => removeEntries([PREFIX.cancelled + account]);

export const writeSeen = (seen: Seen) => writeEntries({ [PREFIX.seen + seen.id]: wrap(STORED.seen, seen) });
export const writeOutcome = (outcome: Outcome) =>
  writeEntries({ [PREFIX.outcome + outcome.tab]: wrap(STORED.outcome, outcome) });
export const removeOutcomes = (outcomes: readonly Outcome[]) =>
  removeEntries(outcomes.map(({ tab }) => PREFIX.outcome + tab));
export const removeSeen = (id: string) => removeEntries([PREFIX.seen + id]);

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
