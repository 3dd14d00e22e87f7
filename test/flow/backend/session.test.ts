import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { getValidSession } from '../../../backend/src/session/valid-session.ts';
import { type PracticeBrokers, startPracticeBrokers } from '../../brokers/index.ts';
import { PROCESS_ENV } from '../../support/backend/process-env.ts';
import { BREEZE, createSender, KEYS, KITE, type Spawned, spawnBackend, temporaryDir, until } from './harness.ts';

const KEY_COMMAND = resolve(import.meta.dirname, '../../../backend/src/key.ts');

let brokers: PracticeBrokers;
let dir: ReturnType<typeof temporaryDir>;
let backend: Spawned | null;

beforeAll(async () => {
  brokers = await startPracticeBrokers();
  brokers.kite.register(KITE);
  brokers.breeze.register(BREEZE);
});
afterAll(() => brokers.close());

beforeEach(() => {
  dir = temporaryDir();
  backend = null;
});
afterEach(async () => {
  await backend?.kill('SIGTERM');
  dir.remove();
  brokers.kite.endSession();
  brokers.kite.forget();
  brokers.breeze.endSession();
  brokers.breeze.forget();
});

async function start(env: Record<string, string> = {}): Promise<Spawned> {
  await backend?.kill('SIGTERM');
  backend = await spawnBackend({ ...brokers.nodeEnv, DATA_DIR: dir.path, ...env }, dir.path);
  return backend;
}

const sender = (account: 'zerodha' | 'icici') => createSender(backend?.url ?? '', dir.path, account);
const verified = (account: 'zerodha' | 'icici') =>
  until(sender(account).check, ({ session }) => session.state === 'verified');

async function logIn(account: 'zerodha' | 'icici'): Promise<void> {
  const token = account === 'zerodha' ? brokers.kite.issue(KITE.apiKey) : brokers.breeze.issue(BREEZE.apiKey);
  await sender(account).deliver(sender(account).captured(token));
  await verified(account);
}

async function ask(account: string, key: string, headers: Record<string, string> = {}) {
  const answer = await fetch(`${backend?.url}/session/${account}`, {
    headers: { ...(key === '' ? {} : { authorization: `Bearer ${key}` }), ...headers },
  });
  return { status: answer.status, body: await answer.json() };
}

const key = () => readFileSync(join(dir.path, 'session-key'), 'utf8').trim();

describe('the session for the person’s own code', () => {
  it('is given to whoever shows the key, with what the broker’s own client needs', async () => {
    await start();
    expect(await ask('zerodha', key())).toEqual({
      status: 200,
      body: { account: 'zerodha', auth_required: true, error: 'there is no session: log in' },
    });
    await logIn('zerodha');
    await logIn('icici');
    const [accessToken] = brokers.kite.sessions.keys();
    expect(await ask('zerodha', key())).toMatchObject({
      status: 200,
      body: { access_token: accessToken, session_token: null, generation: 1 },
    });
    const breeze = brokers.breeze.find(() => true);
    expect(await ask('icici', key())).toMatchObject({
      body: {
        access_token: Buffer.from(`CD5678:${breeze?.sessionKey}`).toString('base64'),
        session_token: breeze?.apisession,
      },
    });
    expect(await ask('nobody', key())).toMatchObject({ status: 404 });
  });

  it('is given to nobody else', async () => {
    await start();
    await logIn('zerodha');
    for (const wrong of ['', 'obk_wrong', key().slice(0, -1), `${key()}x`]) {
      const { status, body } = await ask('zerodha', wrong);
      expect([status, Object.keys(body)]).toEqual([401, ['error']]);
    }
    expect(await ask('zerodha', key(), { origin: 'https://evil.test' })).toMatchObject({ status: 403 });
    expect(statSync(join(dir.path, 'session-key')).mode & 0o777).toBe(0o600);
    for (let i = 0; i < 10; i++) await ask('zerodha', 'guess');
    expect(await ask('zerodha', 'guess')).toMatchObject({ status: 429 });
    expect(await ask('zerodha', key())).toMatchObject({ status: 200 });
    expect(backend?.output()).not.toContain(key());
  });

  it('comes by import as well, while the backend runs and after it stopped', async () => {
    const mine = (now?: number) => getValidSession('zerodha', { dataDir: dir.path, ...(now ? { now } : {}) });
    expect(mine()).toBeNull();
    await start();
    expect(mine()).toBeNull();
    await logIn('zerodha');
    const [accessToken] = brokers.kite.sessions.keys();
    expect(mine()).toBe(accessToken);
    const { session } = await sender('zerodha').check();
    expect(mine(Date.parse(session.expires_at ?? ''))).toBeNull();
    await backend?.kill('SIGTERM');
    expect(mine()).toBe(accessToken);
  });

  it('npm run backend:key prints the key', async () => {
    await start();
    const env = { ...PROCESS_ENV, ...KEYS, DATA_DIR: dir.path };
    const { stdout } = await promisify(execFile)(process.execPath, [KEY_COMMAND], { env, cwd: dir.path });
    expect(stdout.trim()).toBe(key());
  });
});

