import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../utils/domain/dashboards/dashboard.ts';
import type { Effect } from '../../../utils/domain/dashboards/effect.ts';
import { type Held, isDialogDue, judge } from '../../../utils/domain/hold/hold-list.ts';
import type { HoldView } from '../../../utils/domain/hold/hold-messages.ts';
import { ageOf, inWords, isRenewed, type Moment, type Replay, replayOf } from '../../../utils/domain/hold/replay.ts';
import type { MarketId } from '../../../utils/shared/market.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../utils/shared/time.ts';
import { hasTradingEnded } from '../../../utils/shared/trading-session.ts';

/** Epoch ms of a moment in India, `2026-11-20 09:15` or with seconds. */
const ist = (text: string) => Date.parse(`${text.replace(' ', 'T')}+05:30`);
const later = (ms: number, since: Moment): Moment => ({ wall: since.wall + ms, steady: since.steady + ms });
const at = (text: string): Moment => ({ wall: ist(text), steady: 1_000 });

describe('what becomes of a held request after the login', () => {
  const table: [what: string, effect: Effect, sent: string, later: number, becomes: Replay][] = [
    ['a read at once', 'read', '2026-11-20 09:20', 20 * SECOND, 'by-itself'],
    ['a read at its limit', 'read', '2026-11-20 09:20', 15 * MINUTE, 'by-itself'],
    ['a read past its limit', 'read', '2026-11-20 09:20', 15 * MINUTE + 1, 'too-old'],
    ['a read over the close', 'read', '2026-11-20 15:38', 5 * MINUTE, 'by-itself'],
    ['an order at once', 'act', '2026-11-20 09:20', 20 * SECOND, 'on-click'],
    ['an order at its limit', 'act', '2026-11-20 09:20', 2 * MINUTE, 'on-click'],
    ['an order past its limit', 'act', '2026-11-20 09:20', 2 * MINUTE + 1, 'too-old'],
    ['an order of 09:15 at 14:00', 'act', '2026-11-20 09:15', 4.75 * HOUR, 'too-old'],
    ['an order of yesterday', 'act', '2026-11-19 09:20', DAY, 'too-old'],
    ['an order of yesterday, the same clock time less a moment', 'act', '2026-11-19 15:39', DAY - MINUTE, 'too-old'],
    ['an order over the close', 'act', '2026-11-20 15:39', MINUTE, 'too-old'],
    ['an order just before the close', 'act', '2026-11-20 15:38', MINUTE, 'on-click'],
    ['an order before the open, at the open', 'act', '2026-11-20 09:14', MINUTE, 'on-click'],
    ['an order on a holiday', 'act', '2026-11-24 10:00', MINUTE, 'on-click'],
    ['an order of Friday on Monday', 'act', '2026-11-20 15:30', 3 * DAY, 'too-old'],
  ];
  it.each(table)('%s', (_, effect, sent, ms, becomes) => {
    expect(replayOf(effect, at(sent), later(ms, at(sent)), DEFAULT_LIMITS)).toBe(becomes);
  });

  const setBack: [what: string, effect: Effect, wallLater: number, steadyLater: number, becomes: Replay][] = [
    ['an order, the clock set back by an hour', 'act', -HOUR + 20 * SECOND, 20 * SECOND, 'too-old'],
    ['a read, the clock set back by an hour', 'read', -HOUR + 20 * SECOND, 20 * SECOND, 'on-click'],
    ['an old order, the clock set back to its own time', 'act', 0, 3 * HOUR, 'too-old'],
    ['an order, the clock set back by less than is noticed', 'act', 19 * SECOND, 20 * SECOND, 'on-click'],
    ['an order, the machine slept for an hour', 'act', HOUR, 20 * SECOND, 'too-old'],
    ['a read, the machine slept for ten minutes', 'read', 10 * MINUTE, 20 * SECOND, 'by-itself'],
    ['an order, the clock set forward by an hour', 'act', HOUR, 20 * SECOND, 'too-old'],
  ];
  it.each(setBack)('%s', (_, effect, wall, steady, becomes) => {
    const sent = at('2026-11-20 11:00');
    const now = { wall: sent.wall + wall, steady: sent.steady + steady };
    expect(replayOf(effect, sent, now, DEFAULT_LIMITS)).toBe(becomes);
  });

  it('for any two clocks, what may act never goes out by itself, nor past its limit', () => {
    const clock = fc.integer({ min: -3 * DAY, max: 3 * DAY });
    fc.assert(
      fc.property(
        clock,
        fc.nat(3 * DAY),
        fc.integer({ min: 10 * SECOND, max: 15 * MINUTE }),
        (wall, steady, actLimitMs) => {
          const sent = at('2026-11-19 11:00');
          const now = { wall: sent.wall + wall, steady: sent.steady + steady };
          const becomes = replayOf('act', sent, now, { ...DEFAULT_LIMITS, actLimitMs });
          expect(becomes).not.toBe('by-itself');
          if (Math.max(wall, steady) > actLimitMs) expect(becomes).toBe('too-old');
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('the end of a trading session', () => {
  it.each([
    ['2026-11-20 09:15', '2026-11-20 15:39:59', false],
    ['2026-11-20 09:15', '2026-11-20 15:40', true],
    ['2026-11-20 09:00', '2026-11-20 09:14', false],
    ['2026-11-20 09:00', '2026-11-20 15:39', false],
    ['2026-11-20 09:00', '2026-11-20 16:00', true],
    ['2026-11-20 15:41', '2026-11-23 09:14', false],
    ['2026-11-20 15:41', '2026-11-23 12:00', false],
    ['2026-11-20 12:00', '2026-11-23 12:00', true],
    ['2026-11-23 12:00', '2026-11-24 12:00', true],
    ['2026-11-19 12:00', '2026-11-20 09:15', true],
    ['2026-11-20 09:00', '2026-11-20 09:15', false],
    ['2026-11-24 08:00', '2026-11-24 20:00', false],
  ])('between %s and %s: %s', (from, to, ended) => expect(hasTradingEnded(ist(from), ist(to))).toBe(ended));
});

describe('an order', () => {
  const own = { days: [], through: null };
  const limits = (market: MarketId) => ({ ...DEFAULT_LIMITS, calendar: { market, own } });
  it.each<[settings: MarketId, rule: MarketId | undefined, sent: string, clicked: string, becomes: Replay]>([
    ['nse-fo', undefined, '15:39:30', '15:40:20', 'too-old'],
    ['mcx', undefined, '15:39:30', '15:40:20', 'on-click'],
    ['nse-fo', 'mcx', '15:39:30', '15:40:20', 'on-click'],
    ['currency', undefined, '16:59:30', '17:00:20', 'too-old'],
    ['nse-fo', 'currency', '16:59:30', '17:00:20', 'too-old'],
    ['mcx', 'currency', '16:59:30', '17:00:20', 'too-old'],
    ['mcx', 'mcx-agri', '16:59:30', '17:00:20', 'too-old'],
    ['mcx', 'mcx-agri-late', '20:59:30', '21:00:20', 'too-old'],
    ['mcx', undefined, '23:54:30', '23:55:20', 'too-old'],
    ['mcx', undefined, '23:29:30', '23:30:20', 'on-click'],
    ['nse-equity', undefined, '15:14:30', '15:15:20', 'too-old'],
    ['nse-equity', undefined, '15:34:10', '15:34:59', 'on-click'],
    ['nse-equity', undefined, '15:34:30', '15:35:20', 'too-old'],
  ])(
    'is judged by the hours of its market (settings %s, rule %s), %s to %s: %s',
    (settings, rule, sent, clicked, becomes) => {
      const from = at(`2026-11-20 ${sent}`);
      const now = later(ist(`2026-11-20 ${clicked}`) - from.wall, from);
      expect(replayOf('act', from, now, limits(settings), rule)).toBe(becomes);
    },
  );

  it('goes by the person’s own days too', () => {
    const hours = { from: { hour: 18, minute: 0 }, to: { hour: 19, minute: 0 } };
    const day = { date: '2026-11-08', kind: 'trading' as const, name: '', hours };
    const calendar = { market: 'nse-fo' as const, own: { days: [day], through: null } };
    const sent = at('2026-11-08 18:59:30');
    expect(replayOf('act', sent, later(50 * SECOND, sent), { ...DEFAULT_LIMITS, calendar })).toBe('too-old');
  });
});

describe('ages', () => {
  const sent = at('2026-11-20 11:00');
  it.each([
    [later(SECOND, sent), 'a moment old'],
    [later(3 * SECOND, sent), '3 s old'],
    [later(42 * SECOND, sent), '42 s old'],
    [later(2 * MINUTE, sent), '2 min old'],
    [later(12 * MINUTE, sent), '12 min old'],
    [{ wall: sent.wall + 8 * SECOND, steady: sent.steady + 10 * SECOND }, '10 s old'],
    [{ wall: sent.wall - HOUR, steady: sent.steady + MINUTE }, 'of unknown age: the clock was set back'],
  ])('%j is %s', (now, says) => expect(inWords(ageOf(sent, now))).toBe(says));
});

it.each([
  [null, false],
  [999, false],
  [1_000, false],
  [1_250, false],
  [1_251, true],
])('a session of %s renews what was sent at 1000: %s', (session, renewed) =>
  expect(isRenewed(session, 1_000)).toBe(renewed),
);

describe('the requests of a page', () => {
  const now = at('2026-11-20 11:00');
  const held = (id: number, effect: Effect, ageMs: number, state: Held['state'] = 'waiting'): Held => ({
    id,
    method: effect === 'act' ? 'POST' : 'GET',
    target: '/x',
    description: '',
    effect,
    sent: later(-ageMs, now),
    state,
  });
  const all = [
    held(1, 'read', SECOND),
    held(2, 'act', SECOND),
    held(3, 'read', 16 * MINUTE),
    held(4, 'act', 3 * MINUTE),
    held(5, 'act', 3 * MINUTE, 'ready'),
    held(6, 'read', SECOND, 'sending'),
    held(7, 'act', 3 * MINUTE, 'unknown'),
  ];
  const ids = (some: Held[]) => some.map(({ id }) => id);

  it('are sent, asked about and given up after a renewal', () => {
    const { send, ask, giveUp } = judge(all, true, now, DEFAULT_LIMITS);
    expect([ids(send), ids(ask), ids(giveUp)]).toEqual([[1], [2], [3, 4, 5]]);
  });

  it('are only ever given up before one', () => {
    const { send, ask, giveUp } = judge(all, false, now, DEFAULT_LIMITS);
    expect([ids(send), ids(ask), ids(giveUp)]).toEqual([[], [], [3, 4, 5]]);
  });

  const login = (change: Partial<HoldView>): HoldView => ({
    step: 'ask',
    session: null,
    links: null,
    says: null,
    waiting: 1,
    pages: 1,
    turn: 0,
    isChosen: true,
    ...change,
  });
  it.each([
    ['the chosen page before the login', [held(1, 'read', 0)], login({}), false, true],
    ['a page that is not chosen', [held(1, 'read', 0)], login({ isChosen: false }), true, false],
    ['the chosen top page of a frame that waits', [], login({}), true, true],
    ['the login is there', [held(1, 'read', 0, 'sending')], login({ step: 'renewed' }), true, false],
    ['an order that asks', [held(1, 'act', 0, 'ready')], login({ isChosen: false }), true, true],
    ['an order that asks where nobody looks', [held(1, 'act', 0, 'ready')], login({ isChosen: false }), false, false],
    ['an order that is out', [held(1, 'act', 0, 'sending')], null, true, true],
    ['an order of unknown outcome', [held(1, 'act', 0, 'unknown')], null, true, true],
    ['nothing', [], null, true, false],
  ] as const)('show a dialog for %s', (_, some, view, isVisible, due) =>
    expect(isDialogDue(some, view, isVisible)).toBe(due),
  );
});
