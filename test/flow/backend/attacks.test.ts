import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Backend, startBackend } from '../../../backend/src/backend.ts';
import { type PracticeBrokers, startPracticeBrokers } from '../../brokers/index.ts';
import {
  BREEZE,
  createSender,
  KEYS,
  KITE,
  type Sender,
  type Spawned,
  spawnBackend,
  temporaryDir,
  until,
} from './harness.ts';

const SENTINEL = 'SentinelSentinelSentinelSentinel';
const CHECK = JSON.stringify({ version: 1, type: 'session.check', account: 'zerodha' });
const JOB = JSON.stringify({ type: 'profile', account: 'zerodha' });

let brokers: PracticeBrokers;
let dir: ReturnType<typeof temporaryDir>;
let backend: Spawned;
let zerodha: Sender;
let port: number;

beforeAll(async () => {
  brokers = await startPracticeBrokers();
  brokers.kite.register(KITE);
  brokers.breeze.register(BREEZE);
  dir = temporaryDir();
  backend = await spawnBackend({ ...brokers.nodeEnv, DATA_DIR: dir.path }, dir.path);
  port = Number(new URL(backend.url).port);
  zerodha = createSender(backend.url, dir.path, 'zerodha');
});
afterAll(async () => {
  await backend.kill('SIGTERM');
  await brokers.close();
  dir.remove();
});
afterEach(() => brokers.kite.forget());

/** All that comes back for these bytes until the backend hangs up, or until half a second of silence. */
function raw(bytes: string, { waitsForEnd = false } = {}): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    const end = () => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('data', (chunk) => {
      answer += chunk;
      // Whether more comes after an answer can only be seen by waiting; for the answer itself as long as it takes.
      if (!waitsForEnd) socket.setTimeout(500, end);
    });
    socket.on('close', end).on('error', end);
    socket.write(bytes);
  });
}

const statuses = (answer: string) => [...answer.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status));
const request = (head: string[], body = '') => `${head.join('\r\n')}\r\n\r\n${body}`;
const host = () => `Host: 127.0.0.1:${port}`;
const jobs = async (): Promise<unknown[]> =>
  (await (await fetch(`${backend.url}/queue`, { headers: backend.key() })).json()).jobs;
const key = () => `Authorization: ${backend.key().authorization}`;
const token = () => brokers.kite.issue(KITE.apiKey);

describe('BCK-01 only this machine, and only under its own name', () => {
  const others = Object.values(networkInterfaces())
    .flat()
    .flatMap((address) =>
      address === undefined || address.internal || address.family !== 'IPv4' ? [] : [address.address],
    );

  it.each([...others, '127.0.0.2', '::1'])('does not listen on %s', async (address) => {
    const outcome = await new Promise((resolve) => {
      const socket = connect(port, address);
      socket.once('connect', () => resolve('connected')).once('error', () => resolve('refused'));
      socket.once('close', () => socket.destroy());
      socket.setTimeout(2_000, () => socket.destroy(new Error('no answer')));
    });
    expect(outcome).toBe('refused');
  });

  it.each([
    ['a rebound name', () => [`Host: evil.test:${port}`], 421],
    ['a rebound name that begins like ours', () => [`Host: 127.0.0.1.evil.test:${port}`], 421],
    ['our name as a user', () => [`Host: 127.0.0.1:${port}@evil.test`], 400],
    ['a trailing dot', () => [`Host: localhost.:${port}`], 421],
    ['no port', () => ['Host: 127.0.0.1'], 421],
    ['another spelling of the address', () => [`Host: 2130706433:${port}`], 421],
    ['the address of any machine', () => [`Host: 0.0.0.0:${port}`], 421],
    ['an empty host', () => ['Host:'], 400],
    ['no host', () => [], 400],
    ['two hosts', () => [host(), 'Host: evil.test'], 421],
    ['ours, but forwarded for another', () => ['Host: evil.test', `X-Forwarded-Host: 127.0.0.1:${port}`], 421],
    ['ours by Forwarded', () => ['Host: evil.test', `Forwarded: host=127.0.0.1:${port}`], 421],
    ['ours', () => [host()], 200],
    ['localhost in capitals', () => [`Host: LOCALHOST:${port}`], 200],
  ])('%s', async (_name, headers: () => string[], status) => {
    expect(statuses(await raw(request(['GET /status HTTP/1.1', ...headers()])))).toEqual([status]);
  });

  it('goes by the Host header also where the request line names another', async () => {
    const line = `GET http://127.0.0.1:${port}/status HTTP/1.1`;
    expect(statuses(await raw(request([line, 'Host: evil.test'])))).toEqual([421]);
  });

  it('is nobody’s proxy', async () => {
    const tunnel = await raw(request([`CONNECT 127.0.0.1:${port} HTTP/1.1`, host()]));
    expect(statuses(tunnel).filter((status) => status < 400)).toEqual([]);
    let reached = 0;
    const elsewhere = createServer(() => (reached += 1));
    await new Promise<void>((ready) => elsewhere.listen(0, '127.0.0.1', ready));
    const address = elsewhere.address();
    const other = typeof address === 'object' ? address?.port : 0;
    const answer = await raw(request([`GET http://127.0.0.1:${other}/nothing HTTP/1.1`, host()]));
    elsewhere.close();
    expect({ statuses: statuses(answer), reached }).toEqual({ statuses: [404], reached: 0 });
  });
});