describe('a token of the environment', () => {
  const kite = () => brokers.kite.open(KITE.apiKey, KITE.userId).accessToken;

  it('is taken up at the start: Kite’s as it is, Breeze’s by an exchange', async () => {
    const accessToken = kite();
    await start({ ZERODHA_ACCESS_TOKEN: accessToken, BREEZE_SESSION_TOKEN: brokers.breeze.issue(BREEZE.apiKey) });
    expect((await verified('zerodha')).session).toMatchObject({ user: 'AB****' });
    expect((await verified('icici')).session).toMatchObject({ user: 'CD****' });
    expect(getValidSession('zerodha', { dataDir: dir.path })).toBe(accessToken);
    expect(brokers.kite.exchanges).toEqual([]);
    expect(brokers.breeze.exchanges).toHaveLength(1);
    await start({ ZERODHA_ACCESS_TOKEN: accessToken, BREEZE_SESSION_TOKEN: brokers.breeze.issue(BREEZE.apiKey) });
    await verified('icici');
    expect(brokers.breeze.exchanges).toHaveLength(1);
    for (const text of [backend?.output() ?? '', readFileSync(join(dir.path, 'opening-bell.sqlite'), 'latin1')])
      expect(text).not.toContain(accessToken);
  });

  it('that was seen before does not replace a login made since', async () => {
    const accessToken = kite();
    await start({ ZERODHA_ACCESS_TOKEN: accessToken });
    await verified('zerodha');
    await logIn('zerodha');
    const [newer] = brokers.kite.sessions.keys();
    await start({ ZERODHA_ACCESS_TOKEN: accessToken });
    await until(
      async () => backend?.output() ?? '',
      (text) => text.includes('session.taken_up'),
    );
    expect(backend?.output()).toMatch(/session\.taken_up.*known/);
    expect(getValidSession('zerodha', { dataDir: dir.path })).toBe(newer);
  });

  it('that the broker refuses, or that is another user’s, leaves the present session as it is', async () => {
    await start();
    await logIn('zerodha');
    const [present] = brokers.kite.sessions.keys();
    const stranger = () => brokers.kite.open(KITE.apiKey, 'ZZ9999').accessToken;
    for (const foreign of [() => 'A'.repeat(32), stranger]) {
      await start({ ZERODHA_ACCESS_TOKEN: foreign() });
      await until(
        async () => backend?.output() ?? '',
        (text) => text.includes('session.taken_up'),
      );
      expect(backend?.output()).toMatch(/session\.taken_up.*refused/);
      expect(getValidSession('zerodha', { dataDir: dir.path })).toBe(present);
    }
  });

  it('does not make a login that is still on its way look like an older one', async () => {
    await start();
    const onItsWay = sender('zerodha').captured(brokers.kite.issue(KITE.apiKey), {
      captured_at: new Date(Date.now() - 30_000).toISOString(),
    });
    await start({ ZERODHA_ACCESS_TOKEN: kite() });
    await verified('zerodha');
    expect(await sender('zerodha').deliver(onItsWay)).toMatchObject({ status: 200, answer: { status: 'applied' } });
  });
});
