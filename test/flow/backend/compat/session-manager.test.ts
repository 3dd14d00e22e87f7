import { createServer } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Backend, startBackend } from '../../../../backend/src/backend.ts';
import type { LogEvent } from '../../../../backend/src/log/log.ts';
import { retryNetwork } from '../../../../backend/src/session/retry.ts';
import { HOUR, MINUTE, nextIst } from '../../../../utils/shared/time.ts';
import { type PracticeBrokers, startPracticeBrokers } from '../../../brokers/index.ts';
import { type Administrator, createAdministrator } from '../access/administrator.ts';
import { BREEZE, createSender, KEYS, temporaryDir, until } from '../harness.ts';

const PASSWORD = 'a long practice password';
const PATH = '/api/session-manager';
/** 10:00 IST on a day long ago enough that nobody's clock is near. */
const TEN = nextIst(10, 0, Date.parse('2026-11-19T00:00:00Z'));

let brokers: PracticeBrokers;
let leave: () => void;
let clock = TEN;
let dir: ReturnType<typeof temporaryDir>;
let backend: Backend;
let url: string;
let administrator: Administrator;
const events: LogEvent[] = [];

beforeAll(async () => {
  brokers = await startPracticeBrokers(() => clock);
  brokers.breeze.register(BREEZE);
  leave = await brokers.reachFromHere();
});
afterAll(async () => {
  leave();
  await brokers.close();
});

beforeEach(async () => {
  clock = TEN;
  events.length = 0;
  dir = temporaryDir();
  await start();
});
afterEach(async () => {
  await backend.close();
  dir.remove();
  brokers.faults.clear();
  brokers.breeze.endSession();
  brokers.breeze.forget();
  brokers.yahoo.requests.length = 0;
  brokers.yahoo.isBusy = false;
});

async function start(env: Record<string, string> = {}): Promise<void> {
  const { BREEZE_API_KEY, BREEZE_API_SECRET } = KEYS;
  backend = await startBackend(
    { BREEZE_API_KEY, BREEZE_API_SECRET, PORT: '0', DATA_DIR: dir.path, ADMIN_PASSWORD: PASSWORD, ...env },
    { log: (event) => events.push(event), now: () => clock },
  );
  url = `http://127.0.0.1:${backend.port}`;
  administrator = createAdministrator(url);
  await administrator.signIn(PASSWORD);
}

const token = () => brokers.breeze.issue(BREEZE.apiKey);
const state = async () => (await fetch(url + PATH)).json();
const post = async (body: object) => (await administrator.post(PATH, body)).json();
const update = (sessionToken = token()) => post({ action: 'update', sessionToken });
const price = async (query = '') => (await fetch(`${url}/api/breeze-live-price${query}`)).json();
const verified = () => until(state, ({ session }) => session.valid);
const alerts = () => events.flatMap((event) => (event.event === 'alert' ? [event.alert] : []));

describe('GET /api/session-manager', () => {
  it('is exactly what the Next.js system answers, without a session', async () => {
    expect(await state()).toEqual({
      session: { active: false, valid: false, expiresIn: 0, expiresAt: null, timeToExpiry: '0h 0m' },
      configuration: { api_key: true, api_secret: true, user_id: false, password: false, session_token: false },
      status: 'needs_refresh',
      lastChecked: new Date(clock).toISOString(),
    });
  });

  it('counts down to midnight in India once there is one', async () => {
    await update();
    await verified();
    clock += 90 * MINUTE;
    expect(await state()).toEqual({
      session: {
        active: true,
        valid: true,
        expiresIn: 12.5 * 3_600,
        expiresAt: new Date(nextIst(0, 0, TEN)).toISOString(),
        timeToExpiry: '12h 30m',
      },
      configuration: { api_key: true, api_secret: true, user_id: false, password: false, session_token: true },
      status: 'active',
      lastChecked: new Date(TEN).toISOString(),
    });
  });

  it('never says that a user id or a password is set, whatever the environment holds', async () => {
    await backend.close();
    await start({ BREEZE_USER_ID: BREEZE.userId, BREEZE_PASSWORD: 'never read' });
    expect((await state()).configuration).toMatchObject({ user_id: false, password: false });
  });

  it('needs a refresh within the last fifteen minutes', async () => {
    await update();
    await verified();
    clock = nextIst(23, 44, clock);
    expect(await state()).toMatchObject({ status: 'active', session: { timeToExpiry: '0h 16m' } });
    clock += MINUTE;
    expect(await state()).toMatchObject({ status: 'needs_refresh', session: { active: true } });
  });
});

