import { tokenHash } from '../encryption.ts';
import type { Database } from '../sql.ts';

/** The secrets that every process which takes deliveries must have, by the name of their file; the current one first. */
export type SharedSecrets = Record<string, readonly string[]>;

/**
 * Holds the secrets of this machine against those of the others, which the database knows by a keyed hash, and becomes
 * what the next one is held against. One in common is enough: while a secret is replaced there are two. Throws a
 * sentence where there is none.
 */
export function agreeOn(db: Database, key: Buffer, secrets: SharedSecrets): Promise<void> {
  return db.transaction('shared secrets', async (tx) => {
    for (const [name, own] of Object.entries(secrets)) {
      const hashes = own.map((secret) => tokenHash(key, name, secret));
      const known = await tx.all('SELECT hash FROM shared_secrets WHERE name = :name', { name });
      if (known.length > 0 && !known.some(({ hash }) => hashes.includes(String(hash)))) throw new Error(differs(name));
      await tx.run('DELETE FROM shared_secrets WHERE name = :name', { name });
      for (const hash of hashes)
        await tx.run('INSERT INTO shared_secrets VALUES (:name, :hash) ON CONFLICT DO NOTHING', { name, hash });
    }
  });
}

function differs(name: string): string {
  return `DATA_DIR: ${name} is not that of the other API processes on this database: copy it from their DATA_DIR, or, where it is lost or to be replaced, delete its rows from opening_bell.shared_secrets and pair again`;
}
