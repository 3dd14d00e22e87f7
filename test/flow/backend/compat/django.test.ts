import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PracticeBrokers, startPracticeBrokers } from '../../../brokers/index.ts';
import { type Administrator, createAdministrator } from '../access/administrator.ts';
import { BREEZE, createSender, KITE, printed, type Spawned, spawnBackend, temporaryDir, until } from '../harness.ts';

const PASSWORD = 'a long practice password';
const UPDATE = '/trigger/update-breeze-session/';
const STRANGLE = '/trigger/nifty-strangle/';

let brokers: PracticeBrokers;
let dir: ReturnType<typeof temporaryDir>;
let backend: Spawned;
let administrator: Administrator;

beforeAll(async () => {
  brokers = await startPracticeBrokers();
  brokers.kite.register(KITE);
  brokers.breeze.register(BREEZE);
});
afterAll(() => brokers.close());

beforeEach(async () => {
  dir = temporaryDir();
  backend = await spawnBackend({ ...brokers.nodeEnv, DATA_DIR: dir.path, ADMIN_PASSWORD: PASSWORD }, dir.path);
  administrator = createAdministrator(backend.url);
  await administrator.signIn(PASSWORD);
});
afterEach(async () => {
  await backend.kill('SIGTERM');
  dir.remove();
  brokers.faults.clear();
  brokers.breeze.endsAt = null;
  brokers.breeze.endSession();
  brokers.breeze.forget();
});

const token = () => brokers.breeze.issue(BREEZE.apiKey);
const login = () => post(UPDATE, { session_token: token() });

async function post(path: string, body: object = {}) {
  const response = await administrator.post(path, body);
  return { status: response.status, ...(await response.json()) };
}

const verified = () =>
  until(
    async () => (await (await fetch(`${backend.url}/status`)).json()).accounts[1],
    ({ session }) => session.state === 'verified',
  );

const steps = ({ execution_log: log }: { execution_log: { step: string; status: string }[] }) =>
  log.map(({ step, status }) => `${step}: ${status}`);

describe('the four scenarios of the Django system', () => {
  it('expired: asks for a login, takes the token, and the same request goes on with its log', async () => {
    await login();
    await verified();
    brokers.breeze.endSession();
    const first = await post(STRANGLE);
    expect(first).toMatchObject({
      status: 200,
      success: false,
      auth_required: true,
      error: 'There is no living session at ICICI Direct: log in again to go on.',
      login_url: 'https://api.icicidirect.com/apiuser/login?api_key=breeze%2Bkey%3D',
    });
    expect(await login()).toEqual({ status: 200, success: true, message: 'The session is updated.' });
    const second = await post(STRANGLE);
    expect(second).toMatchObject({ status: 200, success: true, result: { order_placed: false } });
    expect(steps(second)).toEqual([
      'Nifty price: error',
      'Session: error',
      'Retry: info',
      'Nifty price: success',
      'India VIX: success',
      'Option chain, calls: success',
      'Option chain, puts: success',
      'Strikes: success',
      'Result: info',
    ]);
    expect(steps(second).slice(0, 2)).toEqual(steps(first));
    expect(steps(await post(STRANGLE))[0]).toBe('Nifty price: success');
  });

  it('invalid token: says so without a word that looks like an ended session, and takes the right one after it', async () => {
    const wrong = await post(UPDATE, { session_token: '12345678' });
    expect(wrong).toEqual({
      status: 200,
      success: false,
      auth_required: false,
      error: 'The broker refuses that token: log in again for a new one.',
    });
    expect(await post(UPDATE, { session_token: 'no/token' })).toMatchObject({
      error: 'That is no token of this broker: copy it again.',
    });
    expect(await login()).toMatchObject({ success: true });
  });

  it('cancel: nothing is retried by itself', async () => {
    await post(STRANGLE);
    await createSender(backend.url, dir.path, 'icici').deliver(
      createSender(backend.url, dir.path, 'icici').captured(token()),
    );
    await verified();
    expect(brokers.breeze.requests.filter(({ url }) => url.includes('optionchain'))).toEqual([]);
    expect((await (await fetch(`${backend.url}/queue`, { headers: backend.key() })).json()).jobs).toEqual([]);
  });

  it('valid: the result comes at once', async () => {
    await login();
    const { success, result } = await post(STRANGLE);
    expect(success).toBe(true);
    expect(result.call.strike).toBeGreaterThanOrEqual(result.spot + result.expectedMove);
    expect(result.put.strike).toBeLessThanOrEqual(result.spot - result.expectedMove);
    expect(result.premium).toBeCloseTo(result.call.price + result.put.price, 2);
    expect(result.vix).toBeCloseTo(13.5, 0);
  });
});

