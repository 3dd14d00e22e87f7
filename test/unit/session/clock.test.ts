import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { menuFor, readMenuId } from '../../../utils/domain/accounts/menu.ts';
import { DEFAULT_PREFERENCES } from '../../../utils/domain/accounts/preferences.ts';
import { check } from '../../../utils/domain/base/check.ts';
import { formatMoment } from '../../../utils/domain/base/moment.ts';
import { readSessionManager, readStatusPath } from '../../../utils/domain/delivery/status-page.ts';
import { History, remember } from '../../../utils/domain/history/history.ts';
import { attempted, MOST_ATTEMPTS, renewalAt } from '../../../utils/domain/reminders/renewal.ts';
import { type ClockSeen, lookAtClock, type Reading } from '../../../utils/domain/session/clock-jump.ts';
import { fallbackOf, isDoubted, skewMinutes, truthOf } from '../../../utils/domain/session/health.ts';
import { plan } from '../../../utils/domain/session/plan.ts';
import { termOf } from '../../../utils/domain/session/term.ts';
import type { World } from '../../../utils/domain/session/world.ts';
import { badge } from '../../../utils/domain/view/badge.ts';
import { overview } from '../../../utils/domain/view/overview.ts';
import { STATUSES, tellState } from '../../../utils/domain/view/status.ts';
import { brokers } from '../../../utils/shared/brokers/index.ts';
import { ExpiryRule, usefulLoginAt } from '../../../utils/shared/expiry.ts';
import { readClock } from '../../../utils/shared/time.ts';
import { rest } from '../../support/backend/rest.ts';
import { account, facts, iso, ist, NOW, report, session, trouble, WELL, world } from '../../support/samples/samples.ts';

const DOCS = readFileSync(join(import.meta.dirname, '../../../docs/clock.md'), 'utf8');
const HOUR = 3_600_000;
const MINUTE = 60_000;

