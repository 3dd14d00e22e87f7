import { HOUR } from '../../../../utils/shared/time.ts';
import type { AccountName } from '../../config/account-name.ts';
import type { Holding } from '../holding.ts';
import type { Line } from '../line.ts';
import type { Database, Sql } from '../sql.ts';
import { type Job, jobsOf } from './job.ts';
import { aliveIn } from './processes.ts';

const KEEP_MS = 72 * HOUR;
/** How many jobs are moved at once: enough to be quick, few enough that nobody waits for it. */
const SOME = 500;

/** What becomes of a job that waits. */
export type Fate = { state: 'queued'; problem: null } | { state: 'stale' | 'needs_confirmation'; problem: string };

export interface JobSetOptions {
  db: Database;
  line: Line;
  holding: Holding;
  /** This process. */
  owner: string;
}

/** The jobs of an account in one state, and what happens to all of them at once. */
export function openJobSets({ db, line, holding, owner }: JobSetOptions) {
  const ORPHAN = `account = :account AND state = 'running' AND coalesce(owner, '') NOT IN ${aliveIn(db)}`;
  const SET: Record<Fate['state'], string> = {
    queued: "state = 'queued', not_before = 0, faults = 0",
    needs_confirmation: "state = 'needs_confirmation', problem = :problem",
    stale: "state = 'stale', problem = :problem, finished_at = :now",
  };

  async function write(tx: Sql, { state, problem }: Fate, numbers: number[], from: string, now: number) {
    const rows = await tx.all(
      `UPDATE jobs SET ${SET[state]} WHERE number ${db.among('numbers')} AND state = :from RETURNING *`,
      { numbers, from, now, problem },
    );
    return jobsOf(rows).toSorted((a, b) => a.number - b.number);
  }

  return {
    has: async (account: AccountName, state: Job['state']): Promise<boolean> =>
      (await db.get('SELECT 1 FROM jobs WHERE account = :account AND state = :state LIMIT 1', { account, state })) !==
      undefined,

    /** Acts of which nobody knows whether they were carried out. */
    uncertain: async (account: AccountName): Promise<Job[]> =>
      jobsOf(
        await db.all(
          "SELECT * FROM jobs WHERE account = :account AND state = 'failed' AND unknown = 1 ORDER BY number",
          { account },
        ),
      ),

    /**
     * Decides about the oldest jobs in one state, a few hundred of them, as one transaction; null leaves a job where it is.
     * Returns what was moved.
     */
    async move(
      account: AccountName,
      from: 'parked' | 'needs_confirmation',
      fate: (job: Job) => Fate | null,
      now: number,
    ): Promise<{ number: number; to: Fate['state'] }[]> {
      const oldest = `SELECT * FROM jobs WHERE account = :account AND state = :from ORDER BY number LIMIT ${SOME}`;
      // Most of the time there is nothing to move, and looking needs no transaction.
      if (byFate(jobsOf(await db.all(oldest, { account, from })), fate).length === 0) return [];
      return db.transaction(account, async (tx) => {
        const moved: { number: number; to: Fate['state'] }[] = [];
        for (const [next, numbers] of byFate(jobsOf(await tx.all(oldest, { account, from })), fate)) {
          const written = await write(tx, next, numbers, from, now);
          if (next.state === 'queued') await line.announce(tx, account, written);
          moved.push(...written.map(({ number }) => ({ number, to: next.state })));
        }
        return moved;
      });
    },

    /** Parks some of what is still queued on the account, the last first, and returns how many that were. */
    parkQueued: (account: AccountName): Promise<number> =>
      db.run(
        `UPDATE jobs SET state = 'parked', parked_at = coalesce(parked_at, created_at)
         WHERE state = 'queued' AND number IN
           (SELECT number FROM jobs WHERE account = :account AND state = 'queued' ORDER BY number DESC LIMIT ${SOME})`,
        { account },
      ),

    /** Lets go of what this process is said to be running and is not. */
    async disown(account: AccountName): Promise<void> {
      const mine = { account, owner };
      const lost = await holding.strangers(() =>
        db.all("SELECT id, runs FROM jobs WHERE account = :account AND state = 'running' AND owner = :owner", mine),
      );
      for (const { id, runs } of lost)
        await db.run("UPDATE jobs SET owner = NULL WHERE id = :id AND runs = :runs AND state = 'running'", {
          id: String(id),
          runs: Number(runs),
        });
    },

    /** What dead processes were running: a read goes back into the line, of an act nobody knows the outcome. */
    async takeOver(account: AccountName, now: number): Promise<Job[]> {
      if ((await db.get(`SELECT 1 FROM jobs WHERE ${ORPHAN} LIMIT 1`, { account, now })) === undefined) return [];
      return db.transaction(account, async (tx) => {
        const reads = jobsOf(
          await tx.all(`UPDATE jobs SET state = 'queued', owner = NULL WHERE ${ORPHAN} AND acts = 0 RETURNING *`, {
            account,
            now,
          }),
        );
        await line.announce(tx, account, reads);
        const acts = await tx.all(
          `UPDATE jobs SET state = 'failed', problem = 'outcome unknown', unknown = 1, finished_at = :at
           WHERE ${ORPHAN} AND acts = 1 RETURNING *`,
          { account, now, at: now },
        );
        return [...reads, ...jobsOf(acts)];
      });
    },

    async purge(now: number): Promise<void> {
      const before = now - KEEP_MS;
      await db.run('DELETE FROM jobs WHERE finished_at < :before', { before });
      await db.run(
        `UPDATE jobs SET state = 'stale', finished_at = :now, problem = 'no session came'
         WHERE state = 'parked' AND limit_at < :before`,
        { now, before },
      );
    },
  };
}

/** The jobs that move, by what becomes of them. */
function byFate(jobs: readonly Job[], fate: (job: Job) => Fate | null): [Fate, number[]][] {
  const groups = new Map<string, [Fate, number[]]>();
  for (const job of jobs) {
    const next = fate(job);
    if (next === null) continue;
    const key = `${next.state} ${next.problem}`;
    const group = groups.get(key) ?? [next, []];
    group[1].push(job.number);
    groups.set(key, group);
  }
  return [...groups.values()];
}
