import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { MINUTE, SECOND } from '../../../utils/domain/time.ts';
import { lazily } from './database.ts';

/** How long a process that says nothing more is taken for alive. */
const LEASE_MS = 5 * SECOND;

/**
 * SQL: the ids of the processes that are alive at `:now`. A lease that ends too far ahead was written under a clock
 * that was wrong, and must not hold anything for ever.
 */
export const ALIVE = `(SELECT id FROM processes WHERE lease_until > :now AND lease_until < :now + ${MINUTE})`;

export type Processes = ReturnType<typeof openProcesses>;

/** The processes that share this database. What one of them began is its own until its lease ends. */
export function openProcesses(db: DatabaseSync) {
  const id = randomUUID();
  const write = db.prepare(
    'INSERT INTO processes VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET lease_until = excluded.lease_until',
  );
  const remove = db.prepare('DELETE FROM processes WHERE id = ?');
  const removeDead = db.prepare(`DELETE FROM processes WHERE id <> :id AND id NOT IN ${ALIVE}`);
  let beatAt = 0;
  let quietUntil = 0;

  return {
    id,
    /** Renews this process's lease. */
    beat(now: number): void {
      // After a sleep of the whole machine every lease looks ended: the others get the time to say that they live.
      if (beatAt !== 0 && now - beatAt > LEASE_MS) quietUntil = now + LEASE_MS;
      beatAt = now;
      // Every second: a disk should not have to confirm that.
      lazily(db, () => write.run(id, process.pid, now + LEASE_MS));
    },
    /** True when what belongs to processes that are not alive may be taken over. */
    mayTakeOver: (now: number): boolean => now >= quietUntil,
    /** Forgets processes that are not alive; call it after their work was taken over. */
    bury: (now: number) => removeDead.run({ id, now }),
    /** Ends the lease at once. */
    leave: () => remove.run(id),
  };
}
