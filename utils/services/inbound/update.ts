import { restart } from '../../platform/runtime/lifecycle.ts';
import { MINUTE, SECOND } from '../../shared/time.ts';
import { busy } from '../pulse/world.ts';
import { log, readLog } from '../store/log.ts';
import { readAll } from '../store/store.ts';

const LONGEST_WAIT_MS = MINUTE;
// A timer alone would not keep the background alive; what it reads between does.
const LOOK_MS = 0.5 * SECOND;

/** Starts a new version once nothing is on its way, or after a minute: an update empties the memory that holds a token (UPD-03). */
export async function updateWhenIdle(): Promise<void> {
  const deadline = Date.now() + LONGEST_WAIT_MS;
  let waited = false;
  while (Date.now() < deadline && (await isWorkOpen())) {
    waited = true;
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
  log({ event: 'update', waited });
  await readLog();
  restart();
}

async function isWorkOpen(): Promise<boolean> {
  const { deliveries, asks } = await readAll();
  return (
    busy.size > 0 || asks.length > 0 || deliveries.some(({ state }) => state === 'waiting' || state === 'observed')
  );
}