describe('BCK-06 what is no plain, small JSON request', () => {
  const smuggled = () =>
    request(
      ['POST /queue HTTP/1.1', host(), key(), 'Content-Type: application/json', `Content-Length: ${JOB.length}`],
      JOB,
    );
  const post = (headers: string[], body = '') =>
    request(['POST /session HTTP/1.1', host(), 'Content-Type: application/json', ...headers], body);

  it.each([
    ['length and chunks', () => post(['Content-Length: 6', 'Transfer-Encoding: chunked'], `0\r\n\r\n${smuggled()}`)],
    ['two lengths', () => post(['Content-Length: 0', 'Content-Length: 9'], smuggled())],
    ['a list of lengths', () => post(['Content-Length: 0, 9'], smuggled())],
    ['a signed length', () => post(['Content-Length: +0'], smuggled())],
    ['a blank before the colon', () => post(['Transfer-Encoding : chunked'], `0\r\n\r\n${smuggled()}`)],
    ['chunks that are not last', () => post(['Transfer-Encoding: chunked, identity'], `0\r\n\r\n${smuggled()}`)],
    ['an unknown encoding', () => post(['Transfer-Encoding: xchunked'], `0\r\n\r\n${smuggled()}`)],
    ['a folded header', () => post(['X-A: b', ' Transfer-Encoding: chunked', 'Content-Length: 0x1'], smuggled())],
    ['a bare line feed', () => post(['X-A: b\nTransfer-Encoding: chunked'], `0\r\n\r\n${smuggled()}`)],
    ['a null in a header', () => post(['X-A: \0', 'Content-Length: 0'], smuggled())],
    ['a chunk of no size', () => post(['Transfer-Encoding: chunked'], `zz\r\n\r\n${smuggled()}`)],
  ])('smuggling by %s: one refusal, then the connection ends', async (_name, bytes: () => string) => {
    const before = (await jobs()).length;
    const answer = await raw(bytes(), { waitsForEnd: true });
    expect(statuses(answer)).toHaveLength(1);
    expect(statuses(answer)[0]).toBeGreaterThanOrEqual(400);
    expect((await jobs()).length).toBe(before);
  });

  it.each([
    ['9 KiB with a length', () => post(['Content-Length: 9000'], 'x'.repeat(9_000)), 413],
    ['9 KiB in chunks', () => post(['Transfer-Encoding: chunked'], `2328\r\n${'x'.repeat(9_000)}\r\n0\r\n\r\n`), 413],
    ['a length of a terabyte', () => post(['Content-Length: 1099511627776'], 'x'), 413],
    ['64 KiB of headers', () => request(['GET /health HTTP/1.1', host(), `X-A: ${'a'.repeat(65_536)}`]), 431],
    ['a compressed body', () => post(['Content-Encoding: gzip', 'Content-Length: 2'], '{}'), 401],
    [
      'another method by header',
      () => request(['GET /queue HTTP/1.1', host(), key(), 'X-HTTP-Method-Override: POST']),
      200,
    ],
    [
      'a form',
      () =>
        request(
          [
            'POST /queue HTTP/1.1',
            host(),
            key(),
            'Content-Type: application/x-www-form-urlencoded',
            `Content-Length: ${JOB.length}`,
          ],
          JOB,
        ),
      415,
    ],
    [
      'text',
      () =>
        request(
          ['POST /queue HTTP/1.1', host(), key(), 'Content-Type: text/plain', `Content-Length: ${JOB.length}`],
          JOB,
        ),
      415,
    ],
    [
      'text that mentions JSON',
      () =>
        request(
          [
            'POST /queue HTTP/1.1',
            host(),
            key(),
            'Content-Type: text/plain;application/json',
            `Content-Length: ${JOB.length}`,
          ],
          JOB,
        ),
      415,
    ],
    ['no type', () => request(['POST /queue HTTP/1.1', host(), key(), `Content-Length: ${JOB.length}`], JOB), 415],
    [
      'a page of another site',
      () => post(['Origin: https://evil.test', 'Sec-Fetch-Site: cross-site', 'Content-Length: 2'], '{}'),
      403,
    ],
    [
      'a page on another port',
      () => post(['Origin: http://127.0.0.1:1', 'Sec-Fetch-Site: same-site', 'Content-Length: 2'], '{}'),
      403,
    ],
    ['an opaque origin', () => post(['Origin: null', 'Sec-Fetch-Site: cross-site', 'Content-Length: 2'], '{}'), 403],
  ])('%s', async (_name, bytes: () => string, status) => {
    const before = (await jobs()).length;
    expect(statuses(await raw(bytes()))).toEqual([status]);
    expect((await jobs()).length).toBe(before);
  });

  it.each(['/', '/health', '/ready', '/metrics', '/queue', '/session', '/nothing'])(
    'sends no CORS header from %s',
    async (path) => {
      for (const method of ['GET', 'OPTIONS', 'POST']) {
        const preflight = ['Access-Control-Request-Method: POST', 'Access-Control-Request-Private-Network: true'];
        const answer = await raw(
          request([
            `${method} ${path} HTTP/1.1`,
            host(),
            'Origin: https://evil.test',
            ...preflight,
            'Content-Length: 0',
          ]),
        );
        expect(statuses(answer), answer).toEqual([403]);
        expect(answer).not.toMatch(/^access-control-/im);
      }
    },
  );

  it.each([
    ['the head', 'POST /session HTTP/1.1\r\n'],
    ['the body', () => post(['Content-Length: 100'], '{')],
  ])('who never finishes %s is not waited for, and holds nobody up', async (_name, start) => {
    const slow = Array.from({ length: 50 }, () =>
      raw(typeof start === 'string' ? `${start}${host()}\r\n` : start(), { waitsForEnd: true }),
    );
    expect(await zerodha.check()).toMatchObject({ type: 'session.report' });
    for (const answer of await Promise.all(slow)) expect(statuses(answer)).toEqual([408]);
  });
});

