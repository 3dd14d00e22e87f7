import type { TroubleCode } from '../../domain/delivery/trouble.ts';
import { wakeSoon } from '../../platform/runtime/alarms.ts';
import { locked } from '../../platform/storage/lock.ts';
import { pulse } from '../pulse/pulse.ts';
import { log } from '../store/log.ts';
import { readAll, writeDelivery, writeFacts } from '../store/store.ts';

/** What a computer without a network meets, whatever it calls. */
const OFFLINE: readonly (TroubleCode | undefined)[] = ['unreachable', 'timeout'];

/** The network is back: what only waited for it goes at once, not after its backoff (REL-05). */
export async function backOnline(): Promise<void> {
  const now = Date.now();
  log({ event: 'online' });
  await locked(async () => {
    const { deliveries, facts } = await readAll();
    await wakeSoon(now);
    for (const one of deliveries)
      if (one.state === 'waiting' && one.sending === null && OFFLINE.includes(one.trouble?.code))
        await writeDelivery({ ...one, nextAttemptAt: now });
    for (const known of facts.values())
      if (OFFLINE.includes(known.checkTrouble?.code)) await writeFacts({ ...known, nextCheckAt: now });
  });
  await pulse();
}