describe('a clock that cannot be trusted (CLK-02)', () => {
  const seen = (at: number, jumpedAt: number | null = null): ClockSeen => ({ at, jumpedAt });
  const reading = (wall: number, steady: number): Reading => ({ wall, steady });
  it.each<[jumped: boolean, when: string, ClockSeen | null, Reading | null, Reading]>([
    [false, 'it was never seen', null, null, reading(NOW, 5)],
    [false, 'it went on as it should', seen(NOW), reading(NOW, 0), reading(NOW + MINUTE, MINUTE)],
    [false, 'it was off by a minute', seen(NOW), reading(NOW, 0), reading(NOW + 2 * MINUTE, MINUTE)],
    [true, 'it was set on', seen(NOW), reading(NOW, 0), reading(NOW + 2 * MINUTE + 1, MINUTE)],
    [true, 'it was set back', seen(NOW), reading(NOW, 0), reading(NOW - 1, MINUTE)],
    [true, 'it was set back a day while the background was dead', seen(NOW), null, reading(NOW - 24 * HOUR, 0)],
    [true, 'the computer slept', seen(NOW), null, reading(NOW + 8 * HOUR, 0)],
    [false, 'the background rested between two checks', seen(NOW), null, reading(NOW + 5 * MINUTE, 0)],
  ])('was changed: %s, when %s', (jumped, _when, known, before, now) => {
    expect(lookAtClock(known, before, now)).toEqual({ at: now.wall, jumpedAt: jumped ? now.wall : null });
  });

  it('is remembered', () => {
    expect(lookAtClock(seen(NOW, NOW - 5), null, reading(NOW + 1, 0)).jumpedAt).toBe(NOW - 5);
  });

  it('never leaves an answer in doubt whose question came after it, however the clock moves', () => {
    const move = fc.record({
      byMs: fc.integer({ min: -HOUR, max: HOUR }),
      steadyMs: fc.nat(HOUR),
      tookMs: fc.nat(MINUTE),
    });
    fc.assert(
      fc.property(fc.array(move), fc.boolean(), (all, isOneLife) => {
        let now = reading(NOW, 0);
        let known = lookAtClock(null, null, now);
        for (const { byMs, steadyMs, tookMs } of all) {
          const next = reading(now.wall + byMs, now.steady + steadyMs);
          known = lookAtClock(known, isOneLife ? now : null, next);
          now = next;
          const at = now.wall + tookMs;
          expect(isDoubted({ at, sentAt: now.wall }, at, known.jumpedAt)).toBe(false);
        }
      }),
    );
  });

  it.each<[boolean, string, number, number | null]>([
    [false, 'it is fresh', NOW - 1_000, null],
    [false, 'it is two checks old', NOW - 10 * MINUTE, null],
    [true, 'it is older', NOW - 12 * MINUTE, null],
    [true, 'it is from the future', NOW + 2 * MINUTE, null],
    [true, 'the clock was changed after it', NOW - 1_000, NOW - 500],
    [false, 'the clock was changed before it', NOW - 1_000, NOW - 2_000],
  ])('puts a report in doubt: %s, when %s', (doubted, _when, at, jumpedAt) => {
    expect(isDoubted({ at }, NOW, jumpedAt)).toBe(doubted);
  });

  const known = {
    facts: new Map([['destination1', facts({ report: report({ at: NOW - 1_000 }), nextCheckAt: NOW + 24 * HOUR })]]),
  };
  it('shows the session as unverified and asks at once, and nothing is deleted', () => {
    const change = { ...known, clock: { ...world().clock, jumpedAt: NOW } };
    expect(overview(world(change), WELL).accounts[0]).toMatchObject({
      status: 'unverified',
      health: { truth: 'unknown' },
    });
    const planned = plan(world(change));
    expect(planned.calls.map(({ kind }) => kind)).toEqual(['check']);
    expect(planned.facts.get('destination1')?.report).toEqual(report({ at: NOW - 1_000 }));
  });
  it('does not ask again and again where the answer is a failure', () => {
    const failing = facts({
      report: report({ at: NOW + HOUR }),
      checkTrouble: trouble('timeout'),
      checkFailures: 1,
      nextCheckAt: NOW + 2_000,
    });
    const planned = plan(
      world({ facts: new Map([['destination1', failing]]), clock: { ...world().clock, jumpedAt: NOW } }),
    );
    expect(planned).toMatchObject({ calls: [], wakeAt: NOW + 2_000 });
  });
});

describe('health checks', () => {
  it.each([1, 3, 7, 20])('of %i accounts share their wakings: no more than the interval needs', (count) => {
    const hours = 5;
    const { wakings, asked } = rest(count, hours);
    expect(wakings).toBeLessThanOrEqual(12 * hours);
    for (const times of asked) {
      const waits = times.slice(1).map((at, index) => at - (times[index] ?? 0));
      expect(waits.length).toBeGreaterThan(10 * hours);
      expect(Math.max(...waits)).toBeLessThanOrEqual(5.5 * MINUTE);
    }
  });

  it.each([
    ['verified', false, 'verified'],
    ['verified', true, 'unknown'],
    ['exchanged', false, 'unknown'],
    ['rejected', true, 'contradicted'],
    ['expired', false, 'contradicted'],
    ['none', false, 'contradicted'],
  ] as const)('that say %s, in doubt %s, are the truth: %s', (state, doubt, truth) => {
    expect(truthOf(session({ state }), doubt)).toBe(truth);
  });

  it.each([
    [undefined, null],
    [null, null],
    ['kite', null],
    ['Yahoo Finance', 'Yahoo Finance'],
    ['fallback', 'fallback'],
  ])('with a feed from %s name the stand-in %s', (source, name) => {
    const feed =
      source === undefined ? undefined : { state: 'live' as const, first_tick_at: null, last_tick_at: null, source };
    expect(fallbackOf(feed)).toBe(name);
  });

  it.each([
    [59_999, 0],
    [480_000, 8],
    [-120_000, -2],
  ])('tell a clock difference of %i ms as %i minutes', (ms, minutes) => expect(skewMinutes(ms)).toBe(minutes));
});

