import { isOlder, ownDestinations } from '../../domain/records/further-destinations.ts';
import { keepChanges, recordsUnder } from '../../platform/storage/database.ts';
import { rememberFewer } from './sentinel.ts';

/** Changes what an older version stored as no record alone can be changed; `accounts` are the stored ones. */
export async function bringUpToDate(accounts: ReadonlyMap<string, unknown>): Promise<void> {
  if (![...accounts.values()].some(isOlder)) return;
  const changes = ownDestinations(await recordsUnder(''));
  if (changes === null) return;
  // First: a background that is killed in between must not take what was moved for lost.
  await rememberFewer(changes.gone.filter((key) => key.startsWith('account:')).length);
  await keepChanges(changes.put, changes.gone);
}
