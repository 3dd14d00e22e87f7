import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFeed, type Feed, type FeedEvents } from '../../../backend/src/feed/feed.ts';
import type { Price } from '../../../backend/src/feed/tick.ts';
import type { LogEvent } from '../../../backend/src/log/log.ts';
import type { Session } from '../../../backend/src/store/tables/sessions.ts';
import { DAY, MINUTE, SECOND } from '../../../utils/shared/time.ts';

const FRIDAY = '2026-11-20';
const session = (generation = 1): Session => ({
  account: 'zerodha',
  generation,
  user: 'AB1234',
  accessToken: `token-${generation}`,
  dayToken: null,
  exchangedAt: Date.now(),
  expiresAt: Date.now() + DAY,
});

let feed: Feed;
let log: LogEvent[];
/** The prices that were handed on. */
let priced: Price[];
/** Each connection that was made: its token, its voice, and whether it was ended. */
let made: { at: number; token: string; say: FeedEvents; isEnded: boolean }[];

const last = () => made.at(-1) ?? expect.fail('no connection');

function at(time: string): void {
  vi.setSystemTime(new Date(`${FRIDAY}T${time}+05:30`));
}

beforeEach(() => {
  vi.useFakeTimers();
  at('08:00:00');
  log = [];
  priced = [];
  made = [];
  feed = createFeed({
    account: 'zerodha',
    source: 'Kite ticker',
    connect: ({ accessToken }, say) => {
      const one = { at: Date.now(), token: accessToken, say, isEnded: false };
      made.push(one);
      return () => {
        one.isEnded = true;
      };
    },
    priced: (prices) => priced.push(...prices),
    log: (event) => log.push(event),
    now: Date.now,
  });
});
afterEach(() => {
  feed.stop();
  vi.useRealTimers();
});

describe('a feed', () => {
  it('connects at once, and drops the old connection for a new session', () => {
    feed.start(session(1));
    last().say.subscribed();
    last().say.ticked([]);
    expect(feed.state()).toMatchObject({ state: 'live', first_tick_at: '2026-11-20T02:30:00.000Z' });
    feed.start(session(2));
    expect(made.map(({ token, isEnded }) => [token, isEnded])).toEqual([
      ['token-1', true],
      ['token-2', false],
    ]);
    made[0]?.say.ticked([]);
    expect(feed.state()).toMatchObject({ state: 'connecting', first_tick_at: null });
  });

  it('hands on the prices of its present connection alone', () => {
    const price = (price: number) => [{ symbol: 'NSE:NIFTY 50', price }];
    feed.start(session(1));
    last().say.ticked(price(1));
    feed.start(session(2));
    made[0]?.say.ticked(price(2));
    last().say.ticked(price(3));
    feed.stop();
    last().say.ticked(price(4));
    expect(priced).toEqual([...price(1), ...price(3)]);
  });

  it('stops after five refusals of its token, until the next session', async () => {
    feed.start(session(1));
    for (let i = 0; i < 20; i++) {
      if (!last().isEnded) last().say.down('refused', '403');
      await vi.advanceTimersByTimeAsync(MINUTE);
    }
    expect(made).toHaveLength(5);
    expect(log.at(-1)).toEqual({ event: 'feed.stopped', account: 'zerodha', reason: 'refusals' });
    expect(feed.state()).toMatchObject({ state: 'refused', problem: '403' });
    feed.start(session(2));
    expect(made).toHaveLength(6);
  });

  it('comes back after 1, 2, 4, 8, 16 and then each 30 seconds', async () => {
    feed.start(session());
    for (let i = 0; i < 7; i++) {
      last().say.down('lost', 'closed');
      await vi.advanceTimersByTimeAsync(30 * SECOND);
    }
    const pauses = made.slice(1).map((one, i) => one.at - (made[0]?.at ?? 0) - i * 30 * SECOND);
    expect(pauses.map((ms) => ms / SECOND)).toEqual([1, 2, 4, 8, 16, 30, 30]);
  });

  it('ends with its session', async () => {
    feed.start({ ...session(), expiresAt: Date.now() + 500 });
    last().say.down('lost', 'closed');
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(made).toHaveLength(1);
    expect(feed.state()).toMatchObject({ state: 'off', problem: 'the session has expired' });
  });
});

describe('a feed without prices', () => {
  it('is a gap while the market is open: it says so, and connects anew', async () => {
    at('11:00:00');
    feed.start(session());
    last().say.subscribed();
    last().say.ticked([]);
    await vi.advanceTimersByTimeAsync(29 * SECOND);
    expect(feed.state().state).toBe('live');
    await vi.advanceTimersByTimeAsync(2 * SECOND);
    expect(log).toContainEqual({ event: 'feed.gap', account: 'zerodha' });
    await vi.advanceTimersByTimeAsync(2 * SECOND);
    expect(made).toHaveLength(2);
    last().say.subscribed();
    const problem = 'connected, but no price comes while the market is open';
    expect(feed.state()).toMatchObject({ state: 'subscribed', problem });
    last().say.ticked([]);
    expect(feed.state()).toMatchObject({ state: 'live', problem: null });
  });

  it('connects anew more and more seldom, since it may be a holiday that nobody told us of', async () => {
    at('09:20:00');
    feed.start(session());
    last().say.subscribed();
    for (let i = 0; i < 6 * 60; i++) {
      await vi.advanceTimersByTimeAsync(MINUTE);
      if (!last().isEnded) last().say.subscribed();
    }
    expect(made.length).toBeGreaterThan(5);
    expect(made.length).toBeLessThan(40);
  });

  it.each([
    ['before the opening, with frozen prices', '09:08:00', 6 * MINUTE],
    ['before the opening and 20 seconds of the session', '09:08:00', 7 * MINUTE + 20 * SECOND],
    ['in the evening', '18:00:00', 60 * MINUTE],
  ])('is no gap %s', async (_name, time, ms) => {
    at(time);
    feed.start(session());
    last().say.subscribed();
    last().say.ticked([]);
    await vi.advanceTimersByTimeAsync(ms);
    expect(feed.state()).toMatchObject({ state: 'live', problem: null });
    expect(made).toHaveLength(1);
  });

  it('is a gap half a minute after the opening', async () => {
    at('09:10:00');
    feed.start(session());
    last().say.subscribed();
    await vi.advanceTimersByTimeAsync(5 * MINUTE + 32 * SECOND);
    expect(log).toContainEqual({ event: 'feed.gap', account: 'zerodha' });
  });
});
