import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** One entry a version; the database's user_version says how many have run. Never change an entry, add one. */
const MIGRATIONS = [
  `
  CREATE TABLE pins (account TEXT PRIMARY KEY, user TEXT NOT NULL) STRICT;
  CREATE TABLE sessions (
    account TEXT PRIMARY KEY,
    generation INTEGER NOT NULL,
    delivery TEXT NOT NULL,
    user TEXT NOT NULL,
    access_token BLOB NOT NULL,
    captured_at INTEGER NOT NULL,
    exchanged_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    verified_at INTEGER,
    state TEXT NOT NULL,
    problem TEXT
  ) STRICT;
  CREATE TABLE deliveries (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    kind TEXT NOT NULL,
    captured_at INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    message TEXT,
    at INTEGER NOT NULL,
    UNIQUE (account, token_hash)
  ) STRICT;
  CREATE TABLE jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    type TEXT NOT NULL,
    label TEXT NOT NULL,
    acts INTEGER NOT NULL,
    params TEXT NOT NULL,
    dedupe_key TEXT,
    state TEXT NOT NULL,
    retries INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    parked_at INTEGER,
    started_at INTEGER,
    finished_at INTEGER,
    result TEXT,
    problem TEXT
  ) STRICT;
  CREATE INDEX jobs_by_state ON jobs (account, state, number);
  `,
  `
  CREATE TABLE credentials (
    service TEXT PRIMARY KEY,
    session_token BLOB,
    last_session_update INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE execution_logs (
    operation TEXT NOT NULL,
    params TEXT NOT NULL,
    lines TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (operation, params)
  ) STRICT;
  CREATE TABLE alert_marks (
    alert TEXT NOT NULL,
    account TEXT NOT NULL,
    session TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (alert, account, session)
  ) STRICT;
  CREATE TABLE ended_admin_sessions (id TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT;
  `,
];

export const DATABASE_FILE = 'opening-bell.sqlite';

export function openDatabase(dataDir: string): DatabaseSync {
  const db = new DatabaseSync(join(dataDir, DATABASE_FILE), { timeout: 5_000 });
  // FULL: an answer that was given must survive a power cut as well.
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  migrate(db);
  return db;
}

/** Runs `work` as one transaction: all of it is kept, or none. */
export function transaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}

function migrate(db: DatabaseSync): void {
  const version = Number(db.prepare('PRAGMA user_version').get()?.user_version);
  if (version > MIGRATIONS.length)
    throw new Error('the database in DATA_DIR was written by a newer version of this backend');
  for (const [index, statements] of MIGRATIONS.entries()) {
    if (index < version) continue;
    transaction(db, () => db.exec(`${statements} PRAGMA user_version = ${index + 1};`));
  }
}
