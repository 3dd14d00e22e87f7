import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { brokers as described } from '../../../utils/shared/brokers/index.ts';
import { istClock } from '../../../utils/shared/time.ts';
import { type Fault, type PracticeBrokers, startPracticeBrokers } from '../../brokers/index.ts';
import { BREEZE, createSender, KITE, type Sender, type Spawned, spawnBackend, temporaryDir, until } from './harness.ts';

const { signs: zerodhaSigns } = described.zerodha;

let brokers: PracticeBrokers;
let dir: ReturnType<typeof temporaryDir>;
let backend: Spawned;
let zerodha: Sender;
let icici: Sender;

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
  await backend.kill('SIGTERM');
  dir.remove();
  brokers.faults.clear();
  brokers.kite.forget();
  brokers.breeze.forget();
});

async function start(env: Record<string, string> = {}): Promise<void> {
  backend = await spawnBackend({ ...brokers.nodeEnv, DATA_DIR: dir.path, ...env }, dir.path);
  zerodha = createSender(backend.url, dir.path, 'zerodha');
  icici = createSender(backend.url, dir.path, 'icici');
}

const kiteToken = (user?: string) => brokers.kite.issue(KITE.apiKey, user);
const breezeToken = () => brokers.breeze.issue(BREEZE.apiKey);
const live = (sender: Sender) =>
  until(sender.check, ({ session, feed }) => session.state === 'verified' && feed?.state === 'live');

async function queue(job: object) {
  const headers = { 'content-type': 'application/json' };
  return (
    await fetch(`${backend.url}/queue`, {
      method: 'POST',
      headers: { ...headers, ...backend.key() },
      body: JSON.stringify(job),
    })
  ).json();
}

async function jobs(): Promise<{ id: string; state: string; result: unknown; problem: string | null }[]> {
  return (await (await fetch(`${backend.url}/queue`, { headers: backend.key() })).json()).jobs;
}

describe('from a token to a backend that lives', () => {
  it.each([
    ['zerodha', () => zerodha, () => kiteToken(), 'AB****'],
    ['icici', () => icici, () => breezeToken(), 'CD****'],
  ] as const)('%s: applied, verified, live', async (_name, sender, token, user) => {
    const message = sender().captured(token());
    const { status, answer } = await sender().deliver(message);
    expect({ status, answer }).toMatchObject({
      status: 200,
      answer: {
        type: 'session.applied',
        status: 'applied',
        id: sender().idOf(message),
        session: { state: 'exchanged', user },
      },
    });
    const { session, feed } = await live(sender());
    expect(session).toMatchObject({ state: 'verified', user, delivery: sender().idOf(message), problem: null });
    expect(Date.parse(feed?.first_tick_at ?? '')).toBeGreaterThan(Date.parse(session.exchanged_at ?? ''));
  });

  it('BCK-04 exchanges once, however often the same delivery comes', async () => {
    const message = zerodha.captured(kiteToken());
    const replies = await Promise.all(Array.from({ length: 50 }, () => zerodha.deliver(message)));
    const told = replies.map(({ answer }) =>
      answer.type === 'session.refused' ? answer.reason : answer.type === 'session.applied' ? answer.status : '',
    );
    expect(told.filter((word) => word === 'applied')).toHaveLength(1);
    expect(told.filter((word) => word !== 'applied' && word !== 'in_progress' && word !== 'replayed')).toEqual([]);
    expect(replies.find(({ status }) => status === 409)?.headers.get('retry-after')).toBe('1');
    expect(brokers.kite.exchanges).toHaveLength(1);
    await live(zerodha);
    expect(await zerodha.deliver(message)).toMatchObject({
      status: 200,
      answer: { status: 'replayed', session: { state: 'verified' } },
    });
    expect(brokers.kite.exchanges).toHaveLength(1);
  });

  it('takes a new login in place of the old one, and refuses an older one', async () => {
    await zerodha.deliver(zerodha.captured(kiteToken()));
    const first = await live(zerodha);
    await zerodha.deliver(zerodha.captured(kiteToken()));
    const second = await live(zerodha);
    expect(second.feed?.first_tick_at).not.toBe(first.feed?.first_tick_at);
    const older = zerodha.captured(kiteToken(), { captured_at: new Date(Date.now() - 60_000).toISOString() });
    expect(await zerodha.deliver(older)).toMatchObject({ status: 409, answer: { reason: 'superseded' } });
    expect(brokers.kite.exchanges).toHaveLength(2);
    await until(
      async () => brokers.kite.sockets.size,
      (open) => open === 1,
    );
  });

  it('BCK-02 knows a token that comes again under a new secret', async () => {
    const token = kiteToken();
    await zerodha.deliver(zerodha.captured(token));
    await live(zerodha);
    const path = join(dir.path, 'secret-zerodha');
    const before = zerodha;
    writeFileSync(path, `whsec_${'C'.repeat(44)}\n${readFileSync(path, 'utf8')}`);
    await backend.kill('SIGTERM');
    await start();
    expect(zerodha.idOf(zerodha.captured(token))).not.toBe(before.idOf(before.captured(token)));
    expect(await zerodha.deliver(zerodha.captured(token))).toMatchObject({ answer: { status: 'replayed' } });
    expect(brokers.kite.exchanges).toHaveLength(1);
  });

  it('exchanges a day token again after another login, when its session has ended', async () => {
    await icici.deliver(icici.captured(breezeToken()));
    await live(icici);
    brokers.faults.add('breeze.funds.invalid-session');
    const quote = { type: 'quote', account: 'icici', params: { instruments: ['NSE:NIFTY'] } };
    expect(await queue(quote)).toMatchObject({ success: false, auth_required: true });
    expect(await icici.check()).toMatchObject({
      session: { state: 'rejected', problem: 'ICICI Direct: Invalid session.' },
    });
    brokers.faults.clear();
    const before = brokers.breeze.exchanges.length;
    // And once, however often the second login comes: each post finds the first login's answer in its way.
    const again = icici.captured(breezeToken());
    const replies = await Promise.all(Array.from({ length: 50 }, () => icici.deliver(again)));
    expect(
      replies.filter(({ answer }) => answer.type === 'session.applied' && answer.status === 'applied'),
    ).toHaveLength(1);
    expect(brokers.breeze.exchanges).toHaveLength(before + 1);
    await live(icici);
  });
});

