import { execFile, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AccountName, brokerOf } from '../../../backend/src/config/account-name.ts';
import type { SessionCaptured } from '../../../utils/shared/contract.ts';
import { type PracticeBrokers, startPracticeBrokers } from '../../brokers/index.ts';
import { appOf, heldAtBroker, householdEnv, NAMES, registerHousehold } from '../../support/backend/household.ts';
import { PROCESS_ENV } from '../../support/backend/process-env.ts';
import { storeKinds } from '../../support/backend/stores.ts';
import { createSender, type Spawned, spawnBackend, temporaryDir, until } from './harness.ts';

const BACKEND = resolve(import.meta.dirname, '../../../backend/src');
const run = promisify(execFile);

let brokers: PracticeBrokers;
let dir: ReturnType<typeof temporaryDir>;
let backend: Spawned;

beforeAll(async () => {
  brokers = await startPracticeBrokers();
});
afterAll(() => brokers.close());
beforeEach(() => {
  dir = temporaryDir();
  registerHousehold(brokers);
});
afterEach(async () => {
  await backend.kill('SIGTERM');
  dir.remove();
  brokers.kite.endSession();
  brokers.kite.forget();
  brokers.breeze.endSession();
  brokers.breeze.forget();
});

async function start(env: Record<string, string> = {}): Promise<void> {
  const settings = { ...brokers.nodeEnv, ...householdEnv(), DATA_DIR: dir.path, ...env };
  backend = await spawnBackend(settings, dir.path);
}

const sender = (name: AccountName) => createSender(backend.url, dir.path, name);
const verified = (name: AccountName) => until(sender(name).check, ({ session }) => session.state === 'verified');

/** A token that a login of this account's app gives, by its own user or by another. */
function issue(name: AccountName, user = appOf(name).userId): string {
  const { apiKey } = appOf(name);
  if (brokerOf(name) === 'zerodha') return brokers.kite.issue(apiKey, user);
  brokers.breeze.register({ ...appOf(name), userId: user });
  return brokers.breeze.issue(apiKey);
}

async function ask(path: string, init: { method?: string; body?: unknown; headers?: Record<string, string> } = {}) {
  const headers = { 'content-type': 'application/json', ...backend.key(), ...init.headers };
  const body = init.body === undefined ? {} : { body: JSON.stringify(init.body) };
  return fetch(`${backend.url}${path}`, { method: init.method ?? 'GET', headers, redirect: 'manual', ...body });
}

async function status() {
  return (await ask('/status')).json();
}

