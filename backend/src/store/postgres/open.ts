import { PgBoss } from 'pg-boss';
import { BROKER_IDS } from '../../../../utils/shared/brokers/index.ts';
import { MINUTE, SECOND } from '../../../../utils/shared/time.ts';
import type { AccountName } from '../../config/account-name.ts';
import type { Ground } from '../store.ts';
import { createPostgres } from './database.ts';
import { openBossLine, queueOf } from './line.ts';
import { createNotices } from './notices.ts';
import { prepareSchema } from './schema.ts';
import { agreeOn } from './shared-secrets.ts';

// `short`: of each job one message waits at most. Whoever fetched one has a minute, and needs a moment.
const QUEUE = { policy: 'short', retryLimit: 0, expireInSeconds: MINUTE / SECOND, deleteAfterSeconds: 1 } as const;

export interface PostgresOptions {
  url: string;
  /** The key that encrypts the tokens: the same on every machine. */
  key: Buffer;
  /** Further accounts than the first of each broker. */
  accounts?: readonly AccountName[];
  /** Called when pg-boss's own upkeep fails; it tries again by itself. */
  failed(error: unknown): void;
}

/** The store's tables, pg-boss and the notices on one Postgres. Throws a sentence when it cannot be used. */
export async function openPostgres({ url, key, accounts = [], failed }: PostgresOptions): Promise<Ground> {
  const db = createPostgres(url);
  const boss = new PgBoss({
    db: { executeSql: (text, values) => db.pool.query(text, values) },
    schema: 'opening_bell_queue',
    schedule: false,
  });
  boss.on('error', failed);
  try {
    await db.transaction('start', (tx) => prepareSchema(db.connectionOf(tx), key));
    // 2026-11, pg-boss 12.35: two that make its schema at the same time get in each other's way.
    // https://github.com/timgit/pg-boss
    await db.transaction('pg-boss', async (tx) => {
      await tx.run('SET LOCAL idle_in_transaction_session_timeout = 0');
      await boss.start();
      for (const account of new Set([...BROKER_IDS, ...accounts])) await boss.createQueue(queueOf(account), QUEUE);
    });
  } catch (error) {
    await boss.stop({ graceful: false }).catch(() => undefined);
    await db.close();
    throw new Error(
      `DATABASE_URL: ${error instanceof Error && error.message !== '' ? error.message : 'no Postgres answers there'}`,
    );
  }
  const notices = createNotices(url);

  return {
    db,
    line: openBossLine(db, boss),
    listen: notices.start,
    // A notice comes at once. This is for what time alone makes due, and for a notice that was missed.
    lookEveryMs: SECOND,
    agree: (secrets) => agreeOn(db, key, secrets),
    async close() {
      await notices.stop();
      await boss.stop({ graceful: false }).catch(() => undefined);
      await db.close();
    },
  };
}
