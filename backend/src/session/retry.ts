import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND } from '../../../utils/shared/time.ts';
import type { Reply } from '../brokers/client.ts';

export const RETRY_PAUSES_MS = [2 * SECOND, 4 * SECOND, 8 * SECOND];

export type Sleep = (ms: number) => Promise<unknown>;

/** Asks again after 2, 4 and 8 s where no answer came at all; whatever the broker answers stands. */
export async function retryNetwork<T>(ask: () => Promise<Reply<T>>, wait: Sleep = sleep): Promise<Reply<T>> {
  let reply = await ask();
  for (const pause of RETRY_PAUSES_MS) {
    if (reply.ok || reply.status !== 0) return reply;
    await wait(pause);
    reply = await ask();
  }
  return reply;
}
