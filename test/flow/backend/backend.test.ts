import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Backend, startBackend } from '../../../backend/src/backend.ts';
import type { LogEvent } from '../../../backend/src/log/log.ts';
import { readPairing } from '../../../utils/shared/pairing.ts';
import { programKey } from '../../support/backend/program-key.ts';
import { createSender, KEYS, type Sender, temporaryDir } from './harness.ts';

const TOKEN = 'SentinelSentinelSentinelSentinel';
const CHECK = JSON.stringify({ version: 1, type: 'session.check', account: 'zerodha' });

const dir = temporaryDir();
const events: LogEvent[] = [];
let backend: Backend;
let url: string;
let zerodha: Sender;
let icici: Sender;

beforeAll(async () => {
  const env = {
    ...KEYS,
    PORT: '0',
    DATA_DIR: dir.path,
    ZERODHA_USER_ID: 'AB1234',
    PUBLIC_URL: 'https://bell.example.net/session',
  };
  backend = await startBackend(env, { log: (event) => events.push(event) });
  url = `http://127.0.0.1:${backend.port}`;
  zerodha = createSender(url, dir.path, 'zerodha');
  icici = createSender(url, dir.path, 'icici');
});

afterAll(async () => {
  await backend.close();
  dir.remove();
});

describe('the proof of a destination', () => {
  it('answers a signed session.check with a signed report, although there is no session', async () => {
    expect(await zerodha.check()).toMatchObject({
      account: 'zerodha',
      id: 'check_1',
      session: { state: 'none', user: null },
      feed: { state: 'off', source: 'Kite ticker' },
      queue: { parked: 0, latest: [] },
      configuration: { api_key: true, api_secret: true },
    });
  });

  it('goes through a dry run without an exchange', async () => {
    const { status, answer } = await zerodha.deliver(zerodha.captured(TOKEN, { dry_run: true }));
    expect({ status, answer }).toMatchObject({
      status: 200,
      answer: { type: 'session.applied', status: 'dry_run', session: { state: 'none' } },
    });
  });
});

