import type { Check, World } from '../../domain/session/world.ts';
import type { StoreHealth } from '../../domain/view/overview.ts';
import { grantedHosts } from '../../platform/runtime/permissions.ts';
import { saveUnsaved } from '../../platform/storage/database.ts';
import { saveHomeless } from '../../platform/storage/memory.ts';
import { canNotify } from '../../platform/toolbar/notifications.ts';
import { stillThere } from '../logins/left-tabs.ts';
import { accountsBefore, areAccountsLost } from '../store/sentinel.ts';
import { readAll, type Stored } from '../store/store.ts';
import { readClockState } from './clock.ts';

/** Names this life of the background, so that the next one knows which calls died with it. */
const worker = crypto.randomUUID();

/** The destinations that this life of the background is calling. */
export const busy = new Set<string>();

/** The checks of this life of the background that wait for a change, each with the way to give it up. */
export const waits = new Map<Check, AbortController>();

/** The redirects that this life of the background has seen and not judged yet. */
export const unjudged = new Set<string>();

/** What the screens show beside the world that a plan needs. */
export type Watched = Pick<Stored, 'dashboards' | 'lost'> & { store: StoreHealth };

/** The world as it is stored, now; under the lock. */
export async function readWorld(): Promise<World & Watched & Pick<Stored, 'seen' | 'outcomes'>> {
  // Whatever the browser has to be asked for is asked in one turn: a token waits for it.
  const [stored, granted, mayNotify, before] = await Promise.all([
    readAll(),
    grantedHosts(),
    canNotify(),
    accountsBefore(),
  ]);
  const now = Date.now();
  const [clock, isSaved, isKept] = await Promise.all([readClockState(now, mayNotify), saveUnsaved(), saveHomeless()]);
  const { damaged, ...rest } = stored;
  const store = { damaged, isLost: areAccountsLost(before, stored), isFull: !isSaved || !isKept };
  const logins = await stillThere(rest.logins, rest.accounts, now);
  return { ...rest, logins, store, granted, clock, worker, busy, waits: [...waits.keys()], now };
}
