import { removeAllRecords } from '../platform/database.ts';
import { locked } from '../platform/lock.ts';
import { removeAllEntries } from '../platform/memory.ts';
import { clearNotice } from '../platform/notify.ts';
import { revokeAll } from '../platform/permissions.ts';
import { removeAllPreferences } from '../platform/preferences.ts';
import { emptyLog } from './log.ts';
import { readAll } from './store.ts';

/** Removes everything of ours from this browser: records, keys, tokens, the log, and every permission (STO-09). */
export async function forgetEverything(): Promise<void> {
  await locked(async () => {
    const { accounts } = await readAll();
    await Promise.all(accounts.map(({ id }) => clearNotice(id)));
    await emptyLog(async () => {
      await Promise.all([removeAllRecords(), removeAllEntries(), removeAllPreferences()]);
    });
  });
  await revokeAll();
}
