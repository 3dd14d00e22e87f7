import type { StoreHealth } from '../domain/overview.ts';
import type { World } from '../domain/plan.ts';
import { saveUnsaved } from '../platform/database.ts';
import { isMemoryFull } from '../platform/memory.ts';
import { grantedHosts } from '../platform/permissions.ts';
import { areAccountsLost } from './sentinel.ts';
import { readAll } from './store.ts';

/** Names this life of the background, so that the next one knows which calls died with it. */
const worker = crypto.randomUUID();

/** The destinations that this life of the background is calling. */
export const busy = new Set<string>();

/** The world as it is stored, now. */
export async function readWorld(): Promise<World & { store: StoreHealth }> {
  const [stored, granted] = await Promise.all([readAll(), grantedHosts()]);
  const [isLost, isSaved] = await Promise.all([areAccountsLost(stored), saveUnsaved()]);
  const { damaged, ...rest } = stored;
  const store = { damaged, isLost, isFull: !isSaved || isMemoryFull() };
  return { ...rest, store, granted, worker, busy, now: Date.now() };
}