describe('BCK-12 an error answer never repeats what was posted', () => {
  const headers = { 'content-type': 'application/json' };
  const posted: [string, string][] = [
    ['text', SENTINEL],
    ['broken JSON', `{"account":"zerodha","${SENTINEL}":`],
    ['an unknown field', JSON.stringify({ ...JSON.parse(JOB), [SENTINEL]: 1 })],
    ['an unknown field further in', JSON.stringify({ ...JSON.parse(JOB), params: { [SENTINEL]: SENTINEL } })],
    ['a value of the wrong kind', JSON.stringify({ type: SENTINEL, account: SENTINEL, dedupe_key: `${SENTINEL} ` })],
    ['a wrong instrument', JSON.stringify({ type: 'quote', account: 'zerodha', params: { instruments: [SENTINEL] } })],
    ['a list', JSON.stringify([SENTINEL])],
    ['a broken delivery', JSON.stringify({ ...JSON.parse(CHECK), [SENTINEL]: SENTINEL })],
  ];

  it.each(posted)('%s', async (_name, body) => {
    const answers = [
      await fetch(`${backend.url}/queue`, { method: 'POST', headers: { ...headers, ...backend.key() }, body }),
      await fetch(`${backend.url}/session`, { method: 'POST', headers, body }),
      await zerodha.raw(body),
      await fetch(`${backend.url}/${SENTINEL}?${SENTINEL}`, { method: 'POST', headers: { 'x-a': SENTINEL }, body }),
    ];
    for (const answer of answers) {
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(JSON.stringify([...answer.headers]) + (await answer.text())).not.toContain(SENTINEL);
    }
    expect(backend.output()).not.toContain(SENTINEL);
  });
});

