import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { configOfCommand, fail } from './config/command.ts';
import { dataKey } from './config/secrets.ts';
import { encryptionKey } from './ground.ts';
import { carryOver } from './store/carry-over.ts';
import { DATABASE_FILE } from './store/database.ts';

const { config } = configOfCommand();
const { dataDir, databaseUrl } = config;
if (databaseUrl === null) fail('Set DATABASE_URL to the Postgres that everything is to be carried to, and KEY_FILE.');
if (!existsSync(join(dataDir, DATABASE_FILE))) fail(`There is no ${DATABASE_FILE} in ${dataDir}.`);
try {
  const key = encryptionKey(config);
  if (!key.equals(dataKey(dataDir)))
    fail(`KEY_FILE must hold the key of ${join(dataDir, 'key')}, which encrypted the tokens.`);
  for (const { table, rows } of await carryOver(dataDir, databaseUrl, key)) console.log(`${table}: ${rows}`);
} catch (error) {
  fail(`Nothing was carried over: ${error instanceof Error ? error.message : 'unknown'}`);
}
