import { spawn } from 'node:child_process';
import { request } from 'node:http';
import { resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PracticeBrokers, startPracticeBrokers } from '../../brokers/index.ts';
import { PROCESS_ENV } from '../../support/backend/process-env.ts';
import {
  BREEZE,
  createSender,
  KEYS,
  KITE,
  printed,
  type Spawned,
  spawnBackend,
  temporaryDir,
  until,
} from './harness.ts';

const CALLBACK = '/api/auth/callback';

let brokers: PracticeBrokers;
let dir: ReturnType<typeof temporaryDir>;
let backend: Spawned;

beforeAll(async () => {
  brokers = await startPracticeBrokers();
});
afterAll(() => brokers.close());

beforeEach(async () => {
  dir = temporaryDir();
  await start();
});
afterEach(async () => {
  await backend.kill('SIGTERM');
  dir.remove();
  brokers.faults.clear();
  brokers.breeze.shape = { delivery: 'post+query', spelling: 'API_Session' };
  brokers.kite.forget();
  brokers.breeze.endSession();
  brokers.breeze.forget();
});

async function start(env: Record<string, string> = {}): Promise<void> {
  backend = await spawnBackend({ ...brokers.nodeEnv, DATA_DIR: dir.path, ...env }, dir.path);
  brokers.kite.register({ ...KITE, redirectUrl: `${backend.url}${CALLBACK}` });
  brokers.breeze.register({ ...BREEZE, redirectUrl: `${backend.url}${CALLBACK}` });
}

/** What a browser does: begins at our login route, logs in at the broker, follows its redirect. */
async function logIn(broker: 'zerodha' | 'icici') {
  const begun = await fetch(`${backend.url}/api/auth/login?broker=${broker}`, {
    redirect: 'manual',
    headers: backend.key(),
  });
  const cookie = begun.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const visit = await brokers.browse(begun.headers.get('location') ?? '');
  return { visit, cookie };
}

type Visit = Awaited<ReturnType<typeof logIn>>['visit'];

function follow({ method, url, form }: Visit, headers: Record<string, string>): Promise<Response> {
  return fetch(url, { method, headers, redirect: 'manual', ...(method === 'POST' ? { body: form } : {}) });
}

async function resultOf(answer: Response | Promise<Response>): Promise<string | null> {
  return new URL((await answer).headers.get('location') ?? '', `${backend.url}${CALLBACK}`).searchParams.get('login');
}

/** fetch writes no Sec-Fetch headers, which a browser's navigation from the broker carries. */
const FROM_BROKER = { origin: 'https://api.icicidirect.com' };

async function session(account: 'zerodha' | 'icici') {
  const { accounts } = await (await fetch(`${backend.url}/status`)).json();
  return accounts.find((one: { account: string }) => one.account === account).session;
}
const verified = (account: 'zerodha' | 'icici') =>
  until(
    () => session(account),
    ({ state }) => state === 'verified',
  );

describe('GET /api/auth/login', () => {
  it.each([
    ['zerodha', /^https:\/\/kite\.zerodha\.com\/connect\/login\?v=3&api_key=kitekey&redirect_params=ob_state%3D/],
    ['icici', /^https:\/\/api\.icicidirect\.com\/apiuser\/login\?api_key=breeze%2Bkey%3D$/],
  ])('leads to the login page of %s', async (broker, expected) => {
    const response = await fetch(`${backend.url}/api/auth/login?broker=${broker}`, {
      redirect: 'manual',
      headers: backend.key(),
    });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toMatch(expected);
    expect(response.headers.get('cache-control')).toBe('no-store');
    // A broker that brings the state back needs no cookie.
    const cookies =
      broker === 'zerodha' ? [] : [expect.stringMatching(/^opening_bell_login_icici=.*HttpOnly; SameSite=Lax$/)];
    expect(response.headers.getSetCookie()).toEqual(cookies);
  });

  it('begins no login for a page of another site', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    expect(await statusOf(`${backend.url}/api/auth/login`, { ...headers, ...backend.key() })).toBe(403);
    // The redirect back comes from another site by its nature, and so does the page after it.
    expect(await statusOf(`${backend.url}${CALLBACK}`, headers)).toBe(303);
    expect(await statusOf(`${backend.url}/`, { ...headers, ...backend.key() })).toBe(200);
  });

  it('names the accounts that are set up', async () => {
    const response = await fetch(`${backend.url}/api/auth/login?broker=https://evil.test`, {
      redirect: 'manual',
      headers: backend.key(),
    });
    expect([response.status, await response.json()]).toEqual([400, { error: 'broker must be one of: zerodha, icici' }]);
  });
});

