import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { BrokerId } from '../../utils/domain/contract.ts';
import { DATABASE_FILE } from './store/database.ts';

export interface Readiness {
  ready: boolean;
  /** It can be written to, now. */
  database: boolean;
  /** The key and the pairing secrets lie in DATA_DIR. */
  configuration: boolean;
}

/** Whether a delivery that came now could be kept. It says nothing of a session. */
export function readiness(db: DatabaseSync, dataDir: string, accounts: readonly BrokerId[]): Readiness {
  const secrets = ['key', ...accounts.map((account) => `secret-${account}`)];
  const configuration = secrets.every((file) => isThere(join(dataDir, file), constants.R_OK));
  // A database that was removed under its process still takes writes, and loses them.
  const database = isThere(join(dataDir, DATABASE_FILE), constants.R_OK | constants.W_OK) && canWrite(db);
  return { ready: configuration && database, database, configuration };
}

function isThere(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

/** Writes the number that stands there already. */
function canWrite(db: DatabaseSync): boolean {
  try {
    db.exec('BEGIN IMMEDIATE');
    const version = Number(db.prepare('PRAGMA user_version').get()?.user_version);
    db.exec(`PRAGMA user_version = ${version}; COMMIT`);
    return true;
  } catch {
    if (db.isTransaction) db.exec('ROLLBACK');
    return false;
  }
}
