import type { Broker } from '../../shared/brokers/broker.ts';
import { brokerOrigins, brokers } from '../../shared/brokers/index.ts';
import type { Companions } from '../../shared/contract.ts';
import { parseUrl } from '../../shared/urls.ts';
import type { Account } from '../accounts/settings.ts';
import { isLoginAlive, type Login, type Seen } from './capture.ts';
import type { Outcome } from './outcome.ts';
import { type Sender, senderOf, type Vouched } from './provenance.ts';
import { isPlace, type Reading, type RedirectRequest, readRedirect } from './redirect.ts';

/** An account whose logins are looked for, with its broker. */
export interface Watched {
  account: Account;
  broker: Broker;
  origins: string[];
}

/** A top-level request that may bring a login; `sender` where it is known beforehand, as our script's own word is. */
export type Arrival = RedirectRequest & Vouched & { tab: number; sender?: Sender; request?: string };

/** Whose login a request brings, and what it carries. */
export interface Match {
  account: Account;
  broker: Broker;
  sender: Sender;
  token: string;
  companions?: Companions;
  state: string | null;
  /** The address where it arrived, if that is not the registered one. */
  place: string | null;
  /** The login it belongs to: by its state in whatever tab, else the one in its tab. */
  login: Login | null;
  /** Further accounts at the same address that it may as well be for. */
  twins: Account[];
  /** The address is one that is never opened, of whatever account: a rule on it asks nobody whose login this is. */
  isSealed: boolean;
}

export interface MatchWorld {
  accounts: readonly Account[];
  logins: readonly Login[];
  now: number;
}

/** The accounts that capture: no further destinations, and none that is paused. */
export function watched(accounts: readonly Account[]): Watched[] {
  return accounts
    .filter(({ paused }) => !paused)
    .map((account) => ({ account, broker: brokers[account.broker], origins: brokerOrigins(brokers[account.broker]) }));
}

/** The account that a request brings a login for: the one whose login is under way, else the one that is registered there. */
export function match(arrival: Arrival, world: MatchWorld): Match | null {
  const all = watched(world.accounts).flatMap((one) => read(one, arrival, world));
  // Brokers may call their tokens alike: what came from the page of one is no other's.
  const vouched = all.filter(({ sender }) => sender !== 'nobody');
  const found = vouched.length > 0 ? vouched : all;
  const isSealed = found.some(({ account, place }) => account.mode === 'seal' && place === null);
  const byState = found.find(({ state, login }) => login !== null && state !== null && login.state === state);
  const mine = byState ?? found.find(({ login }) => login !== null);
  if (mine) return { ...mine, twins: [], isSealed };
  const [first, ...others] = found.filter(({ place }) => place === null);
  if (first) return { ...first, twins: others.map(({ account }) => account), isSealed };
  return found[0] ? { ...found[0], twins: [], isSealed } : null;
}

type Registered = Pick<Account, 'broker' | 'redirectUrl'>;

/** Accounts that a redirect cannot tell apart, where no login is under way. */
export function areTwins(one: Registered, other: Registered): boolean {
  const broker = brokers[one.broker];
  const [here, there] = [new URL(one.redirectUrl), new URL(other.redirectUrl)];
  return one.broker === other.broker && (isPlace(broker, here, there) || isPlace(broker, there, here));
}

type Found = Omit<Match, 'twins' | 'isSealed'>;

function read({ account, broker, origins }: Watched, arrival: Arrival, world: MatchWorld): Found[] {
  const sender = arrival.sender ?? senderOf(arrival, origins);
  const reading = readRedirect(broker, account.redirectUrl, arrival);
  if (sender === null || reading.kind === 'none') return [];
  const place = reading.kind === 'elsewhere' ? reading.place : null;
  // Anybody may open any address: one that is not registered says something only where the broker led there.
  if (place !== null && (sender === 'nobody' || sender === 'script')) return [];
  const { token, companions, state } = reading;
  return [
    { account, broker, sender, token, companions, state, place, login: loginOf(account, state, arrival.tab, world) },
  ];
}

function loginOf({ id }: Account, state: string | null, tab: number, { logins, now }: MatchWorld): Login | null {
  const mine = logins.filter((one) => one.account === id && isLoginAlive(one, now));
  const byState = state === null ? undefined : mine.find((one) => one.state === state);
  return byState ?? mine.find((one) => one.tab === tab) ?? null;
}

/** The account whose login came back to the page of a tab although no request told of it: it is under way still. */
export function matchHidden(
  { url, tab }: { url: string; tab: number },
  { accounts, logins, outcomes, seen, now }: MatchWorld & { outcomes: readonly Outcome[]; seen: readonly Seen[] },
): Account | null {
  const here = parseUrl(url);
  if (!here || seen.some((one) => one.tab === tab)) return null;
  for (const { account, broker } of watched(accounts)) {
    const login = logins.find((one) => one.account === account.id && one.tab === tab && isLoginAlive(one, now));
    const isSaid = outcomes.some((one) => one.tab === tab && login !== undefined && one.at >= login.at);
    const isThere = isPlace(broker, here, new URL(account.redirectUrl));
    if (account.mode !== 'observe' && login && !isSaid && isThere) return account;
  }
  return null;
}

/** Why a request that a broker's page began, at the address of an account that is never opened, brings no login. */
export type Empty = { account: Account; reason: Extract<Reading, { kind: 'none' }>['reason'] };

/** A request that a rule of ours keeps off the network although it brings no login. */
export function matchEmpty(arrival: Arrival, { accounts }: MatchWorld): Empty | null {
  for (const { account, broker, origins } of watched(accounts)) {
    const isBrokers = arrival.origin !== null && origins.includes(arrival.origin);
    const reading = readRedirect(broker, account.redirectUrl, arrival);
    // A redirect URL at the broker's own host is a page that its other pages lead to as well.
    const isItsOwn = broker.hosts.includes(new URL(account.redirectUrl).hostname);
    if (account.mode !== 'seal' || !isBrokers || isItsOwn || reading.kind !== 'none') continue;
    if (reading.reason !== 'no-url' && reading.reason !== 'other-place' && reading.reason !== 'user-info')
      return { account, reason: reading.reason };
  }
  return null;
}
