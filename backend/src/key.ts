import { configOfCommand, prepared } from './config/command.ts';
import { metricsKey, sessionKey } from './config/secrets.ts';

const print = process.argv[2] === 'metrics' ? metricsKey : sessionKey;
console.log(print(prepared(configOfCommand().config)));
