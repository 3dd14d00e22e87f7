import { setTimeout as sleep } from 'node:timers/promises';
import { MINUTE, SECOND } from '../../../utils/shared/time.ts';
import type { Sent } from './message.ts';

/** After these waits the second to the fourth attempt follow; there is no fifth. */
export const WAITS_MS: readonly number[] = [5 * SECOND, 30 * SECOND, 2 * MINUTE];
/** A server that wants a longer wait than this is given up: a reminder is news for minutes. */
const LONGEST_WAIT_MS = 10 * MINUTE;

export interface DeliverOptions {
  waitsMs?: readonly number[];
  signal?: AbortSignal;
  wait?(ms: number, signal: AbortSignal | undefined): Promise<void>;
}

/** Sends one message until it is taken, refused for good, or tried often enough. */
export async function deliver(
  send: () => Promise<Sent>,
  { waitsMs = WAITS_MS, signal, wait = pause }: DeliverOptions = {},
): Promise<Sent> {
  for (const waitMs of waitsMs) {
    const sent = await send();
    if (sent.ok || !sent.again || (sent.retryAfterMs ?? 0) > LONGEST_WAIT_MS) return sent;
    await wait(Math.max(waitMs, sent.retryAfterMs ?? 0), signal);
    if (signal?.aborted) return sent;
  }
  return send();
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  // An end of the process ends the wait as well.
  await sleep(ms, undefined, { ref: false, ...(signal && { signal }) }).catch(() => undefined);
}
