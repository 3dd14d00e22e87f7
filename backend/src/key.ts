import { readConfig, readEnvironment } from './config/config.ts';
import { explain } from './config/problems.ts';
import { prepareDataDir, sessionKey } from './config/secrets.ts';

const config = readConfig(readEnvironment(process.env, process.cwd()));
if (config.ok) {
  prepareDataDir(config.value.dataDir);
  console.log(sessionKey(config.value.dataDir));
} else {
  console.error(`The configuration is wrong: ${explain(config.problems)}.`);
  process.exitCode = 1;
}
