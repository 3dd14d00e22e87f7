import { diagnostics } from '../../domain/records/diagnostics.ts';
import { overview } from '../../domain/view/overview.ts';
import { version } from '../../platform/runtime/lifecycle.ts';
import { locked } from '../../platform/storage/lock.ts';
import { readWorld } from '../pulse/world.ts';
import { readLog } from '../store/log.ts';

/** The diagnostics of this moment, as text to read and copy. */
export async function diagnose(): Promise<string> {
  const world = await locked(readWorld);
  return diagnostics({
    version: version(),
    browser: navigator.userAgent,
    granted: world.granted,
    overview: overview(world, world.store, world),
    log: await readLog(),
    now: world.now,
  });
}
