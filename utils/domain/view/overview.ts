import { brokers } from '../../shared/brokers/index.ts';
import type { BrokerId, FeedState, QueueState } from '../../shared/contract.ts';
import { hostPattern } from '../../shared/urls.ts';
import { factsIdOf, furtherOf, ownRoute, type Route } from '../accounts/destinations.ts';
import { type HostNeed, hostsNeeded, isGranted } from '../accounts/hosts.ts';
import type { Preferences } from '../accounts/preferences.ts';
import type { Account, Destination } from '../accounts/settings.ts';
import { earliestOf, isSurelyAfter, isSurelyBefore, knownSkew } from '../base/moments.ts';
import type { Damaged } from '../base/records.ts';
import { tellProblems } from '../base/tell-problem.ts';
import { keyOf, say } from '../base/words.ts';
import { type AskView, viewAsk } from '../capture/ask.ts';
import { areTwins } from '../capture/match.ts';
import type { Notice } from '../capture/notice.ts';
import type { Dashboard } from '../dashboards/dashboard.ts';
import type { Delivery } from '../delivery/delivery.ts';
import { chain, type Link, type ShownLogin } from '../session/chain.ts';
import { nextCheckAt } from '../session/checks.ts';
import { factsOf, isFrom, type SessionFacts } from '../session/facts.ts';
import { fallbackOf, isDoubted, skewMinutes, type Truth, truthOf } from '../session/health.ts';
import { type Term, termOf } from '../session/term.ts';
import type { World } from '../session/world.ts';
import { type Badge, badge, lostBadge } from './badge.ts';
import { type ContainerView, hasNeighbours, viewContainer } from './container.ts';
import { type LogOutView, viewLogOut } from './log-out.ts';
import { routesShown } from './routes.ts';
import { type Advice, standing } from './standing.ts';
import type { Status } from './status.ts';

export interface DestinationView {
  kind: Destination['kind'];
  url: string;
  host: string;
  fingerprint: string | null;
  provenAt: number | null;
  settings: Destination;
}

/** What is known of a destination's health, and since when. */
export interface HealthView {
  truth: Truth;
  at: number;
  feed: FeedState['state'] | null;
  /** The stand-in that serves data instead of the broker, by its own name, or null. */
  fallback: string | null;
  /** The names of what the backend says is not configured. */
  unconfigured: string[];
  skewMinutes: number;
}

/** How an account stands at one of its destinations; secret-free by construction: nothing in it comes from a token or a key. */
export interface RouteView {
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
  /** When the session began that lives now, as far as that is known: epoch ms by our clock. */
  sessionAt: number | null;
  reportedAt: number | null;
  term: Term | null;
  health: HealthView | null;
  queue: QueueState | null;
  /** The masked user of the first login, to be confirmed. */
  confirmUser: string | null;
  destination: DestinationView | null;
  hosts: HostNeed[];
}

/** All that a screen shows of an account: how it stands at its own destination, and what is the account's alone. */
export interface AccountView extends RouteView {
  ask: AskView | null;
  /** A login that ended at the broker, or was of the wrong person, and the log-out that may mend it. */
  logOut: LogOutView | null;
  /** The container for its logins, where the browser has any and one is of use. */
  container: ContainerView | null;
  notice: string | null;
  /** The other accounts that a redirect cannot tell from this one, by their ids. */
  twins: string[];
  /** Where else the token goes, each with a state of its own. */
  further: RouteView[];
}

/** A page of the person's where failed requests wait for a login. */
export interface DashboardView {
  settings: Dashboard;
  pattern: string;
  granted: boolean;
  /** Requests that were gone with their page since the browser started. */
  lost: number;
}

/** What the popup shows of logins that open one after the other. */
export interface RoundView {
  account: string;
  says: string;
  isStopped: boolean;
  /** Whose login is still to come. */
  left: string[];
}