describe('what a broker refuses', () => {
  const cases: [Fault, number, string, string][] = [
    ['kite.exchange.spent', 410, 'token_spent', 'Zerodha: Token is invalid or has expired.'],
    ['kite.exchange.checksum', 422, 'configuration', 'Zerodha: Invalid `checksum`.'],
    ['kite.exchange.input', 422, 'configuration', 'Zerodha: Invalid `request_token`.'],
    ['kite.exchange.permission', 422, 'configuration', 'Zerodha: Insufficient permission for that call.'],
    ['kite.exchange.limited', 429, 'rate_limited', 'Zerodha: Too many requests'],
    ['kite.exchange.html', 503, 'unavailable', 'Zerodha: Forbidden'],
    ['kite.exchange.general', 503, 'unavailable', 'Zerodha: Something unexpected went wrong.'],
    ['kite.exchange.data', 503, 'unavailable', 'Zerodha: Entity not available.'],
    ['kite.exchange.network', 503, 'unavailable', 'Zerodha: Service is temporarily unavailable.'],
    ['kite.exchange.lost', 503, 'unavailable', 'Zerodha: No response from server with error code: ECONNRESET'],
    [
      'kite.exchange.other-user',
      409,
      'wrong_account',
      'this login is of another user; ZERODHA_USER_ID names the one this backend takes',
    ],
    ['breeze.exchange.invalid-session', 410, 'token_spent', 'ICICI Direct: Invalid session.'],
    ['breeze.exchange.unavailable', 503, 'unavailable', 'ICICI Direct: Resource not available.'],
    ['breeze.exchange.unknown-key', 422, 'configuration', 'ICICI Direct: Public Key does not exist.'],
    ['breeze.exchange.limited', 429, 'rate_limited', 'ICICI Direct: Limit exceed: API call per minute:'],
    ['breeze.exchange.html', 503, 'unavailable', 'ICICI Direct: an answer that was not JSON'],
    [
      'breeze.exchange.other-user',
      409,
      'wrong_account',
      'this login is of another user; BREEZE_USER_ID names the one this backend takes',
    ],
  ];

  it.each(cases)('%s: %i %s', async (fault, status, reason, message) => {
    brokers.faults.add(fault);
    const isKite = fault.startsWith('kite');
    const sender = isKite ? zerodha : icici;
    const captured = sender.captured(isKite ? kiteToken() : breezeToken(), {
      expected_user: isKite ? 'ab1234' : 'cd5678',
    });
    const asked = isKite ? brokers.kite.exchanges : brokers.breeze.exchanges;
    expect(await sender.deliver(captured)).toMatchObject({
      status,
      answer: { type: 'session.refused', reason, message },
    });
    expect(await sender.check()).toMatchObject({ session: { state: 'none' } });

    brokers.faults.clear();
    const again = await sender.deliver(captured);
    const isTransient = status === 422 || status === 429 || status === 503;
    // A final answer is given again without asking; one that passes, or that a person mends at the broker, left nothing
    // behind, and the token gets its next chance from the same process.
    expect(asked).toHaveLength(isTransient ? 2 : 1);
    if (fault === 'kite.exchange.lost') expect(again).toMatchObject({ status: 410 });
    else expect(again).toMatchObject(isTransient ? { status: 200 } : { status, answer: { reason } });
  });

  it('a token that ICICI Direct could not say anything of for ten minutes is given up', async () => {
    brokers.faults.add('breeze.exchange.unavailable');
    const captured_at = new Date(Date.now() - 11 * 60_000).toISOString();
    expect(await icici.deliver(icici.captured(breezeToken(), { captured_at }))).toMatchObject({
      status: 410,
      answer: { reason: 'token_spent' },
    });
  });

  it('BCK-08 a login of another user leaves the present session as it is (CAP-10)', async () => {
    await zerodha.deliver(zerodha.captured(kiteToken()));
    const before = await live(zerodha);
    expect(await zerodha.deliver(zerodha.captured(kiteToken('ZZ9999')))).toMatchObject({
      status: 409,
      answer: { reason: 'wrong_account' },
    });
    const after = await zerodha.check();
    expect(after.session).toEqual(before.session);
    expect(after.feed?.first_tick_at).toBe(before.feed?.first_tick_at);
  });

  it.each([
    ['kite.profile.refused', 'rejected', 'Zerodha: Incorrect `api_key` or `access_token`.'],
    ['kite.profile.other-user', 'rejected', 'the broker names another user for this session'],
    ['kite.profile.network', 'exchanged', 'Zerodha: Service is temporarily unavailable.'],
    ['breeze.funds.invalid-session', 'rejected', 'ICICI Direct: Invalid session.'],
  ] as const)('%s: the session is %s', async (fault, state, problem) => {
    brokers.faults.add(fault);
    const sender = fault.startsWith('kite') ? zerodha : icici;
    await sender.deliver(sender.captured(fault.startsWith('kite') ? kiteToken() : breezeToken()));
    const { session } = await until(sender.check, ({ session }) => Boolean(session.problem));
    expect(session).toMatchObject({ state, problem, verified_at: null });
    if (state === 'rejected') return;
    brokers.faults.clear();
    await live(sender);
  });

  it.each([
    ['kite.ticker.refused', 'refused', 'Zerodha refuses the access token'],
    ['breeze.stream.refused', 'refused', 'ICICI Direct refuses the session for its stream'],
    ['kite.ticker.silent', 'connecting', 'Zerodha: the ticker sent nothing'],
  ] as const)('%s: the feed is %s', async (fault, state, problem) => {
    brokers.faults.add(fault);
    const sender = fault.startsWith('kite') ? zerodha : icici;
    await sender.deliver(sender.captured(fault.startsWith('kite') ? kiteToken() : breezeToken()));
    const { feed } = await until(sender.check, ({ feed }) => Boolean(feed?.problem));
    expect(feed).toMatchObject({ state, problem, first_tick_at: null });
    brokers.faults.clear();
    await live(sender);
  });
});