describe('BCK-02 BCK-03 BCK-09 signatures', () => {
  it('a flood of wrong ones from many sides locks out neither account', async () => {
    const wrong = { secret: `whsec_${'B'.repeat(44)}` };
    const flood = Array.from({ length: 300 }, () => zerodha.raw(CHECK, wrong));
    expect(await zerodha.check()).toMatchObject({ type: 'session.report' });
    const refused = await Promise.all(flood);
    // 408: its sender, this process, was too slow to send it.
    expect(refused.filter(({ status }) => ![401, 408, 429].includes(status))).toEqual([]);
    expect(refused.filter(({ status }) => status === 401).length).toBeLessThan(50);
    expect(await zerodha.check()).toMatchObject({ type: 'session.report' });
    const icici = createSender(backend.url, dir.path, 'icici');
    expect(await icici.check()).toMatchObject({ type: 'session.report' });
    expect((await zerodha.deliver(zerodha.captured(token()))).status).toBe(200);
  });

  it.each([
    ['none', ''],
    ['another version', 'v2,AAAA'],
    ['an empty one', 'v1,'],
    ['one that is too short', 'v1,AAAA'],
    ['five, the right one last', 'v1,AAAA v1,AAAA v1,AAAA v1,AAAA v1,AAAA'],
    ['no base64', 'v1,%%%%'],
  ])('%s proves nothing', async (_name, signature) => {
    const response = await zerodha.raw(CHECK, { headers: { 'webhook-signature': signature } });
    expect([401, 429]).toContain(response.status);
  });

  it.each(['webhook-id', 'webhook-timestamp'])('a changed %s breaks the signature', async (name) => {
    const value = name === 'webhook-id' ? 'check_2' : String(Math.floor(Date.now() / 1_000) - 7);
    expect([401, 429]).toContain((await zerodha.raw(CHECK, { headers: { [name]: value } })).status);
  });

  it('a signed answer sent back is no request', async () => {
    const answer = await zerodha.raw(CHECK);
    const headers = Object.fromEntries(answer.headers);
    const signed = Object.fromEntries(
      ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, headers[name] ?? '']),
    );
    const back = await fetch(`${backend.url}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signed },
      body: await answer.text(),
    });
    expect({ status: back.status, body: await back.json() }).toMatchObject({
      status: 400,
      body: { type: 'session.refused', reason: 'bad_request' },
    });
  });
});

describe('BCK-03 BCK-04 a recorded delivery that is sent again', () => {
  const home = temporaryDir();
  let inner: Backend;
  let clock = 0;
  let unreach: () => void;
  beforeAll(async () => {
    unreach = await brokers.reachFromHere();
    const env = { ...KEYS, PORT: '0', DATA_DIR: home.path };
    inner = await startBackend(env, { log: () => {}, now: () => Date.now() + clock });
  });
  afterAll(async () => {
    await inner.close();
    unreach();
    home.remove();
  });

  it('within five minutes changes nothing, after them is stale, and the broker is asked once', async () => {
    const sender = createSender(`http://127.0.0.1:${inner.port}`, home.path, 'zerodha');
    const message = sender.captured(token());
    // The very same bytes each time: same id, same time, same signature.
    const recorded = { at: Date.now() };
    expect((await sender.deliver(message, recorded)).answer).toMatchObject({ status: 'applied' });
    expect((await sender.deliver(message, recorded)).answer).toMatchObject({ status: 'replayed' });
    clock = 301_000;
    expect(await sender.deliver(message, recorded)).toMatchObject({
      status: 401,
      answer: { reason: 'stale_timestamp' },
    });
    expect(brokers.kite.exchanges).toHaveLength(1);
  });
});