describe('eight accounts of two brokers in one backend', () => {
  it('in one burst each token goes to its account, and two wrong persons to none', async () => {
    await start();
    const wrong = { 'zerodha-spouse': 'zerodha', 'icici-friend': 'icici-huf' } as const;
    const isWrong = (name: AccountName): name is keyof typeof wrong => name in wrong;
    const messages = NAMES.map((name): [AccountName, SessionCaptured] => {
      const user = isWrong(name) ? appOf(wrong[name]).userId : appOf(name).userId;
      return [name, sender(name).captured(issue(name, user))];
    });
    const replies = await Promise.all(messages.map(([name, message]) => sender(name).deliver(message)));
    const outcomes = replies.map(({ status, answer }, index) => [
      NAMES[index],
      status,
      answer.type === 'session.refused' ? answer.message : answer.type,
    ]);
    expect(outcomes).toEqual(
      NAMES.map((name) =>
        isWrong(name)
          ? [
              name,
              409,
              `this login is of the user of ${wrong[name]}; ${brokerOf(name) === 'icici' ? 'BREEZE_FRIEND' : 'ZERODHA_SPOUSE'}_USER_ID names the one this backend takes`,
            ]
          : [name, 200, 'session.applied'],
      ),
    );
    // Each token was shown to its broker once, whatever stood beside it.
    expect([brokers.kite.exchanges.length, brokers.breeze.exchanges.length]).toEqual([4, 4]);

    for (const name of NAMES) {
      const { access_token: token = null } = await (await ask(`/session/${name}`)).json();
      expect([name, token]).toEqual([name, isWrong(name) ? null : heldAtBroker(brokers, name)]);
    }
    const right = NAMES.filter((name) => !isWrong(name));
    for (const name of right) await verified(name);
    const told = await status();
    expect(
      told.accounts.map((one: { account: string; session: { state: string; user: string } }) => [
        one.account,
        one.session.state,
        one.session.user,
      ]),
    ).toEqual(
      ['zerodha', 'icici'].flatMap((broker) =>
        NAMES.filter((name) => brokerOf(name) === broker).map((name) =>
          isWrong(name) ? [name, 'none', null] : [name, 'verified', `${appOf(name).userId.slice(0, 2)}****`],
        ),
      ),
    );
  });

  it('each has a feed with its own key, a queue and alerts of its own', async () => {
    await start();
    for (const name of NAMES) {
      const { auth_required: isParked } = await (
        await ask('/queue', { method: 'POST', body: { type: 'profile', account: name } })
      ).json();
      expect([name, isParked]).toEqual([name, true]);
    }
    const jobs = async () =>
      (await (await ask('/queue')).json()).jobs as { account: AccountName; state: string; result: unknown }[];
    const first = 'zerodha-huf';
    await sender(first).deliver(sender(first).captured(issue(first)));
    await until(jobs, (all) => all.some(({ state }) => state === 'done'));
    const others = (await jobs()).filter(({ account }) => account !== first);
    expect(new Set(others.map(({ state }) => state))).toEqual(new Set(['parked']));

    for (const name of NAMES) if (name !== first) await sender(name).deliver(sender(name).captured(issue(name)));
    const done = await until(jobs, (all) => all.every(({ state }) => state === 'done'));
    for (const { account, result } of done) expect(JSON.stringify(result)).toContain(appOf(account).userId);

    for (const name of NAMES)
      await until(
        sender(name).check,
        ({ session, feed }) => session.state === 'verified' && (feed?.state === 'live' || feed?.state === 'subscribed'),
      );
    const sockets = [...brokers.kite.sockets].map(({ apiKey, accessToken }) => `${apiKey} ${accessToken}`);
    const kite = NAMES.filter((name) => brokerOf(name) === 'zerodha');
    expect(sockets.toSorted()).toEqual(
      kite.map((name) => `${appOf(name).apiKey} ${heldAtBroker(brokers, name)}`).toSorted(),
    );
    const breeze = NAMES.filter((name) => brokerOf(name) === 'icici').map((name) => appOf(name).userId);
    expect([...brokers.breeze.sockets].map(({ user }) => user).toSorted()).toEqual(breeze.toSorted());

    const { alerts } = await until(status, (told) => told.alerts.length === NAMES.length);
    expect(alerts.map(({ account, alert }: Record<string, string>) => `${account} ${alert}`).toSorted()).toEqual(
      NAMES.map((name) => `${name} renewed`).toSorted(),
    );
    const metrics = await (await ask('/metrics')).text();
    for (const name of NAMES) expect(metrics).toContain(`opening_bell_session{account="${name}",state="verified"} 1`);
  });

  it('no account takes what is signed for another', async () => {
    await start();
    const message = { ...sender('zerodha-spouse').captured(issue('zerodha-spouse')) };
    const { answer } = await sender('zerodha').deliver(message);
    expect(answer).toMatchObject({ reason: 'wrong_account' });
    expect(brokers.kite.exchanges).toEqual([]);
  });

  it('an ended session of one leaves the others as they are', async () => {
    await start();
    for (const name of ['zerodha', 'zerodha-spouse'] as const) {
      await sender(name).deliver(sender(name).captured(issue(name)));
      await verified(name);
    }
    brokers.kite.sessions.delete(heldAtBroker(brokers, 'zerodha') ?? '');
    await ask('/queue', { method: 'POST', body: { type: 'profile', account: 'zerodha' } });
    await until(sender('zerodha').check, ({ session }) => session.state === 'rejected');
    expect((await sender('zerodha-spouse').check()).session.state).toBe('verified');
  });
});

describe('one wrong account', () => {
  it('is named, and leaves the other seven running', async () => {
    await start({ ZERODHA_HUF_API_SECRET: 'your_api_secret' });
    const says = 'ZERODHA_HUF_API_SECRET still holds a placeholder: put your own value there';
    expect(backend.output()).toContain(`zerodha-huf is left out: ${says}.`);
    const logged = await until(
      async () => backend.stdout(),
      (text) => text.includes('account.left_out'),
    );
    expect(logged).toMatch(/"level":"error".*"account":"zerodha-huf","variables":\["ZERODHA_HUF_API_SECRET"\]/);
    expect(backend.output()).not.toContain('your_api_secret');

    const told = await status();
    expect(told.accounts).toHaveLength(7);
    expect(told.left_out).toMatchObject([{ account: 'zerodha-huf', label: 'huf', problems: [says] }]);
    const metrics = await (await ask('/metrics')).text();
    expect(metrics).toContain('opening_bell_account_left_out{account="zerodha-huf"} 1');
    expect(metrics).toContain('opening_bell_account_left_out{account="zerodha-spouse"} 0');
    const refused = await ask('/queue', { method: 'POST', body: { type: 'profile', account: 'zerodha-huf' } });
    expect(await refused.json()).toMatchObject({ error: expect.stringContaining('account must be one of: zerodha, ') });

    for (const name of NAMES.filter((one) => one !== 'zerodha-huf')) {
      const { answer } = await sender(name).deliver(sender(name).captured(issue(name)));
      expect([name, answer.type]).toEqual([name, 'session.applied']);
    }
  });
});

