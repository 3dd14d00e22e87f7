import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pricesOfQuote } from '../../../backend/src/feed/breeze-quote.ts';
import { createTicks } from '../../../backend/src/feed/ticks.ts';
import { openDatabase } from '../../../backend/src/store/database.ts';
import { createSqlite } from '../../../backend/src/store/sqlite.ts';
import { type FeedPrices, openFeedPrices, type Tick } from '../../../backend/src/store/tables/feed-prices.ts';
import { openFeedSeats } from '../../../backend/src/store/tables/feed-seats.ts';
import { HOUR, SECOND } from '../../../utils/shared/time.ts';
import { temporaryDir } from '../../flow/backend/harness.ts';

const NIFTY = 'NSE:NIFTY 50';
const SENSEX = 'BSE:SENSEX';

let dir: ReturnType<typeof temporaryDir>;
let ends: (() => Promise<void>)[];

beforeEach(() => {
  vi.useFakeTimers();
  dir = temporaryDir();
  ends = [];
});
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(ends.map((end) => end()));
  dir.remove();
});

/** The prices of one process, as far as the store can tell; `change` stands in the place of a part of its store. */
function process(owner: string, change: (stored: FeedPrices) => Partial<FeedPrices> = () => ({})) {
  const sql = createSqlite(openDatabase(dir.path));
  ends.push(sql.close);
  const stored = openFeedPrices(sql, owner);
  const told: number[] = [];
  let asks = 0;
  const prices: FeedPrices = {
    ...stored,
    async tell(...given) {
      asks += 1;
      const isWanted = await stored.tell(...given);
      if (isWanted) told.push(given[1].length);
      return isWanted;
    },
    ...change(stored),
  };
  const ticks = createTicks({ accounts: ['icici', 'zerodha'], prices, lookEveryMs: 250, now: Date.now });
  return {
    ticks,
    /** How many prices went into the store, each time that any did. */
    told,
    /** How often the store was asked to take some. */
    asks: () => asks,
    take: async () => {
      await sql.run('INSERT INTO processes VALUES (:owner, 1, :until) ON CONFLICT DO NOTHING', {
        owner,
        until: Date.now() + 30 * SECOND,
      });
      return openFeedSeats(sql, owner).take('zerodha', Date.now());
    },
    end: () => sql.run('DELETE FROM processes WHERE id = :owner', { owner }),
    /** Listens, and collects what it hears as `symbol price`. */
    listen() {
      const heard: string[] = [];
      const leave = ticks.listen((account, moved) =>
        heard.push(...moved.map(({ symbol, price }: Tick) => `${account} ${symbol} ${price}`)),
      );
      return { heard, leave };
    },
    move: (price: number, symbol = NIFTY) => ticks.put('zerodha', [{ symbol, price }]),
  };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('the prices of a feed', () => {
  it('reach who listens in its process, the latest one of each symbol that moved', async () => {
    const { listen, move } = process('mine');
    const { heard, leave } = listen();
    for (let price = 1; price <= 10_000; price++) move(price);
    move(7, SENSEX);
    await pass(250);
    expect(heard).toEqual([`zerodha ${NIFTY} 10000`, `zerodha ${SENSEX} 7`]);
    move(8, SENSEX);
    await pass(SECOND);
    expect(heard.slice(2)).toEqual([`zerodha ${SENSEX} 8`]);
    leave();
    move(9);
    await pass(SECOND);
    expect(heard).toHaveLength(3);
  });

  it('reach who listens in another process, each move once, and nothing that moved before', async () => {
    const [mine, other] = [process('mine'), process('other')];
    await mine.take();
    other.ticks.listen(() => {})();
    mine.move(1);
    await pass(2 * SECOND);
    const { heard } = other.listen();
    await pass(2 * SECOND);
    for (const price of [2, 3]) {
      mine.move(price);
      await pass(SECOND);
    }
    mine.move(4, SENSEX);
    await pass(SECOND);
    expect(heard).toEqual([`zerodha ${NIFTY} 2`, `zerodha ${NIFTY} 3`, `zerodha ${SENSEX} 4`]);
  });

  it('go into the store only while another process listens', async () => {
    const [mine, other] = [process('mine'), process('other')];
    await mine.take();
    mine.listen();
    const run = async (seconds: number) => {
      const before = mine.told.length;
      for (let i = 0; i < 5 * seconds; i++) {
        mine.move(i);
        await pass(200);
      }
      return mine.told.length - before;
    };
    expect(await run(10)).toBe(0);
    // Once a second it is asked whether anybody listens by now.
    expect(mine.asks()).toBeLessThanOrEqual(11);
    const { leave } = other.listen();
    const told = await run(10);
    expect(told).toBeGreaterThan(10);
    // At most four times a second.
    expect(told).toBeLessThanOrEqual(40);
    leave();
    await run(4);
    expect(await run(10)).toBe(0);
  });

  it('come from the next process that has the feed, once the first one is gone', async () => {
    const [first, next, other] = [process('first'), process('next'), process('other')];
    await first.take();
    const { heard } = other.listen();
    await pass(SECOND);
    first.move(1);
    await pass(2 * SECOND);
    const heardByFirst = first.listen().heard;
    await first.end();
    expect(await next.take()).toBe(true);
    await pass(SECOND);
    next.move(2);
    // One that does not know yet that it was taken for dead.
    first.move(99);
    await pass(2 * SECOND);
    expect(heard).toEqual([`zerodha ${NIFTY} 1`, `zerodha ${NIFTY} 2`]);
    expect(heardByFirst.toSorted()).toEqual([`zerodha ${NIFTY} 2`, `zerodha ${NIFTY} 99`]);
  });

  it('are held up by no store: one call at a time, and the latest prices go with the next', async () => {
    const calls: (readonly Tick[])[] = [];
    let answer = (_isWanted: boolean) => {};
    const { listen, move } = process('mine', () => ({
      tell: (_account, ticks) => {
        calls.push(ticks);
        return new Promise((resolve) => {
          answer = resolve;
        });
      },
    }));
    const { heard } = listen();
    for (let price = 1; price <= 100; price++) {
      move(price);
      await pass(250);
    }
    expect([heard.length, calls.length]).toEqual([100, 1]);
    answer(true);
    await pass(250);
    expect(calls.map((ticks) => ticks.map(({ price }) => price))).toEqual([[1], [100]]);
  });

  it('come again when a store that failed is back', async () => {
    let isAway = true;
    const away = () => Promise.reject(new Error('away'));
    const mine = process('mine', ({ tell }) => ({ tell: (...given) => (isAway ? away() : tell(...given)) }));
    const other = process('other', ({ want }) => ({ want: (...given) => (isAway ? away() : want(...given)) }));
    await mine.take();
    const { heard } = other.listen();
    await pass(3 * SECOND);
    mine.move(1);
    await pass(SECOND);
    expect(heard).toEqual([]);
    isAway = false;
    await pass(3 * SECOND);
    mine.move(2);
    await pass(3 * SECOND);
    expect(heard).toEqual([`zerodha ${NIFTY} 2`]);
  });

  it('count for no longer than a moment under a clock that was set back', async () => {
    const [mine, other] = [process('mine'), process('other')];
    await mine.take();
    other.listen().leave();
    await pass(0);
    vi.setSystemTime(Date.now() - HOUR);
    await mine.take();
    mine.move(1);
    await pass(SECOND);
    expect(mine.told).toEqual([]);
  });
});

describe('the price in what a Breeze stream sends', () => {
  const mcx = ['6.1!CRUDEOIL', 1, 2, 3, 4, 5_012.5];
  it.each<[what: string, value: unknown, told: [string, number][]]>([
    ['a quote of an index', ['4.1!NIFTY 50', 26_000, 26_010.35, 26_020], [['4.1!NIFTY 50', 26_010.35]]],
    ['a quote of MCX, which has a form of its own', mcx, [['6.1!CRUDEOIL', 5_012.5]]],
    ['a price as text', ['1.1!500570', '7', '701.5'], [['1.1!500570', 701.5]]],
    ['depth, which has none', ['4.2!1594', 'time', [[1, 2, 3]]], []],
    ['an order', ['4711', 1, 2], []],
    ['no price yet', ['4.1!NIFTY 50', 0, 0], []],
    ['an empty list', [], []],
    ['no list', { symbol: '4.1!NIFTY 50' }, []],
  ])('of %s', (_what, value, told) => {
    expect(pricesOfQuote(value)).toEqual(told.map(([symbol, price]) => ({ symbol, price })));
  });
});