describe('the callback', () => {
  it('zerodha: takes the token once, and leads to the page with nothing of it in the address', async () => {
    const { visit, cookie } = await logIn('zerodha');
    expect(visit.url).toContain('request_token=');
    const response = await follow(visit, { cookie });
    expect(response.status).toBe(303);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      location: '../../?login=applied',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    await verified('zerodha');
    await follow(visit, { cookie });
    expect(brokers.kite.exchanges).toHaveLength(1);
    expect(await session('zerodha')).toMatchObject({ state: 'verified', user: 'AB****' });
  });

  it.each([
    ['post+query', 'API_Session'],
    ['post', 'API_Session'],
    ['get', 'apisession'],
    ['get', 'api_session'],
  ] as const)('icici: takes the token by %s as %s', async (delivery, spelling) => {
    brokers.breeze.shape = { delivery, spelling };
    const { visit, cookie } = await logIn('icici');
    // A form of another site comes without our cookie, which is Lax.
    const response = await follow(visit, delivery === 'get' ? { cookie } : FROM_BROKER);
    expect([response.status, response.headers.get('location')]).toEqual([303, '../../?login=applied']);
    await verified('icici');
  });

  it('knows a delivery of the extension and a callback of the same token as one', async () => {
    const { visit, cookie } = await logIn('zerodha');
    const token = new URL(visit.url).searchParams.get('request_token') ?? '';
    const sender = createSender(backend.url, dir.path, 'zerodha');
    await sender.deliver(sender.captured(token));
    expect((await follow(visit, { cookie })).headers.get('location')).toBe('../../?login=applied');
    expect(brokers.kite.exchanges).toHaveLength(1);
  });

  it('takes a login by its state in another browser than the one that began it', async () => {
    const { visit } = await logIn('zerodha');
    expect((await follow(visit, {})).headers.get('location')).toBe('../../?login=applied');
  });

  it('takes a login by the cookie of its browser where the broker knows no state, once', async () => {
    brokers.breeze.shape = { delivery: 'get', spelling: 'apisession' };
    const { visit, cookie } = await logIn('icici');
    expect(await resultOf(follow(visit, { cookie }))).toBe('applied');
    brokers.breeze.rotate();
    const later = { ...visit, url: `${backend.url}${CALLBACK}?apisession=${brokers.breeze.issue(BREEZE.apiKey)}` };
    expect(await resultOf(follow(later, { cookie }))).toBe('already_used');
  });

  it('CAP-01 takes no token without the state that is due, and the login under way goes on', async () => {
    const { visit, cookie } = await logIn('zerodha');
    const planted = `${backend.url}${CALLBACK}?request_token=${brokers.kite.issue(KITE.apiKey, 'ZZ9999')}&status=success`;
    expect(await resultOf(follow({ ...visit, url: planted }, { cookie }))).toBe('not_begun_here');
    expect(brokers.kite.exchanges).toEqual([]);
    expect(await resultOf(follow(visit, { cookie }))).toBe('applied');
  });

  it.each([
    ['by an address with a token that no broker knows', 'GET', `?apisession=${'9'.repeat(8)}`, 'token_spent'],
    ['by a form of another site', 'POST', '', 'not_begun_here'],
  ])('CAP-01 another page %s ends no login under way', async (_name, method, query, expected) => {
    brokers.breeze.shape = { delivery: 'get', spelling: 'apisession' };
    const { visit, cookie } = await logIn('icici');
    const answer = await fetch(`${backend.url}${CALLBACK}${query}`, {
      method,
      redirect: 'manual',
      headers: { cookie, ...(method === 'POST' ? { origin: 'https://evil.test' } : {}) },
      ...(method === 'POST' ? { body: new URLSearchParams({ API_Session: '99999999' }) } : {}),
    });
    expect(await resultOf(answer)).toBe(expected);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(await resultOf(follow(visit, { cookie }))).toBe('applied');
  });

  it.each<[string, (url: string) => string, (cookie: string) => Record<string, string>]>([
    ['without state and cookie', (url) => url.replace(/&?ob_state=[^&]*/, ''), () => ({})],
    [
      'with a changed state',
      (url) => url.replace(/(ob_state=[^&]*)([^&])/, (_all, head, last) => head + (last === '_' ? '-' : '_')),
      (cookie) => ({ cookie }),
    ],
    [
      'with a state of somebody else',
      (url) => url.replace(/ob_state=[^&]*/, 'ob_state=AAAAAAAAAAAAAAAAAAAAAA'),
      () => ({}),
    ],
    [
      'with the cookie of a login',
      (url) => url.replace(/&?ob_state=[^&]*/, ''),
      () => ({ cookie: 'opening_bell_login_zerodha=AAAA' }),
    ],
  ])('CAP-01 takes no token %s while nobody is pinned', async (_name, change, headers) => {
    const { visit, cookie } = await logIn('zerodha');
    const changed = { ...visit, url: change(visit.url) };
    expect((await follow(changed, headers(cookie))).headers.get('location')).toBe('../../?login=not_begun_here');
    expect(brokers.kite.exchanges).toEqual([]);
  });

  it('CAP-01 takes no state of one account for another', async () => {
    const begun = new URL((await logIn('zerodha')).visit.url).searchParams.get('ob_state');
    const token = brokers.breeze.issue(BREEZE.apiKey);
    const arrives = await fetch(`${backend.url}${CALLBACK}?apisession=${token}`, {
      headers: { cookie: `opening_bell_login_icici=${begun}` },
      redirect: 'manual',
    });
    expect(arrives.headers.get('location')).toBe('../../?login=not_begun_here');
    expect(brokers.breeze.exchanges).toEqual([]);
  });

  it('BCK-09 counts the callbacks of other pages, and never the login that was begun here', async () => {
    const { visit, cookie } = await logIn('zerodha');
    const theirs = (index: number) =>
      fetch(`${backend.url}${CALLBACK}?request_token=${`Theirs${index}`.padEnd(32, 'x')}&status=success`, {
        redirect: 'manual',
      });
    const answers: (string | null)[] = [];
    for (let index = 0; index < 30; index += 1) answers.push((await theirs(index)).headers.get('location'));
    expect(answers.at(-1)).toBe('../../?login=rate_limited');
    expect((await follow(visit, { cookie })).headers.get('location')).toBe('../../?login=applied');
  });

  it('BCK-08 takes a login that began elsewhere once the user is known, and refuses one of another user', async () => {
    await backend.kill('SIGTERM');
    await start({ ZERODHA_USER_ID: 'AB1234' });
    const own = brokers.kite.issue(KITE.apiKey);
    const foreign = brokers.kite.issue(KITE.apiKey, 'ZZ9999');
    const open = (token: string) =>
      fetch(`${backend.url}${CALLBACK}?request_token=${token}&status=success&action=login`, { redirect: 'manual' });
    expect((await open(own)).headers.get('location')).toBe('../../?login=applied');
    expect((await open(foreign)).headers.get('location')).toBe('../../?login=wrong_account');
    expect(await verified('zerodha')).toMatchObject({ user: 'AB****' });
  });

  it.each([
    ['nothing', ''],
    ['a failed login', '?status=error&request_token=AAAAAAAAAAAAAAAAAAAAAAAA'],
    ['a basket order', '?action=basket&status=success&request_token=AAAAAAAAAAAAAAAAAAAAAAAA'],
    ['two tokens', '?request_token=AAAAAAAAAAAAAAAAAAAAAAAA&request_token=BBBBBBBBBBBBBBBBBBBBBBBB'],
    ['no token but an address', '?request_token=https://evil.test/'],
    ['an address to go on to', '?next=https://evil.test/&redirect=//evil.test'],
  ])('BCK-07 leads to our own page, whatever comes: %s', async (_name, query) => {
    const response = await fetch(`${backend.url}${CALLBACK}${query}`, { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([303, '../../?login=no_token']);
    expect(brokers.kite.exchanges).toEqual([]);
  });

  it('says why the broker refused', async () => {
    brokers.faults.add('kite.exchange.spent');
    const { visit, cookie } = await logIn('zerodha');
    expect((await follow(visit, { cookie })).headers.get('location')).toBe('../../?login=token_spent');
  });
});

describe('when the broker says 403', () => {
  it('a box names the login address and the quick fix, once, and the next login mends it', async () => {
    const sender = createSender(backend.url, dir.path, 'zerodha');
    await sender.deliver(sender.captured(brokers.kite.issue(KITE.apiKey)));
    await verified('zerodha');
    brokers.kite.endSession();
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ type: 'profile', account: 'zerodha' });
    for (let i = 0; i < 2; i++)
      await fetch(`${backend.url}/queue`, { method: 'POST', headers: { ...headers, ...backend.key() }, body });
    await printed(backend, 'Quick fix:  npm run quick-fix ');
    await printed(backend, `or open:    ${backend.url}/api/auth/login?broker=zerodha`);
    await sender.deliver(sender.captured(brokers.kite.issue(KITE.apiKey)));
    await verified('zerodha');
    expect(backend.output().match(/ZERODHA REFUSES THE SESSION/g)).toHaveLength(1);
  });
});

