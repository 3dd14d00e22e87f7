import { rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PracticeBrokers, startPracticeBrokers } from '../../brokers/index.ts';
import {
  BREEZE,
  createSender,
  KITE,
  printed,
  type Sender,
  type Spawned,
  spawnBackend,
  temporaryDir,
  until,
} from './harness.ts';

let brokers: PracticeBrokers;
let dir: ReturnType<typeof temporaryDir>;
let backend: Spawned;
let zerodha: Sender;

beforeAll(async () => {
  brokers = await startPracticeBrokers();
  brokers.kite.register(KITE);
  brokers.breeze.register(BREEZE);
});
afterAll(() => brokers.close());

beforeEach(async () => {
  dir = temporaryDir();
  await start();
});
afterEach(async () => {
  await backend.kill('SIGKILL');
  dir.remove();
  brokers.kite.forget();
});

async function start(env: Record<string, string> = {}): Promise<void> {
  backend = await spawnBackend({ ...brokers.nodeEnv, DATA_DIR: dir.path, ...env }, dir.path);
  zerodha = createSender(backend.url, dir.path, 'zerodha');
}

const token = () => brokers.kite.issue(KITE.apiKey);
const get = async (path: string) => {
  const response = await fetch(`${backend.url}${path}`);
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
};
/** The samples that are not zero. */
const samples = async () => {
  const { text } = await get('/metrics');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => [line.replace(/ \S+$/, ''), Number(line.split(' ').at(-1))]).filter(([, value]) => value !== 0),
  );
};

describe('GET /ready', () => {
  it('says yes while a delivery could be kept, and nothing of a session', async () => {
    const { status, text } = await get('/ready');
    expect({ status, body: JSON.parse(text) }).toEqual({
      status: 200,
      body: { ready: true, database: true, configuration: true },
    });
  });

  it.each([
    ['opening-bell.sqlite', { ready: false, database: false, configuration: true }],
    ['key', { ready: false, database: true, configuration: false }],
    ['secret-icici', { ready: false, database: true, configuration: false }],
  ])('says no when %s is gone, while /health still answers', async (file, body) => {
    rmSync(join(dir.path, file));
    const { status, text } = await get('/ready');
    expect({ status, body: JSON.parse(text) }).toEqual({ status: 503, body });
    expect(await get('/health')).toMatchObject({ status: 200, text: '{"ok":true}' });
  });
});

describe('GET /metrics', () => {
  it('follows a token from the refusal before it to the first tick after it', async () => {
    expect(await get('/metrics')).toMatchObject({ status: 200, type: expect.stringContaining('text/plain') });
    expect(await samples()).toMatchObject({
      'opening_bell_session{account="zerodha",state="none"}': 1,
      'opening_bell_feed{account="icici",state="off"}': 1,
    });
    await zerodha.post('{}', { secret: `whsec_${'A'.repeat(44)}` }).catch(() => null);
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ type: 'profile', account: 'zerodha' });
    await fetch(`${backend.url}/queue`, { method: 'POST', headers: { ...headers, ...backend.key() }, body });
    expect(await samples()).toMatchObject({
      'opening_bell_refusals_total{account="none",reason="bad_signature"}': 1,
      'opening_bell_jobs{account="zerodha",state="parked"}': 1,
    });

    const message = zerodha.captured(token());
    await zerodha.deliver(message);
    await zerodha.deliver(message);
    await until(zerodha.check, ({ feed, queue }) => feed?.state === 'live' && queue?.done === 1);
    const after = await samples();
    expect(after).toMatchObject({
      'opening_bell_session{account="zerodha",state="verified"}': 1,
      'opening_bell_feed{account="zerodha",state="live"}': 1,
      'opening_bell_jobs{account="zerodha",state="done"}': 1,
      'opening_bell_deliveries_total{account="zerodha",status="applied"}': 1,
      'opening_bell_deliveries_total{account="zerodha",status="replayed"}': 1,
      'opening_bell_broker_calls_total{account="zerodha",call="exchange",outcome="ok"}': 1,
      'opening_bell_broker_calls_total{account="zerodha",call="verify",outcome="ok"}': 1,
      'opening_bell_broker_calls_total{account="zerodha",call="profile",outcome="ok"}': 1,
      'opening_bell_verify_seconds_count{account="zerodha"}': 1,
      'opening_bell_first_tick_seconds_count{account="zerodha"}': 1,
      'opening_bell_broker_call_seconds_count{account="zerodha",call="exchange"}': 1,
      'opening_bell_session_expires_seconds{account="zerodha"}': expect.any(Number),
      opening_bell_resident_memory_bytes: expect.any(Number),
    });
    expect(after).not.toHaveProperty('opening_bell_session{account="zerodha",state="none"}');
  });

  it('tells how a call failed, and holds neither secret nor user', async () => {
    const spent = token();
    brokers.faults.add('kite.exchange.spent');
    await zerodha.deliver(zerodha.captured(spent));
    brokers.faults.clear();
    await zerodha.deliver(zerodha.captured(token()));
    await until(zerodha.check, ({ session }) => session.state === 'verified');
    brokers.kite.endSession();
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ type: 'profile', account: 'zerodha' });
    await fetch(`${backend.url}/queue`, { method: 'POST', headers: { ...headers, ...backend.key() }, body });
    expect(await samples()).toMatchObject({
      'opening_bell_broker_calls_total{account="zerodha",call="exchange",outcome="auth_required"}': 1,
      'opening_bell_broker_calls_total{account="zerodha",call="profile",outcome="auth_required"}': 1,
      'opening_bell_refusals_total{account="zerodha",reason="token_spent"}': 1,
      'opening_bell_session{account="zerodha",state="rejected"}': 1,
    });
    const { text } = await get('/metrics');
    for (const secret of [spent, KITE.userId, KITE.apiKey, KITE.apiSecret]) expect(text).not.toContain(secret);
  });
});

