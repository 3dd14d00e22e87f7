import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBackend } from './backend.ts';
import { createErrorBoxes } from './compat/fastapi/error-box.ts';
import { configOfCommand, fail } from './config/command.ts';
import { toAll } from './log/log.ts';
import { createLog } from './log/log-output.ts';

// Below the ten seconds after which `docker stop` kills. What is cut off here is journaled, as for a crash.
const STOP_MS = 9_000;

const { isTTY } = process.stdout;
// Beside JSON lines, a sentence for a person goes where it is no line of the log.
const say = isTTY ? console.log : console.error;

const { env, config, problems } = configOfCommand();

const lines = createLog({
  level: config.logLevel,
  isTerminal: isTTY,
  write: (line) => void process.stdout.write(line),
});
const log = toAll(
  lines,
  createErrorBoxes((box) => console.error(box)),
);
const backend = await startBackend(env, { log, envFile: resolve('.env'), inFile: problems }).catch((error: unknown) => {
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  return fail(
    isTaken
      ? 'The port is in use, perhaps by another backend: end that one, or set PORT and pair again.'
      : `The backend could not start: ${error instanceof Error ? error.message : 'unknown'}`,
  );
});

// Before anything is printed: whoever waits for that may stop us right after it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void Promise.race([backend.close(), sleep(STOP_MS)]).then(() => process.exit(0)));
}

say(`Opening Bell backend: http://127.0.0.1:${backend.port} for ${backend.accounts.join(' and ')}`);
// A pairing string holds a secret and a link a key: they may stand in a terminal, never in a log file.
if (isTTY) {
  for (const link of backend.links()) say(`Open its page, once: ${link}`);
  for (const { account, line } of backend.pairings()) say(`${account}: ${line}`);
} else if (config.role !== 'worker') {
  say('To connect the extension, run: npm run pair. To open the page: npm run backend:open');
}