describe('an older system’s session manager', () => {
  const body = (change: object = {}, more: object = {}) => ({
    session: {
      active: true,
      valid: true,
      expiresIn: 85_200,
      expiresAt: iso(NOW + 6 * HOUR),
      timeToExpiry: '6h 0m',
      ...change,
    },
    configuration: { api_key: true, user_id: false },
    status: 'active',
    lastChecked: iso(NOW - MINUTE),
    ...more,
  });

  const NAIVE = '2026-11-21T06:00:00';
  const NOTHING_LEFT = { expiresIn: null, timeToExpiry: null };

  it.each<[end: object, words: string | undefined]>([
    [{ expiresAt: '30-Nov-2026 06:00', ...NOTHING_LEFT }, 'expiresAt: 30-Nov-2026 06:00'],
    [{ expiresAt: null, expiresIn: null, timeToExpiry: 'soon' }, 'timeToExpiry: soon'],
    [{ expiresAt: 'tomorrow', expiresIn: null, timeToExpiry: '2h' }, undefined],
    [{ expiresAt: null, ...NOTHING_LEFT }, undefined],
    [{ expiresAt: 'tomorrow', ...NOTHING_LEFT, valid: false }, undefined],
  ])('%j: what it says of its end is told where none of it can be read: %s', (end, words) =>
    expect(readSessionManager(body(end), NOW)?.session.problem).toBe(words),
  );

  it('is read as a report', () => {
    expect(readSessionManager(body(), NOW)).toEqual({
      session: {
        state: 'verified',
        delivery: null,
        user: null,
        exchanged_at: null,
        verified_at: iso(NOW - MINUTE),
        expires_at: iso(NOW + 6 * HOUR),
      },
      configuration: { api_key: true, user_id: false },
    });
  });

  it.each<[state: string | null, expires: number | null, when: string, unknown]>([
    ['verified', NOW + 85_200_000, 'only seconds are given', body({ expiresAt: null })],
    [
      'verified',
      NOW + 1_420 * MINUTE,
      'only words are given',
      body({ expiresAt: undefined, expiresIn: undefined, timeToExpiry: '23h 40m' }),
    ],
    [
      'verified',
      NOW + 5.5 * HOUR,
      'a clock is given',
      body({ expiresAt: null, expiresIn: null, timeToExpiry: '05:30:00' }),
    ],
    ['verified', null, 'nothing is given', body({ expiresAt: null, expiresIn: null, timeToExpiry: 'soon' })],
    ['verified', null, 'the times are nonsense', body({ expiresAt: 'tomorrow', expiresIn: 1e12, timeToExpiry: '' })],
    [
      'verified',
      NOW + 24 * HOUR,
      'a day is left',
      body({ expiresAt: null, expiresIn: null, timeToExpiry: '1d 0h 0m' }),
    ],
    ['verified', NOW + 2 * HOUR, 'it names no zone, and what is left', body({ expiresAt: NAIVE, expiresIn: 7_200 })],
    ['verified', ist('2026-11-21 06:00'), 'it names no zone', body({ expiresAt: NAIVE, ...NOTHING_LEFT })],
    ['expired', ist('2026-11-20 06:00'), 'it is over', body({ expiresAt: '2026-11-20 06:00:00', ...NOTHING_LEFT })],
    ['none', NOW + 6 * HOUR, 'it is not active', body({ active: false, valid: false })],
    ['expired', NOW + 6 * HOUR, 'it is active and not valid', body({ valid: false })],
    ['expired', NOW - 1_000, 'its time is over', body({ expiresAt: iso(NOW - 1_000) })],
    [null, null, 'it says neither', body({ active: undefined, valid: undefined })],
    [null, null, 'it is a page of another kind', { ok: true }],
    [null, null, 'it is no object', 'active'],
    [null, null, 'it is of another type', body({ valid: 'yes' })],
  ])('says %s until %s when %s', (state, expires, _when, text) => {
    const read = readSessionManager(text, NOW);
    expect(read?.session.state ?? null).toBe(state);
    expect(read?.session.expires_at ?? null).toBe(expires === null ? null : iso(expires));
  });

  it.each([
    ['true', 'verified'],
    ['false', 'none'],
    [undefined, undefined],
  ])('read by one path, %s is %s', (value, state) =>
    expect(readStatusPath(value, 'true', NOW)?.session.state).toBe(state),
  );
});