describe('the operations of the Django system', () => {
  it('meet an ended session at any step, with one clear message', async () => {
    await login();
    brokers.breeze.endsAt = 'optionchain';
    const answer = await post(STRANGLE);
    expect(answer).toMatchObject({
      success: false,
      auth_required: true,
      error: 'There is no living session at ICICI Direct: log in again to go on.',
    });
    expect(steps(answer)).toEqual([
      'Nifty price: success',
      'India VIX: success',
      'Option chain, calls: error',
      'Session: error',
    ]);
  });

  it('futures_algorithm waits for params.confirmed, and places nothing even then', async () => {
    await login();
    expect(await post('/trigger/futures-algorithm/')).toMatchObject({
      success: true,
      result: { confirmed: false, needs_confirmation: true, order_placed: false },
    });
    expect(await post('/trigger/futures-algorithm/', { confirmed: true })).toMatchObject({
      success: true,
      result: { confirmed: true, needs_confirmation: false, order_placed: false },
    });
  });

  it('verify_trade compares a trade with the funds', async () => {
    await login();
    expect(await post('/trigger/verify-trade/', { quantity: 1 })).toMatchObject({ result: { affordable: true } });
    expect(await post('/trigger/verify-trade/', { quantity: 65 })).toMatchObject({
      result: { affordable: false, order_placed: false },
    });
  });

  it('take a form as well as JSON, with the field names of Django', async () => {
    const response = await administrator.postForm(
      UPDATE,
      { session_token: token(), csrfmiddlewaretoken: administrator.cookies.get('csrftoken') ?? '' },
      {},
    );
    expect(await response.json()).toMatchObject({ success: true });
    const confirmed = await administrator.postForm('/trigger/futures-algorithm/', { confirmed: 'true' });
    expect(await confirmed.json()).toMatchObject({ result: { confirmed: true } });
  });

  it('name what is wrong, and do not take it for an ended session', async () => {
    await login();
    expect(await post('/trigger/verify-trade/', { quantity: 0 })).toMatchObject({
      success: false,
      auth_required: false,
      error: 'quantity must be at least 1',
    });
    expect(await post(STRANGLE, { expiry: '2030-01-01' })).toMatchObject({
      success: false,
      auth_required: false,
      error: 'the option chain does not reach one expected move away',
    });
    expect(await post(STRANGLE, { expiry: 'soon' })).toMatchObject({ error: 'expiry must be a day as 2026-11-24' });
  });

  it('are queued as well, and run after the login', async () => {
    const sender = createSender(backend.url, dir.path, 'icici');
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ type: 'nifty_strangle', account: 'icici' });
    const parked = await (
      await fetch(`${backend.url}/queue`, { method: 'POST', headers: { ...headers, ...backend.key() }, body })
    ).json();
    expect(parked).toMatchObject({ auth_required: true, job: { label: 'Nifty strangle (computed only)' } });
    await login();
    const { queue } = await until(sender.check, ({ queue }) => queue?.done === 1);
    expect(queue?.latest).toMatchObject([{ state: 'done' }]);
  });
});

describe('the credential store', () => {
  it('holds the row of the service, the token encrypted', async () => {
    const given = token();
    const before = Date.now();
    await post(UPDATE, { session_token: given });
    const db = new DatabaseSync(join(dir.path, 'opening-bell.sqlite'), { readOnly: true });
    const row = db.prepare("SELECT * FROM credentials WHERE service = 'breeze'").get();
    db.close();
    expect(Number(row?.last_session_update)).toBeGreaterThanOrEqual(before);
    const stored = Buffer.from(row?.session_token as Uint8Array);
    expect(stored.length).toBeGreaterThan(given.length);
    expect(stored.includes(given)).toBe(false);
  });

  it('LEAK-01 appears in no line of the log', async () => {
    const given = token();
    await post(UPDATE, { session_token: given });
    await post(STRANGLE);
    await printed(backend, 'session.applied');
    expect(backend.output()).not.toContain(given);
    expect(backend.output()).not.toContain(PASSWORD);
  });
});
