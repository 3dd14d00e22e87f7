import { Via } from './delivery.ts';
import { z } from './schema.ts';
import { Id } from './settings.ts';
import { DAY } from './time.ts';
import { TroubleCode } from './trouble.ts';

const one = <T extends string>(event: T) => ({ event: z.literal(event), at: z.int() });
const Outcome = z.union([z.enum(['applied', 'accepted', 'proven']), TroubleCode]);

/**
 * Everything that is ever logged (LEAK-02): closed words, numbers and ids of ours. No text of a page, of a broker or of a
 * backend fits in, so nothing secret can.
 */
export const LogEntry = z.discriminatedUnion('event', [
  z.strictObject({ ...one('started') }),
  z.strictObject({ ...one('login-opened'), account: Id }),
  z.strictObject({
    ...one('redirect'),
    account: Id,
    via: Via,
    verdict: z.enum(['captured', 'known', 'asked', 'refused', 'storage-failed']),
    sealed: z.boolean(),
  }),
  z.strictObject({ ...one('answered'), account: Id, yes: z.boolean() }),
  z.strictObject({ ...one('callback'), account: Id, answered: z.boolean() }),
  z.strictObject({
    ...one('delivery'),
    account: Id,
    outcome: Outcome,
    status: z.optional(z.int()),
    ms: z.int(),
  }),
  z.strictObject({ ...one('check'), account: Id, outcome: Outcome, status: z.optional(z.int()), ms: z.int() }),
  z.strictObject({
    ...one('changed'),
    account: Id,
    what: z.enum(['paired', 'account', 'destination', 'paused']),
  }),
  z.strictObject({ ...one('forgotten') }),
  z.strictObject({ ...one('permissions'), granted: z.int() }),
  z.strictObject({ ...one('store'), damaged: z.int(), isLost: z.boolean(), isFull: z.boolean() }),
  z.strictObject({ ...one('update'), waited: z.boolean() }),
]);
export type LogEntry = z.infer<typeof LogEntry>;
export const Log = z.array(LogEntry);
export type Log = z.infer<typeof Log>;

/** An entry before its time is known. */
export type LogEvent = LogEntry extends infer E ? (E extends LogEntry ? Omit<E, 'at'> : never) : never;

const LONGEST = 300;
const LIFETIME_MS = 7 * DAY;

/** The log with an event more: the latest three hundred of seven days, and a check only where it says something new. */
export function append(log: Log, event: LogEvent, now: number): Log {
  if (!isNews(log, event)) return log;
  const entry = { ...event, at: now } as LogEntry;
  return [...log.filter(({ at }) => now - at < LIFETIME_MS), entry].slice(-LONGEST);
}

/** The log without an account: a forgotten one leaves nothing behind. */
export function without(log: Log, account: string): Log {
  return log.filter((entry) => !('account' in entry) || entry.account !== account);
}

function isNews(log: Log, event: LogEvent): boolean {
  if (event.event !== 'check') return true;
  const last = log.findLast((known) => known.event === 'check' && known.account === event.account);
  return last?.event !== 'check' || last.outcome !== event.outcome || last.status !== event.status;
}