describe('POST /api/session-manager', () => {
  it('update takes a token, or says why not', async () => {
    expect(await update('12345678')).toMatchObject({
      success: false,
      error: 'The broker refuses that token: log in again for a new one.',
      status: 'needs_refresh',
    });
    expect(await update()).toMatchObject({ success: true, session: { active: true }, status: 'active' });
  });

  it('refresh without a session says that a login is needed, and where', async () => {
    expect(await post({ action: 'refresh' })).toMatchObject({
      success: false,
      error: 'login needed',
      login_needed: true,
      login_url: 'https://api.icicidirect.com/apiuser/login?api_key=breeze%2Bkey%3D',
    });
  });

  it('refresh asks the broker whether the stored session lives, once for all that ask at the same time', async () => {
    await update();
    await verified();
    brokers.breeze.forget();
    clock += HOUR;
    const answers = await Promise.all([1, 2, 3].map(() => post({ action: 'refresh' })));
    expect(answers.map(({ success }) => success)).toEqual([true, true, true]);
    expect(brokers.breeze.requests.filter(({ url }) => url.endsWith('/funds'))).toHaveLength(1);
    expect((await state()).lastChecked).toBe(new Date(clock).toISOString());
  });

  it('refresh after the broker ended the session needs a login, which mends it', async () => {
    await update();
    await verified();
    brokers.breeze.endSession();
    clock += MINUTE;
    expect(await post({ action: 'refresh' })).toMatchObject({ success: false, login_needed: true });
    expect(await state()).toMatchObject({ status: 'needs_refresh', session: { active: false } });
    await update();
    expect(await verified()).toMatchObject({ status: 'active' });
  });

  it('names its two actions', async () => {
    const response = await administrator.post(PATH, { action: 'login' });
    expect([response.status, await response.json()]).toEqual([
      400,
      { success: false, error: 'action must be "refresh" or "update"' },
    ]);
  });
});

describe('retries', () => {
  const fault = { ok: false, status: 0, body: null, words: 'no answer' } as const;
  const refusal = { ok: false, status: 403, body: {}, words: 'refused' } as const;
  const good = { ok: true, value: 1 } as const;

  it.each([
    ['an answer at once', [good], []],
    ['a refusal, which stands', [refusal], []],
    ['one network fault', [fault, good], [2_000]],
    ['two network faults, then a refusal', [fault, fault, refusal], [2_000, 4_000]],
    ['no network at all', [fault, fault, fault, fault], [2_000, 4_000, 8_000]],
  ])('%s', async (_name, replies, pauses) => {
    const left = [...replies];
    const waited: number[] = [];
    const reply = await retryNetwork<number>(
      async () => left.shift() ?? refusal,
      async (ms) => waited.push(ms),
    );
    expect([reply, waited, left]).toEqual([replies.at(-1), pauses, []]);
  });
});

describe('GET /api/breeze-live-price', () => {
  it('comes from the fallback while no session lives, marked as such, and leaves it with the login', async () => {
    expect(await price()).toMatchObject({
      success: true,
      fallback: true,
      source: 'Yahoo Finance',
      prices: [{ symbol: 'NIFTY', price: expect.any(Number), previous_close: 26_000 }],
    });
    const status = async () => (await fetch(`${url}/status`)).json();
    expect((await status()).fallback).toMatchObject({ active: true });
    await update();
    await verified();
    expect((await status()).fallback).toMatchObject({ active: false });
    expect(await price()).toMatchObject({ fallback: false, source: 'ICICI Direct', prices: [{ symbol: 'NIFTY' }] });
    expect(events.flatMap(({ event }) => (event.startsWith('fallback') ? [event] : []))).toEqual([
      'fallback.on',
      'fallback.off',
    ]);
  });

  it('goes to the fallback when the session ends between two prices', async () => {
    await update();
    await verified();
    brokers.breeze.endSession();
    expect(await price()).toMatchObject({ success: true, fallback: true });
    expect(await state()).toMatchObject({ status: 'needs_refresh' });
  });

  it('names a source’s own spelling nowhere, and each index by one name', async () => {
    const { prices } = await price('?symbol=nifty,banknifty,sensex');
    expect(prices.map(({ symbol }: { symbol: string }) => symbol)).toEqual(['NIFTY', 'BANKNIFTY', 'SENSEX']);
    expect(brokers.yahoo.requests.map(({ url }) => url.split('?')[0])).toEqual(
      ['%5ENSEI', '%5ENSEBANK', '%5EBSESN'].map((symbol) => `/v8/finance/chart/${symbol}`),
    );
    await update();
    const live = await price('?symbol=RELIANCE,SENSEX');
    expect(live).toMatchObject({ fallback: false, missing: [] });
  });

  it('asks the fallback once for what is asked within fifteen seconds', async () => {
    await Promise.all([price(), price(), price()]);
    expect(brokers.yahoo.requests).toHaveLength(1);
    clock += 16_000;
    await price();
    expect(brokers.yahoo.requests).toHaveLength(2);
  });

  it('says that there is no price when the fallback has none either', async () => {
    brokers.yahoo.isBusy = true;
    const response = await fetch(`${url}/api/breeze-live-price`);
    expect([response.status, await response.json()]).toEqual([
      502,
      {
        success: false,
        auth_required: false,
        error: 'there is no session, and Yahoo Finance gives no price either',
      },
    ]);
  });

  it('asks for a login where the fallback is switched off', async () => {
    await backend.close();
    await start({ FALLBACK_DATA: 'off' });
    expect(await price()).toEqual({ success: false, auth_required: true, error: 'there is no session: log in' });
    expect(brokers.yahoo.requests).toEqual([]);
  });

  it('takes 60 requests a minute', async () => {
    const statuses = [];
    for (let i = 0; i < 61; i++) statuses.push((await fetch(`${url}/api/breeze-live-price`)).status);
    expect([statuses.slice(0, 60).every((status) => status === 200), statuses[60]]).toEqual([true, 429]);
    clock += MINUTE;
    expect(await price()).toMatchObject({ success: true });
  });

  it('names the symbols it knows', async () => {
    const response = await fetch(`${url}/api/breeze-live-price?symbol=GOLD`);
    expect([response.status, (await response.json()).error]).toEqual([
      400,
      expect.stringContaining('NIFTY, BANKNIFTY'),
    ]);
  });
});