describe('BCK-01 BCK-02 BCK-03 what is refused before the broker is asked', () => {
  const dry = (change = {}) => zerodha.captured(TOKEN, { dry_run: true, ...change });
  const now = Date.now();

  it.each([
    ['six minutes behind', () => zerodha.post(CHECK, { at: Date.now() - 360_000 }), 401, 'stale_timestamp'],
    ['six minutes ahead', () => zerodha.post(CHECK, { at: Date.now() + 360_000 }), 401, 'stale_timestamp'],
    ['a changed body', () => zerodha.post(CHECK, { secret: `whsec_${'A'.repeat(44)}` }), 401, 'bad_signature'],
    ['no JSON', () => zerodha.post('{', {}), 400, 'bad_request'],
    ['an unknown field', () => zerodha.post(JSON.stringify({ ...dry(), [TOKEN]: 1 })), 400, 'bad_request'],
    [
      'an id of another token',
      () => zerodha.deliver(dry(), { id: 'ob_aaaaaaaaaaaaaaaaaaaaaaaaaa' }),
      400,
      'bad_request',
    ],
    [
      'a token kind of another broker',
      () => zerodha.deliver(dry({ token: { kind: 'day', value: TOKEN } })),
      400,
      'bad_request',
    ],
    [
      'a token that is too short for the broker',
      () => zerodha.deliver(dry({ token: { kind: 'one-time', value: 'abcd' } })),
      400,
      'bad_request',
    ],
    [
      'a capture in the future',
      () => zerodha.deliver(dry({ captured_at: new Date(now + 900_000).toISOString() })),
      401,
      'stale_timestamp',
    ],
    ['another account than the pairing', () => zerodha.deliver(dry({ account: 'icici' })), 409, 'wrong_account'],
    ['another broker than the account', () => zerodha.deliver(dry({ broker: 'icici' })), 409, 'wrong_account'],
    [
      'another user than the configured one',
      () => zerodha.deliver(dry({ expected_user: 'ZZ9999' })),
      409,
      'wrong_account',
    ],
    ["the other account's secret", () => icici.post(CHECK), 409, 'wrong_account'],
  ] as const)('%s', async (_name, send, status, reason) => {
    const reply = await send();
    expect(reply).toMatchObject({ status, answer: { type: 'session.refused', reason } });
    expect(JSON.stringify(reply.answer)).not.toContain(TOKEN);
  });

  it.each([
    ['a name bound to this machine', { host: 'evil.test' }, 421],
    ['another port', { host: '127.0.0.1:1' }, 421],
    ['the public host', { host: 'bell.example.net' }, 200],
    ['localhost', { host: 'localhost:PORT' }, 200],
    ['a web page', { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' }, 403],
    ['a page of this machine on another port', { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }, 403],
    ['a tag of a web page', { 'sec-fetch-site': 'cross-site' }, 403],
    ['the extension in Chromium', { origin: 'chrome-extension://abcdefgh', 'sec-fetch-site': 'none' }, 200],
    ['the extension in Firefox', { origin: 'moz-extension://1234', 'sec-fetch-site': 'cross-site' }, 200],
  ])('%s', async (_name, headers: Record<string, string>, status) => {
    expect(await statusOf('/status', { ...headers, ...programKey(dir.path) })).toBe(status);
  });

  it.each([
    ['a form', { body: CHECK, headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415],
    ['9 KiB', { body: JSON.stringify({ padding: 'x'.repeat(9_000) }), headers: {} }, 413],
  ])('%s', async (_name, { body, headers }, status) => {
    const response = await zerodha.raw(body, { headers });
    expect(response.status).toBe(status);
    expect(await response.text()).not.toContain('xxxx');
  });

  it('sends no CORS header, and answers no preflight', async () => {
    const response = await fetch(`${url}/session`, {
      method: 'OPTIONS',
      headers: { 'access-control-request-method': 'POST' },
    });
    expect(response.status).toBe(404);
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('signs no id that a caller could have made up as a text', async () => {
    const response = await zerodha.raw(CHECK, { id: 'a.1763690000.{"type":"session.applied"}' });
    expect(response.status).toBe(401);
    expect(response.headers.get('webhook-id')).toBe('');
  });

  it('BCK-09 limits wrong signatures, while right ones still pass', async () => {
    const wrong = { secret: `whsec_${'B'.repeat(44)}` };
    const replies = [];
    const before = events.length;
    for (let i = 0; i < 12; i++) replies.push(await zerodha.post(CHECK, wrong));
    expect(replies.at(-1)).toMatchObject({ status: 429, answer: { reason: 'rate_limited' } });
    expect(replies.at(-1)?.headers.get('retry-after')).toBe('60');
    // Whom a forger names has no failed renewal: nobody is alerted of it.
    const since = events.slice(before);
    const flood = since.filter((event) => event.event === 'session.refused' && event.reason === 'rate_limited');
    expect(flood.length).toBeGreaterThan(0);
    for (const event of flood) expect(event).toMatchObject({ account: null });
    expect(since.filter(({ event }) => event === 'alert')).toEqual([]);
    expect(await zerodha.check()).toMatchObject({ type: 'session.report' });
  });
});

describe('the queue without a session', () => {
  const queue = async (job: object) => {
    const response = await fetch(`${url}/queue`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...programKey(dir.path) },
      body: JSON.stringify(job),
    });
    return { status: response.status, body: await response.json() };
  };

  it('parks a request and says that a login is needed', async () => {
    expect(await queue({ type: 'profile', account: 'zerodha' })).toMatchObject({
      status: 200,
      body: {
        success: false,
        auth_required: true,
        error: 'there is no session: log in',
        job: { state: 'parked', type: 'profile' },
      },
    });
    expect(await (await fetch(`${url}/queue`, { headers: programKey(dir.path) })).json()).toMatchObject({
      jobs: [{ type: 'profile', state: 'parked', result: null }],
    });
    expect((await zerodha.check()).queue).toMatchObject({ parked: 1, latest: [{ label: 'profile', state: 'parked' }] });
  });

  it('returns the waiting job to a second request of the same key', async () => {
    const job = { type: 'quote', account: 'icici', params: { instruments: ['NSE:NIFTY'] }, dedupe_key: randomUUID() };
    const [first, second] = [await queue(job), await queue(job)];
    expect(second.body.job.id).toBe(first.body.job.id);
  });

  it('shows one request by its id, with its age, and ends it when told to', async () => {
    const { body } = await queue({ type: 'profile', account: 'icici' });
    const path = `${url}/queue/${body.job.id}`;
    const shown = await (await fetch(path, { headers: programKey(dir.path) })).json();
    expect(shown).toMatchObject({ job: { state: 'parked', acts: false, outcome_unknown: false } });
    expect(Date.parse(shown.job.limit_at) - Date.parse(shown.job.created_at)).toBe(15 * 60_000);
    const post = async (action: string, headers: Record<string, string> = {}) => {
      const json = { 'content-type': 'application/json', ...programKey(dir.path), ...headers };
      const answer = await fetch(`${path}/${action}`, { method: 'POST', headers: json, body: '{}' });
      return { status: answer.status, body: await answer.json() };
    };
    expect(await post('cancel', { origin: 'https://evil.test' })).toMatchObject({ status: 403 });
    expect(await post('cancel', { 'content-type': 'text/plain' })).toMatchObject({ status: 415 });
    expect(await post('confirm')).toMatchObject({ status: 409, body: { error: 'this request is parked' } });
    expect(await post('cancel')).toMatchObject({ status: 200, body: { success: false, job: { state: 'cancelled' } } });
    expect(await post('cancel')).toMatchObject({ status: 409, body: { error: 'this request is cancelled' } });
  });

  it.each(['/queue/job_x', '/queue/job_x/confirm', '/queue/job_x/cancel'])('knows nothing of %s', async (path) => {
    const method = path.endsWith('job_x') ? 'GET' : 'POST';
    const headers = { 'content-type': 'application/json', ...programKey(dir.path) };
    expect((await fetch(url + path, { method, headers })).status).toBe(404);
  });

  it.each([
    [
      { type: 'order', account: 'zerodha' },
      'type must be one of: quote, profile, futures_algorithm, verify_trade, nifty_strangle',
    ],
    [{ type: 'quote', account: 'zerodha' }, 'instruments is missing'],
    [
      { type: 'quote', account: 'zerodha', params: { instruments: ['auth_required'] } },
      'instruments.0 must be written as NSE:RELIANCE',
    ],
    [{ type: 'quote' }, 'account is missing'],
    // A request for an account that is not here would wait for a session that cannot come.
    [
      { type: 'quote', account: 'upstox', params: { instruments: ['NSE:INFY'] } },
      'account must be one of: zerodha, icici',
    ],
  ])('says what is wrong with %j', async (job, error) => {
    expect(await queue(job)).toMatchObject({ status: 400, body: { success: false, auth_required: false, error } });
  });
});

describe('what lies on the disk and in the log', () => {
  it('BCK-10 keeps keys and secrets for the owner alone', () => {
    const modes = readdirSync(dir.path).filter((name) => name === 'key' || name.startsWith('secret-'));
    expect(modes.sort()).toEqual(['key', 'secret-icici', 'secret-zerodha']);
    for (const name of modes) expect(statSync(join(dir.path, name)).mode & 0o777, name).toBe(0o600);
  });

  it('gives pairing strings that the extension reads', () => {
    const [pairing] = backend.pairings();
    const secret = readFileSync(join(dir.path, 'secret-zerodha'), 'utf8').trim();
    expect(readPairing(pairing?.line ?? '')).toEqual({
      ok: true,
      value: {
        url: 'https://bell.example.net/session',
        secret,
        account: 'zerodha',
        broker: 'zerodha',
        api_key: KEYS.ZERODHA_API_KEY,
        redirect_url: 'http://127.0.0.1/',
        mode: 'seal',
        expected_user: 'AB1234',
      },
    });
  });

  it('LEAK-01 logs no token', () => {
    expect(events.some(({ event }) => event === 'session.refused')).toBe(true);
    expect(JSON.stringify(events)).not.toContain(TOKEN);
  });
});

/** fetch writes Host, Origin and Sec-Fetch-Site itself. */
function statusOf(path: string, headers: Record<string, string>): Promise<number | undefined> {
  const host = headers.host?.replace('PORT', String(backend.port)) ?? `127.0.0.1:${backend.port}`;
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port: backend.port, path, headers: { ...headers, host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    call.on('error', reject).end();
  });
}
