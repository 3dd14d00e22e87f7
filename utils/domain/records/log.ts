import { TokenKind } from '../../shared/contract.ts';
import { ReminderKind } from '../../shared/reminders.ts';
import { z } from '../../shared/schema.ts';
import { DAY, MINUTE } from '../../shared/time.ts';
import { Id } from '../accounts/settings.ts';
import { Shape } from '../capture/shape.ts';
import { DeliveryId, Via } from '../delivery/delivery.ts';
import { TroubleCode } from '../delivery/trouble.ts';
import { HistoryKind } from '../history/history.ts';

const one = <T extends string>(event: T) => ({ event: z.literal(event), at: z.int() });
const Outcome = z.union([z.enum(['applied', 'accepted', 'proven']), TroubleCode]);

/**
 * Everything that is ever logged (LEAK-02): closed words, numbers and ids of ours. No text of a page, of a broker or of a
 * backend fits in, so nothing secret can.
 */
export const LogEntry = z.discriminatedUnion('event', [
  z.strictObject({ ...one('started') }),
  z.strictObject({ ...one('login-opened'), account: Id, by: z.enum(['person', 'itself']) }),
  z.strictObject({
    ...one('redirect'),
    account: Id,
    via: Via,
    verdict: z.enum(['captured', 'known', 'asked', 'refused', 'empty', 'lost', 'hidden', 'storage-failed']),
    sealed: z.boolean(),
    /** How it came and of what it was made, without a value: to confirm what is known of a broker. */
    shape: z.optional(Shape),
  }),
  z.strictObject({ ...one('answered'), account: Id, yes: z.boolean() }),
  z.strictObject({ ...one('callback'), account: Id, answered: z.boolean() }),
  z.strictObject({
    ...one('delivery'),
    account: Id,
    outcome: Outcome,
    status: z.optional(z.int()),
    ms: z.int(),
    // What follows is missing in entries of 0.1.0.
    delivery: z.optional(DeliveryId),
    destination: z.optional(Id),
    kind: z.optional(TokenKind),
    /** The size of the request's body. */
    bytes: z.optional(z.int()),
  }),
  z.strictObject({
    ...one('check'),
    account: Id,
    outcome: Outcome,
    status: z.optional(z.int()),
    ms: z.int(),
    destination: z.optional(Id),
  }),
  z.strictObject({
    ...one('changed'),
    account: Id,
    what: z.enum(['paired', 'account', 'destination', 'paused', 'clock']),
  }),
  z.strictObject({ ...one('imported'), changes: z.int() }),
  z.strictObject({ ...one('redelivered'), account: Id, delivery: DeliveryId }),
  z.strictObject({ ...one('dashboard'), account: Id, is: z.enum(['on', 'changed', 'off']) }),
  z.strictObject({ ...one('hold'), account: Id, held: z.int(), replayed: z.int(), givenUp: z.int() }),
  z.strictObject({ ...one('forgotten') }),
  z.strictObject({ ...one('preferences'), notify: z.boolean() }),
  z.strictObject({ ...one('clock-changed') }),
  z.strictObject({ ...one('online') }),
  z.strictObject({ ...one('reminder'), account: Id, kind: ReminderKind, shown: z.boolean() }),
  z.strictObject({ ...one('silenced'), account: Id, how: z.enum(['snoozed', 'not-today']) }),
  z.strictObject({ ...one('renewal'), account: Id, attempt: z.int() }),
  z.strictObject({ ...one('history'), account: Id, kind: HistoryKind }),
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
// A backend that comes and goes must not push the deliveries out.
const MOST_CHECKS = 60;
const LIFETIME_MS = 7 * DAY;
// A page that fails over and over must not push everything else out.
const ONE_HOLD_MS = 10 * MINUTE;

/** The log with an event more: the latest three hundred of seven days, and a check only where it says something new. */
export function append(log: Log, event: LogEvent, now: number): Log {
  if (!isNews(log, event)) return log;
  if (event.event === 'hold') {
    const last = log.findLast((known) => known.event === 'hold' && known.account === event.account);
    if (last?.event === 'hold' && Math.abs(now - last.at) < ONE_HOLD_MS)
      return log.map((known) => (known === last ? add(last, event) : known));
  }
  const entry = { ...event, at: now } as LogEntry;
  return withFewChecks([...log.filter(({ at }) => now - at < LIFETIME_MS), entry]).slice(-LONGEST);
}

function withFewChecks(log: Log): Log {
  const checks = log.filter(({ event }) => event === 'check');
  const tooOld = new Set(checks.slice(0, Math.max(checks.length - MOST_CHECKS, 0)));
  return tooOld.size === 0 ? log : log.filter((entry) => !tooOld.has(entry));
}

type Hold = Extract<LogEntry, { event: 'hold' }>;

function add(known: Hold, { held, replayed, givenUp }: Omit<Hold, 'at'>): Hold {
  return {
    ...known,
    held: known.held + held,
    replayed: known.replayed + replayed,
    givenUp: known.givenUp + givenUp,
  };
}

/** The log without an account or a destination, by its id: a forgotten one leaves nothing behind. */
export function without(log: Log, id: string): Log {
  const isAbout = (entry: LogEntry) =>
    ('account' in entry && entry.account === id) || ('destination' in entry && entry.destination === id);
  return log.filter((entry) => !isAbout(entry));
}

function isNews(log: Log, event: LogEvent): boolean {
  if (event.event !== 'check') return true;
  const last = log.findLast(
    (known) => known.event === 'check' && known.account === event.account && known.destination === event.destination,
  );
  return last?.event !== 'check' || last.outcome !== event.outcome || last.status !== event.status;
}
