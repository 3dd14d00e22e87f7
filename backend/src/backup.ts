import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { configOfCommand, fail } from './config/command.ts';
import { DATABASE_FILE } from './store/database.ts';

/** The secrets of `DATA_DIR`, as they are called there. */
const SECRET = /^(key|session-key|metrics-key|secret-[a-z-]+)$/;

const { config } = configOfCommand();
const [, , folder] = process.argv;
if (folder === undefined) fail('Name a folder that is not there yet: npm run backend:backup -- FOLDER.');
const to = resolve(folder);
try {
  mkdirSync(to, { mode: 0o700 });
  for (const file of readdirSync(config.dataDir).filter((name) => SECRET.test(name)))
    copyFileSync(join(config.dataDir, file), join(to, file));
  // A copy of the file of a running backend would lack what is not in it yet.
  if (config.databaseUrl === null)
    await backup(new DatabaseSync(join(config.dataDir, DATABASE_FILE), { readOnly: true }), join(to, DATABASE_FILE));
} catch (error) {
  fail(`The backup failed: ${error instanceof Error ? error.message : 'unknown'}`);
}
console.log(
  config.databaseUrl === null
    ? `Secrets and database are in ${to}.`
    : `The secrets are in ${to}. The database is that of DATABASE_URL: back it up with pg_dump.`,
);
