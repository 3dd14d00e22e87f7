import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../../utils/domain/delivery/delivery.ts';
import type { Mend } from '../../../utils/domain/delivery/trouble.ts';
import { type LastLogin, noFacts } from '../../../utils/domain/session/facts.ts';
import type { World } from '../../../utils/domain/session/world.ts';
import { badge } from '../../../utils/domain/view/badge.ts';
import { overview } from '../../../utils/domain/view/overview.ts';
import { STATUSES, type Status } from '../../../utils/domain/view/status.ts';
import type { FeedState, SessionState } from '../../../utils/shared/contract.ts';
import {
  account,
  DELIVERY_ID,
  delivery,
  facts,
  iso,
  ist,
  KITE_TOKEN,
  NOW,
  plain,
  report,
  session,
  trouble,
  WELL,
  world,
} from '../../support/samples/samples.ts';

const lastLogin = {
  delivery: DELIVERY_ID,
  via: 'redirect' as const,
  capturedAt: NOW - 60_000,
  endedAt: NOW - 59_000,
  end: 'applied' as const,
  trouble: null,
};
type Facts = Parameters<typeof facts>[0];
const known = (change: Facts) => ({ facts: new Map([['destination1', facts(change)]]) });
const told = (change: Partial<SessionState>, feed?: FeedState['state'], more: Facts = {}): Partial<World> =>
  known({
    login: lastLogin,
    provenAt: NOW,
    report: report({
      session: session({ verified_at: iso(NOW - 30_000), ...change }),
      feed: feed && { state: feed, first_tick_at: null, last_tick_at: null, source: null, problem: 'Words.' },
    }),
    ...more,
  });
const EVENING = ist('2026-11-20 16:00');
const subscribed = { state: 'subscribed', first_tick_at: null, last_tick_at: null, source: null } as const;
const inTheEvening = known({ login: lastLogin, report: report({ at: EVENING, feed: subscribed }) });
const failed = (code: Parameters<typeof trouble>[0], more = {}): Partial<World> =>
  known({ login: { ...lastLogin, end: 'failed', trouble: trouble(code, more) } });
const observed = (change: Partial<Delivery>): Partial<World> => ({
  accounts: [account({ mode: 'observe' })],
  deliveries: [delivery({ via: 'observed', state: 'observed', ...change })],
});
const accepted = { ...known({ login: { ...lastLogin, end: 'accepted' } }), destinations: [plain()] };

function viewOf(change: Partial<World>) {
  const [view] = overview(world(change), WELL).accounts;
  if (!view) throw new Error('no account is shown');
  return view;
}

