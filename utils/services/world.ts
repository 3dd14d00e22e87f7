import type { World } from '../domain/plan.ts';
import { grantedHosts } from '../platform/permissions.ts';
import { readAll, type Stored } from './store.ts';

/** Names this life of the background, so that the next one knows which calls died with it. */
const worker = crypto.randomUUID();

/** The destinations that this life of the background is calling. */
export const busy = new Set<string>();

/** The world as it is stored, now. */
export async function readWorld(): Promise<World & Stored> {
  const [stored, granted] = await Promise.all([readAll(), grantedHosts()]);
  return { ...stored, granted, worker, busy, now: Date.now() };
}
