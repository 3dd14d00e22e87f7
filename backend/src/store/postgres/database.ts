import pg from 'pg';
import { SECOND } from '../../../../utils/shared/time.ts';
import type { Database, Row, Sql, Value, Values } from '../sql.ts';

/** Whatever takes a statement with `$1`, `$2` …: a connection, or the pool that picks one. */
export type Queryable = Pick<pg.Pool, 'query'>;

export interface Postgres extends Database {
  pool: pg.Pool;
  /** The connection that a transaction's statements go through, for others that are to be a part of it. */
  connectionOf(tx: Sql): Queryable;
}

const CONNECT_MS = 5 * SECOND;
const MOST_CONNECTIONS = 10;
const INT8 = 20;

/** How every connection of this backend is made. */
export function connectionTo(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: 'opening-bell',
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    // A connection whose other end is gone says nothing for many minutes.
    query_timeout: 30 * SECOND,
    // A machine that vanished in the middle of a transaction must not hold an account's lock.
    options: '-c search_path=opening_bell -c idle_in_transaction_session_timeout=10s',
    // Epoch milliseconds, and counts: far below what a number holds exactly.
    types: { getTypeParser: (oid, format) => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) },
  };
}

/** A Postgres server, for processes on any number of machines. */
export function createPostgres(url: string): Postgres {
  const pool = new pg.Pool({ ...connectionTo(url), max: MOST_CONNECTIONS });
  // An idle connection that breaks is replaced by the next one that is asked for.
  pool.on('error', () => {});
  const connections = new WeakMap<Sql, Queryable>();
  const db = on(pool);

  return {
    ...db,
    pool,
    connectionOf: (tx) => connections.get(tx) ?? pool,
    lazily: db,
    // Machines never agree on the time, and a lease that one of them writes is read by another.
    clock: '(extract(epoch FROM clock_timestamp()) * 1000)::bigint',
    among: (name) => `= ANY (:${name})`,

    async transaction(subject, work) {
      const client = await pool.connect();
      const tx = on(client);
      connections.set(tx, client);
      let broken: boolean | Error = false;
      try {
        await client.query('BEGIN');
        await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`opening-bell ${subject}`]);
        const result = await work(tx);
        await client.query('COMMIT');
        return result;
      } catch (error) {
        // Nobody knows in which state it is: closing it is the surest way back.
        broken = error instanceof Error ? error : true;
        throw error;
      } finally {
        client.release(broken);
      }
    },

    // Writes the number that stands there already.
    canWrite: () =>
      pool.query('UPDATE about SET version = version').then(
        () => true,
        () => false,
      ),
    close: () => pool.end(),
  };
}

function on(connection: Queryable): Sql {
  const ask = async (text: string, values: Values = {}) => {
    const { places, names } = placed(text);
    return connection.query<Row>(
      places,
      names.map((name) => values[name] ?? null),
    );
  };
  return {
    get: async (text, values) => (await ask(text, values)).rows[0],
    all: async (text, values) => (await ask(text, values)).rows,
    run: async (text, values) => (await ask(text, values)).rowCount ?? 0,
  } satisfies Record<keyof Sql, (text: string, values?: Record<string, Value>) => Promise<unknown>>;
}

const known = new Map<string, { places: string; names: string[] }>();

/** The statement with `$1`, `$2` … in the place of its names. Two colons are a cast. */
function placed(text: string): { places: string; names: string[] } {
  const before = known.get(text);
  if (before !== undefined) return before;
  const names: string[] = [];
  const places = text.replaceAll(/(?<!:):([a-z_]+)/g, (_match, name: string) => {
    if (!names.includes(name)) names.push(name);
    return `$${names.indexOf(name) + 1}`;
  });
  const made = { places, names };
  known.set(text, made);
  return made;
}
