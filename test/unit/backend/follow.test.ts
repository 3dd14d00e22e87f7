import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFollow } from '../../../backend/src/session/follow.ts';
import { openDatabase } from '../../../backend/src/store/database.ts';
import { createSqlite } from '../../../backend/src/store/sqlite.ts';
import { openSessions } from '../../../backend/src/store/tables/sessions.ts';
import { HOUR } from '../../../utils/shared/time.ts';
import { temporaryDir } from '../../flow/backend/harness.ts';

const NOW = Date.parse('2026-11-20T05:00:00Z');

let dir: ReturnType<typeof temporaryDir>;
let close: () => Promise<void>;

beforeEach(() => {
  dir = temporaryDir();
});
afterEach(async () => {
  await close();
  dir.remove();
});

/** A store whose answer to the next question for the session comes when it is let go, and what the feed was begun with. */
function world() {
  const sql = createSqlite(openDatabase(dir.path));
  close = sql.close;
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
    stop: () => {},
    state: () => ({ state: 'off', first_tick_at: null, last_tick_at: null, source: null }) as const,
  };
  const follow = createFollow({ sessions, feeds: { zerodha, icici: null }, log: () => {}, now: () => NOW });
  const times = { capturedAt: NOW, exchangedAt: NOW, expiresAt: NOW + HOUR };
  return {
    started,
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
