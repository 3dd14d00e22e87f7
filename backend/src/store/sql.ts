export type Value = string | number | null | Uint8Array | readonly number[];
/** What stands for each `:name` of a statement; a list of numbers stands where `among` names it. */
export type Values = Record<string, Value>;
export type Row = Record<string, unknown>;

/** Statements in the SQL that SQLite and Postgres have in common. */
export interface Sql {
  get(text: string, values?: Values): Promise<Row | undefined>;
  all(text: string, values?: Values): Promise<Row[]>;
  /** Resolves to the number of rows that it changed. */
  run(text: string, values?: Values): Promise<number>;
}

/** Where everything is kept: the one thing that differs between a file on this machine and a server for many. */
export interface Database extends Sql {
  /** For what may be lost in a power cut, never in a crash: what is durable next saves it too. */
  lazily: Sql;
  /** SQL: the time in epoch ms by which leases end. Processes on one machine share a clock, those on several share the server's. */
  clock: string;
  /** SQL that holds for each of the numbers under this name. */
  among(name: string): string;
  /**
   * Runs `work` as one transaction: all of it is kept, or none. Those of one subject come one after the other,
   * whichever process they are of.
   */
  transaction<T>(subject: string, work: (tx: Sql) => Promise<T>): Promise<T>;
  /** Whether what is written now would be kept. */
  canWrite(): Promise<boolean>;
  close(): Promise<void>;
}
