import type { Config } from './config/config.ts';
import { dataKey, keyIn } from './config/secrets.ts';
import { openEmbedded } from './store/embedded.ts';
import type { Ground } from './store/store.ts';

/** The key that encrypts the tokens. Throws a sentence that names the variable when its file cannot be read. */
export function encryptionKey({ keyFile, dataDir }: Config): Buffer {
  if (keyFile === null) return dataKey(dataDir);
  try {
    return keyIn(keyFile);
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error;
    throw isMissing ? new Error(`KEY_FILE: ${keyFile} cannot be read`) : error;
  }
}

/** The Postgres of DATABASE_URL, else the embedded database. What the other one needs is never loaded. */
export async function openGround(
  { databaseUrl, dataDir, accounts }: Config,
  key: Buffer,
  failed: (error: unknown) => void,
): Promise<Ground> {
  if (databaseUrl === null) return openEmbedded(dataDir);
  const { openPostgres } = await import('./store/postgres/open.ts');
  return openPostgres({ url: databaseUrl, key, accounts: accounts.map(({ name }) => name), failed });
}
