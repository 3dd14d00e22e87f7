import type { Spread } from './spread.ts';

/** Names a table, and the part of the bench that measures it. */
export type TableId =
  | 'way'
  | 'first-tick'
  | 'live'
  | 'outbox'
  | 'popup'
  | 'hold'
  | 'weight'
  | 'retries'
  | 'workers'
  | 'take-over'
  | 'status'
  | 'rest';

/** A figure that could not be measured on this machine is null; it is not zero. */
export type Figure = Spread | number | null;

export interface Table {
  id: TableId;
  /** What was measured how often, such as “40 turns”. */
  basis: string;
  columns: { name: string; digits: number }[];
  rows: { name: string; figures: Figure[] }[];
}

/** One whole run of the bench: speed.json. */
export interface Speed {
  /** ISO 8601, a day. */
  date: string;
  commit: string;
  machine: [what: string, value: string][];
  versions: [what: string, version: string][];
  tables: Table[];
}

/** The number that a limit looks at. */
export function numberIn(tables: readonly Table[], id: TableId, row: string, column: string): number | null {
  const table = tables.find((one) => one.id === id);
  const at = table?.columns.findIndex(({ name }) => name === column) ?? -1;
  const figure = table?.rows.find(({ name }) => name === row)?.figures[at] ?? null;
  return typeof figure === 'number' || figure === null ? figure : figure.median;
}