describe('a free app of Kite, which has no market data', () => {
  it('is verified, and its feed says so and is not tried again', async () => {
    brokers.faults.add('kite.app.personal');
    await zerodha.deliver(zerodha.captured(kiteToken()));
    // In the morning Kite says the same of a session that dies, so then the feed is tried again.
    const { minutes } = istClock(Date.now());
    const isMorning = zerodhaSigns.isDoubtful?.({ error_type: 'PermissionException' }, minutes) ?? false;
    const state = isMorning ? 'refused' : 'no_market_data';
    const problem = isMorning ? 'Zerodha refuses the access token' : 'this app of the broker has no market data';
    const { session, feed } = await until(zerodha.check, (one) => one.feed?.state === state);
    expect(session).toMatchObject({ state: 'verified', problem: null });
    expect(feed).toMatchObject({ problem, first_tick_at: null });
  });
});

describe('requests that failed for want of a session', () => {
  it.each([
    ['zerodha', () => zerodha, () => kiteToken(), { instruments: ['NSE:NIFTY 50'] }],
    ['icici', () => icici, () => breezeToken(), { instruments: ['NSE:NIFTY'] }],
  ] as const)(
    '%s: run by themselves after the login, in order, each result visible',
    async (account, sender, token, params) => {
      const first = await queue({ type: 'quote', account, params });
      const second = await queue({ type: 'profile', account });
      expect([first, second]).toMatchObject([
        { success: false, auth_required: true },
        { success: false, auth_required: true },
      ]);
      await sender().deliver(sender().captured(token()));
      const { queue: state } = await until(sender().check, ({ queue }) => queue?.done === 2);
      expect(state?.latest.map(({ label, state }) => `${label} ${state}`)).toEqual([
        `profile done`,
        `quote ${params.instruments[0]} done`,
      ]);
      expect((await jobs()).find(({ id }) => id === first.job.id)?.result).toHaveProperty(params.instruments[0]);
      expect(await queue({ type: 'quote', account, params })).toMatchObject({
        success: true,
        result: { [params.instruments[0]]: {} },
      });
    },
  );

  it('park when the session ended at the broker, and run after the next login', async () => {
    await zerodha.deliver(zerodha.captured(kiteToken()));
    await live(zerodha);
    brokers.kite.endSession();
    const { success, auth_required, error, job } = await queue({
      type: 'profile',
      account: 'zerodha',
      dedupe_key: 'p1',
    });
    expect({ success, auth_required, error }).toEqual({
      success: false,
      auth_required: true,
      error: 'Zerodha: Incorrect `api_key` or `access_token`.',
    });
    expect((await queue({ type: 'profile', account: 'zerodha', dedupe_key: 'p1' })).job.id).toBe(job.id);
    await zerodha.deliver(zerodha.captured(kiteToken()));
    await until(zerodha.check, ({ queue }) => queue?.done === 1);
    expect(await jobs()).toMatchObject([{ id: job.id, state: 'done', result: { user_id: 'AB1234' } }]);
  });
});

