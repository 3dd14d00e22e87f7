import { append, type Log, type LogEvent, without } from '../domain/log.ts';
import { unwrap, wrap } from '../domain/records.ts';
import { STORED } from '../domain/stored.ts';
import { keepRecord, readRecord } from '../platform/database.ts';

const KEY = 'log';

/** Every change in its turn, apart from the lock: nothing of the capture waits for a log. */
let writing: Promise<void> = Promise.resolve();

/** Logs an event; nobody waits for it. */
export function log(event: LogEvent): void {
  const now = Date.now();
  change((known) => append(known, event, now));
}

/** Forgets what was logged of an account. */
export function forgetInLog(account: string): void {
  change((known) => without(known, account));
}

/** Waits for what is being written, so that nothing of it comes after what follows. */
export function logWritten(): Promise<void> {
  return writing;
}

/** The log with everything in it that was logged until now. */
export async function readLog(): Promise<Log> {
  await writing;
  return stored();
}

function change(how: (known: Log) => Log): void {
  writing = writing.then(async () => {
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
