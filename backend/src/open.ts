import { configOfCommand, fail, prepared } from './config/command.ts';
import { signInLinks } from './console/links.ts';
import { encryptionKey } from './ground.ts';

const { config } = configOfCommand();
if (config.port === 0) fail('PORT is 0, so nobody knows where the backend listens: set PORT.');
if (config.role === 'worker') fail('ROLE is worker, which has no page: open the one of a process that is an api.');
prepared(config);
for (const link of signInLinks(config, encryptionKey(config), config.port, Date.now())) console.log(link);
