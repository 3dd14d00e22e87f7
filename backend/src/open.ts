import { explain } from '../../utils/shared/schema.ts';
import { readConfig, readEnvironment } from './config/config.ts';
import { speakEnglish } from './config/english.ts';
import { prepareDataDir } from './config/secrets.ts';
import { signInLinks } from './console/links.ts';
import { sealingKey } from './ground.ts';

process.umask(0o077);
speakEnglish();
const config = readConfig(readEnvironment(process.env, process.cwd()));
if (config.ok && config.value.port !== 0) {
  prepareDataDir(config.value.dataDir);
  for (const link of signInLinks(config.value, sealingKey(config.value), config.value.port, Date.now()))
    console.log(link);
} else {
  console.error(
    config.ok
      ? 'PORT is 0, so nobody knows where the backend listens: set PORT.'
      : `The configuration is wrong: ${explain(config.problems)}.`,
  );
  process.exitCode = 1;
}
