import { numberIn, type Table, type TableId } from './speed.ts';

export interface Limit {
  table: TableId;
  row: string;
  column: string;
  /** The bench fails above it. */
  most: number;
  /** Where the product should come to. */
  aim: number;
}

export type Judged = Limit & { is: number | null; verdict: 'met' | 'held' | 'over' | 'not measured' };

/**
 * Ratios within one interleaved run, since only they travel from one machine to another. `most` stands above what a slow
 * and busy machine with two cores measured in November 2026.
 */
const LIMITS: readonly Limit[] = [
  { table: 'way', row: 'this extension, worker awake', column: 'times its floor', most: 10, aim: 1.5 },
  { table: 'way', row: 'this extension, worker dead', column: 'times its floor', most: 8, aim: 1.25 },
  { table: 'way', row: 'this extension, worker awake', column: 'times the content script', most: 1.5, aim: 0.33 },
  { table: 'first-tick', row: 'this backend', column: 'times the older design', most: 0.4, aim: 0.4 },
  { table: 'outbox', row: 'this outbox', column: 'both, times workbox', most: 1, aim: 1 },
  { table: 'popup', row: 'this popup', column: 'times the empty popup', most: 1.5, aim: 1.1 },
  { table: 'hold', row: 'with the hold', column: 'fetch, times', most: 2, aim: 2 },
];

/** `met`: the aim is reached. `held`: it is not, and the limit is. */
export function judge(tables: readonly Table[], limits: readonly Limit[] = LIMITS): Judged[] {
  return limits.map((limit) => {
    const is = numberIn(tables, limit.table, limit.row, limit.column);
    return { ...limit, is, verdict: verdictOf(is, limit) };
  });
}

function verdictOf(is: number | null, { most, aim }: Limit): Judged['verdict'] {
  if (is === null) return 'not measured';
  // What is no number is no figure that a limit holds.
  if (!(is <= most)) return 'over';
  return is <= aim ? 'met' : 'held';
}