describe('the history', () => {
  type Lived = Parameters<typeof remember>[1];
  const view = (change: Partial<World>, more: Partial<Lived> = {}): Lived => {
    const [one] = overview(world(change), WELL).accounts;
    if (!one) throw new Error('no account is shown');
    return { ...one, login: null, ...more };
  };
  const told = (now: number, state: 'verified' | 'rejected' | 'none' = 'verified') =>
    view({
      now,
      facts: new Map([['destination1', facts({ report: report({ at: now, session: session({ state }) }) })]]),
    });
  const away = (now: number) =>
    view({
      now,
      facts: new Map([
        ['destination1', facts({ report: report({ at: NOW }), checkTrouble: trouble('timeout', { at: now }) })],
      ]),
    });
  const empty: History = { account: 'account1', entries: [] };
  const kinds = ({ entries }: History) => entries.map(({ kind }) => kind);

  it('has logins, sessions, expiries, rejections and outages, each once', () => {
    const login = { delivery: 'ob_x', capturedAt: NOW - 500, end: 'applied' as const };
    let history = remember(empty, { ...told(NOW), login }, NOW);
    expect(remember(history, { ...told(NOW), login }, NOW + 1)).toBe(history);
    history = remember(history, away(NOW + HOUR), NOW + HOUR);
    expect(remember(history, away(NOW + HOUR + 9), NOW + HOUR + 9)).toBe(history);
    expect(history.entries.at(-1)).toMatchObject({ kind: 'outage', at: NOW + HOUR, until: null });
    history = remember(history, told(NOW + 2 * HOUR), NOW + 2 * HOUR);
    expect(history.entries.at(-1)).toMatchObject({ kind: 'outage', until: NOW + 2 * HOUR });
    history = remember(history, told(NOW + 3 * HOUR, 'rejected'), NOW + 3 * HOUR);
    history = remember(history, told(ist('2026-11-21 06:00')), ist('2026-11-21 06:00'));
    expect(kinds(history)).toEqual(['login', 'session', 'outage', 'rejection', 'expiry']);
    expect(history.entries[1]).toMatchObject({ at: NOW, until: ist('2026-11-21 06:00') });
    expect(check(History, history)).toMatchObject({ ok: true });
  });

  it('ends a session that the backend lost, and goes on with it where it was found again', () => {
    let history = remember(empty, told(NOW), NOW);
    const until = () => history.entries.map((one) => one.until);
    history = remember(history, told(NOW + HOUR, 'none'), NOW + HOUR);
    expect(until()).toEqual([NOW + HOUR]);
    expect(remember(history, told(NOW + 2 * HOUR, 'none'), NOW + 2 * HOUR)).toBe(history);
    history = remember(history, told(NOW + 3 * HOUR), NOW + 3 * HOUR);
    expect(until()).toEqual([ist('2026-11-21 06:00')]);
  });

  it('keeps the latest six hundred', () => {
    let history = empty;
    for (let at = 0; at < 700; at++)
      history = remember(history, view({}, { login: { delivery: 'ob_x', capturedAt: at, end: 'failed' } }), at);
    expect(history.entries.length).toBe(600);
    expect(history.entries[0]).toMatchObject({ kind: 'failed-login', at: 100 });
  });
});

