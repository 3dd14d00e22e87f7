import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { iciciClient } from '../../../backend/src/brokers/icici.ts';
import { zerodhaClient } from '../../../backend/src/brokers/zerodha.ts';
import type { Account } from '../../../backend/src/config/account.ts';
import { breezeFeed } from '../../../backend/src/feed/breeze-feed.ts';
import type { Answer, Asked } from '../../brokers/message.ts';
import { json } from '../../brokers/message.ts';
import { type Recorder, type Stream, startRecorder } from '../../brokers/recorder.ts';
import { BREEZE, createSender, KITE, spawnBackend, temporaryDir, until } from './harness.ts';

const APISESSION = '12345678';
const ACCESS_TOKEN = Buffer.from('CD5678:87654321').toString('base64');
const STREAM = '4.1!NIFTY 50';
const SIGNED = ['content-length', 'content-type', 'x-appkey', 'x-checksum', 'x-sessiontoken', 'x-timestamp'];
const AT = Date.parse('2026-11-20T03:46:07.890Z');
/** What every answer of these tests can be read as: a customer, funds and quotes. */
const SUCCESS = json({
  Success: { session_token: ACCESS_TOKEN, idirect_userid: 'CD5678' },
  Status: 200,
  Error: null,
});
/** Where the official client gets its list of instruments, which it insists on: a zip without entries will do. */
const MASTER = 'directlink.icicidirect.com';
const EMPTY_ZIP: Answer = { status: 200, headers: {}, body: `PK\x05\x06${'\0'.repeat(18)}` };

let recorder: Recorder;
beforeAll(async () => {
  recorder = await startRecorder();
});
afterEach(() => recorder.forget());
afterAll(() => recorder.close());

const account = (app: typeof KITE, name: Account['name']): Account => ({
  name,
  apiKey: app.apiKey,
  apiSecret: app.apiSecret,
  user: null,
  userVariable: '',
  redirectUrl: app.redirectUrl,
  redirectMode: 'seal',
  orderMarket: 'nse-fo',
  startToken: null,
});

const framesSent = (frames: number) =>
  until(
    async () => recorder.streams[0]?.frames.length ?? 0,
    (seen) => seen >= frames,
  );

const SILENT = { subscribed() {}, ticked() {}, down() {} };
const BREEZE_SESSION = {
  account: 'icici',
  generation: 1,
  user: 'CD5678',
  accessToken: ACCESS_TOKEN,
  dayToken: null,
  exchangedAt: AT,
  expiresAt: AT + 3_600_000,
} as const;

describe('Breeze: what the official breezeconnect 1.0.31 sends, and what we send', () => {
  /** Headers of the HTTP library, which carry nothing of Breeze's. */
  const TRANSPORT = ['accept', 'accept-encoding', 'user-agent', 'connection', 'host'];
  let official: { requests: Asked[]; stream: Stream | undefined };
  let ours: { requests: Asked[]; stream: Stream | undefined };

  beforeAll(async () => {
    recorder.answer = ({ headers }) => (headers.host === MASTER ? EMPTY_ZIP : SUCCESS);
    const client = join(import.meta.dirname, '../../brokers/breeze-client.ts');
    const args = [BREEZE.apiKey, BREEZE.apiSecret, APISESSION, String(AT), STREAM];
    const env = { PATH: process.env.PATH, ...recorder.nodeEnv(MASTER) };
    const child = spawn(process.execPath, [client, ...args], { env });
    let said = '';
    child.stderr.on('data', (chunk) => (said += chunk));
    const ended = new Promise((done) => child.once('close', done));
    await Promise.race([framesSent(2), ended.then(() => Promise.reject(new Error(said)))]).finally(() => child.kill());
    await ended;
    const requests = recorder.requests.filter(({ headers }) => headers.host !== MASTER);
    official = { requests, stream: recorder.streams[0] };
    recorder.forget();

    const unreach = await recorder.reachFromHere();
    vi.useFakeTimers({ toFake: ['Date'], now: AT });
    try {
      const icici = iciciClient(account(BREEZE, 'icici'));
      await icici.exchange(APISESSION);
      await icici.open(ACCESS_TOKEN).verify();
      await icici.open(ACCESS_TOKEN).quote(['NSE:NIFTY']);
      vi.useRealTimers();
      const end = breezeFeed([STREAM])(BREEZE_SESSION, SILENT);
      await framesSent(2);
      end();
      ours = { requests: [...recorder.requests], stream: recorder.streams[0] };
      recorder.forget();
    } finally {
      vi.useRealTimers();
      unreach();
    }
  });

  const shown = ({ method, host, path, query, body, headers }: Asked) => ({
    line: `${method} ${host}${path}?${query}`,
    body,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !TRANSPORT.includes(name))),
  });

  it.each([
    [0, 'customerdetails', ['content-length', 'content-type']],
    [1, 'funds', SIGNED],
    [2, 'quotes', SIGNED],
  ] as const)('request %i, %s: same line, same body, same headers, checksum included', (index, path, names) => {
    const theirs = official.requests[index];
    const own = ours.requests[index];
    if (theirs === undefined || own === undefined) throw new Error('a request is missing');
    expect(shown(own)).toEqual(shown(theirs));
    expect(shown(theirs).line).toBe(`GET api.icicidirect.com/breezeapi/api/v1/${path}?`);
    expect(Object.keys(shown(theirs).headers).sort()).toEqual(names);
  });

  it('sends no further request', () => {
    expect([official.requests.length, ours.requests.length]).toEqual([3, 3]);
  });

  it('stream: same host, same handshake, same login, same join', () => {
    expect(ours.stream).toEqual(official.stream);
    expect(official.stream).toMatchObject({
      host: 'livestream.icicidirect.com',
      frames: ['40{"user":"CD5678","token":"87654321"}', `42["join","${STREAM}"]`],
    });
  });

  it('BCK-11 what that SDK does to its process does not happen to ours', () => {
    expect(process.env.NODE_TLS_REJECT_UNAUTHORIZED).toBeUndefined();
    expect(Object.hasOwn(String.prototype, 'format')).toBe(false);
  });
});