describe('where an account stands (CLK-03)', () => {
  it.each<[status: Status, mend: Mend | null, says: string, when: Partial<World>]>([
    ['paused', null, 'Paused', { ...told({}, 'live'), accounts: [account({ paused: true })] }],
    ['setup', 'edit-destination', 'Say where', { destinations: [] }],
    ['setup', 'grant', 'allow', { ...told({}, 'live'), granted: new Set() }],
    ['setup', 'grant', 'allow', { granted: new Set(['https://kite.zerodha.com/*']) }],
    ['working', null, 'Delivering', { deliveries: [delivery()] }],
    [
      'working',
      'retry',
      'Trying again',
      { deliveries: [delivery()], ...known({ checkTrouble: trouble('unreachable') }) },
    ],
    ['working', 'retry', 'Trying again', { deliveries: [delivery({ trouble: trouble('unreachable') })] }],
    ['working', null, 'takes this login itself', observed({ capturedAt: NOW - 29_999 })],
    ['failed', 'reopen', 'no answer of your backend was seen', observed({ capturedAt: NOW - 30_000 })],
    ['failed', 'reopen', 'did not arrive', observed({ callback: { answered: false, at: NOW } })],
    [
      'working',
      null,
      'takes this login itself',
      observed({ capturedAt: NOW - 60_000, callback: { answered: true, at: NOW } }),
    ],
    [
      'failed',
      'edit-destination',
      'has not arrived',
      { deliveries: [delivery({ state: 'held', trouble: trouble('bad_signature') })] },
    ],
    [
      'failed',
      'retry',
      'no session from this login',
      { deliveries: [delivery({ state: 'held', trouble: trouble('configuration') })] },
    ],
    ['failed', 'log-in', 'no session from this login', failed('token_spent')],
    ['failed', 'log-in', 'did not arrive', failed('outcome_unknown')],
    ['failed', 'log-in', 'did not arrive', failed('expired')],
    ['unverified', null, 'Waiting for your backend', failed('superseded')],
    // The newer one was lost with the browser's memory: neither arrived.
    ['failed', 'log-in', 'did not arrive', failed('replaced')],
    ['never', null, 'Not logged in yet', {}],
    ['never', null, 'Not logged in yet', { facts: new Map() }],
    ['unverified', null, 'Waiting for your backend', known({ login: lastLogin })],
    ['unreachable', 'retry', 'cannot be proven', known({ checkTrouble: trouble('unreachable') })],
    [
      'failed',
      'edit-destination',
      'cannot be proven',
      told({}, 'live', { checkTrouble: trouble('wrong_signature', { at: NOW + 1 }) }),
    ],
    // The clock was set back after the report; what failed is newer all the same.
    [
      'unreachable',
      'retry',
      'cannot be proven',
      told({}, 'live', { checkTrouble: trouble('timeout', { at: NOW - 60_000 }) }),
    ],
    ['expired', null, 'no session', told({ state: 'none', delivery: null, expires_at: null })],
    [
      'never',
      null,
      'no session',
      known({ report: report({ session: session({ state: 'none', delivery: null, exchanged_at: null }) }) }),
    ],
    ['expired', null, 'Session ended at 06:00', told({ state: 'expired', expires_at: iso(ist('2026-11-20 06:00')) })],
    ['expired', null, 'Session ended at 06:00 on 21 Nov', told({ state: 'expired', expires_at: null })],
    ['expired', null, 'Session ended at 09:59', told({ expires_at: iso(NOW - 1_000) })],
    [
      'expired',
      null,
      'Session ended at 09:59',
      known({ report: report({ skewMs: 600_000, session: session({ expires_at: iso(NOW + 599_000) }) }) }),
    ],
    ['rejected', 'log-in', 'rejected the session', told({ state: 'rejected' })],
    ['working', null, 'Verifying', told({ state: 'exchanged', verified_at: null })],
    ['working', 'retry', 'Verifying', told({ state: 'exchanged', verified_at: null, problem: 'Words.' })],
    ['failed', 'log-in', 'feed was refused', told({}, 'refused')],
    ['failed', 'retry', 'no prices', told({}, 'subscribed')],
    ['working', 'none', 'Connecting the feed', told({ verified_at: iso(NOW - 1_000) }, 'subscribed')],
    ['working', 'none', 'Connecting the feed', told({}, 'connecting')],
    ['live', null, 'Good until 06:00', { ...inTheEvening, now: EVENING }],
    // The session is of another browser's login, so that there is no chain here; it needs its first tick all the same.
    ['working', 'none', 'Connecting the feed', told({ verified_at: iso(NOW - 1_000) }, 'subscribed', { login: null })],
    ['verified', null, 'no feed', told({}, 'off')],
    ['verified', null, 'app has no market data', told({}, 'no_market_data')],
    ['live', null, 'Good until 06:00', told({}, 'live')],
    ['verified', null, 'Good until 06:00 on 21 Nov', told({ expires_at: null })],
    ['accepted', null, 'Accepted by your backend at 09:59', accepted],
    ['expired', null, 'Session ended at 06:00', { ...accepted, now: ist('2026-11-21 06:00') }],
    ['never', null, 'Not logged in yet', { destinations: [plain()] }],
    [
      'verified',
      'none',
      'Your status page says so',
      { ...told({ problem: 'expiresAt: soon' }), destinations: [plain()] },
    ],
  ])('%s, mended by %s: %s', (status, mend, says, when) => {
    const view = viewOf(when);
    expect([view.status, view.advice?.mend ?? null]).toEqual([status, mend]);
    expect(view.says).toContain(says);
  });

  it.each([
    [480_000, '8 min ahead of'],
    [-480_000, '8 min behind'],
  ])('names a clock difference of %i ms (CLK-03)', (skewMs, says) => {
    expect(viewOf(failed('stale_timestamp', { skewMs })).advice?.says).toContain(says);
  });

  it('repeats the end that its status page tells in words of its own', () => {
    const { advice } = viewOf({ ...told({ problem: 'expiresAt: soon' }), destinations: [plain()] });
    expect([advice?.says, advice?.words]).toEqual([
      'The page tells the session’s end in a form that cannot be read.',
      'expiresAt: soon',
    ]);
  });

  it('names the status that something else answered', () => {
    expect(viewOf(failed('http_client_error', { status: 404 })).advice?.says).toContain('It answered 404.');
  });
});

