import { type Calendar, isMarketOpen, NSE_FO } from '../../shared/market.ts';
import { SECOND } from '../../shared/time.ts';
import { ageWhenTold, oursOf } from '../base/moments.ts';
import type { Delivery } from '../delivery/delivery.ts';
import { CONSEQUENCES, type Trouble } from '../delivery/trouble.ts';
import { isFrom, type Report, type SessionFacts } from './facts.ts';

export const LINKS = ['captured', 'delivered', 'exchanged', 'verified', 'live'] as const;
export type LinkName = (typeof LINKS)[number];

/** What happened at a link, where its name and state do not say it. */
type Note =
  | 'accepted'
  | 'connecting'
  | 'expired'
  | 'failed'
  | 'first_tick'
  | 'market_closed'
  | 'no_answer'
  | 'no_feed'
  | 'no_market_data'
  | 'no_tick'
  | 'refused'
  | 'rejected'
  | 'sending'
  | 'trying_again'
  | 'your_callback';

/** One link of the proof chain. `at` is by this computer's clock. */
export interface Link {
  name: LinkName;
  state: 'done' | 'now' | 'failed' | 'idle';
  at: number | null;
  note: Note | null;
}

/** The login whose way is shown: the newest entry of the outbox, or the last one that ended. */
export type ShownLogin = Pick<
  Delivery,
  'capturedAt' | 'trouble' | 'endedAt' | 'end' | 'via' | 'callback' | 'skewMs'
> & {
  delivery: string;
  state: Delivery['state'];
};

/** A feed that was accepted long ago and has no tick while prices move is not live. */
const FIRST_TICK_MS = 20 * SECOND;

/** The proof chain of a login: each link done, under way, failed or not reached; nothing after a failure is ever done. */
export function chain(
  login: ShownLogin,
  facts: SessionFacts,
  isSigned: boolean,
  now: number,
  calendar: Calendar = NSE_FO,
): Link[] {
  const proven = isSigned ? proof(login, facts, now, calendar) : [];
  return inOrder([captured(login), delivered(login, proven[0]?.at ?? null), ...proven]);
}

function captured({ capturedAt }: ShownLogin): Link {
  return { name: 'captured', state: 'done', at: capturedAt, note: null };
}

// The answer comes after the exchange, so the exchange is the better witness of when the token arrived.
function delivered({ end, endedAt, state, trouble, callback }: ShownLogin, exchangedAt: number | null): Link {
  if (end === 'applied' || end === 'accepted')
    return {
      name: 'delivered',
      state: 'done',
      at: Math.min(endedAt ?? exchangedAt ?? 0, exchangedAt ?? Number.POSITIVE_INFINITY),
      note: end === 'accepted' ? 'accepted' : null,
    };
  if (trouble && CONSEQUENCES[trouble.code].delivered)
    return { name: 'delivered', state: 'done', at: trouble.at, note: null };
  if (state === 'observed') return byCallback(callback, exchangedAt);
  if (state === 'waiting')
    return { name: 'delivered', state: 'now', at: null, note: trouble ? 'trying_again' : 'sending' };
  return { name: 'delivered', state: 'failed', at: trouble?.at ?? null, note: 'failed' };
}

function byCallback(callback: ShownLogin['callback'], exchangedAt: number | null): Link {
  if (exchangedAt !== null) return { name: 'delivered', state: 'done', at: exchangedAt, note: null };
  if (!callback) return { name: 'delivered', state: 'now', at: null, note: 'your_callback' };
  const { answered, at } = callback;
  return { name: 'delivered', state: answered ? 'done' : 'failed', at, note: answered ? null : 'no_answer' };
}

