import { FeedState } from '../../../../utils/shared/contract.ts';
import { check, parseJson } from '../../../../utils/shared/schema.ts';
import type { AccountName } from '../../config/account-name.ts';
import type { Database } from '../sql.ts';
import { aliveIn } from './processes.ts';

/** What the process that has an account's feed last told of it. */
export interface ToldFeed {
  state: FeedState;
  /** The session that the feed was begun with. */
  generation: number;
  /** The number of the process on its machine; null: it lives no more. */
  pid: number | null;
  isOurs: boolean;
}

export type FeedSeats = ReturnType<typeof openFeedSeats>;

/** Of all processes one has an account's feed: the broker allows few connections, and each would tell the same. */
export function openFeedSeats(db: Database, owner: string) {
  return {
    /** True where this process has the feed, or has it now because nobody alive does. */
    async take(account: AccountName, now: number): Promise<boolean> {
      const held = await db.get(`SELECT owner FROM feeds WHERE account = :account AND owner IN ${aliveIn(db)}`, {
        account,
        now,
      });
      if (held !== undefined) return held.owner === owner;
      const taken = await db.run(
        `INSERT INTO feeds (account, owner, generation, state) VALUES (:account, :owner, 0, '')
         ON CONFLICT (account) DO UPDATE SET owner = excluded.owner, generation = 0, state = '', prices = ''
         WHERE feeds.owner NOT IN ${aliveIn(db)}`,
        { account, owner, now },
      );
      return taken === 1;
    },

    /** Tells the others how the feed is; it is told again soon, so a power cut may lose it. */
    tell: (account: AccountName, generation: number, state: FeedState) =>
      db.lazily.run(
        'UPDATE feeds SET generation = :generation, state = :state WHERE account = :account AND owner = :owner',
        { account, owner, generation, state: JSON.stringify(state) },
      ),

    /** Null: nobody ever had it, or has told of it yet. */
    async told(account: AccountName, now: number): Promise<ToldFeed | null> {
      const row = await db.get(
        `SELECT feeds.owner, generation, state, alive.pid FROM feeds
         LEFT JOIN (SELECT id, pid FROM processes WHERE id IN ${aliveIn(db)}) AS alive ON alive.id = feeds.owner
         WHERE account = :account`,
        { account, now },
      );
      const state = check(FeedState, parseJson(String(row?.state ?? '')));
      if (row === undefined || !state.ok) return null;
      const pid = row.pid === null || row.pid === undefined ? null : Number(row.pid);
      return { state: state.value, generation: Number(row.generation), pid, isOurs: row.owner === owner };
    },

    /** Lets a standby have the feeds at once. */
    leave: () => db.run('DELETE FROM feeds WHERE owner = :owner', { owner }),
  };
}
