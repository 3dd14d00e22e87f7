import { isOpenAlgo } from '../../domain/accounts/known-systems.ts';
import { SECOND } from '../../shared/time.ts';
import { makeAccountDue, makeChecksDue } from '../pulse/due-checks.ts';
import { pulse } from '../pulse/pulse.ts';

// A report this fresh answers a person who opens the popup.
const FRESH_MS = 15 * SECOND;

/** Asks every destination whose report is not fresh how its session stands; an OpenAlgo, which asks its broker for it, when its time comes. */
export async function checkAll(now = Date.now()): Promise<void> {
  await makeChecksDue(
    now,
    (_route, toldAt) => Math.abs(now - toldAt) >= FRESH_MS,
    (destination) => !isOpenAlgo(destination),
  );
  await pulse();
}

/** Asks the destinations of one account how its session stands, however fresh their reports are. */
export async function checkAccount(account: string, now = Date.now()): Promise<void> {
  await makeAccountDue(account, now);
  await pulse();
}
