import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { BrokerId } from '../../utils/shared/contract.ts';
import { check, parseJson, z } from '../../utils/shared/schema.ts';
import { MINUTE, SECOND } from '../../utils/shared/time.ts';
import { readConfig, readEnvironment } from './config/config.ts';
import { explain } from './config/problems.ts';

const OPENERS: Partial<Record<NodeJS.Platform, string[]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};
const WAIT_MS = 10 * MINUTE;
const LOOK_MS = SECOND;

const Status = z.object({
  accounts: z.array(
    z.object({
      account: BrokerId,
      session: z.object({ state: z.string() }),
      feed: z.nullable(z.object({ state: z.string() })),
    }),
  ),
});

const config = readConfig(readEnvironment(process.env, process.cwd()));
if (!config.ok) end(`The configuration is wrong: ${explain(config.problems)}.`);
const { port, accounts } = config.value;
const wanted = process.argv[2] ?? accounts[0]?.name;
const account = accounts.find(({ name }) => name === wanted)?.name;
if (account === undefined) end(`Name one of: ${accounts.map(({ name }) => name).join(', ')}.`);

const backend = `http://127.0.0.1:${port}`;
if ((await look()) === null) end(`No backend answers at ${backend}: start it with npm run backend.`);
const login = `${backend}/api/auth/login?broker=${account}`;
console.log(`Log in here: ${login}`);
if (process.stdout.isTTY) open(login);
console.log('Waiting until the session lives …');

const deadline = Date.now() + WAIT_MS;
for (;;) {
  const found = await look();
  if (found?.session.state === 'verified') {
    console.log(`The session lives; the feed is ${found.feed?.state ?? 'off'}.`);
    break;
  }
  if (Date.now() > deadline) end('No session came within ten minutes.');
  await sleep(LOOK_MS);
}

async function look() {
  const answer = await fetch(`${backend}/status`, { signal: AbortSignal.timeout(5 * SECOND) }).catch(() => null);
  const status = check(Status, parseJson((await answer?.text()) ?? ''));
  return status.ok ? (status.value.accounts.find((one) => one.account === account) ?? null) : null;
}

/** Opens the person's browser; where there is none, the address stands above. */
function open(url: string): void {
  const [command, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  spawn(command ?? 'xdg-open', [...args, url], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}

function end(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}
