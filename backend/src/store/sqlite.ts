import { accessSync, constants } from 'node:fs';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Database, Sql, Value, Values } from './sql.ts';

/**
 * The transaction that is open on a file, of all connections in this process. What else its own connection said now
 * would become a part of it, and another one would wait for its end without ever letting it go on.
 */
interface Turn {
  open: Promise<void> | null;
}
const turns = new Map<string, Turn>();

function turnsOf(path: string): Turn {
  const turn = turns.get(path) ?? { open: null };
  turns.set(path, turn);
  return turn;
}

/** The embedded database. Every answer is there at once; a promise makes others wait only while a transaction is open. */
export function createSqlite(db: DatabaseSync): Database {
  const statements = new Map<string, StatementSync>();
  const turn = turnsOf(db.location() ?? '');

  const prepared = (text: string): StatementSync => {
    const known = statements.get(text);
    if (known !== undefined) return known;
    const made = db.prepare(text);
    // A statement takes of the values what it names.
    made.setAllowUnknownNamedParameters(true);
    statements.set(text, made);
    return made;
  };
  const inside: Sql = {
    get: async (text, values) => prepared(text).get(bound(values)),
    all: async (text, values) => prepared(text).all(bound(values)),
    run: async (text, values) => Number(prepared(text).run(bound(values)).changes),
  };
  /** Runs `work` while no transaction is open: nothing can come between the look and the work. */
  const alone = async <T>(work: () => T): Promise<Awaited<T>> => {
    while (turn.open !== null) await turn.open;
    return await work();
  };
  const outside = (sql: Sql): Sql => ({
    get: (text, values) => alone(() => sql.get(text, values)),
    all: (text, values) => alone(() => sql.all(text, values)),
    run: (text, values) => alone(() => sql.run(text, values)),
  });
  const begin = (): (() => void) => {
    db.exec('BEGIN IMMEDIATE');
    let close = () => {};
    turn.open = new Promise((resolve) => {
      close = resolve;
    });
    return () => {
      turn.open = null;
      close();
    };
  };
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
      const end = await alone(begin);
      try {
        const result = await work(inside);
        db.exec('COMMIT');
        return result;
      } catch (error) {
        if (db.isTransaction) db.exec('ROLLBACK');
        throw error;
      } finally {
        end();
      }
    },

    // A database that was removed under its process still takes writes, and loses them.
    canWrite: () => alone(() => isThere(db.location() ?? '') && writes(db)),
    close: () => alone(() => db.close()),
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
