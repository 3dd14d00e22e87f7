import { type Badge, badge } from './badge.ts';
import { brokers } from './brokers/index.ts';
import type { Ask } from './capture.ts';
import { chain, type Link, type ShownLogin } from './chain.ts';
import type { BrokerId, QueueState } from './contract.ts';
import type { Dashboard } from './dashboard.ts';
import type { Delivery } from './delivery.ts';
import { noFacts, type SessionFacts } from './facts.ts';
import { type HostNeed, hostsNeeded, isGranted } from './hosts.ts';
import type { World } from './plan.ts';
import type { Damaged } from './records.ts';
import { explain } from './schema.ts';
import type { Account, Destination } from './settings.ts';
import { type Advice, type Status, standing } from './standing.ts';
import { hostPattern } from './urls.ts';

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
  /** When the session began that lives now, as far as that is known: epoch ms by our clock. */
  sessionAt: number | null;
  reportedAt: number | null;
  queue: QueueState | null;
  ask: { id: string; says: string; at: number; expiresAt: number } | null;
  /** The masked user of the first login, to be confirmed. */
  confirmUser: string | null;
  notice: string | null;
  destination: DestinationView | null;
  hosts: HostNeed[];
}

/** A page of the person's where failed requests wait for a login. */
export interface DashboardView {
  settings: Dashboard;
  pattern: string;
  granted: boolean;
  /** Requests that were gone with their page since the browser started. */
  lost: number;
}

export interface Overview {
  at: number;
  accounts: AccountView[];
  badge: Badge;
  dashboards: DashboardView[];
  /** Stored records that could not be read, with what is wrong in words. */
  damaged: { key: string; problems: string }[];
}

/** The secret-free view model of all screens at one moment. */
export function overview(
  world: World,
  damaged: readonly Damaged[],
  dashboards: readonly Dashboard[] = [],
  lost: ReadonlyMap<string, number> = new Map(),
): Overview {
  const accounts = world.accounts.map((account) => viewAccount(account, world));
  const unreadable = damaged.map(({ key, problems }) => ({ key, problems: explain(problems) }));
  const pages = dashboards.map((settings) => {
    const pattern = hostPattern(settings.origin);
    return { settings, pattern, granted: isGranted(world.granted, pattern), lost: lost.get(settings.id) ?? 0 };
  });
  return { at: world.now, accounts, badge: badge(accounts), dashboards: pages, damaged: unreadable };
}

// A destination without a proof of its own has no better word for it than that it accepted the token.
function sessionAt({ report, login }: SessionFacts, destination: Destination | null): number | null {
  if (destination?.kind === 'plain') return login?.end === 'accepted' ? login.endedAt : null;
  const began = report?.session.state === 'verified' ? report.session.exchanged_at : null;
  return report && began ? Date.parse(began) - report.skewMs : null;
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
    sessionAt: sessionAt(facts, destination),
    reportedAt: facts.report?.at ?? null,
    queue: facts.report?.queue ?? null,
    ask: ask ? { id: ask.id, says: ASKS[ask.why], at: ask.at, expiresAt: ask.expiresAt } : null,
    confirmUser: needsConfirmation(account, facts) ? (facts.report?.session.user ?? null) : null,
    notice: notice(account, facts),
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

const ASKS: Record<Ask['why'], string> = {
  pasted: 'Send the pasted token to your backend? Nothing shows where it came from.',
  'not-started-here': 'A login arrived that was not started here. Is it yours?',
  'state-missing': 'The broker sent the login back without our mark. Is it yours?',
  'page-only': 'Your redirect page opened with a token, but the broker was not seen sending it. Is it yours?',
};

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
