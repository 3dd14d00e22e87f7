import { diagnostics } from '../domain/diagnostics.ts';
import { overview } from '../domain/overview.ts';
import { version } from '../platform/lifecycle.ts';
import { readLog } from './log.ts';
import { readWorld } from './world.ts';

/** The diagnostics of this moment, as text to read and copy. */
export async function diagnose(): Promise<string> {
  const world = await readWorld();
  return diagnostics({
    version: version(),
    browser: navigator.userAgent,
    granted: world.granted,
    overview: overview(world, world.store),
    log: await readLog(),
    now: world.now,
  });
}
