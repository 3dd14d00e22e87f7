import type { TokenKind } from '../../shared/contract.ts';
import type { Delivery } from '../delivery/delivery.ts';
import type { Trouble } from '../delivery/trouble.ts';
import type { SessionFacts } from '../session/facts.ts';
import type { Log, LogEntry } from './log.ts';

type Told = Extract<LogEntry, { event: 'delivery' | 'check' }>;

/** One request and its answer, in closed words and numbers. */
export interface Attempt {
  at: number;
  outcome: Told['outcome'];
  status: number | null;
  ms: number;
}

/** A line of the delivery log: one token with all its attempts, or proofs that followed each other. No token, no body. */
export interface DeliveryRow {
  /** Tells the rows of one list apart. */
  key: string;
  what: 'delivery' | 'proof';
  at: number;
  account: string;
  /** The destination it went to, where that is known. */
  destination: string | null;
  delivery: string | null;
  token: TokenKind | null;
  bytes: number | null;
  /** Oldest first. */
  attempts: Attempt[];
  /** Where it stands in the outbox; null once it ended. */
  waits: 'sending' | 'waiting' | 'held' | 'observed' | null;
  /** The receiver's own words, where they are still known. */
  words: string | null;
  canRedeliver: boolean;
}

type Known = Pick<Delivery, 'id' | 'account' | 'destination' | 'kind' | 'state' | 'sending' | 'capturedAt'> & {
  expiresAt: number;
  body: string | null;
  trouble: Trouble | null;
};

/** What was sent and what waits, the newest first; proofs that follow each other are one line. */
export function deliveryLog(
  log: Log,
  outbox: readonly Known[],
  facts: ReadonlyMap<string, SessionFacts>,
  now: number,
): DeliveryRow[] {
  const rows: DeliveryRow[] = [];
  for (const entry of log) {
    if (entry.event !== 'delivery' && entry.event !== 'check') continue;
    const row = rowFor(rows, entry);
    if (row) add(row, entry);
    else rows.push(begin(entry, rows.length));
  }
  for (const delivery of outbox) {
    const row = rows.find((one) => isOf(one, delivery)) ?? waiting(delivery);
    if (!rows.includes(row)) rows.push(row);
    Object.assign(row, stateOf(delivery, now));
  }
  for (const row of rows) row.words ??= lastWords(row, facts);
  return rows.sort((a, b) => b.at - a.at);
}

/** The row that an entry belongs to: that of its delivery, or that of the proof right before it. */
function rowFor(rows: readonly DeliveryRow[], entry: Told): DeliveryRow | undefined {
  if (entry.event === 'delivery')
    return entry.delivery === undefined
      ? undefined
      : rows.find((one) => one.delivery === entry.delivery && isAt(one, entry));
  const last = rows.findLast((one) => isAt(one, entry));
  return last?.what === 'proof' ? last : undefined;
}

/** Two plain destinations of an account name one delivery alike. */
function isAt(row: DeliveryRow, { account, destination = null }: { account: string; destination?: string | null }) {
  return row.account === account && row.destination === destination;
}

function begin(entry: Told, index: number): DeliveryRow {
  const isDelivery = entry.event === 'delivery';
  return {
    key: `${entry.at}-${index}`,
    what: isDelivery ? 'delivery' : 'proof',
    at: entry.at,
    account: entry.account,
    destination: entry.destination ?? null,
    delivery: isDelivery ? (entry.delivery ?? null) : null,
    token: isDelivery ? (entry.kind ?? null) : null,
    bytes: isDelivery ? (entry.bytes ?? null) : null,
    attempts: [attemptOf(entry)],
    waits: null,
    words: null,
    canRedeliver: false,
  };
}

function add(row: DeliveryRow, entry: Told): void {
  row.at = entry.at;
  row.attempts.push(attemptOf(entry));
}

function attemptOf({ at, outcome, status, ms }: Told): Attempt {
  return { at, outcome, status: status ?? null, ms };
}

function isOf(row: DeliveryRow, delivery: Known): boolean {
  return row.delivery === delivery.id && isAt(row, delivery);
}

/** A delivery of which no attempt was made, or none is known any more. */
function waiting({ id, account, destination, kind, capturedAt, body }: Known): DeliveryRow {
  return {
    key: `waiting-${id}-${destination}`,
    what: 'delivery',
    at: capturedAt,
    account,
    destination,
    delivery: id,
    token: kind,
    bytes: body === null ? null : new TextEncoder().encode(body).length,
    attempts: [],
    waits: null,
    words: null,
    canRedeliver: false,
  };
}

/** What may be asked for again: it waits or is held, nobody is sending it, and its token lives. */
export function canRedeliver(
  { state, sending, expiresAt }: Pick<Known, 'state' | 'sending' | 'expiresAt'>,
  now: number,
) {
  return (state === 'waiting' || state === 'held') && sending === null && expiresAt > now;
}

function stateOf(delivery: Known, now: number): Partial<DeliveryRow> {
  const { state, sending, trouble } = delivery;
  return {
    waits: state === 'ended' ? null : sending ? 'sending' : state,
    words: trouble?.words ?? null,
    canRedeliver: canRedeliver(delivery, now),
  };
}

function lastWords({ delivery, destination }: DeliveryRow, facts: ReadonlyMap<string, SessionFacts>): string | null {
  const login = destination === null ? null : facts.get(destination)?.login;
  return delivery !== null && login?.delivery === delivery ? (login.trouble?.words ?? null) : null;
}
