import { insist } from '../config/insist.ts';
import type { Attempt, Deliveries, Delivery, NewDelivery } from '../store/tables/deliveries.ts';

interface Journal {
  deliveries: Deliveries;
}

let last = 0;

/** The moment tells one attempt from another, so two of one millisecond must not share it. */
function nextMoment(now: number): number {
  last = Math.max(now, last + 1);
  return last;
}

/** Writes the intent down, in the place of what was answered `before`; null when another request did so first. */
export async function begin(
  { deliveries, now }: Journal & { now(): number },
  delivery: NewDelivery,
  before: Delivery | null,
): Promise<Attempt | null> {
  const attempt = { id: delivery.id, kind: delivery.kind, at: nextMoment(now()) };
  try {
    return (await deliveries.begin(delivery, attempt.at, before)) ? attempt : null;
  } catch (error) {
    void insist(() => deliveries.withdrawBeginning(delivery.account, attempt), Number.POSITIVE_INFINITY);
    throw error;
  }
}

/** Takes an attempt back of which the broker kept nothing: now, or else as soon as the store is there again. */
export async function takeBack({ deliveries }: Journal, attempt: Attempt): Promise<void> {
  await sooner(() => deliveries.withdraw(attempt));
}

/** Closes an attempt whose token is older than the session: it must never look like a new one to whoever meets it again. */
export async function passOver({ deliveries, now }: Journal & { now(): number }, attempt: Attempt, words: string) {
  await sooner(() => deliveries.finish(attempt, 'superseded', words, now()));
}

async function sooner(write: () => Promise<unknown>): Promise<void> {
  await write().catch(() => void insist(write, Number.POSITIVE_INFINITY));
}

/**
 * Closes the journal's entry where the exchange threw, however long the store is away: while it stands open, the account
 * takes no other token.
 */
export async function closing<T>({ deliveries }: Journal, attempt: Attempt, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    void insist(() => deliveries.interrupt(attempt), Number.POSITIVE_INFINITY);
    throw error;
  }
}