describe('the overview', () => {
  const ask = {
    id: 'ask00001',
    account: 'account1',
    token: KITE_TOKEN,
    why: 'pasted' as const,
    at: NOW,
    expiresAt: NOW + 1,
  };

  it('holds no token, whatever is stored', () => {
    const view = overview(world({ deliveries: [delivery()], asks: [ask] }), WELL);
    expect(JSON.stringify(view)).not.toContain(KITE_TOKEN);
    expect(view.accounts[0]?.ask).toMatchObject({ id: 'ask00001' });
  });

  const observed = { via: 'observed' } as const;
  const refused = { end: 'failed', trouble: trouble('token_spent') } as const;
  const superseded = { end: 'failed', trouble: trouble('superseded') } as const;

  // Captured 60 s ago, and answered a second later.
  it.each<[string, Partial<SessionState>, Partial<LastLogin>, boolean]>([
    ['this login, with its way', { delivery: DELIVERY_ID }, {}, true],
    ['a newer one of another browser, and no longer this one’s way', { exchanged_at: iso(NOW - 59_500) }, {}, false],
    ['an older one that lives on, with this one’s way', { exchanged_at: iso(NOW - 60_500) }, refused, true],
    ['a newer one, and no longer a refused one’s way', { exchanged_at: iso(NOW - 57_500) }, refused, false],
    ['a newer one that the backend itself told of', { exchanged_at: iso(NOW - 59_500) }, superseded, false],
    ['an older one, while the newer one is on its way', { exchanged_at: iso(NOW - 62_500) }, superseded, true],
    ['the backend’s own, which an observed login has led to', { exchanged_at: iso(NOW - 59_500) }, observed, true],
    ['a login after an observed one', { exchanged_at: iso(NOW - 56_500) }, observed, false],
  ])('shows the session of %s', (_, change, login, isShown) => {
    const view = viewOf(told({ delivery: 'another', ...change }, 'live', { login: { ...lastLogin, ...login } }));
    expect(view.links !== null).toBe(isShown);
  });

  it('shows an ask to the end of its token', () => {
    expect(viewOf({ asks: [{ ...ask, expiresAt: NOW }] }).ask).toBeNull();
  });

  it.each([
    [null, null, 'AB****'],
    [null, 'AB****', null],
    ['AB1234', null, null],
    [null, 'CD****', 'AB****'],
  ])('expecting %s and having confirmed %s, asks to confirm %s', (expectedUser, confirmedUser, asked) => {
    const accounts = [account({ expectedUser, confirmedUser })];
    expect(viewOf({ ...told({}, 'live'), accounts }).confirmUser).toBe(asked);
  });

  it.each([
    ['elsewhere', 'redirected to http://127.0.0.1:9/'],
    ['wrong-state', 'refused'],
    ['not-from-broker', 'refused'],
    ['no-destination', 'no destination'],
    ['storage-failed', 'could not store'],
  ] as const)('says what was seen and not taken: %s', (code, says) => {
    const seen = { account: 'account1', code, place: 'http://127.0.0.1:9/', at: NOW };
    expect(viewOf({ notices: new Map([['account1', seen]]) }).notice).toContain(says);
  });

  it('names damaged records', () => {
    const problems = [{ field: 'record', message: 'does not match its checksum' }];
    const damaged = [{ key: 'account:x', problems, isNewer: false }];
    expect(overview(world(), { ...WELL, damaged }).store.damaged).toEqual([
      { key: 'account:x', problems: 'The record does not match its checksum.', isNewer: false },
    ]);
  });

  it('speaks of lost settings before anything else', () => {
    const { badge: shown, store } = overview(world(), { ...WELL, isLost: true });
    expect({ ...shown, isLost: store.isLost }).toMatchObject({
      text: '✕',
      title: expect.stringContaining('lost'),
      isLost: true,
    });
  });
});

