import { isOlder, withoutCopies } from '../../domain/records/further-destinations.ts';
import { keepChanges, recordsUnder } from '../../platform/storage/database.ts';
import { rememberFewer } from './sentinel.ts';

let running: Promise<void> | undefined;

/** Changes what an older version stored as no record alone can be changed; `accounts` are the stored ones. */
export async function bringUpToDate(accounts: ReadonlyMap<string, unknown>): Promise<void> {
  if (![...accounts.values()].some(isOlder)) return;
  // Once for all that read meanwhile: what the first one writes after it is newer.
  running ??= change(accounts.size).finally(() => {
    running = undefined;
  });
  await running;
}

async function change(count: number): Promise<void> {
  const changes = withoutCopies(await recordsUnder(''));
  if (changes === null) return;
  const copies = changes.gone.filter((key) => key.startsWith('account:')).length;
  // First: a background that is killed in between must not take what was moved for lost. It stops no capture.
  await rememberFewer(count, count - copies).catch(() => undefined);
  await keepChanges(changes.put, changes.gone);
}
