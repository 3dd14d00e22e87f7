import { explain } from '../../utils/shared/schema.ts';
import { readConfig, readEnvironment } from './config/config.ts';
import { speakEnglish } from './config/english.ts';
import { metricsKey, prepareDataDir, sessionKey } from './config/secrets.ts';

speakEnglish();
const config = readConfig(readEnvironment(process.env, process.cwd()));
if (config.ok) {
  prepareDataDir(config.value.dataDir);
  const print = process.argv[2] === 'metrics' ? metricsKey : sessionKey;
  console.log(print(config.value.dataDir));
} else {
  console.error(`The configuration is wrong: ${explain(config.problems)}.`);
  process.exitCode = 1;
}
