import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND } from '../../../utils/shared/time.ts';

const PAUSE_MS = 200;
/** Long enough for a database server to start again. */
const GIVE_UP_AFTER_MS = 30 * SECOND;

/** Writes down what has happened already, once more each time that the store fails: only for what may be written twice. */
export async function insist<T>(write: () => Promise<T>, giveUpAfterMs = GIVE_UP_AFTER_MS): Promise<T> {
  for (const startedAt = performance.now(); ; ) {
    try {
      return await write();
    } catch (error) {
      if (performance.now() - startedAt > giveUpAfterMs) throw error;
      await sleep(PAUSE_MS, undefined, { ref: false });
    }
  }
}
