import { randomUUID } from 'node:crypto';
import { MINUTE, SECOND } from '../../../../utils/shared/time.ts';
import type { Database } from '../sql.ts';

/** How long a process that says nothing more is taken for alive. */
const LEASE_MS = 5 * SECOND;

/**
 * SQL: the ids of the processes that are alive at `:now`. A lease that ends too far ahead was written under a clock
 * that was wrong, and must not hold anything for ever.
 */
export function aliveIn({ clock }: Pick<Database, 'clock'>): string {
  return `(SELECT id FROM processes WHERE lease_until > ${clock} AND lease_until - ${MINUTE} < ${clock})`;
}

export type Processes = ReturnType<typeof openProcesses>;

/** The processes that share this database. What one of them began is its own until its lease ends. */
export function openProcesses(db: Database) {
  const id = randomUUID();
  let beatAt = 0;
  let quietUntil = 0;
  let hasFailed = false;

  return {
    id,
    /** Renews this process's lease. */
    async beat(now: number): Promise<void> {
      // Nobody could renew one while the machine slept or the database was away, so every lease looks ended: the others
      // get the time to say that they live. A process that begins cannot know whether that was so.
      if (hasFailed || beatAt === 0 || now - beatAt > LEASE_MS) quietUntil = now + LEASE_MS;
      beatAt = now;
      try {
        // Every second: a disk should not have to confirm that.
        await db.lazily.run(
          `INSERT INTO processes VALUES (:id, :pid, ${db.clock} + ${LEASE_MS})
           ON CONFLICT (id) DO UPDATE SET lease_until = excluded.lease_until`,
          { id, pid: process.pid, now },
        );
        hasFailed = false;
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    },
    /** True when what belongs to processes that are not alive may be taken over. */
    mayTakeOver: (now: number): boolean => !hasFailed && now >= quietUntil,
    /** Forgets processes that are not alive; call it after their work was taken over. */
    bury: (now: number) => db.run(`DELETE FROM processes WHERE id <> :id AND id NOT IN ${aliveIn(db)}`, { id, now }),
    /** Ends the lease at once. */
    leave: () => db.run('DELETE FROM processes WHERE id = :id', { id }),
  };
}