describe('the log of a process', () => {
  it('is JSON lines and nothing else on standard output, from its level on', async () => {
    await zerodha.post('{}').catch(() => null);
    await backend.kill('SIGTERM');
    const lines = backend.stdout().trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).event)).toEqual([
      'backend.started',
      'session.refused',
      'backend.stopped',
    ]);
    await start({ LOG_LEVEL: 'warn' });
    await zerodha.post('{}').catch(() => null);
    await backend.kill('SIGTERM');
    expect(JSON.parse(backend.stdout())).toMatchObject({ level: 'warn', event: 'session.refused' });
  });

  it('warns when it listens on more than this machine', async () => {
    await backend.kill('SIGTERM');
    await start({ BIND: '0.0.0.0' });
    await printed(backend, '"event":"backend.exposed"');
    expect(await get('/health')).toMatchObject({ status: 200 });
  });
});

describe('SIGTERM', () => {
  /** A broker that takes the connection and answers when told to, by hanging up. */
  let tarPit: Server;
  let reached: Promise<() => void>;
  let stuck: Record<string, string>;

  beforeEach(async () => {
    let arrive = (_hangUp: () => void) => {};
    reached = new Promise((resolve) => {
      arrive = resolve;
    });
    tarPit = createServer((socket) => arrive(() => socket.destroy()));
    await new Promise<void>((resolve) => tarPit.listen(0, '127.0.0.1', resolve));
    const address = tarPit.address();
    const port = typeof address === 'object' ? address?.port : 0;
    stuck = { PRACTICE_BROKERS: JSON.stringify({ 'api.kite.trade': port }) };
    await backend.kill('SIGKILL');
    await start(stuck);
  });
  afterEach(() => tarPit.close());

  it('during an exchange lets it end: its answer arrives, and the process ends with 0', async () => {
    const answered = zerodha.deliver(zerodha.captured(token()));
    const hangUp = await reached;
    const ended = backend.kill('SIGTERM');
    await until(
      () =>
        fetch(`${backend.url}/health`).then(
          () => 'served',
          () => 'refused',
        ),
      (word) => word === 'refused',
    );
    hangUp();
    expect(await answered).toMatchObject({ status: 503, answer: { reason: 'unavailable' } });
    expect(await ended).toBe(0);
  });

  it('during an exchange that never ends on its own: bounded, ended with 0, and never a false ok afterwards', async () => {
    const message = zerodha.captured(token());
    const answered = zerodha.deliver(message).then(
      ({ status }) => status,
      () => 'cut off',
    );
    await reached;
    expect(await backend.kill('SIGTERM')).toBe(0);
    expect([503, 'cut off']).toContain(await answered);
    await start();
    expect([200, 410]).toContain((await zerodha.deliver(message)).status);
  });

  it('does not wait for a connection that says nothing', async () => {
    const { port } = new URL(backend.url);
    const idle = connect(Number(port), '127.0.0.1');
    await new Promise((resolve) => idle.once('connect', resolve));
    idle.write('POST /session HTTP/1.1\r\n');
    expect(await backend.kill('SIGTERM')).toBe(0);
    idle.destroy();
  });
});
