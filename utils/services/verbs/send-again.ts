import { ownDestination } from '../../domain/accounts/destinations.ts';
import type { Checked } from '../../domain/base/check.ts';
import { say } from '../../domain/base/words.ts';
import type { Delivery } from '../../domain/delivery/delivery.ts';
import { canRedeliver } from '../../domain/records/delivery-log.ts';
import { wakeSoon } from '../../platform/runtime/alarms.ts';
import { locked } from '../../platform/storage/lock.ts';
import { log } from '../store/log.ts';
import { readAll, writeDelivery } from '../store/store.ts';
import { checkAccount } from './check-soon.ts';

/** Sends what waits for a destination of an account now, its own where none is named, and asks all of them how they stand. */
export async function retry(account: string, destination?: string): Promise<void> {
  const now = Date.now();
  await locked(async () => {
    const { deliveries, destinations } = await readAll();
    const to = destination ?? ownDestination(destinations, account)?.id;
    const waiting = deliveries.filter((one) => one.account === account && one.destination === to && isWaiting(one));
    if (waiting.length > 0) await wakeSoon(now);
    for (const delivery of waiting) await writeDelivery({ ...delivery, state: 'waiting', nextAttemptAt: now });
  });
  await checkAccount(account);
}

/** Sends one delivery to its destination once more, while its token lives. */
export async function redeliver(id: string, destination: string): Promise<Checked<string>> {
  const now = Date.now();
  const account = await locked(async () => {
    const found = (await readAll()).deliveries.find((one) => one.id === id && one.destination === destination);
    if (!found || !canRedeliver(found, now)) return null;
    await wakeSoon(now);
    await writeDelivery({ ...found, state: 'waiting', nextAttemptAt: now });
    return found.account;
  });
  if (account === null) return { ok: false, problems: [{ field: 'delivery', message: say('problem_delivery_over') }] };
  log({ event: 'redelivered', account, delivery: id });
  await checkAccount(account);
  return { ok: true, value: account };
}

function isWaiting({ state, sending }: Delivery): boolean {
  return (state === 'waiting' || state === 'held') && sending === null;
}
