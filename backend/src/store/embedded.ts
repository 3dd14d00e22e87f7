import { openDatabase } from './database.ts';
import { openLine } from './line.ts';
import { createSqlite } from './sqlite.ts';
import type { Ground } from './store.ts';

// What another process wrote is noticed within this time.
const LOOK_EVERY_MS = 250;

/** The embedded database in DATA_DIR. Nothing tells of another process's writing there: everybody looks. */
export function openEmbedded(dataDir: string): Ground {
  const db = createSqlite(openDatabase(dataDir));
  return {
    db,
    line: openLine(db),
    listen: () => {},
    lookEveryMs: LOOK_EVERY_MS,
    // They lie in the folder of the database.
    agree: async () => {},
    close: db.close,
  };
}
