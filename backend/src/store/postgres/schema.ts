import { tokenHash } from '../encryption.ts';
import type { Queryable } from './database.ts';

/** One entry a version; the table `about` says how many have run. Never change an entry, add one. */
const MIGRATIONS = [
  `
  CREATE TABLE pins (account TEXT PRIMARY KEY, "user" TEXT NOT NULL);
  CREATE TABLE sessions (
    account TEXT PRIMARY KEY,
    generation BIGINT NOT NULL,
    delivery TEXT NOT NULL,
    "user" TEXT NOT NULL,
    access_token BYTEA NOT NULL,
    day_token BYTEA,
    captured_at BIGINT NOT NULL,
    exchanged_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    verified_at BIGINT,
    state TEXT NOT NULL,
    problem TEXT,
    checked_at BIGINT,
    check_at BIGINT,
    check_owner TEXT,
    checks INTEGER NOT NULL DEFAULT 0
  );
  CREATE TABLE deliveries (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    kind TEXT NOT NULL,
    captured_at BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    message TEXT,
    at BIGINT NOT NULL,
    owner TEXT,
    rowid BIGINT GENERATED ALWAYS AS IDENTITY,
    UNIQUE (account, token_hash)
  );
  CREATE TABLE jobs (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    type TEXT NOT NULL,
    label TEXT NOT NULL,
    acts INTEGER NOT NULL,
    params TEXT NOT NULL,
    dedupe_key TEXT,
    idempotency_key TEXT,
    state TEXT NOT NULL,
    owner TEXT,
    retries INTEGER NOT NULL DEFAULT 0,
    runs INTEGER NOT NULL DEFAULT 0,
    faults INTEGER NOT NULL DEFAULT 0,
    unknown INTEGER NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    limit_at BIGINT NOT NULL,
    not_before BIGINT NOT NULL DEFAULT 0,
    parked_at BIGINT,
    started_at BIGINT,
    finished_at BIGINT,
    result TEXT,
    problem TEXT
  );
  CREATE INDEX jobs_by_state ON jobs (account, state, number);
  CREATE UNIQUE INDEX jobs_by_idempotency_key ON jobs (account, type, idempotency_key) WHERE idempotency_key IS NOT NULL;
  CREATE INDEX jobs_by_dedupe_key ON jobs (account, type, dedupe_key) WHERE dedupe_key IS NOT NULL;
  CREATE INDEX jobs_of_unknown_outcome ON jobs (account, number) WHERE unknown = 1;
  CREATE INDEX jobs_that_waited ON jobs (account, state) WHERE parked_at IS NOT NULL;
  CREATE INDEX jobs_that_waited_last ON jobs (account, number) WHERE parked_at IS NOT NULL;
  CREATE TABLE processes (id TEXT PRIMARY KEY, pid INTEGER NOT NULL, lease_until BIGINT NOT NULL);
  CREATE VIEW credentials AS
    SELECT 'breeze' AS service, day_token AS session_token, exchanged_at AS last_session_update
    FROM sessions WHERE account = 'icici';
  CREATE TABLE execution_logs (
    operation TEXT NOT NULL,
    params TEXT NOT NULL,
    lines TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (operation, params)
  );
  CREATE TABLE alert_marks (
    alert TEXT NOT NULL,
    account TEXT NOT NULL,
    session TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (alert, account, session)
  );
  CREATE TABLE ended_admin_sessions (id TEXT PRIMARY KEY, expires_at BIGINT NOT NULL);
  CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_notify('opening_bell', TG_TABLE_NAME); RETURN NULL; END $$;
  CREATE TRIGGER sessions_tell AFTER INSERT OR UPDATE OF state ON sessions FOR EACH STATEMENT EXECUTE FUNCTION tell();
  `,
  `
  CREATE TABLE shared_secrets (name TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (name, hash));
  `,
  `
  ALTER TABLE deliveries ADD COLUMN with_hash TEXT;
  `,
  `
  CREATE TABLE feeds (account TEXT PRIMARY KEY, owner TEXT NOT NULL, generation BIGINT NOT NULL, state TEXT NOT NULL);
  `,
  `
  ALTER TABLE feeds ADD COLUMN prices TEXT NOT NULL DEFAULT '';
  ALTER TABLE feeds ADD COLUMN wanted_until BIGINT NOT NULL DEFAULT 0;
  CREATE TRIGGER prices_tell AFTER UPDATE OF prices ON feeds FOR EACH ROW EXECUTE FUNCTION tell();
  `,
];

/**
 * Makes the tables, or finds them made: of several processes that start at once one does. Throws when a newer version
 * wrote them, or when they were begun with another key, whose tokens nobody here could read.
 */
export async function prepareSchema(client: Queryable, key: Buffer): Promise<void> {
  const about = 'SELECT version, key_check FROM opening_bell.about';
  const check = tokenHash(key, 'key', 'check');
  await client.query('CREATE SCHEMA IF NOT EXISTS opening_bell');
  await client.query(
    'CREATE TABLE IF NOT EXISTS opening_bell.about (version INTEGER NOT NULL, key_check TEXT NOT NULL)',
  );
  const found = (await client.query<{ version: number; key_check: string }>(about)).rows[0];
  if (found === undefined) await client.query('INSERT INTO opening_bell.about VALUES (0, $1)', [check]);
  else if (found.key_check !== check)
    throw new Error('the key is not the one that this database was begun with: give every machine the same KEY_FILE');
  const version = found?.version ?? 0;
  if (version > MIGRATIONS.length)
    throw new Error('the database of DATABASE_URL was written by a newer version of this backend');
  for (const statements of MIGRATIONS.slice(version)) await client.query(statements);
  await client.query('UPDATE opening_bell.about SET version = $1', [MIGRATIONS.length]);
}
