import { accessSync, constants } from 'node:fs';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Database, Sql, Value, Values } from './sql.ts';

/** The embedded database. Every answer is there at once; a promise makes others wait only while a transaction is open. */
export function createSqlite(db: DatabaseSync): Database {
  const statements = new Map<string, StatementSync>();
  /** The transaction that is open. There is one connection, so what others say now would become a part of it. */
  let open: Promise<void> | null = null;

  const prepared = (text: string): StatementSync => {
    const known = statements.get(text) ?? db.prepare(text);
    statements.set(text, known);
    return known;
  };
  const inside: Sql = {
    get: async (text, values) => prepared(text).get(bound(values)),
    all: async (text, values) => prepared(text).all(bound(values)),
    run: async (text, values) => Number(prepared(text).run(bound(values)).changes),
  };
  const alone = async (): Promise<void> => {
    while (open !== null) await open;
  };
  const outside = (sql: Sql): Sql => ({
    get: async (text, values) => alone().then(() => sql.get(text, values)),
    all: async (text, values) => alone().then(() => sql.all(text, values)),
    run: async (text, values) => alone().then(() => sql.run(text, values)),
  });
  const relaxed = <T>(work: () => T): T => {
    db.exec('PRAGMA synchronous = NORMAL');
    try {
      return work();
    } finally {
      db.exec('PRAGMA synchronous = FULL');
    }
  };

  return {
    ...outside(inside),
    lazily: outside({
      get: async (text, values) => relaxed(() => prepared(text).get(bound(values))),
      all: async (text, values) => relaxed(() => prepared(text).all(bound(values))),
      run: async (text, values) => relaxed(() => Number(prepared(text).run(bound(values)).changes)),
    }),
    clock: ':now',
    among: (name) => `IN (SELECT value FROM json_each(:${name}))`,

    async transaction(_subject, work) {
      await alone();
      let close = () => {};
      db.exec('BEGIN IMMEDIATE');
      open = new Promise((resolve) => {
        close = resolve;
      });
      try {
        const result = await work(inside);
        db.exec('COMMIT');
        return result;
      } catch (error) {
        if (db.isTransaction) db.exec('ROLLBACK');
        throw error;
      } finally {
        open = null;
        close();
      }
    },

    async canWrite() {
      await alone();
      // A database that was removed under its process still takes writes, and loses them.
      return isThere(db.location() ?? '') && writes(db);
    },

    async close() {
      await alone();
      db.close();
    },
  };
}

function bound(values: Values = {}): Record<string, SQLInputValue> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, plain(value)]));
}

function plain(value: Value): SQLInputValue {
  return isList(value) ? JSON.stringify(value) : value;
}

function isList(value: Value): value is readonly number[] {
  return Array.isArray(value);
}

function isThere(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Writes the number that stands there already. */
function writes(db: DatabaseSync): boolean {
  try {
    db.exec('BEGIN IMMEDIATE');
    const version = Number(db.prepare('PRAGMA user_version').get()?.user_version);
    db.exec(`PRAGMA user_version = ${version}; COMMIT`);
    return true;
  } catch {
    if (db.isTransaction) db.exec('ROLLBACK');
    return false;
  }
}
