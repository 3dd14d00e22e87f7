import { type AskView, viewAsk } from './ask.ts';
import { type Badge, badge, LOST_BADGE } from './badge.ts';
import { brokers } from './brokers/index.ts';
import { chain, type Link, type ShownLogin } from './chain.ts';
import type { BrokerId, QueueState } from './contract.ts';
import type { Delivery } from './delivery.ts';
import { noFacts, type SessionFacts } from './facts.ts';
import { type HostNeed, hostsNeeded } from './hosts.ts';
import type { World } from './plan.ts';
import type { Damaged } from './records.ts';
import { explain } from './schema.ts';
import type { Account, Destination } from './settings.ts';
import { type Advice, type Status, standing } from './standing.ts';

export interface DestinationView {
  kind: Destination['kind'];
  url: string;
  host: string;
  fingerprint: string | null;
  provenAt: number | null;
  settings: Destination;
}

/** All that a screen shows of an account; secret-free by construction: nothing in it comes from a token or a key. */
export interface AccountView {
  settings: Account;
  broker: BrokerId;
  brokerName: string;
  name: string;
  user: string | null;
  status: Status;
  says: string;
  advice: Advice | null;
  links: Link[] | null;
  verifiedAt: number | null;
  reportedAt: number | null;
  queue: QueueState | null;
  ask: AskView | null;
  /** The masked user of the first login, to be confirmed. */
  confirmUser: string | null;
  notice: string | null;
  destination: DestinationView | null;
  hosts: HostNeed[];
}

export interface Overview {
  at: number;
  accounts: AccountView[];
  badge: Badge;
  /** The host patterns that the browser allows now. */
  granted: string[];
  store: StoreView;
}

/** What is not well with the browser's storage. */
interface StoreView {
  /** Stored records that could not be read, with what is wrong in words. */
  damaged: { key: string; problems: string; isNewer: boolean }[];
  /** Accounts that were here are gone. */
  isLost: boolean;
  /** Something could not be put where it outlives the background. */
  isFull: boolean;
}

/** What the services know of the browser's storage. */
export type StoreHealth = Omit<StoreView, 'damaged'> & { damaged: readonly Damaged[] };

/** The secret-free view model of all screens at one moment. */
export function overview(world: World, { damaged, isLost, isFull }: StoreHealth): Overview {
  const accounts = world.accounts.map((account) => viewAccount(account, world));
  const unreadable = damaged.map((one) => ({ ...one, problems: explain(one.problems) }));
  const store = { isLost, isFull, damaged: unreadable };
  const granted = [...world.granted].sort();
  return { at: world.now, accounts, granted, store, badge: isLost ? LOST_BADGE : badge(accounts) };
}

function viewAccount(account: Account, world: World): AccountView {
  const { now } = world;
  const facts = world.facts.get(account.id) ?? noFacts(account.id);
  const destination = world.destinations.find((one) => one.account === account.id) ?? null;
  const newest = shownLogin(account, world.deliveries, facts);
  const login = newest && isOutlived(newest, facts) ? null : newest;
  const links = login && destination ? chain(login, facts, destination.kind === 'signed', now) : null;
  const hosts = hostsNeeded(account, destination, world.granted);
  const stands = standing({ account, destination, facts, login, links, hosts, now });
  const user = facts.report?.session.user ?? account.expectedUser;
  const ask = world.asks.find((one) => one.account === account.id && one.expiresAt > now);
  return {
    settings: account,
    broker: account.broker,
    brokerName: brokers[account.broker].name,
    name: account.name,
    user,
    ...stands,
    links,
    verifiedAt: facts.report?.session.state === 'verified' ? facts.report.at : null,
    reportedAt: facts.report?.at ?? null,
    queue: facts.report?.queue ?? null,
    ask: ask ? viewAsk(ask, account, destination) : null,
    confirmUser: needsConfirmation(account, facts) ? (facts.report?.session.user ?? null) : null,
    // A question says what was seen by itself.
    notice: ask ? null : notice(account, facts),
    destination: destination && viewDestination(destination, facts),
    hosts,
  };
}

/** A newer session, by another browser or by hand: then it is the session that counts, and no longer this login's way. */
function isOutlived(login: ShownLogin, { report }: SessionFacts): boolean {
  if (login.state !== 'ended' || !report?.session.exchanged_at || report.session.delivery === login.delivery)
    return false;
  return Date.parse(report.session.exchanged_at) - report.skewMs > (login.endedAt ?? 0);
}

function shownLogin(account: Account, deliveries: readonly Delivery[], facts: SessionFacts): ShownLogin | null {
  const [newest] = deliveries.filter((one) => one.account === account.id).sort((a, b) => b.capturedAt - a.capturedAt);
  if (newest && newest.capturedAt >= (facts.login?.capturedAt ?? 0)) return { ...newest, delivery: newest.id };
  return facts.login && { ...facts.login, state: 'ended' };
}

function needsConfirmation(account: Account, facts: SessionFacts): boolean {
  const user = facts.report?.session.user ?? null;
  return account.expectedUser === null && user !== null && user !== account.confirmedUser;
}

function notice({ redirectUrl, broker }: Account, { notice: seen }: SessionFacts): string | null {
  switch (seen?.code) {
    case 'elsewhere':
      return `${brokers[broker].name} redirected to ${seen.place}, but this account names ${redirectUrl}. Make the two equal.`;
    case 'no-scheme':
      return `The redirect URL registered at ${brokers[broker].name}, “${seen.place}”, has no http:// or https:// in front. Register it again with one.`;
    case 'wrong-state':
      return 'A redirect with a wrong or used state was refused. Press Log in here.';
    case 'not-from-broker':
      return 'Something other than the broker opened your redirect URL with a token. It was refused.';
    case 'no-destination':
      return 'A login came, but this account has no destination that is paired. Add one, then log in again.';
    case 'storage-failed':
      return 'The browser could not store the login. Free some disk space and log in again.';
    case undefined:
      return null;
  }
}

function viewDestination(destination: Destination, facts: SessionFacts): DestinationView {
  const { kind, url } = destination;
  return {
    kind,
    url,
    host: new URL(url).host,
    fingerprint: kind === 'signed' ? destination.fingerprint : null,
    provenAt: facts.provenAt,
    settings: destination,
  };
}