describe('the commands', () => {
  const env = () => ({ ...PROCESS_ENV, ...householdEnv(), DATA_DIR: dir.path, PORT: new URL(backend.url).port });

  it('npm run pair prints a line for each account, with a secret of its own', async () => {
    await start();
    const { stdout, stderr } = await run(process.execPath, [join(BACKEND, 'pair.ts')], {
      cwd: dir.path,
      env: { ...env(), ICICI_HUF_API_KEY: '', BREEZE_HUF_API_KEY: '' },
    });
    const lines = stdout.trim().split('\n');
    expect(lines.map((line) => line.split(': ')[0]).toSorted()).toEqual(
      NAMES.filter((name) => name !== 'icici-huf').toSorted(),
    );
    expect(stderr).toContain('icici-huf is left out: BREEZE_HUF_API_KEY is missing');
    const pairings = lines.map((line) => JSON.parse(Buffer.from(line.split('obp1_')[1] ?? '', 'base64url').toString()));
    expect(new Set(pairings.map(({ secret }) => secret)).size).toBe(7);
    for (const { account, broker, api_key: key } of pairings)
      expect([account, broker, key]).toEqual([account, brokerOf(account), appOf(account).apiKey]);
  });

  it('npm run quick-fix waits for the account that is named', async () => {
    await start();
    const child = spawn(process.execPath, [join(BACKEND, 'quick-fix.ts'), 'zerodha-spouse'], {
      cwd: dir.path,
      env: env(),
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
    const ended = new Promise((done) => child.once('close', done));
    await until(
      async () => said,
      (text) => text.includes('Waiting'),
    );
    expect(said).toContain('/api/auth/login?broker=zerodha-spouse');
    for (const name of ['zerodha', 'zerodha-spouse'] as const)
      await sender(name).deliver(sender(name).captured(issue(name)));
    expect(await ended).toBe(0);
  });
});

describe('what the older systems ask of Breeze', () => {
  it('is done with the account that is named, else with the first', async () => {
    await start();
    const update = (path: string, name: AccountName) =>
      ask(`/trigger/update-breeze-session/${path}`, { method: 'POST', body: { session_token: issue(name) } });
    expect(await (await update('?account=icici-huf', 'icici-huf')).json()).toMatchObject({ success: true });
    const manager = async (path: string) => (await (await ask(`/api/session-manager${path}`)).json()).session.active;
    expect([await manager('?account=icici-huf'), await manager('')]).toEqual([true, false]);
    expect(await (await update('', 'icici')).json()).toMatchObject({ success: true });
    expect(await manager('')).toBe(true);
    for (const other of ['zerodha', 'icici-nobody']) {
      const refused = await update(`?account=${other}`, 'icici');
      expect([refused.status, await refused.json()]).toMatchObject([
        400,
        { error: expect.stringContaining('account must be') },
      ]);
    }
    const triggered = await ask('/trigger/verify-trade/?account=icici-spouse', {
      method: 'POST',
      body: { quantity: 1 },
    });
    expect(await triggered.json()).toMatchObject({ auth_required: true });
  });
});

describe('tokens in the environment', () => {
  it('are taken up from and saved to the variables of their account', async () => {
    const file = join(dir.path, '.env');
    writeFileSync(file, '');
    const token = brokers.kite.open(appOf('zerodha-spouse').apiKey, appOf('zerodha-spouse').userId).accessToken;
    await start({ SAVE_TOKEN_TO_ENV: file, ZERODHA_SPOUSE_ACCESS_TOKEN: token });
    await verified('zerodha-spouse');
    expect((await sender('zerodha').check()).session.state).toBe('none');
    await sender('zerodha-huf').deliver(sender('zerodha-huf').captured(issue('zerodha-huf')));
    const text = await until(
      async () => readFileSync(file, 'utf8'),
      (saved) => saved.includes('ZERODHA_HUF'),
    );
    expect(text).toContain(`ZERODHA_HUF_ACCESS_TOKEN='${heldAtBroker(brokers, 'zerodha-huf')}'`);
    expect(text).not.toMatch(/^ZERODHA_ACCESS_TOKEN/m);
  });
});

describe.each(storeKinds())('with $name', ({ isMissing, open, share, close }) => {
  beforeAll(async () => {
    if (!isMissing) await open();
  });
  afterAll(async () => {
    if (!isMissing) await close();
  });

  it.skipIf(isMissing)('what waits for a further account runs with its session, also after a start', async () => {
    const shared = await share(dir.path);
    await start(shared.env);
    await ask('/queue', { method: 'POST', body: { type: 'profile', account: 'icici-friend' } });
    await backend.kill('SIGKILL');
    await start(shared.env);
    await sender('icici-friend').deliver(sender('icici-friend').captured(issue('icici-friend')));
    const { jobs } = await until(
      async () => (await ask('/queue')).json(),
      (told) => told.jobs[0]?.state === 'done',
    );
    expect(JSON.stringify(jobs[0].result)).toContain(appOf('icici-friend').userId);
  });
});