describe('renewal by itself', () => {
  const clock = { rule: { ttlMs: 24 * HOUR }, renewsItself: true };
  const view = (now: string, made: string, change = {}, of: Parameters<typeof account>[0] = { clock }) => {
    const one = session({ exchanged_at: iso(ist(made)), verified_at: iso(ist(made)), expires_at: null, ...change });
    const known = facts({ report: report({ at: ist(now), session: one }) });
    const [found] = overview(
      world({ now: ist(now), accounts: [account(of)], facts: new Map([['destination1', known]]) }),
      WELL,
    ).accounts;
    if (!found) throw new Error('no account is shown');
    return found;
  };
  const at = (now: string, ...rest: [made: string, change?: object, of?: Parameters<typeof account>[0]]) =>
    renewalAt(view(now, ...rest), null, DEFAULT_PREFERENCES, ist(now));
  const kite = { clock: { rule: null, renewsItself: true } };

  it.each<[when: string, due: string | null, ...Parameters<typeof at>]>([
    [
      'it is switched off',
      null,
      '2026-11-20 10:45',
      '2026-11-19 11:00',
      {},
      { clock: { ...clock, renewsItself: false } },
    ],
    ['nobody said anything', null, '2026-11-20 10:45', '2026-11-19 11:00', {}, {}],
    ['the session is healthy', null, '2026-11-20 10:29', '2026-11-19 11:00'],
    ['it is due soon', '2026-11-20 10:30', '2026-11-20 10:30', '2026-11-19 11:00'],
    ['it is over', '2026-11-20 12:00', '2026-11-20 12:00', '2026-11-19 11:00'],
    ['it was rejected', '2026-11-20 12:00', '2026-11-20 12:00', '2026-11-20 11:00', { state: 'rejected' }],
    ['it is only suspect', null, '2026-11-20 10:00', '2026-11-20 07:00', {}, kite],
    ['a login would not last yet', '2026-11-20 07:30', '2026-11-20 06:30', '2026-11-19 11:00', {}, kite],
    ['it is a holiday', null, '2026-11-24 10:00', '2026-11-19 11:00'],
    ['the market has closed', null, '2026-11-20 16:00', '2026-11-19 11:00'],
  ])('when %s is due at %s', (_when, due, ...rest) => expect(at(...rest)).toBe(due && ist(due)));

  it('is tried three times a session, later each time', () => {
    const over = view('2026-11-20 11:00', '2026-11-19 11:00');
    const now = ist('2026-11-20 11:00');
    const session = over.term?.key ?? '';
    let attempts = null;
    const waits = [];
    for (let tried = 0; tried < MOST_ATTEMPTS; tried++) {
      attempts = attempted('account1', session, attempts, now);
      const due = renewalAt(over, attempts, DEFAULT_PREFERENCES, now);
      waits.push(due && due - now);
    }
    expect(waits).toEqual([2 * MINUTE, 6 * MINUTE, null]);
    expect(
      renewalAt(over, { ...attempted('account1', session, null, now), lastAt: now + HOUR }, DEFAULT_PREFERENCES, now),
    ).toBe(now + 2 * MINUTE);
    expect(renewalAt(over, attempted('account1', 'another session', attempts, now), DEFAULT_PREFERENCES, now)).toBe(
      now,
    );
  });
});

