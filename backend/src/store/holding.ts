import type { Row } from './sql.ts';
import type { Job } from './tables/job.ts';

export type Holding = ReturnType<typeof createHolding>;

/**
 * The jobs that this process is running, as it knows itself. A job is written down as taken a moment before this process
 * hears of it: while that may be so of any job, nothing can be said of those it does not know.
 */
export function createHolding() {
  const held = new Set<string>();
  let taking = 0;
  let taken = 0;

  return {
    /** Takes a job by `take`, and holds the one in what that brings. */
    async hold<T>(take: () => Promise<T>, jobIn: (taken: T) => Job | null): Promise<T> {
      taking += 1;
      taken += 1;
      try {
        const found = await take();
        const job = jobIn(found);
        if (job !== null) held.add(job.id);
        return found;
      } finally {
        taking -= 1;
      }
    },
    letGo: (id: string) => void held.delete(id),

    /** Those of the rows, said to be this process's, that it does not run; none while it cannot be known. */
    async strangers(rows: () => Promise<Row[]>): Promise<Row[]> {
      const before = taken;
      if (taking > 0) return [];
      const found = await rows();
      return taken === before ? found.filter(({ id }) => !held.has(String(id))) : [];
    },
  };
}