describe('the badge', () => {
  const view = (status: Status, more = {}) => ({ ...viewOf({}), status, says: 'Words.', ...more });

  it('says nothing of no account', () => expect(badge([], NOW)).toMatchObject({ text: '' }));

  it.each([
    ['failed', '✕'],
    ['rejected', '✕'],
    ['unreachable', '⌀'],
    ['expired', '!'],
    ['never', '!'],
    ['renew-now', '15'],
    ['setup', ''],
    ['unverified', '?'],
    ['due-soon', '30'],
    ['suspect', '~'],
    ['working', '…'],
    ['accepted', '·'],
    ['verified', '✓'],
    ['live', '✓'],
    ['paused', ''],
  ] as const)('of %s is “%s”', (status, text) => {
    expect(badge([view(status)], NOW)).toMatchObject({ text, title: expect.stringContaining('Words.') });
  });

  it('is green for what is proven alone (CLK-04)', () => {
    const colors = STATUSES.filter((status) => badge([view(status)], NOW).color === badge([view('live')], NOW).color);
    expect(colors).toEqual(['verified', 'live']);
  });

  it('speaks for the account that needs a person most', () => {
    for (const [index, worst] of STATUSES.entries())
      for (const other of STATUSES.slice(index)) {
        expect(badge([view(other, { name: 'b' }), view(worst, { name: 'a' })], NOW).text).toBe(
          badge([view(worst)], NOW).text,
        );
      }
  });

  it('asks for a person where a question is open', () => {
    expect(badge([view('live', { ask: { id: 'x', says: '', at: 0, expiresAt: 0 } })], NOW).text).toBe('!');
  });
});

it('begins with nothing known', () =>
  expect(noFacts('destination1')).toMatchObject({ destination: 'destination1', login: null }));

describe('a login that would end before the market opens', () => {
  const at = (moment: string, change: Partial<World> = {}) => viewOf({ now: ist(moment), ...change }).says;

  it.each<[name: string, says: string, earlier: string | null]>([
    [
      'just after midnight',
      at('2026-11-20 00:26'),
      'A login now ends at 06:00, before the market opens: wait until after 07:30.',
    ],
    [
      'shortly before six',
      at('2026-11-20 05:55'),
      'A login now ends at 06:00, before the market opens: wait until after 07:30.',
    ],
    ['at seven', at('2026-11-20 07:00'), null],
    ['before work', at('2026-11-20 08:45'), null],
    ['while the market is open', at('2026-11-20 10:00'), null],
    [
      'after it closed',
      at('2026-11-20 16:00'),
      'A login now ends at 06:00 on 21 Nov, before the market opens: wait until after 07:30 on 21 Nov.',
    ],
  ])('is told %s', (_, says, earlier) => {
    expect(says).toBe(['Not logged in yet.', earlier].filter(Boolean).join(' '));
  });
});