describe('a session’s term', () => {
  it('ends at the earlier of what the backend and the rule say', () => {
    const end = (expires: string | null) =>
      termOf(account(), facts({ report: report({ session: session({ expires_at: expires && iso(ist(expires)) }) }) }))
        ?.endsAt;
    expect(end('2026-11-20 18:00')).toBe(ist('2026-11-20 18:00'));
    expect(end('2026-11-25 18:00')).toBe(ist('2026-11-21 06:00'));
    expect(end(null)).toBe(ist('2026-11-21 06:00'));
  });
  it('goes on where the broker confirmed the session after the rule’s end', () => {
    const old = session({ exchanged_at: iso(ist('2026-11-19 10:00')), verified_at: iso(NOW), expires_at: null });
    expect(termOf(account(), facts({ report: report({ session: old }) }))?.endsAt).toBe(ist('2026-11-21 06:00'));
    const clock = { rule: { ttlMs: HOUR }, renewsItself: false };
    expect(termOf(account({ clock }), facts({ report: report({ session: old }) }))?.endsAt).toBeNull();
  });
  it.each([
    [600_000, 600_000],
    [2_001, 2_001],
    [-2_001, -2_001],
    // As much as a message’s own travel: 06:00 stays 06:00.
    [2_000, 0],
    [-40, 0],
  ])('is by our clock: of a difference of %i ms its times are moved by %i', (skewMs, moved) => {
    const told = report({ skewMs, session: session({ expires_at: iso(NOW + HOUR), exchanged_at: iso(NOW) }) });
    const term = termOf(account(), facts({ report: told }));
    expect([term?.endsAt, term?.issuedAt]).toEqual([NOW + HOUR - moved, NOW - moved]);
  });
  it.each([
    ['2026-11-20 05:40', '2026-11-20 06:00', '2026-11-20 07:30'],
    ['2026-11-20 06:30', '2026-11-20 06:00', '2026-11-20 07:30'],
    ['2026-11-20 08:00', '2026-11-20 06:00', '2026-11-20 08:00'],
  ])('at %s, with a Zerodha session to %s, a login is worth it from %s', (now, ends, from) => {
    expect(usefulLoginAt(brokers.zerodha.session, ist(ends), ist(now))).toBe(ist(from));
  });
  it.each([
    [{}, 'at'],
    [{ suspectUntil: { hour: 7, minute: 30 }, ttlMs: HOUR }, 'suspectUntil'],
    [{ ttlMs: 1_000 }, 'ttlMs'],
    [{ at: { hour: 24, minute: 0 } }, 'at.hour'],
  ])('of a rule like %j is refused by its %s', (rule, field) => {
    expect(check(ExpiryRule, rule)).toMatchObject({ ok: false, problems: [{ field }] });
  });
});

describe('the context menu', () => {
  const name = (broker: string) => broker.toUpperCase();
  it('acts on the only account, and on each of several in a submenu', () => {
    expect(menuFor([], name)).toEqual([]);
    expect(menuFor([account()], name).map(({ id, parent }) => [id, parent])).toEqual([
      ['log-in:account1', null],
      ['check:account1', null],
      ['pause:account1', null],
    ]);
    const two = menuFor([account(), account({ id: 'account2', name: 'R&D', paused: true })], name);
    expect(two.map(({ title, parent }) => [title, parent])).toEqual([
      ['ZERODHA main', null],
      ['Log in', 'account1'],
      ['Check now', 'account1'],
      ['Pause', 'account1'],
      ['ZERODHA R&&D', null],
      ['Resume', 'account2'],
    ]);
  });
  it.each([
    ['log-in:account1', { action: 'log-in', account: 'account1' }],
    ['resume:account1', { action: 'resume', account: 'account1' }],
    ['account1', null],
    ['launch:account1', null],
  ])('reads %s', (id, read) => expect(readMenuId(id)).toEqual(read));
});

describe('words', () => {
  it.each(STATUSES)('of %s stand in the docs as on the screen, with its badge', (status) => {
    const [view] = overview(world(), WELL).accounts;
    if (!view) throw new Error('no account is shown');
    const { text } = badge([{ ...view, status }], NOW);
    const { label, means, press } = tellState(status);
    expect(DOCS).toContain(`| ${text && `${text} `}| ${label} | ${means} | ${press} |`);
  });
  it.each([
    ['06:00', { hour: 6, minute: 0 }],
    [' 9:05 ', { hour: 9, minute: 5 }],
    ['24:00', null],
    ['9', null],
    ['09:60', null],
  ])('like %j are a time of day: %j', (text, clock) => expect(readClock(text)).toEqual(clock));
  it('name the day where it is another one', () => {
    expect(formatMoment(ist('2026-11-21 06:00'), NOW)).toBe('06:00 on 21 Nov');
    expect(formatMoment(ist('2026-11-20 23:59'), NOW)).toBe('23:59');
  });
});