describe('BCK-10 BCK-11 what a look at the machine gives away', () => {
  it.runIf(existsSync('/proc/self/cmdline'))(
    'no secret in the arguments of the process, and no child process at all',
    async () => {
      await zerodha.deliver(zerodha.captured(token()));
      await until(zerodha.check, ({ feed }) => feed?.state === 'live');
      const proc = `/proc/${backend.pid}`;
      const kite = [...brokers.kite.sessions.values()].at(-1);
      const secrets = [
        KITE.apiSecret,
        BREEZE.apiSecret,
        kite?.accessToken ?? '',
        readFileSync(join(dir.path, 'key'), 'utf8').trim(),
      ];
      for (const secret of secrets) {
        expect(secret.length).toBeGreaterThan(7);
        expect(readFileSync(`${proc}/cmdline`, 'utf8')).not.toContain(secret);
      }
      const children = readdirSync(`${proc}/task`).flatMap((task) =>
        readFileSync(`${proc}/task/${task}/children`, 'utf8')
          .split(' ')
          .filter((pid) => pid.trim() !== ''),
      );
      expect(children).toEqual([]);
    },
  );

  it('every file of DATA_DIR is for its owner alone', () => {
    const files = readdirSync(dir.path);
    expect(files).toEqual(expect.arrayContaining(['key', 'opening-bell.sqlite', 'secret-zerodha', 'secret-icici']));
    for (const file of files) expect([file, statSync(join(dir.path, file)).mode & 0o777]).toEqual([file, 0o600]);
  });

  it('no answer names a token, a key, a secret or a whole user', async () => {
    const answers = await Promise.all(
      ['/', '/health', '/ready', '/metrics', '/queue'].map(async (path) =>
        (await fetch(`${backend.url}${path}`, { headers: backend.key() })).text(),
      ),
    );
    const said = answers.join('\n') + JSON.stringify(await zerodha.check()) + backend.output();
    const kite = [...brokers.kite.sessions.values()].at(-1);
    const secret = readFileSync(join(dir.path, 'secret-zerodha'), 'utf8').trim();
    for (const hidden of [KITE.apiKey, KITE.apiSecret, KITE.userId, BREEZE.apiSecret, secret, kite?.accessToken ?? ''])
      expect(said).not.toContain(hidden);
    expect(said).toContain('AB****');
  });

  it('the practice of an SDK to switch the certificate check off is not ours: a wrong certificate is no broker', async () => {
    const env = {
      DATA_DIR: join(dir.path, 'untrusting'),
      NODE_OPTIONS: brokers.nodeEnv.NODE_OPTIONS ?? '',
      PRACTICE_BROKERS: brokers.nodeEnv.PRACTICE_BROKERS ?? '',
    };
    const untrusting = await spawnBackend(env, dir.path);
    const sender = createSender(untrusting.url, env.DATA_DIR, 'zerodha');
    const icici = createSender(untrusting.url, env.DATA_DIR, 'icici');
    expect(await sender.deliver(sender.captured(token()))).toMatchObject({ status: 503 });
    expect(await icici.deliver(icici.captured(brokers.breeze.issue(BREEZE.apiKey)))).toMatchObject({ status: 503 });
    await untrusting.kill('SIGTERM');
    expect(brokers.kite.exchanges).toEqual([]);
  });
});
