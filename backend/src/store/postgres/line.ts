import type { PgBoss } from 'pg-boss';
import { SECOND } from '../../../../utils/shared/time.ts';
import type { AccountName } from '../../config/account-name.ts';
import type { Line, Queued } from '../line.ts';
import type { Sql } from '../sql.ts';
import { type Job, jobsOf } from '../tables/job.ts';
import type { Postgres } from './database.ts';
import { CHANNEL } from './notices.ts';

/** How long rows may be queued without a message that brings them before they are told of again. */
const TELL_AGAIN_MS = 5 * SECOND;
const SOME = 500;

const QUEUED = "account = :account AND state = 'queued'";
// What has to wait holds up those behind it, so the order is kept.
const CLAIM = `UPDATE jobs SET state = 'running', owner = :owner, started_at = :now, runs = runs + 1
  WHERE id = :id AND state = 'queued' AND not_before <= :now AND NOT EXISTS
    (SELECT 1 FROM jobs AS before WHERE before.account = :account AND before.state = 'queued'
       AND before.number < jobs.number AND before.not_before > :now)
  RETURNING *`;

export function queueOf(account: AccountName): string {
  return `opening-bell-${account}`;
}

/**
 * The line of many machines. pg-boss carries one message a queued job, the oldest first, to one process; the row is then
 * claimed, or was by somebody else. A message that was lost is made again from its row, and one too many claims nothing.
 */
export function openBossLine(db: Postgres, boss: PgBoss): Line {
  const toldAt = new Map<AccountName, number>();

  async function send(tx: Sql, account: AccountName, queued: readonly Queued[], now = Date.now()): Promise<void> {
    const messages = queued.map(({ id, number, not_before: notBefore }) => ({
      data: { id },
      // A message that waits already is not added twice.
      singletonKey: id,
      priority: -number,
      startAfter: Math.max(notBefore - now, 0) / SECOND,
    }));
    const connection = db.connectionOf(tx);
    const adapter = { executeSql: (text: string, values?: unknown[]) => connection.query(text, values) };
    await boss.insert(queueOf(account), messages, { db: adapter });
  }

  async function announce(tx: Sql, account: AccountName, queued: readonly Queued[]): Promise<void> {
    if (queued.length === 0) return;
    await send(tx, account, queued);
    await tx.run(`SELECT pg_notify('${CHANNEL}', 'jobs')`);
  }

  const tellAgain = (account: AccountName): Promise<void> =>
    db.transaction(account, async (tx) => {
      const rows = await tx.all(`SELECT * FROM jobs WHERE ${QUEUED} ORDER BY number LIMIT ${SOME}`, { account });
      await announce(tx, account, jobsOf(rows));
    });

  /** Sends a job's message once more, for when the line goes on; false when the job is not queued any more. */
  const putOff = (account: AccountName, id: string): Promise<boolean> =>
    db.transaction(account, async (tx) => {
      const job = jobsOf(await tx.all(`SELECT * FROM jobs WHERE ${QUEUED} AND id = :id`, { account, id }))[0];
      if (job === undefined) return false;
      const latest = `SELECT max(not_before) AS at FROM jobs WHERE ${QUEUED} AND number <= :number`;
      const { at } = (await tx.get(latest, { account, number: job.number })) ?? {};
      // Nobody is woken for it: it is for later.
      await send(tx, account, [{ ...job, not_before: Number(at) }]);
      return true;
    });

  async function next(account: AccountName): Promise<{ key: string; id: string } | null> {
    const [message] = await boss.fetch<{ id: string }>(queueOf(account));
    return message === undefined ? null : { key: message.id, id: message.data.id };
  }

  return {
    announce,
    async take(account, owner, now): Promise<Job | null> {
      for (;;) {
        const message = await next(account);
        if (message === null) {
          // This is asked only while rows are queued, so mostly another process has just got the last message.
          if (performance.now() - (toldAt.get(account) ?? Number.NEGATIVE_INFINITY) < TELL_AGAIN_MS) return null;
          toldAt.set(account, performance.now());
          await tellAgain(account);
          continue;
        }
        const [row] = await Promise.all([
          db.get(CLAIM, { account, id: message.id, owner, now }),
          boss.deleteJob(queueOf(account), message.key),
        ]);
        if (row !== undefined) return jobsOf([row])[0] ?? null;
        if (await putOff(account, message.id)) return null;
      }
    },
  };
}
