import { explain } from '../../utils/domain/schema.ts';
import { readConfig, readEnvironment } from './config.ts';
import { pairings } from './pairings.ts';
import { prepareDataDir } from './secrets.ts';

const config = readConfig(readEnvironment(process.env, process.cwd()));
if (config.ok) {
  prepareDataDir(config.value.dataDir);
  for (const { account, line } of pairings(config.value, config.value.port)) console.log(`${account}: ${line}`);
} else {
  console.error(`The configuration is wrong: ${explain(config.problems)}.`);
  process.exitCode = 1;
}