describe('a backend that is killed', () => {
  let tarPit: Server;
  let reached: Promise<void>;
  let stuck: Record<string, string>;

  beforeEach(async () => {
    // A broker that takes the connection and never answers holds the exchange open.
    let arrive = () => {};
    reached = new Promise((resolve) => {
      arrive = resolve;
    });
    tarPit = createServer(() => arrive());
    await new Promise<void>((resolve) => tarPit.listen(0, '127.0.0.1', resolve));
    const address = tarPit.address();
    const port = typeof address === 'object' ? address?.port : 0;
    stuck = { PRACTICE_BROKERS: JSON.stringify({ 'api.kite.trade': port, 'api.icicidirect.com': port }) };
    await backend.kill('SIGKILL');
    await start(stuck);
  });
  afterEach(() => tarPit.close());

  it('BCK-05 during the exchange of a one-time token: spent, the broker is not asked again', async () => {
    const message = zerodha.captured(kiteToken());
    const lost = zerodha.deliver(message).catch(() => 'lost');
    await reached;
    expect(await zerodha.deliver(message)).toMatchObject({ status: 409, answer: { reason: 'in_progress' } });
    await backend.kill('SIGKILL');
    expect(await lost).toBe('lost');
    await start();
    // The dead process holds the exchange until its lease ends.
    expect(await zerodha.deliverAtLast(message)).toMatchObject({ status: 410, answer: { reason: 'token_spent' } });
    expect(brokers.kite.exchanges).toEqual([]);
  });

  it('BCK-05 during the exchange of a day token: it is exchanged after the start', async () => {
    const message = icici.captured(breezeToken());
    const lost = icici.deliver(message).catch(() => 'lost');
    await reached;
    await backend.kill('SIGKILL');
    await lost;
    await start();
    expect(await icici.deliverAtLast(message)).toMatchObject({ status: 200, answer: { status: 'applied' } });
  });

  it('with a session and a parked request: both are there after the start', async () => {
    await backend.kill('SIGKILL');
    await start();
    await zerodha.deliver(zerodha.captured(kiteToken()));
    await live(zerodha);
    await queue({ type: 'profile', account: 'icici' });
    await backend.kill('SIGKILL');
    await start();
    await live(zerodha);
    expect(await jobs()).toMatchObject([{ state: 'parked' }]);
    expect(brokers.kite.exchanges).toHaveLength(1);
  });
});

it('LEAK-01 no token stands in the log or on the disk', async () => {
  const tokens = [kiteToken(), breezeToken()];
  await zerodha.deliver(zerodha.captured(tokens[0] ?? ''));
  await icici.deliver(icici.captured(tokens[1] ?? ''));
  await Promise.all([live(zerodha), live(icici)]);
  const [kite] = [...brokers.kite.sessions.values()];
  const breeze = brokers.breeze.find(() => true);
  const secrets = [
    ...tokens,
    kite?.accessToken ?? '',
    Buffer.from(`CD5678:${breeze?.sessionKey}`).toString('base64'),
    KITE.apiSecret,
    BREEZE.apiSecret,
  ];
  const files = readdirSync(dir.path).map((name) => readFileSync(join(dir.path, name), 'latin1'));
  expect(files.join('')).toContain(zerodha.idOf(zerodha.captured(tokens[0] ?? '')));
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(7);
    expect(backend.output()).not.toContain(secret);
    expect(files.some((text) => text.includes(secret))).toBe(false);
  }
});
