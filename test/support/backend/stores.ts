import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingPostgres, type RunningPostgres, startPostgres } from '../../peers/postgres.ts';

/** What the processes on one store share. */
export interface Shared {
  env: Record<string, string>;
  /** Ends the store's server as a crash does, and starts it again. */
  crash(): Promise<void>;
}

/** Where a backend can keep everything. */
export interface StoreKind {
  name: string;
  isMissing: boolean;
  open(): Promise<void>;
  /** An empty one; `dir` is a folder for its files. */
  share(dir: string): Promise<Shared>;
  close(): Promise<void>;
}

/** Each kind of store, with the server of its own that it may need; `settings` are Postgres's. */
export function storeKinds(settings: readonly string[] = []): StoreKind[] {
  let postgres: RunningPostgres;
  return [
    {
      name: 'the embedded store',
      isMissing: false,
      open: async () => {},
      // A file has no server that could crash.
      share: async () => ({ env: {}, crash: async () => {} }),
      close: async () => {},
    },
    {
      name: 'Postgres',
      isMissing: missingPostgres().length > 0,
      async open() {
        postgres = await startPostgres(settings);
      },
      async share(dir) {
        const keyFile = join(dir, 'shared-key');
        writeFileSync(keyFile, randomBytes(32).toString('base64'), { mode: 0o600 });
        return { env: { DATABASE_URL: await postgres.database(), KEY_FILE: keyFile }, crash: postgres.crash };
      },
      close: () => postgres.close(),
    },
  ];
}
