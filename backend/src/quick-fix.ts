import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { check, parseJson, z } from '../../utils/shared/schema.ts';
import { MINUTE, SECOND } from '../../utils/shared/time.ts';
import { AccountName } from './config/account-name.ts';
import { configOfCommand, fail } from './config/command.ts';
import { signInLink } from './console/links.ts';
import { leadTo, openerOf } from './console/opener.ts';
import { encryptionKey } from './ground.ts';

const WAIT_MS = 10 * MINUTE;
const LOOK_MS = SECOND;

const Status = z.object({
  accounts: z.array(
    z.object({
      account: AccountName,
      session: z.object({ state: z.string() }),
      feed: z.nullable(z.object({ state: z.string() })),
    }),
  ),
});

const { config } = configOfCommand();
const { port, accounts, dataDir } = config;
const wanted = process.argv[2] ?? accounts[0]?.name;
const account = accounts.find(({ name }) => name === wanted)?.name;
if (account === undefined) fail(`Name one of: ${accounts.map(({ name }) => name).join(', ')}.`);

const backend = `http://127.0.0.1:${port}`;
if ((await look()) === null) fail(`No backend answers at ${backend}: start it with npm run backend.`);
if (process.stdout.isTTY) {
  const link = signInLink(`${backend}/`, encryptionKey(config), Date.now(), account);
  console.log(`Log in here: ${link}`);
  open(link);
} else {
  console.log(`Log in here: ${backend}/api/auth/login?broker=${account}`);
}
console.log('Waiting until the session lives …');

const deadline = Date.now() + WAIT_MS;
for (;;) {
  const found = await look();
  if (found?.session.state === 'verified') {
    console.log(`The session lives; the feed is ${found.feed?.state ?? 'off'}.`);
    break;
  }
  if (Date.now() > deadline) fail('No session came within ten minutes.');
  await sleep(LOOK_MS);
}

async function look() {
  const answer = await fetch(`${backend}/status`, { signal: AbortSignal.timeout(5 * SECOND) }).catch(() => null);
  const status = check(Status, parseJson((await answer?.text()) ?? ''));
  return status.ok ? (status.value.accounts.find((one) => one.account === account) ?? null) : null;
}

/** Opens the person's browser, by a file: everybody on this machine can read a command. Without one the address stands above. */
function open(link: string): void {
  const file = join(resolve(dataDir), 'open.html');
  writeFileSync(file, leadTo(link), { mode: 0o600 });
  process.once('exit', () => rmSync(file, { force: true }));
  const { command, args } = openerOf(process.platform, file);
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}
