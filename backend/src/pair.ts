import { configOfCommand, fail, prepared } from './config/command.ts';
import { pairings } from './config/pairings.ts';

const { config } = configOfCommand();
if (config.port === 0 && config.publicUrl === null)
  fail('PORT is 0, so nobody knows yet where the backend will listen: set PORT, or PUBLIC_URL.');
if (config.role === 'worker') fail('ROLE is worker, which takes no delivery: pair with a process that is an api.');
prepared(config);
for (const { account, line } of pairings(config, config.port)) console.log(`${account}: ${line}`);