function proof(login: ShownLogin, facts: SessionFacts, now: number, calendar: Calendar): Link[] {
  const { report } = facts;
  const refused = login.trouble && CONSEQUENCES[login.trouble.code].delivered ? login.trouble : null;
  const isNamed = report !== null && report.session.delivery === login.delivery;
  const isOurs = report !== null && ((isNamed && login.end === 'applied') || isFrom(report, login));
  if (refused && !isOurs) return [brokenExchange(refused, login.state), idle('verified'), idle('live')];
  if (!isOurs)
    return [
      { ...idle('exchanged'), state: login.end === 'applied' || login.callback?.answered ? 'now' : 'idle' },
      idle('verified'),
      idle('live'),
    ];
  return [exchanged(report), verified(report), live(report, now, calendar)];
}

function brokenExchange({ at, code }: Trouble, state: ShownLogin['state']): Link {
  const isTriedAgain = state !== 'ended' && CONSEQUENCES[code].then === 'retry';
  return isTriedAgain
    ? { name: 'exchanged', state: 'now', at: null, note: 'trying_again' }
    : { name: 'exchanged', state: 'failed', at, note: 'refused' };
}

function exchanged(report: Report): Link {
  const at = ours(report.session.exchanged_at, report);
  return at === null ? { ...idle('exchanged'), state: 'now' } : { name: 'exchanged', state: 'done', at, note: null };
}

function verified(report: Report): Link {
  const name = 'verified';
  const { session, at } = report;
  if (session.state === 'verified') return { name, state: 'done', at: ours(session.verified_at, report), note: null };
  if (session.state === 'rejected' || session.state === 'expired')
    return { name, state: 'failed', at, note: session.state };
  return { name, state: 'now', at: null, note: session.problem ? 'trying_again' : null };
}

/** The last link by the destination's report alone, whichever login its session is from. */
export function live(report: Report, now: number, calendar: Calendar): Link {
  const name = 'live';
  const { feed, at } = report;
  if (feed === undefined || feed.state === 'off') return { name, state: 'idle', at: null, note: 'no_feed' };
  if (feed.state === 'no_market_data') return { name, state: 'idle', at: null, note: 'no_market_data' };
  if (feed.state === 'live') return { name, state: 'done', at: ours(feed.first_tick_at, report), note: null };
  if (feed.state === 'refused') return { name, state: 'failed', at, note: 'refused' };
  // By the clock of the destination too, when it told so: ours may be another day's.
  const isClosed = !isMarketOpen(now, calendar) && !isMarketOpen(at + report.skewMs, calendar);
  if (feed.state === 'subscribed' && isClosed) return { name, state: 'done', at, note: 'market_closed' };
  const isLate = feed.state === 'subscribed' && isTickMissing(report, calendar);
  return {
    name,
    state: isLate ? 'failed' : 'now',
    at: null,
    note: isLate ? 'no_tick' : feed.state === 'connecting' ? 'connecting' : 'first_tick',
  };
}

/** By what was told when it was told, not by what may have come since: prices moved, and for so long there was no tick. */
function isTickMissing(report: Report, calendar: Calendar): boolean {
  const { verified_at } = report.session;
  const isLong = verified_at !== null && ageWhenTold(verified_at, report) > FIRST_TICK_MS;
  return isLong && isMarketOpen(report.at - FIRST_TICK_MS, calendar) && isMarketOpen(report.at, calendar);
}

/** No link is done, nor under way, before the one it stands on, and none is earlier: two clocks never agree to the millisecond. */
function inOrder(links: Link[]): Link[] {
  const broken = links.findIndex(({ state }) => state !== 'done');
  let latest = 0;
  return links.map((link, index) => {
    if (broken !== -1 && index > broken && link.note !== 'no_feed' && link.note !== 'no_market_data')
      return idle(link.name);
    if (link.at !== null) latest = Math.max(latest, link.at);
    return link.at === null ? link : { ...link, at: latest };
  });
}

function idle(name: LinkName): Link {
  return { name, state: 'idle', at: null, note: null };
}

function ours(instant: string | null, report: Report): number | null {
  return instant === null ? null : oursOf(instant, report);
}
