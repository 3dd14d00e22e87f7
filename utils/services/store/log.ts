import { unwrap, wrap } from '../../domain/base/records.ts';
import { append, type Log, type LogEvent, without } from '../../domain/records/log.ts';
import { STORED } from '../../domain/records/stored.ts';
import { keepRecord, readRecord } from '../../platform/storage/database.ts';

const KEY = 'log';

/** Every change in its turn, apart from the lock: nothing of the capture waits for a log. */
let writing: Promise<void> = Promise.resolve();

/** Counts how often the log was emptied: what was to be written into an older one is dropped. */
let life = 0;

/** Logs an event; nobody waits for it. */
export function log(event: LogEvent): void {
  const now = Date.now();
  change((known) => append(known, event, now));
}

/** Forgets what was logged of an account. */
export function forgetInLog(account: string): void {
  change((known) => without(known, account));
}

/** Empties the log by `work`, in its turn; what is logged before that has ended goes with it. */
export function emptyLog(work: () => Promise<void>): Promise<void> {
  const emptied = writing.then(work).then(() => {
    life += 1;
  });
  // A log that could not be emptied goes on as it was.
  writing = emptied.catch(() => undefined);
  return emptied;
}

/** The log with everything in it that was logged until now. */
export async function readLog(): Promise<Log> {
  await writing;
  return stored();
}

function change(how: (known: Log) => Log): void {
  const of = life;
  writing = writing.then(async () => {
    if (of !== life) return;
    const known = await stored();
    const changed = how(known);
    if (changed !== known) await keepRecord(KEY, wrap(STORED.log, changed));
  });
}

/** A damaged log begins anew. */
async function stored(): Promise<Log> {
  const read = unwrap(STORED.log, await readRecord(KEY));
  return read.ok ? read.value : [];
}
