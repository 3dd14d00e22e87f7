import type { World } from '../domain/plan.ts';
import type { Damaged } from '../domain/records.ts';
import { grantedHosts } from '../platform/permissions.ts';
import { readClockState } from './clock.ts';
import { readAll } from './store.ts';

/** Names this life of the background, so that the next one knows which calls died with it. */
const worker = crypto.randomUUID();

/** The destinations that this life of the background is calling. */
export const busy = new Set<string>();

/** The world as it is stored, now. */
export async function readWorld(): Promise<World & { damaged: Damaged[] }> {
  const now = Date.now();
  const [stored, granted, clock] = await Promise.all([readAll(), grantedHosts(), readClockState(now)]);
  return { ...stored, granted, clock, worker, busy, now };
}
