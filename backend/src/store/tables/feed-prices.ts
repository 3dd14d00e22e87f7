import { check, parseJson, z } from '../../../../utils/shared/schema.ts';
import { MINUTE, SECOND } from '../../../../utils/shared/time.ts';
import type { AccountName } from '../../config/account-name.ts';
import type { Database } from '../sql.ts';

/** How long a process that asked for prices gets them; it asks again every second. */
const WANTED_MS = 3 * SECOND;

/** The latest price of one symbol, in the broker's spelling. */
export interface Tick {
  symbol: string;
  price: number;
  /** When the feed told it, epoch ms. */
  at: number;
}

const Ticks = z.array(z.object({ symbol: z.string(), price: z.number(), at: z.number() }));

export type FeedPrices = ReturnType<typeof openFeedPrices>;

/** The latest prices of each feed, for the processes that do not have it. No notice holds one: it only says that they moved. */
export function openFeedPrices(db: Database, owner: string) {
  return {
    /** Asks the process that has this feed for its prices, for the next seconds. One row a statement: two never lock each other out. */
    want: (account: AccountName, now: number) =>
      db.lazily.run(
        `UPDATE feeds SET wanted_until = ${db.clock} + ${WANTED_MS} WHERE account = :account AND owner <> :owner`,
        { account, owner, now },
      ),

    /** Tells the prices of a feed of this process; false where nobody asked, or another process has it. */
    tell: async (account: AccountName, ticks: readonly Tick[], now: number): Promise<boolean> =>
      // A time too far ahead was written under a clock that was wrong, and must not count for ever.
      (await db.lazily.run(
        `UPDATE feeds SET prices = :prices WHERE account = :account AND owner = :owner
           AND wanted_until > ${db.clock} AND wanted_until - ${MINUTE} < ${db.clock}`,
        { account, owner, prices: JSON.stringify(ticks), now },
      )) === 1,

    /** What the other processes last told. */
    async ofOthers(): Promise<{ account: AccountName; ticks: Tick[] }[]> {
      const rows = await db.all(`SELECT account, prices FROM feeds WHERE owner <> :owner AND prices <> ''`, { owner });
      return rows.flatMap(({ account, prices }) => {
        const ticks = check(Ticks, parseJson(String(prices)));
        return ticks.ok ? [{ account: account as AccountName, ticks: ticks.value }] : [];
      });
    },
  };
}
