import { openDatabase } from './database.ts';
import { openPostgres } from './postgres/open.ts';
import type { Sql, Values } from './sql.ts';

/** What is kept. Who lives and who has a feed is no part of it. */
const TABLES = ['pins', 'sessions', 'deliveries', 'jobs', 'execution_logs', 'alert_marks', 'ended_admin_sessions'];
/** The numbers that Postgres counts itself, and has to go on with. */
const COUNTED = { jobs: 'number', deliveries: 'rowid' } as const;

export interface Carried {
  table: string;
  rows: number;
}

/** Copies everything of the embedded database into an empty Postgres, or nothing. The backend of either must not run. */
export async function carryOver(dataDir: string, url: string, key: Buffer): Promise<Carried[]> {
  const from = openDatabase(dataDir);
  const ground = await openPostgres({ url, key, failed: () => {} });
  try {
    return await ground.db.transaction('carry over', async (tx) => {
      const carried: Carried[] = [];
      for (const table of TABLES) {
        if ((await tx.get(`SELECT 1 FROM ${table} LIMIT 1`)) !== undefined)
          throw new Error(`the table ${table} of DATABASE_URL is not empty`);
        // Deliveries have no number of their own in SQLite, and their order counts.
        const rows = from.prepare(`SELECT * FROM ${table} ORDER BY rowid`).all();
        for (const row of rows) await insert(tx, table, row as Values);
        carried.push({ table, rows: rows.length });
      }
      for (const [table, column] of Object.entries(COUNTED))
        await tx.run(
          `SELECT setval(pg_get_serial_sequence('opening_bell.${table}', '${column}'), COALESCE((SELECT max(${column}) FROM ${table}), 1))`,
        );
      return carried;
    });
  } finally {
    from.close();
    await ground.close();
  }
}

async function insert(tx: Sql, table: string, row: Values): Promise<void> {
  const columns = Object.keys(row);
  const names = columns.map((column) => `"${column}"`).join(', ');
  const values = columns.map((column) => `:${column}`).join(', ');
  // The number of a request is what its line is ordered by.
  const isCounted = table === 'jobs' ? 'OVERRIDING SYSTEM VALUE' : '';
  await tx.run(`INSERT INTO ${table} (${names}) ${isCounted} VALUES (${values})`, row);
}
