import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFeedKeeper } from '../../../backend/src/feed/keeper.ts';
import { createFollow } from '../../../backend/src/session/follow.ts';
import { openDatabase } from '../../../backend/src/store/database.ts';
import { createSqlite } from '../../../backend/src/store/sqlite.ts';
import { openFeedSeats } from '../../../backend/src/store/tables/feed-seats.ts';
import { openSessions } from '../../../backend/src/store/tables/sessions.ts';
import type { FeedState } from '../../../utils/shared/contract.ts';
import { HOUR, SECOND } from '../../../utils/shared/time.ts';
import { temporaryDir } from '../../flow/backend/harness.ts';

const OFF: FeedState = { state: 'off', first_tick_at: null, last_tick_at: null, source: null };
const NOW = Date.parse('2026-11-20T05:00:00Z');

let dir: ReturnType<typeof temporaryDir>;

beforeEach(() => {
  dir = temporaryDir();
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  dir.remove();
});

/** The second process on a store shares its file, and has an end of its own. */
const ends: (() => Promise<void>)[] = [];

/** A store whose answer to the next question for the session comes when it is let go, and what the feed was begun with. */
function world(owner = 'me') {
  const sql = createSqlite(openDatabase(dir.path));
  ends.push(sql.close);
  const stored = openSessions(sql, Buffer.alloc(32));
  const started: number[] = [];
  let slow: { read(): void; opened: Promise<void> } | null = null;
  const sessions = {
    ...stored,
    async live(...asked: Parameters<typeof stored.live>) {
      const gate = slow;
      slow = null;
      const found = await stored.live(...asked);
      gate?.read();
      await gate?.opened;
      return found;
    },
  };
  const zerodha = {
    start: ({ generation }: { generation: number }) => void started.push(generation),
    stop: () => void started.push(0),
    state: (): FeedState => OFF,
  };
  const feeds = { zerodha, icici: null };
  const keeper = createFeedKeeper({ seats: openFeedSeats(sql, owner), feeds, sessions: stored, now: () => NOW });
  const follow = createFollow({ sessions, keeper, log: () => {}, now: () => NOW });
  const lease = (id: string, until: number) =>
    sql.run(
      'INSERT INTO processes VALUES (:id, 1, :until) ON CONFLICT (id) DO UPDATE SET lease_until = excluded.lease_until',
      { id, until },
    );
  const times = { capturedAt: NOW, exchangedAt: NOW, expiresAt: NOW + HOUR };
  return {
    started,
    keeper,
    lease,
    told: (state: FeedState['state']) => Object.assign(zerodha, { state: () => ({ ...OFF, state }) }),
    look: () => follow.pulse('zerodha'),
    logIn: () =>
      sql.transaction('zerodha', (tx) =>
        stored.putIn(tx, { account: 'zerodha', delivery: 'ob_x', user: 'AB1234', accessToken: 'token', ...times }),
      ),
    /** Holds the answer to the next question up, once it was read. */
    hold() {
      const [read, opened] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      slow = { read: read.resolve, opened: opened.promise };
      return { isRead: read.promise, letGo: opened.resolve };
    },
  };
}

describe('a process’s feed', () => {
  it('is begun once with each new session, however often one looks', async () => {
    const { started, look, logIn } = world();
    await look();
    await logIn();
    await Promise.all([look(), look(), look()]);
    await logIn();
    await look();
    await look();
    expect(started).toEqual([1, 2]);
  });

  it('is not begun again with an older session by a look that took long', async () => {
    const { started, look, logIn, hold } = world();
    await logIn();
    const { isRead, letGo } = hold();
    const slow = look();
    await isRead;
    await logIn();
    await look();
    letGo();
    await slow;
    await look();
    expect(started).toEqual([2]);
  });
});

describe('one feed among two processes', () => {
  async function two() {
    const [mine, other] = [world('mine'), world('other')];
    await mine.lease('mine', NOW + SECOND);
    await mine.lease('other', NOW + SECOND);
    await mine.logIn();
    await mine.look();
    await other.look();
    return { mine, other };
  }

  it('is the first one’s, and the other tells what that one told', async () => {
    const { mine, other } = await two();
    expect([mine.started, other.started]).toEqual([[1], []]);
    mine.told('live');
    await mine.look();
    expect(await other.keeper.read('zerodha')).toEqual({
      state: { ...OFF, state: 'live' },
      heldBy: { pid: 1, isThis: false },
    });
  });

  it('is the other’s when the lease of the first has ended, and the first lets go when it comes back', async () => {
    const { mine, other } = await two();
    await mine.lease('mine', NOW - 1);
    expect(await other.keeper.read('zerodha')).toMatchObject({ state: { state: 'connecting' }, heldBy: null });
    await other.look();
    expect(other.started).toEqual([1]);
    await mine.lease('mine', NOW + SECOND);
    await mine.look();
    // 0 is the end of a feed.
    expect(mine.started).toEqual([1, 0]);
    await other.look();
    expect(other.started).toEqual([1]);
  });

  it('is the other’s at once when the first stops', async () => {
    const { mine, other } = await two();
    await mine.keeper.stop();
    await other.look();
    expect(other.started).toEqual([1]);
  });

  it('is not told as live for a session that came after what was told', async () => {
    const { mine, other } = await two();
    mine.told('live');
    await mine.look();
    await other.logIn();
    expect(await other.keeper.read('zerodha')).toMatchObject({ state: { state: 'connecting', first_tick_at: null } });
  });
});
