import { join, resolve } from 'node:path';
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
  CREATE TABLE processes (id TEXT PRIMARY KEY, pid INTEGER NOT NULL, lease_until INTEGER NOT NULL) STRICT;
  ALTER TABLE sessions ADD COLUMN day_token BLOB;
  ALTER TABLE sessions ADD COLUMN checked_at INTEGER;
  ALTER TABLE sessions ADD COLUMN check_at INTEGER;
  ALTER TABLE sessions ADD COLUMN check_owner TEXT;
  ALTER TABLE sessions ADD COLUMN checks INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE deliveries ADD COLUMN owner TEXT;
  ALTER TABLE jobs ADD COLUMN owner TEXT;
  ALTER TABLE jobs ADD COLUMN idempotency_key TEXT;
  ALTER TABLE jobs ADD COLUMN limit_at INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE jobs ADD COLUMN not_before INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE jobs ADD COLUMN faults INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE jobs ADD COLUMN runs INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE jobs ADD COLUMN unknown INTEGER NOT NULL DEFAULT 0;
  UPDATE jobs SET limit_at = created_at + 900000, runs = (started_at IS NOT NULL);
  CREATE UNIQUE INDEX jobs_by_idempotency_key ON jobs (account, type, idempotency_key) WHERE idempotency_key IS NOT NULL;
  CREATE INDEX jobs_by_dedupe_key ON jobs (account, type, dedupe_key) WHERE dedupe_key IS NOT NULL;
  CREATE INDEX jobs_of_unknown_outcome ON jobs (account, number) WHERE unknown = 1;
  CREATE INDEX jobs_that_waited ON jobs (account, state) WHERE parked_at IS NOT NULL;
  CREATE INDEX jobs_that_waited_last ON jobs (account, number) WHERE parked_at IS NOT NULL;
  `,
  `
  CREATE VIEW credentials AS
    SELECT 'breeze' AS service, day_token AS session_token, exchanged_at AS last_session_update
    FROM sessions WHERE account = 'icici';
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
  `
  ALTER TABLE deliveries ADD COLUMN with_hash TEXT;
  `,
  `
  CREATE TABLE feeds (
    account TEXT PRIMARY KEY, owner TEXT NOT NULL, generation INTEGER NOT NULL, state TEXT NOT NULL
  ) STRICT;
  `,
  `
  ALTER TABLE feeds ADD COLUMN prices TEXT NOT NULL DEFAULT '';
  ALTER TABLE feeds ADD COLUMN wanted_until INTEGER NOT NULL DEFAULT 0;
  `,
];

export const DATABASE_FILE = 'opening-bell.sqlite';

// Switching to WAL is the one statement that does not wait for another process which does the same.
const WAL_TRIES = 50;
const WAL_PAUSE_MS = 20;

/** Throws a sentence that names the file when it cannot be used. */
export function openDatabase(dataDir: string): DatabaseSync {
  const path = resolve(dataDir, DATABASE_FILE);
  try {
    const db = new DatabaseSync(path, { timeout: 5_000 });
    useWal(db);
    // FULL: an answer that was given must survive a power cut as well.
    db.exec('PRAGMA synchronous = FULL;');
    migrate(db);
    return db;
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : 'cannot be opened'}`, { cause: error });
  }
}

/** Opens the database of a backend that runs, or ran, to read it. Throws where there is none. */
export function openDatabaseToRead(dataDir: string): DatabaseSync {
  return new DatabaseSync(join(dataDir, DATABASE_FILE), { timeout: 5_000, readOnly: true });
}

function useWal(db: DatabaseSync): void {
  for (let tries = 1; ; tries++) {
    try {
      db.exec('PRAGMA journal_mode = WAL;');
      return;
    } catch (error) {
      if (tries === WAL_TRIES) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAL_PAUSE_MS);
    }
  }
}

/** Of several processes that start at once, one migrates and the others find it done. */
function migrate(db: DatabaseSync): void {
  const version = () => Number(db.prepare('PRAGMA user_version').get()?.user_version);
  if (version() > MIGRATIONS.length)
    throw new Error('the database in DATA_DIR was written by a newer version of this backend');
  for (const [index, statements] of MIGRATIONS.entries()) {
    if (version() > index) continue;
    db.exec('BEGIN IMMEDIATE');
    try {
      if (version() === index) db.exec(`${statements} PRAGMA user_version = ${index + 1};`);
      db.exec('COMMIT');
    } catch (error) {
      db.exec('ROLLBACK');
      throw error;
    }
  }
}
