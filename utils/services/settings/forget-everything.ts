import { revokeAll } from '../../platform/runtime/permissions.ts';
import { removeAllRecords } from '../../platform/storage/database.ts';
import { locked } from '../../platform/storage/lock.ts';
import { removeAllEntries } from '../../platform/storage/memory.ts';
import { removeAllPreferences } from '../../platform/storage/preferences.ts';
import { clearNotification } from '../../platform/toolbar/notifications.ts';
import { emptyLog } from '../store/log.ts';
import { readAll } from '../store/store.ts';

/** Removes everything of ours from this browser: records, keys, tokens, the log, and every permission (STO-09). */
export async function forgetEverything(): Promise<void> {
  await locked(async () => {
    const { accounts } = await readAll();
    await Promise.all(accounts.map(({ id }) => clearNotification(id)));
    await emptyLog(async () => {
      await Promise.all([removeAllRecords(), removeAllEntries(), removeAllPreferences()]);
    });
  });
  await revokeAll();
}
