import type { Broker } from '../../shared/brokers/broker.ts';
import { parseUrl } from '../../shared/urls.ts';
import type { Account } from '../accounts/settings.ts';
import { type Login, NO_TAB } from './capture.ts';

/** A top-level request to a broker's page, as its headers tell. */
export interface BrokerPage {
  tab: number;
  url: string;
  /** `Sec-Fetch-Site`: `none` is typed, bookmarked or opened by a program, unless the browser came by way of another site. */
  site: string | null;
  /** The browser shows that it came by way of another site. */
  hopped: boolean;
  /** `Sec-Purpose`: fetched before anybody asked for it. */
  isPrefetch: boolean;
  origin: string | null;
}

/** Who asked for a broker's login page. `ahead`: the browser, for a page that may never be shown. */
export type Asker = 'person' | 'theirs' | 'broker' | 'us' | 'stranger' | 'ahead' | 'unclear';

/** Whose API key a login page is for: the tab's account (or the only one, in a free tab), another account, or nobody here. */
export type Key = 'same' | 'another' | 'unknown';

export type ArmingVerdict = 'arm' | 'disarm' | 'leave';

/** What a request for a login page makes of its tab. */
const ARMING: Record<Asker, Record<Key, ArmingVerdict>> = {
  person: { same: 'arm', another: 'arm', unknown: 'disarm' },
  theirs: { same: 'arm', another: 'arm', unknown: 'disarm' },
  broker: { same: 'leave', another: 'disarm', unknown: 'disarm' },
  us: { same: 'leave', another: 'leave', unknown: 'leave' },
  stranger: { same: 'disarm', another: 'disarm', unknown: 'disarm' },
  // Of `Sec-Fetch-Site: none` after a hop nobody can say who was typed: neither a proof nor a reason to forget one.
  unclear: { same: 'leave', another: 'disarm', unknown: 'disarm' },
  ahead: { same: 'leave', another: 'leave', unknown: 'leave' },
};

export interface ArmingWorld {
  accounts: readonly { account: Account; broker: Broker; origins: readonly string[] }[];
  /** The origins of the destinations and dashboards that the person named. */
  theirs: ReadonlySet<string>;
  logins: readonly Login[];
  /** The extension's own origin. */
  own: string;
  now: number;
}

/** The login to write for this tab, and the ones to forget. */
export function arm(page: BrokerPage, world: ArmingWorld): { arm: Login | null; disarm: Login[] } {
  const url = parseUrl(page.url);
  const keys = world.accounts.map(({ broker }) => (url ? broker.apiKeyIn(url) : null));
  const nothing = { arm: null, disarm: [] };
  if (keys.every((key) => key === null)) return nothing;
  const mine = world.accounts
    .filter(({ account }, index) => account.apiKey === keys[index])
    .map(({ account }) => account);
  const here = world.logins.find(({ tab }) => tab === page.tab);
  const verdict = ARMING[askerOf(page, world)][keyOf(mine, here)];
  // A login with a state is its state's, wherever its tab goes.
  if (verdict === 'disarm') return { arm: null, disarm: here && here.state === null ? [here] : [] };
  const [only, second] = mine;
  const isOurs = here?.by === 'us' && here.account === only?.id;
  if (verdict === 'leave' || !only || second || isOurs) return nothing;
  const carried = carriedState(page.url, world, only);
  return {
    arm: { tab: page.tab, account: only.id, by: 'hand', state: null, ...(carried && { carried }), at: world.now },
    disarm: [],
  };
}

/** The state in a login page's address: in its query, or in a query within that. */
function carriedState(url: string, { accounts }: ArmingWorld, { id }: Account): string | null {
  const name = accounts.find(({ account }) => account.id === id)?.broker.stateParameter;
  const query = parseUrl(url)?.searchParams;
  if (!name || !query) return null;
  const queries = [query, ...[...query.values()].map((value) => new URLSearchParams(value))];
  return queries.map((one) => one.get(name)).find((state) => state !== null) ?? null;
}

function keyOf(mine: readonly Account[], here: Login | undefined): Key {
  if (mine.length === 0) return 'unknown';
  return here === undefined || mine.some(({ id }) => id === here.account) ? 'same' : 'another';
}

function askerOf({ tab, site, hopped, isPrefetch, origin }: BrokerPage, world: ArmingWorld): Asker {
  const { accounts, theirs, own, logins } = world;
  if (isPrefetch) return 'ahead';
  // A page that we opened keeps our name in Firefox when it is loaded again, after a restart too (2026-11, Firefox 153).
  if (origin === own && !logins.some((one) => one.by === 'us' && (one.tab === tab || one.tab === NO_TAB)))
    return hopped ? 'unclear' : 'person';
  if (origin === own) return 'us';
  if (origin !== null && accounts.some(({ origins }) => origins.includes(origin))) return 'broker';
  if (site === 'none') return hopped ? 'unclear' : 'person';
  return origin !== null && theirs.has(origin) && !hopped ? 'theirs' : 'stranger';
}