describe('alerts', () => {
  it('tell a renewal, a failed one, and the third failure in a row', async () => {
    for (const wrong of ['11111111', '22222222', '33333333']) await update(wrong);
    expect(alerts()).toEqual(['renewal_failed', 'renewal_failed', 'renewal_failing']);
    await update();
    await verified();
    await update('44444444');
    expect(alerts().slice(3)).toEqual(['renewed', 'renewal_failed']);
  });

  it('tell once that less than thirty minutes are left', async () => {
    clock = nextIst(23, 40, clock);
    await administrator.signIn(PASSWORD);
    await update();
    await verified();
    await until(
      async () => alerts(),
      (raised) => raised.length === 2,
    );
    expect(alerts()).toEqual(['renewed', 'expiring']);
    await backend.close();
    await start();
    await verified();
    expect(alerts()).toEqual(['renewed', 'expiring']);
  });

  it('tell that prices come from the fallback, once', async () => {
    await price();
    await price();
    expect(alerts()).toEqual(['on_fallback']);
  });

  it('go to the webhook as JSON, without a secret; one that nobody takes is logged', async () => {
    const heard: { type: string | undefined; body: string }[] = [];
    let status = 200;
    const hook = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      heard.push({ type: request.headers['content-type'], body });
      response.writeHead(status).end();
    });
    await new Promise<void>((ready) => hook.listen(0, '127.0.0.1', ready));
    const address = hook.address();
    const port = typeof address === 'object' ? address?.port : 0;
    await backend.close();
    await start({ ALERT_WEBHOOK_URL: `http://127.0.0.1:${port}/alerts` });
    const given = token();
    await update(given);
    // A reminder goes there as well, in the same form.
    const alone = () => heard.filter(({ body }) => !('reminder' in JSON.parse(body)));
    await until(alone, ({ length }) => length === 1);
    expect(new Set(heard.map(({ type }) => type))).toEqual(new Set(['application/json']));
    expect(JSON.parse(alone()[0]?.body ?? '')).toEqual({
      alert: 'renewed',
      account: 'icici',
      at: new Date(clock).toISOString(),
      text: 'The session is renewed.',
    });
    status = 404;
    await update('12345678');
    await until(
      async () => events,
      (all) => all.some(({ event }) => event === 'alert.not_sent'),
    );
    hook.closeAllConnections();
    await new Promise((closed) => hook.close(closed));
    expect(JSON.stringify(heard)).not.toContain(given);
  });
});

describe('a backend without a Breeze account', () => {
  beforeEach(async () => {
    await backend.close();
    const { ZERODHA_API_KEY, ZERODHA_API_SECRET } = KEYS;
    await start({ BREEZE_API_KEY: '', BREEZE_API_SECRET: '', ZERODHA_API_KEY, ZERODHA_API_SECRET });
  });

  it('says so where it is asked for one', async () => {
    const expected = { success: false, error: expect.stringContaining('not set up here') };
    expect(await update()).toMatchObject(expected);
    expect(await (await administrator.post('/trigger/nifty-strangle/', {})).json()).toMatchObject({
      ...expected,
      auth_required: false,
    });
    expect((await state()).configuration).toMatchObject({ api_key: false, api_secret: false });
  });
});

describe('the services that use a session', () => {
  it('are listed with the time of their last use', async () => {
    await update();
    await verified();
    await price();
    const { services } = await (await fetch(`${url}/status`)).json();
    expect(services).toEqual([
      { service: 'session check', account: 'icici', calls: 1, last_used_at: new Date(clock).toISOString() },
      { service: 'live price', account: 'icici', calls: 1, last_used_at: new Date(clock).toISOString() },
    ]);
  });

  it('a delivery of the extension reaches the manager as well', async () => {
    const sender = createSender(url, dir.path, 'icici');
    await sender.deliver(sender.captured(token(), { captured_at: new Date(clock).toISOString() }), { at: clock });
    expect(await verified()).toMatchObject({ status: 'active' });
  });
});