export interface Overview {
  at: number;
  accounts: AccountView[];
  /** Logins that open one after the other, or null. */
  round: RoundView | null;
  badge: Badge;
  /** When the next destination is asked how it is, epoch ms; null where none can be asked. */
  nextCheckAt: number | null;
  preferences: Preferences;
  /** Whether the browser lets us show notifications. */
  canNotify: boolean;
  dashboards: DashboardView[];
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

/** The pages where failed requests wait, and how many of those were gone with their page, by dashboard. */
interface Pages {
  dashboards: readonly Dashboard[];
  lost: ReadonlyMap<string, number>;
}
const NO_PAGES: Pages = { dashboards: [], lost: new Map() };

/** The secret-free view model of all screens at one moment. */
export function overview(
  world: World,
  { damaged, isLost, isFull }: StoreHealth,
  { dashboards, lost } = NO_PAGES,
): Overview {
  const accounts = world.accounts.map((account) => viewAccount(account, world));
  const { preferences, canNotify } = world.clock;
  const unreadable = damaged.map((one) => ({ ...one, problems: tellProblems(one.problems) }));
  const pages = dashboards.map((settings) => {
    const pattern = hostPattern(settings.origin);
    return { settings, pattern, granted: isGranted(world.granted, pattern), lost: lost.get(settings.id) ?? 0 };
  });
  return {
    at: world.now,
    accounts,
    round: null,
    preferences,
    canNotify,
    dashboards: pages,
    granted: [...world.granted].sort(),
    store: { isLost, isFull, damaged: unreadable },
    nextCheckAt: nextCheckAt(world),
    badge: isLost ? lostBadge() : badge(accounts.flatMap(routesShown), world.now),
  };
}

// A destination without a proof of its own has no better word for it than that it accepted the token.
function sessionAt({ report, login }: SessionFacts, destination: Destination | null): number | null {
  if (destination?.kind === 'plain') return login?.end === 'accepted' ? login.endedAt : null;
  const began = report?.session.state === 'verified' ? report.session.exchanged_at : null;
  if (!report || !began) return null;
  // No later than it may have been: what is sent after it and refused would be sent again and again.
  const atLeast = earliestOf(began, report);
  return login && isFrom(report, login) ? Math.max(atLeast, login.capturedAt) : atLeast;
}

function viewAccount(account: Account, world: World): AccountView {
  const route = ownRoute(world, account);
  const facts = factsOf(world.facts, route);
  const logOut = viewLogOut(account, loginOf(route, facts, world), world);
  const isApart = logOut !== null || account.container !== undefined || hasNeighbours(account, world.accounts);
  const ask = world.asks.find((one) => one.account === account.id && one.expiresAt > world.now);
  const seen = world.notices.get(account.id);
  return {
    ...viewRoute(route, world),
    ask: ask ? viewAsk(ask, account, route.destination) : null,
    logOut,
    container: isApart ? viewContainer(account, world.granted) : null,
    // A question says what was seen by itself.
    notice: ask || !seen ? null : notice(account, seen),
    twins: world.accounts.filter((one) => one.id !== account.id && areTwins(one, account)).map(({ id }) => id),
    further: furtherOf(world.destinations, account.id).map((destination) => viewRoute({ account, destination }, world)),
  };
}

/** The login whose way is shown, or null. */
function loginOf(route: Route, facts: SessionFacts, { deliveries }: World): ShownLogin | null {
  const newest = shownLogin(factsIdOf(route), deliveries, facts);
  return newest && isOutlived(newest, facts) ? null : newest;
}

function viewRoute(route: Route, world: World): RouteView {
  const { now } = world;
  const { account, destination } = route;
  const facts = factsOf(world.facts, route);
  const login = loginOf(route, facts, world);
  const calendar = world.clock.preferences;
  const links = login && destination ? chain(login, facts, destination.kind === 'signed', now, calendar) : null;
  const hosts = hostsNeeded(account, destination, world.granted);
  const term = termOf(account, facts);
  const { jumpedAt } = world.clock;
  const stands = standing({ account, destination, facts, login, hosts, term, calendar, jumpedAt, now });
  const user = facts.report?.session.user ?? account.expectedUser;
  return {
    settings: account,
    broker: account.broker,
    brokerName: brokers[account.broker].name,
    name: account.name,
    user,
    ...stands,
    links,
    verifiedAt: facts.report?.session.state === 'verified' ? facts.report.at : null,
    sessionAt: sessionAt(facts, destination),
    reportedAt: facts.report?.at ?? null,
    term,
    health: viewHealth(facts, now, jumpedAt),
    queue: facts.report?.queue ?? null,
    confirmUser: needsConfirmation(account, facts) ? (facts.report?.session.user ?? null) : null,
    destination: destination && viewDestination(destination, facts),
    hosts,
  };
}

function viewHealth({ report }: SessionFacts, now: number, jumpedAt: number | null): HealthView | null {
  if (!report) return null;
  const { session, feed, configuration, at } = report;
  return {
    truth: truthOf(session, isDoubted(report, now, jumpedAt)),
    at,
    feed: feed?.state ?? null,
    fallback: fallbackOf(feed),
    unconfigured: Object.entries(configuration ?? {}).flatMap(([name, isSet]) => (isSet ? [] : [name])),
    skewMinutes: skewMinutes(knownSkew(report)),
  };
}

/** A newer session, by another browser or by hand: then it is the session that counts, and no longer this login's way. */
function isOutlived(login: ShownLogin, { report }: SessionFacts): boolean {
  const { delivery, exchanged_at } = report?.session ?? {};
  if (login.state !== 'ended' || !report || !exchanged_at || delivery === login.delivery) return false;
  // A backend's own callback never names our login.
  if (login.via === 'observed') return isSurelyAfter(exchanged_at, report, login.endedAt ?? 0);
  // The newest login wins there: after ours was named once, another name is a newer one, whatever the clocks say.
  if (login.end === 'applied' && typeof delivery === 'string') return true;
  // And so it is where the backend itself said that there is a newer one, unless that is not the one it speaks of yet.
  if (login.trouble?.code === 'superseded') return !isSurelyBefore(exchanged_at, report, login.capturedAt);
  return isSurelyAfter(exchanged_at, report, login.capturedAt);
}

/** The newest login that is known at a destination, by the id of its facts. */
export function shownLogin(id: string, deliveries: readonly Delivery[], facts: SessionFacts): ShownLogin | null {
  const [newest] = deliveries.filter((one) => one.destination === id).sort((a, b) => b.capturedAt - a.capturedAt);
  if (newest && newest.capturedAt >= (facts.login?.capturedAt ?? 0)) return { ...newest, delivery: newest.id };
  return facts.login && { ...facts.login, state: 'ended' };
}

function needsConfirmation(account: Account, facts: SessionFacts): boolean {
  const user = facts.report?.session.user ?? null;
  return account.expectedUser === null && user !== null && user !== account.confirmedUser;
}

function notice({ redirectUrl, broker }: Account, { code, place }: Notice): string {
  return say(`notice_${keyOf(code)}`, brokers[broker].name, place ?? '', redirectUrl);
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
