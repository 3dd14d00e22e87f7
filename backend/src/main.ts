import { resolve } from 'node:path';
import { explain } from '../../utils/domain/schema.ts';
import { startBackend } from './backend.ts';
import { readConfig, readEnvironment } from './config.ts';
import { createErrorBoxes } from './fastapi/error-box.ts';
import { type Log, logLine } from './log.ts';

const env = readEnvironment(process.env, process.cwd());
const config = readConfig(env);
if (!config.ok) fail(`The configuration is wrong: ${explain(config.problems)}.`);

const boxes = createErrorBoxes((box) => console.error(box));
const log: Log = (event) => {
  console.log(logLine(event, Date.now()));
  boxes(event);
};
const backend = await startBackend(env, { log, envFile: resolve('.env') }).catch((error: unknown) => {
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  return fail(
    isTaken
      ? 'The port is in use, perhaps by another backend: end that one, or set PORT and pair again.'
      : `The backend could not start: ${error instanceof Error ? error.message : 'unknown'}`,
  );
});

// Before anything is printed: whoever waits for that may stop us right after it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void backend.close().then(() => process.exit(0)));
}

console.log(`Opening Bell backend: http://127.0.0.1:${backend.port} for ${backend.accounts.join(' and ')}`);
// A pairing string holds a secret: it may stand in a terminal, never in a log file.
if (process.stdout.isTTY) for (const { account, line } of backend.pairings()) console.log(`${account}: ${line}`);
else console.log('To connect the extension, run: npm run pair');

function fail(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}
