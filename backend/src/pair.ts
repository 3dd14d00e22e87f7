import { readConfig, readEnvironment } from './config/config.ts';
import { pairings } from './config/pairings.ts';
import { explain } from './config/problems.ts';
import { prepareDataDir } from './config/secrets.ts';

process.umask(0o077);
const config = readConfig(readEnvironment(process.env, process.cwd()));
if (config.ok && config.value.port === 0 && config.value.publicUrl === null) {
  console.error('PORT is 0, so nobody knows yet where the backend will listen: set PORT, or PUBLIC_URL.');
  process.exitCode = 1;
} else if (config.ok) {
  prepareDataDir(config.value.dataDir);
  for (const { account, line } of pairings(config.value, config.value.port)) console.log(`${account}: ${line}`);
} else {
  console.error(`The configuration is wrong: ${explain(config.problems)}.`);
  process.exitCode = 1;
}
