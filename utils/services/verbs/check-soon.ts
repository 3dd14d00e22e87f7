import { isOpenAlgo } from '../../domain/accounts/known-systems.ts';
import { type Destination, isCheckable } from '../../domain/accounts/settings.ts';
import { noFacts } from '../../domain/session/facts.ts';
import { locked } from '../../platform/storage/lock.ts';
import { SECOND } from '../../shared/time.ts';
import { pulse } from '../pulse/pulse.ts';
import { readAll, writeFacts } from '../store/store.ts';

// A report this fresh answers a person who opens the popup.
const FRESH_MS = 15 * SECOND;

/** Asks every destination whose report is not fresh how its session stands; an OpenAlgo, which asks its broker for it, when its time comes. */
export function checkAll(now = Date.now()): Promise<void> {
  const isStale = (_account: Checkable, toldAt: number) => Math.abs(now - toldAt) >= FRESH_MS;
  return checkWhere(now, isStale, (destination) => !isOpenAlgo(destination));
}

/** Asks the destinations of one account how its session stands, however fresh their reports are. */
export function checkAccount(account: string, now = Date.now()): Promise<void> {
  return checkWhere(now, ({ id, copyOf }) => id === account || copyOf === account);
}

type Checkable = Awaited<ReturnType<typeof readAll>>['accounts'][number];

async function checkWhere(
  now: number,
  isMeant: (account: Checkable, toldAt: number) => boolean,
  isAsked: (destination: Destination) => boolean = isCheckable,
): Promise<void> {
  await locked(async () => {
    const { accounts, destinations, facts } = await readAll();
    for (const account of accounts) {
      if (!destinations.some((one) => one.account === account.id && isCheckable(one) && isAsked(one))) continue;
      const known = facts.get(account.id) ?? noFacts(account.id);
      const toldAt = Math.max(known.provenAt ?? 0, known.checkTrouble?.at ?? 0);
      if (isMeant(account, toldAt)) await writeFacts({ ...known, nextCheckAt: now });
    }
  });
  await pulse();
}
