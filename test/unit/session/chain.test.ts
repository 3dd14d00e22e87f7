import { describe, expect, it } from 'vitest';
import { CONSEQUENCES, TroubleCode } from '../../../utils/domain/delivery/trouble.ts';
import { chain, LINKS, type ShownLogin } from '../../../utils/domain/session/chain.ts';
import type { SessionFacts } from '../../../utils/domain/session/facts.ts';
import type { FeedState, SessionState } from '../../../utils/shared/contract.ts';
import { facts, iso, ist, NOW, report, session, shown, trouble } from '../../support/samples/samples.ts';

const feed = (state: FeedState['state'], first: number | null = null): FeedState => ({
  state,
  first_tick_at: first === null ? null : iso(first),
  last_tick_at: null,
  source: 'kite',
});
const told = (change: Partial<SessionState>, fed?: FeedState, at = NOW): Partial<SessionFacts> => ({
  report: report({ at, session: session(change), feed: fed }),
});
const exchanged = { state: 'exchanged', verified_at: null } as const;
const waiting = shown({ state: 'waiting', endedAt: null, end: null });
const observed = (callback?: ShownLogin['callback']) =>
  shown({ state: 'observed', via: 'observed', endedAt: null, end: null, callback });
const lost = shown({ end: 'failed', trouble: trouble('outcome_unknown') });
const OPENED = ist('2026-11-23 09:15:00');
const CLOSED = ist('2026-11-20 16:00:00');

/** A chain as a line: `done done now idle idle: first_tick`. */
function line(login: ShownLogin, known: Partial<SessionFacts>, isSigned = true, now = NOW + 1_000): string {
  const links = chain(login, facts(known), isSigned, now);
  const notes = links.flatMap(({ note }) => note ?? []);
  return [links.map(({ state }) => state).join(' '), ...notes].join(': ');
}

describe('the proof chain', () => {
  it.each<[expected: string, login: ShownLogin, known: Partial<SessionFacts>, now?: number]>([
    ['done now idle idle idle: sending', waiting, {}],
    ['done now idle idle idle: trying_again', { ...waiting, trouble: trouble('unreachable') }, {}],
    [
      'done failed idle idle idle: failed',
      shown({ state: 'held', end: null, endedAt: null, trouble: trouble('bad_signature') }),
      {},
    ],
    ['done now idle idle idle: your_callback', observed(), {}],
    ['done failed idle idle idle: no_answer', observed({ answered: false, at: NOW }), {}],
    ['done done now idle idle', observed({ answered: true, at: NOW }), {}],
    ['done done done done idle: no_feed', observed(), told({ delivery: 'of-its-own', verified_at: iso(NOW) })],
    ['done now idle idle idle: your_callback', observed(), told({ exchanged_at: iso(NOW - 60_000) })],
    ['done failed idle idle idle: failed', lost, {}],
    ['done failed idle idle idle: failed', shown({ end: 'failed', trouble: trouble('expired') }), {}],
    ['done done failed idle idle: refused', shown({ end: 'failed', trouble: trouble('token_spent') }), {}],
    ['done done failed idle idle: refused', shown({ end: 'failed', trouble: trouble('wrong_account') }), {}],
    ['done done failed idle idle: refused', shown({ state: 'held', end: null, trouble: trouble('configuration') }), {}],
    ['done done now idle idle: trying_again', { ...waiting, trouble: trouble('in_progress') }, {}],
    ['done done now idle idle: trying_again', { ...waiting, trouble: trouble('unavailable') }, {}],
    ['done done failed idle idle: refused', shown({ end: 'failed', trouble: trouble('unavailable') }), {}],
    ['done done now idle idle', shown(), {}],
    ['done done now idle idle', shown(), told({ delivery: 'ob_another' })],
    ['done done done now idle: no_feed', shown(), told(exchanged)],
    ['done done done now idle: trying_again: no_feed', shown(), told({ ...exchanged, problem: 'The broker is down.' })],
    ['done done now idle idle: no_feed', shown(), told({ ...exchanged, exchanged_at: null })],
    ['done done done failed idle: rejected: no_feed', shown(), told({ state: 'rejected' })],
    ['done done done failed idle: expired: no_feed', shown(), told({ state: 'expired' })],
    ['done done done done idle: no_feed', shown(), told({})],
    ['done done done done idle: no_feed', shown(), told({}, feed('off'))],
    ['done done done done idle: no_market_data', shown(), told({}, feed('no_market_data'))],
    ['done done done done now: connecting', shown(), told({}, feed('connecting'))],
    ['done done done done now: first_tick', shown(), told({}, feed('subscribed'))],
    ['done done done done failed: no_tick', shown(), told({}, feed('subscribed'), NOW + 21_000), NOW + 21_000],
    // What was heard before says nothing of the time since, nor of a market that was not open yet.
    ['done done done done now: first_tick', shown(), told({}, feed('subscribed'), NOW + 19_000), NOW + 21_000],
    ['done done done done now: first_tick', shown(), told({}, feed('subscribed'), OPENED - 1), OPENED + 1_000],
    ['done done done done now: first_tick', shown(), told({}, feed('subscribed'), OPENED + 19_000), OPENED + 19_000],
    ['done done done done failed: no_tick', shown(), told({}, feed('subscribed'), OPENED + 21_000), OPENED + 21_000],
    ['done done done done done: market_closed', shown(), told({}, feed('subscribed'), CLOSED), CLOSED],
    // The market may be closed by a clock of ours that was set since.
    ['done done done done now: first_tick', shown(), told({}, feed('subscribed')), CLOSED],
    ['done done done done failed: refused', shown(), told({}, feed('refused'))],
    ['done done done done done', shown(), told({}, feed('live', NOW + 300))],
    ['done done done now idle', shown(), told(exchanged, feed('live', NOW))],
    ['done done done done idle: no_feed', { ...lost, end: 'applied' }, told({})],
  ])('%s', (expected, login, known, now) => expect(line(login, known, true, now)).toBe(expected));

  it.each<[expected: string, login: ShownLogin]>([
    ['done done: accepted', shown({ end: 'accepted' })],
    ['done now: sending', waiting],
    ['done failed: failed', lost],
  ])('of a plain destination ends with the delivery: %s', (expected, login) => {
    expect(line(login, told({}), false)).toBe(expected);
  });

  it.each(TroubleCode.options)('shows a login that ended with %s as done nowhere beyond it', (code) => {
    const links = chain(shown({ end: 'failed', trouble: trouble(code) }), facts(), true, NOW);
    expect(links.map(({ name }) => name)).toEqual(LINKS);
    const reach = CONSEQUENCES[code].delivered ? ['captured', 'delivered'] : ['captured'];
    expect(links.filter(({ state }) => state === 'done').map(({ name }) => name)).toEqual(reach);
  });

  it('tells each time by our clock, and none before the one it stands on', () => {
    const skewMs = 480_000;
    const there = { exchanged_at: iso(NOW - 5_000 + skewMs), verified_at: iso(NOW + 200 + skewMs) };
    const known = { report: report({ skewMs, session: session(there), feed: feed('live', NOW + 300 + skewMs) }) };
    const times = chain(shown(), facts(known), true, NOW).map(({ at }) => at);
    expect(times).toEqual([NOW - 1_000, NOW - 1_000, NOW - 1_000, NOW + 200, NOW + 300]);
  });
});