describe('npm run quick-fix', () => {
  const command = resolve(import.meta.dirname, '../../../backend/src/quick-fix.ts');

  function run(port: string, ...args: string[]) {
    const env = { ...PROCESS_ENV, ...KEYS, DATA_DIR: dir.path, PORT: port };
    const child = spawn(process.execPath, [command, ...args], { cwd: dir.path, env });
    const said = { text: '' };
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said.text += chunk));
    const ended = new Promise<number | null>((done) => child.once('close', done));
    return { said, ended, kill: () => child.kill() };
  }

  it('prints the login address and waits until the session lives', async () => {
    const { said, ended } = run(new URL(backend.url).port);
    await until(
      async () => said.text,
      (text) => text.includes('Waiting'),
    );
    expect(said.text).toContain(`Log in here: ${backend.url}/api/auth/login?broker=zerodha`);
    const { visit, cookie } = await logIn('zerodha');
    await follow(visit, { cookie });
    expect(await ended).toBe(0);
    expect(said.text).toContain('The session lives');
  });

  it.each([
    [
      'the accounts, when another is named',
      () => new URL(backend.url).port,
      ['upstox'],
      'Name one of: zerodha, icici.',
    ],
    ['how to start the backend, when none answers', () => '1', [], 'start it with npm run backend'],
  ])('says %s', async (_name, port, args, expected) => {
    const { said, ended } = run(port(), ...args);
    expect(await ended).toBe(1);
    expect(said.text).toContain(expected);
  });
});

/** fetch writes Sec-Fetch headers itself. */
function statusOf(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const call = request(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    call.on('error', reject).end();
  });
}
