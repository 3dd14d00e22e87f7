import { wrap } from '../../../utils/domain/base/records.ts';
import type { History } from '../../../utils/domain/history/history.ts';
import { STORED } from '../../../utils/domain/records/stored.ts';
import type { Browser } from './browser.ts';

/** Puts a history where the extension keeps it, as if it had been there for weeks. */
export async function storeHistory({ options, killWorker }: Browser, history: History): Promise<void> {
  await options.evaluate(
    async ({ key, record }) => {
      const database = await new Promise<IDBDatabase>((opened) => {
        const request = indexedDB.open('opening-bell');
        request.onsuccess = () => opened(request.result);
      });
      const writing = database.transaction('records', 'readwrite');
      writing.objectStore('records').put(record, key);
      await new Promise((done) => {
        writing.oncomplete = done;
      });
      database.close();
    },
    { key: `history:${history.account}`, record: wrap(STORED.history, history) },
  );
  // A background reads its records once in its life.
  await killWorker();
}