// Here the official client itself does the talking: what is compared is what we give it, with Kite's own documentation.
describe('Kite: what the official kiteconnect 5.3.0 sends in our hands', () => {
  const TOKEN = 'RequestToken0123456789RequestTok';
  const SESSION = json({ status: 'success', data: { user_id: 'AB1234', access_token: 'access' } });
  let unreach: () => void;
  beforeAll(async () => {
    unreach = await recorder.reachFromHere();
  });
  afterAll(() => unreach());

  it('exchanges with the checksum over key, token and secret', async () => {
    recorder.answer = () => SESSION;
    expect(await zerodhaClient(account(KITE, 'zerodha')).exchange(TOKEN)).toEqual({
      ok: true,
      user: 'AB1234',
      accessToken: 'access',
    });
    const [asked] = recorder.requests;
    const checksum = createHash('sha256')
      .update(KITE.apiKey + TOKEN + KITE.apiSecret)
      .digest('hex');
    expect(asked).toMatchObject({
      method: 'POST',
      host: 'api.kite.trade',
      path: '/session/token',
      headers: { 'x-kite-version': '3', 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(asked?.headers.authorization).toBeUndefined();
    expect(Object.fromEntries(new URLSearchParams(asked?.body))).toMatchObject({
      api_key: KITE.apiKey,
      request_token: TOKEN,
      checksum,
    });
    expect(JSON.stringify(asked)).not.toContain(KITE.apiSecret);
  });

  it('asks for the profile and for quotes under the access token', async () => {
    recorder.answer = () => SESSION;
    const kite = zerodhaClient(account(KITE, 'zerodha')).open('access');
    await kite.verify();
    await kite.quote(['NSE:NIFTY 50', 'BSE:SENSEX']);
    expect(recorder.requests.map(({ method, host, path, query }) => [method, host, path, query.getAll('i')])).toEqual([
      ['GET', 'api.kite.trade', '/user/profile', []],
      ['GET', 'api.kite.trade', '/quote', ['NSE:NIFTY 50', 'BSE:SENSEX']],
    ]);
    for (const { headers } of recorder.requests)
      expect(headers).toMatchObject({ 'x-kite-version': '3', authorization: `token ${KITE.apiKey}:access` });
  });

  it('subscribes to NIFTY, BANKNIFTY and SENSEX in full mode, after a login', async () => {
    recorder.answer = () => SESSION;
    const dir = temporaryDir();
    // The ticker runs in a worker, which finds the recorder only where its whole process does.
    const backend = await spawnBackend({ ...recorder.nodeEnv(), DATA_DIR: dir.path }, dir.path);
    const sender = createSender(backend.url, dir.path, 'zerodha');
    await sender.deliver(sender.captured(TOKEN));
    await framesSent(2);
    await backend.kill('SIGTERM');
    dir.remove();
    const [stream] = recorder.streams;
    const { searchParams } = new URL(stream?.url ?? '', 'wss://ws.kite.trade');
    expect(stream?.host).toBe('ws.kite.trade');
    expect([searchParams.get('api_key'), searchParams.get('access_token')]).toEqual([KITE.apiKey, 'access']);
    expect(stream?.frames.map((frame) => JSON.parse(frame))).toEqual([
      { a: 'subscribe', v: [256265, 260105, 265] },
      { a: 'mode', v: ['full', [256265, 260105, 265]] },
    ]);
  });
});
