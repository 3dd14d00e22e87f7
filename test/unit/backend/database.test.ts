import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../backend/src/store/database.ts';
import { encrypt, tokenHash } from '../../../backend/src/store/encryption.ts';
import { openLine } from '../../../backend/src/store/line.ts';
import { createSqlite } from '../../../backend/src/store/sqlite.ts';
import { openDeliveries } from '../../../backend/src/store/tables/deliveries.ts';
import { openJobs } from '../../../backend/src/store/tables/jobs.ts';
import { openSessions } from '../../../backend/src/store/tables/sessions.ts';
import { HOUR, MINUTE } from '../../../utils/shared/time.ts';
import { temporaryDir } from '../../flow/backend/harness.ts';

/** The schema of the first version, as it was released. */
const FIRST = `
  CREATE TABLE pins (account TEXT PRIMARY KEY, user TEXT NOT NULL) STRICT;
  CREATE TABLE sessions (
    account TEXT PRIMARY KEY, generation INTEGER NOT NULL, delivery TEXT NOT NULL, user TEXT NOT NULL,
    access_token BLOB NOT NULL, captured_at INTEGER NOT NULL, exchanged_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL, verified_at INTEGER, state TEXT NOT NULL, problem TEXT
  ) STRICT;
  CREATE TABLE deliveries (
    id TEXT PRIMARY KEY, account TEXT NOT NULL, token_hash TEXT NOT NULL, kind TEXT NOT NULL,
    captured_at INTEGER NOT NULL, outcome TEXT NOT NULL, message TEXT, at INTEGER NOT NULL,
    UNIQUE (account, token_hash)
  ) STRICT;
  CREATE TABLE jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, account TEXT NOT NULL, type TEXT NOT NULL,
    label TEXT NOT NULL, acts INTEGER NOT NULL, params TEXT NOT NULL, dedupe_key TEXT, state TEXT NOT NULL,
    retries INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL, parked_at INTEGER, started_at INTEGER,
    finished_at INTEGER, result TEXT, problem TEXT
  ) STRICT;
  CREATE INDEX jobs_by_state ON jobs (account, state, number);
  PRAGMA user_version = 1;
`;
const NOW = Date.parse('2026-11-20T05:00:00Z');
const KEY = Buffer.alloc(32);

let dir: ReturnType<typeof temporaryDir>;
let db: DatabaseSync;

beforeEach(() => {
  dir = temporaryDir();
  db = new DatabaseSync(join(dir.path, 'opening-bell.sqlite'));
  db.exec(FIRST);
});
afterEach(() => {
  if (db.isOpen) db.close();
  dir.remove();
});

function migrated() {
  db.close();
  db = openDatabase(dir.path);
  return createSqlite(db);
}

describe('a database of the first version', () => {
  it('keeps its session', async () => {
    const times = [NOW, NOW, NOW + HOUR, NOW];
    const token = encrypt(KEY, 'zerodha', 'token');
    db.prepare("INSERT INTO sessions VALUES ('zerodha', 3, 'ob_x', 'AB1234', ?, ?, ?, ?, ?, 'verified', NULL)").run(
      token,
      ...times,
    );
    const sessions = openSessions(migrated(), KEY);
    expect(await sessions.live('zerodha', NOW)).toMatchObject({ generation: 3, accessToken: 'token', dayToken: null });
    expect(await sessions.state('zerodha', NOW)).toMatchObject({ state: 'verified', user: 'AB****' });
  });

  it('keeps what it answered, and closes what it left open', async () => {
    const insert = db.prepare("INSERT INTO deliveries VALUES (?, 'zerodha', ?, 'one-time', ?, ?, NULL, ?)");
    insert.run('ob_done', tokenHash(KEY, 'zerodha', 'one'), NOW, 'applied', NOW);
    insert.run('ob_open', tokenHash(KEY, 'zerodha', 'two'), NOW, 'running', NOW);
    const deliveries = openDeliveries(migrated(), KEY, 'me');
    expect((await deliveries.takeOver(NOW)).map(({ id }) => id)).toEqual(['ob_open']);
    expect(await deliveries.find('zerodha', 'ob_done', 'one')).toMatchObject({ outcome: 'applied' });
    expect(await deliveries.find('zerodha', 'ob_open', 'two')).toMatchObject({ outcome: 'token_spent' });
  });

  it('forgets what was refused for the API key or secret, which may be mended by now', async () => {
    db.prepare(
      "INSERT INTO deliveries VALUES ('ob_x', 'zerodha', 'hash', 'one-time', ?, 'configuration', 'no', ?)",
    ).run(NOW, NOW);
    const deliveries = openDeliveries(migrated(), KEY, 'me');
    expect(await deliveries.read('ob_x')).toMatchObject({ outcome: 'configuration' });
    await deliveries.forgetMendable();
    expect(await deliveries.read('ob_x')).toBeNull();
  });

  it('keeps its queue, with the limit it had', async () => {
    const insert = db.prepare(
      "INSERT INTO jobs (id, account, type, label, acts, params, state, created_at) VALUES (?, 'zerodha', 'quote', 'q', 0, '{}', ?, ?)",
    );
    insert.run('job_1', 'parked', NOW);
    insert.run('job_2', 'running', NOW);
    const sql = migrated();
    const jobs = openJobs(sql, 'me', openLine(sql));
    expect(await jobs.find('job_1')).toMatchObject({ state: 'parked', limit_at: NOW + 15 * MINUTE, unknown: 0 });
    expect(await jobs.takeOver('zerodha', NOW)).toMatchObject([{ id: 'job_2', state: 'queued' }]);
  });

  it('is migrated once', () => {
    migrated();
    expect(() => migrated()).not.toThrow();
  });
});

it('a database of a newer version is left alone', () => {
  db.exec('PRAGMA user_version = 99');
  expect(() => migrated()).toThrow('written by a newer version');
});
