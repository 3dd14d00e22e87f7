import { z } from '../../../utils/shared/schema.ts';
import type { AccountName } from '../config/account-name.ts';
import { existingDataKey, keyIn } from '../config/secrets.ts';
import { openDatabaseToRead } from '../store/database.ts';
import { isUsable, openSession, SessionRow } from '../store/tables/session.ts';

export interface Where {
  /** As DATA_DIR of the backend. */
  dataDir?: string;
  /** As KEY_FILE of the backend, where that is set. */
  keyFile?: string;
  /** Epoch ms. */
  now?: number;
}

/**
 * The access token of the account's session, or null when a login is needed: for your own code on this machine.
 * It reads what the backend has stored and asks no broker, so a session that ended at the broker is only known as ended
 * once the backend has found that out.
 */
export function getValidSession(
  account: AccountName,
  { dataDir = '.data', keyFile, now = Date.now() }: Where = {},
): string | null {
  const key = keyFile === undefined ? existingDataKey(dataDir) : keyIn(keyFile);
  if (key === null) return null;
  const db = openDatabaseToRead(dataDir);
  try {
    const found = db.prepare('SELECT * FROM sessions WHERE account = ?').get(account);
    const row = found === undefined ? null : z.parse(SessionRow, found);
    return row !== null && isUsable(row, now) ? (openSession(row, key)?.accessToken ?? null) : null;
  } finally {
    db.close();
  }
}
