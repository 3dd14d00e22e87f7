import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../utils/shared/time.ts';
import { customerDetails, signed } from '../../brokers/breeze/calls.ts';
import { type App, FAULTS, type Fault, type PracticeBrokers, startPracticeBrokers } from '../../brokers/index.ts';
import { exchange, profile, tickerUrl, upgradeStatus } from '../../brokers/kite/calls.ts';
import { INDICES } from '../../brokers/prices.ts';
import { until } from '../../support/until.ts';

const KITE_APP: App = {
  apiKey: 'kitekey',
  apiSecret: 'kite secret',
  redirectUrl: 'http://127.0.0.1:8000/cb',
  userId: 'AB1234',
};
const BREEZE_KEY = 'A+b=C!d#e%2Bf^g~h&i(j)k*l ';
const BREEZE_APP: App = {
  apiKey: BREEZE_KEY,
  apiSecret: 'breeze secret',
  redirectUrl: 'http://127.0.0.1:8000/cb',
  userId: 'IC1234',
};

const KITE_LOGIN = 'https://kite.zerodha.com/connect/login?v=3&api_key=kitekey';
const BREEZE_LOGIN = `https://api.icicidirect.com/apiuser/login?api_key=${encodeURIComponent(BREEZE_KEY)}`;

let brokers: PracticeBrokers;
let unreach: () => void;
let later = 0;

beforeAll(async () => {
  brokers = await startPracticeBrokers(() => Date.now() + later);
  unreach = await brokers.reachFromHere();
});

afterAll(async () => {
  unreach();
  await brokers.close();
});

beforeEach(() => {
  later = 0;
  brokers.faults.clear();
  brokers.kite.forget();
  brokers.breeze.forget();
  brokers.kite.register(KITE_APP);
  brokers.breeze.register(BREEZE_APP);
  Object.assign(brokers.kite.shape, {
    order: 'token-last',
    withType: true,
    withAction: true,
    consent: false,
    silent: false,
  });
  Object.assign(brokers.breeze.shape, { delivery: 'post+query', spelling: 'API_Session' });
});

describe('the official Kite client, unchanged and on the real host names', () => {
  it('logs in, exchanges once, reads profile and quotes, and receives ticks in a worker', async () => {
    const { url } = await brokers.browse(KITE_LOGIN);
    const token = new URL(url).searchParams.get('request_token') ?? '';
    const client = fileURLToPath(new URL('../../brokers/kite-client.ts', import.meta.url));
    const env = { ...process.env, ...brokers.nodeEnv };
    const { stdout } = await promisify(execFile)(process.execPath, [client, 'kitekey', 'kite secret', token], { env });
    const seen = JSON.parse(stdout);

    expect(seen.session).toMatchObject({ user_id: 'AB1234', api_key: 'kitekey', refresh_token: '' });
    expect(seen.session).toMatchObject({ public_token: expect.any(String), enctoken: expect.any(String) });
    expect(seen.again).toMatchObject({ error_type: 'TokenException', message: 'Token is invalid or has expired.' });
    expect(seen.profile.user_id).toBe('AB1234');
    expect(seen.loggedOut).toBe(true);
    expect(seen.refused.message).toBe('Incorrect `api_key` or `access_token`.');
    for (const { token: instrument_token, kite, close } of INDICES) {
      const tick = seen.ticks.find((one: { instrument_token: number }) => one.instrument_token === instrument_token);
      expect(tick).toMatchObject({ tradable: false, mode: 'full', ohlc: { close } });
      expect(Math.abs(tick.last_price / close - 1)).toBeLessThanOrEqual(0.0021);
      expect(Math.abs(seen.quote[kite].last_price / tick.last_price - 1)).toBeLessThan(0.004);
    }
    expect(brokers.kite.exchanges).toMatchObject([
      { token, outcome: 'accepted' },
      { token, outcome: 'spent' },
    ]);
  });
});

describe('a Kite login', () => {
  const ok = 'status=success';
  it.each([
    ['as documented', {}, `?action=login&type=login&${ok}&request_token=T&ob_state=n-1`],
    ['token first', { order: 'token-first' }, `?request_token=T&action=login&type=login&${ok}&ob_state=n-1`],
    ['without type', { withType: false }, `?action=login&${ok}&request_token=T&ob_state=n-1`],
    ['without action', { withAction: false }, `?type=login&${ok}&request_token=T&ob_state=n-1`],
    ['with consent', { consent: true }, `?action=login&type=login&${ok}&request_token=T&ob_state=n-1`],
  ])('redirects %s', async (_, shape, query) => {
    Object.assign(brokers.kite.shape, shape);
    const visit = await brokers.browse(`${KITE_LOGIN}&redirect_params=${encodeURIComponent('ob_state=n-1')}`);
    expect(visit).toMatchObject({ left: true, method: 'GET' });
    expect(masked(visit.url)).toBe(`http://127.0.0.1:8000/cb${query}`);
    expect(visit.steps.filter((step) => step.startsWith('200'))).toHaveLength('consent' in shape ? 2 : 1);
    expect(visit.steps.at(-1)).toBe('302 kite.zerodha.com/connect/finish');
  });

  it.each([
    ['http://127.0.0.1:8000', 'http://127.0.0.1:8000/?action'],
    ['https://example.com/cb?a=1', 'https://example.com/cb?a=1&action'],
    ['https://www.google.com/', 'https://www.google.com/?action'],
  ])('goes to the registered URL %s', async (redirectUrl, start) => {
    brokers.kite.register({ ...KITE_APP, redirectUrl });
    expect(masked((await brokers.browse(KITE_LOGIN)).url)).toBe(
      `${start}=login&type=login&status=success&request_token=T`,
    );
  });

  it('needs no page in a browser that logged in before, where it is silent', async () => {
    const jar = new Map<string, string>();
    await brokers.browse(KITE_LOGIN, jar);
    brokers.kite.shape.silent = true;
    expect((await brokers.browse(KITE_LOGIN, jar)).steps.map((step) => step.slice(0, 3))).toEqual([
      '302',
      '302',
      '302',
    ]);
    expect((await brokers.browse(KITE_LOGIN)).steps).toContain('200 kite.zerodha.com/connect/login');
  });

  it('ends on its own page for a user who is not enabled for the app, until that user is logged out', async () => {
    const jar = new Map<string, string>();
    brokers.kite.shape.silent = true;
    brokers.kite.register({ ...KITE_APP, userId: 'ZZ9999' });
    await brokers.browse(KITE_LOGIN, jar);
    brokers.kite.register(KITE_APP);
    brokers.kite.shape.ownUserOnly = true;
    const stranger = await brokers.browse(KITE_LOGIN, jar);
    expect([stranger.left, stranger.status, stranger.steps.at(-1)]).toEqual([
      false,
      400,
      '400 kite.zerodha.com/connect/finish',
    ]);
    await brokers.browse('https://kite.zerodha.com/logout', jar);
    expect((await brokers.browse(KITE_LOGIN, jar)).left).toBe(true);
  });

  it('stays at the broker with JSON for an unknown key, and for a login that fails', async () => {
    const unknown = await brokers.browse('https://kite.zerodha.com/connect/login?v=3&api_key=other');
    expect([unknown.left, unknown.status, JSON.parse(unknown.body).error_type]).toEqual([false, 400, 'InputException']);
    brokers.faults.add('kite.login.error');
    const failed = await brokers.browse(KITE_LOGIN);
    expect([failed.left, failed.status, JSON.parse(failed.body).error_type]).toEqual([false, 400, 'InputException']);
  });

  it('comes back without success, or from a basket order, with tokens that nobody can exchange', async () => {
    const basket = await brokers.browse('https://kite.zerodha.com/basket-return?api_key=kitekey');
    brokers.faults.add('kite.login.failed');
    const failed = await brokers.browse(KITE_LOGIN);
    expect(masked(basket.url)).toBe(
      'http://127.0.0.1:8000/cb?action=basket&type=basket&status=success&request_token=T',
    );
    expect(masked(failed.url)).toBe('http://127.0.0.1:8000/cb?action=login&type=login&status=error&request_token=T');
    for (const { url } of [basket, failed]) {
      const token = new URL(url).searchParams.get('request_token') ?? '';
      expect((await exchange(KITE_APP, token)).status).toBe(403);
    }
  });
});

describe('Kite errors', () => {
  const SPENT = [403, 'TokenException', 'Token is invalid or has expired.'] as const;
  it.each<[Fault, number, string, string]>([
    ['kite.exchange.spent', ...SPENT],
    ['kite.exchange.checksum', 403, 'TokenException', 'Invalid `checksum`.'],
    ['kite.exchange.input', 400, 'InputException', 'Invalid `request_token`.'],
    ['kite.exchange.permission', 403, 'PermissionException', 'Insufficient permission for that call.'],
    ['kite.exchange.limited', 429, 'NetworkException', 'Too many requests'],
    ['kite.exchange.general', 500, 'GeneralException', 'Something unexpected went wrong.'],
    ['kite.exchange.data', 502, 'DataException', 'Entity not available.'],
    ['kite.exchange.network', 503, 'NetworkException', 'Service is temporarily unavailable.'],
  ])('%s: %i %s %s, and the token stays unspent', async (fault, status, error_type, message) => {
    const token = brokers.kite.issue('kitekey');
    brokers.faults.add(fault);
    expect(await exchange(KITE_APP, token)).toMatchObject({
      status,
      body: { status: 'error', data: null, error_type, message },
    });
    brokers.faults.clear();
    expect((await exchange(KITE_APP, token)).status).toBe(200);
    expect(brokers.kite.exchanges.map(({ outcome }) => outcome)).toEqual([fault, 'accepted']);
  });

  it('a firewall answers with a page, a lost answer with none, and another user is another user', async () => {
    brokers.faults.add('kite.exchange.html');
    expect(await exchange(KITE_APP, brokers.kite.issue('kitekey'))).toMatchObject({ status: 403, body: undefined });
    brokers.faults.clear();
    brokers.faults.add('kite.exchange.lost');
    const token = brokers.kite.issue('kitekey');
    await expect(exchange(KITE_APP, token)).rejects.toThrow('socket hang up');
    brokers.faults.clear();
    expect((await exchange(KITE_APP, token)).status).toBe(403);
    brokers.faults.add('kite.exchange.other-user');
    expect((await exchange(KITE_APP, brokers.kite.issue('kitekey'))).body).toMatchObject({
      data: { user_id: 'ZZ9999' },
    });
    const outcomes = brokers.kite.exchanges.map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['kite.exchange.html', 'kite.exchange.lost', 'spent', 'kite.exchange.other-user']);
  });

  it('a request token lives 120 s, an access token until the next one, a logout or 06:00 IST', async () => {
    const late = brokers.kite.issue('kitekey');
    later = 121 * SECOND;
    expect((await exchange(KITE_APP, late)).body).toMatchObject({ error_type: SPENT[1], message: SPENT[2] });
    later = 0;
    const first = await session();
    expect((await profile(KITE_APP, first)).status).toBe(200);
    const second = await session();
    expect(await Promise.all([first, second].map(async (token) => (await profile(KITE_APP, token)).status))).toEqual([
      403, 200,
    ]);
    brokers.kite.endSession();
    expect((await profile(KITE_APP, second)).body).toMatchObject({ message: 'Incorrect `api_key` or `access_token`.' });
    const third = await session();
    later = 24 * 60 * MINUTE;
    expect((await profile(KITE_APP, third)).status).toBe(403);
  });

  it('a wrong secret and missing parameters say so', async () => {
    const token = brokers.kite.issue('kitekey');
    expect((await exchange({ ...KITE_APP, apiSecret: 'wrong' }, token)).body).toMatchObject({
      message: 'Invalid `checksum`.',
    });
    expect((await exchange(KITE_APP, '')).body).toMatchObject({ error_type: 'InputException' });
    expect((await exchange(KITE_APP, token)).status).toBe(200);
  });

  it.each<[Fault, number, object]>([
    ['kite.profile.refused', 403, { error_type: 'TokenException', message: 'Incorrect `api_key` or `access_token`.' }],
    ['kite.profile.network', 503, { error_type: 'NetworkException' }],
    ['kite.profile.other-user', 200, { data: { user_id: 'ZZ9999' } }],
  ])('%s: %i', async (fault, status, body) => {
    const token = await session();
    brokers.faults.add(fault);
    expect(await profile(KITE_APP, token)).toMatchObject({ status, body });
  });
});

describe('the Kite ticker', () => {
  it('refuses a bad token before the upgrade, and keeps a socket that outlives its token', async () => {
    expect(await upgradeStatus(KITE_APP, 'wrong')).toBe(403);
    const accessToken = await session();
    brokers.faults.add('kite.ticker.refused');
    expect(await upgradeStatus(KITE_APP, accessToken)).toBe(403);
    brokers.faults.clear();
    const socket = new WebSocket(tickerUrl(KITE_APP, accessToken));
    socket.binaryType = 'arraybuffer';
    const sizes: number[] = [];
    socket.onmessage = ({ data }) => sizes.push(data.byteLength);
    await new Promise((resolve) => {
      socket.onopen = resolve;
    });
    brokers.kite.endSession();
    const command = (a: string, v: unknown) => socket.send(JSON.stringify({ a, v }));
    command('subscribe', [265]);
    command('mode', ['ltp', [256265]]);
    command('mode', ['full', [738561]]);
    // 2 bytes of count, and 2 of length before every packet: quote of an index, its ltp, a stock with its depth.
    await expect.poll(() => sizes).toEqual(expect.arrayContaining([1, 2 + 2 + 28, 2 + 2 + 8, 2 + 2 + 184]));
    brokers.faults.add('kite.ticker.silent');
    const before = sizes.length;
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    expect(sizes.length - before).toBeLessThanOrEqual(1);
    expect(brokers.kite.sockets.size).toBe(1);
    socket.close();
    await expect.poll(() => brokers.kite.sockets.size).toBe(0);
  });
});

describe('a Breeze login', () => {
  it('works with the key encoded, and not with the key raw or encoded as a whole', async () => {
    expect((await brokers.browse(BREEZE_LOGIN)).left).toBe(true);
    const address = 'https://api.icicidirect.com/apiuser/login?api_key=';
    for (const url of [address + BREEZE_KEY, address + encodeURI(BREEZE_KEY)]) {
      const visit = await brokers.browse(url);
      expect([visit.left, visit.body.includes('Public Key does not exist')]).toEqual([false, true]);
    }
    brokers.faults.add('breeze.login.unknown-key');
    expect((await brokers.browse(BREEZE_LOGIN)).body).toContain('Public Key does not exist');
  });

  const deliveries = ['post+query', 'post', 'get'] as const;
  const spellings = ['API_Session', 'apisession', 'api_session'] as const;
  it.each(deliveries.flatMap((delivery) => spellings.map((spelling) => [delivery, spelling] as const)))(
    'delivers by %s as %s',
    async (delivery, spelling) => {
      brokers.breeze.register({ ...BREEZE_APP, redirectUrl: 'http://127.0.0.1:8000/?own=1' });
      brokers.breeze.shape = { delivery, spelling };
      const { method, url, form } = await brokers.browse(BREEZE_LOGIN);
      const N = brokers.breeze.issue(BREEZE_KEY);
      const query = { 'post+query': `&apisession=${N}`, post: '', get: `&${spelling}=${N}` }[delivery];
      expect({ method, url, form: form.toString() }).toEqual({
        method: delivery === 'get' ? 'GET' : 'POST',
        url: `http://127.0.0.1:8000/?own=1${query}`,
        form: delivery === 'get' ? '' : `${spelling}=${N}`,
      });
    },
  );

  it('lands at the broker itself where the redirect URL has no scheme', async () => {
    brokers.breeze.register({ ...BREEZE_APP, redirectUrl: 'www.google.com' });
    const { left, url } = await brokers.browse(BREEZE_LOGIN);
    const landing = `https://api.icicidirect.com/apiuser/www.google.com?apisession=${brokers.breeze.issue(BREEZE_KEY)}`;
    expect([left, url]).toEqual([false, landing]);
  });

  it('gives the same 8 digits all day, others after a rotation, at the end of a session and after midnight', async () => {
    const first = brokers.breeze.issue(BREEZE_KEY);
    expect(first).toMatch(/^\d{8}$/);
    await brokers.browse(BREEZE_LOGIN);
    expect(brokers.breeze.issue(BREEZE_KEY)).toBe(first);
    brokers.breeze.rotate();
    const second = brokers.breeze.issue(BREEZE_KEY);
    brokers.breeze.endSession();
    const third = brokers.breeze.issue(BREEZE_KEY);
    later = 24 * 60 * MINUTE;
    expect((await customerDetails(BREEZE_KEY, third)).body).toMatchObject({ Error: 'Invalid session.' });
    expect(new Set([first, second, third, brokers.breeze.issue(BREEZE_KEY)]).size).toBe(4);
  });
});

describe('the Breeze API', () => {
  it('exchanges as often as asked, and answers signed calls', async () => {
    const apisession = brokers.breeze.issue(BREEZE_KEY);
    const [one, two] = await Promise.all([
      customerDetails(BREEZE_KEY, apisession),
      customerDetails(BREEZE_KEY, apisession),
    ]);
    expect(one.body).toEqual(two.body);
    const token = await breezeToken();
    expect(Buffer.from(token, 'base64').toString()).toMatch(/^IC1234:\d+$/);
    expect((await signed(BREEZE_APP, 'funds', token)).body).toMatchObject({ Status: 200, Error: null });
    const body = { stock_code: 'NIFTY', exchange_code: 'NSE', product_type: 'cash' };
    expect((await signed(BREEZE_APP, 'quotes', token, body)).body).toMatchObject({
      Success: [{ stock_code: 'NIFTY', previous_close: 26_000 }],
    });
    expect(brokers.breeze.exchanges.map(({ token, outcome }) => [token, outcome])).toEqual(
      Array.from({ length: 3 }, () => [apisession, 'accepted']),
    );
  });

  it.each<[Fault, number, unknown]>([
    ['breeze.exchange.invalid-session', 200, { Success: null, Status: 500, Error: 'Invalid session.' }],
    ['breeze.exchange.unknown-key', 200, { Success: null, Status: 500, Error: 'Public Key does not exist.' }],
    ['breeze.exchange.unavailable', 200, { Success: null, Status: 500, Error: 'Resource not available.' }],
    ['breeze.exchange.limited', 401, { Success: null, Status: 5, Error: 'Limit exceed: API call per minute:' }],
    ['breeze.exchange.html', 200, undefined],
  ])('%s: %i', async (fault, status, body) => {
    const apisession = brokers.breeze.issue(BREEZE_KEY);
    brokers.faults.add(fault);
    const answer = await customerDetails(BREEZE_KEY, apisession);
    expect([answer.status, answer.body]).toEqual([status, body]);
    expect(brokers.breeze.exchanges).toMatchObject([{ token: apisession, outcome: fault }]);
  });

  it('refuses wrong sessions, keys and checksums, and can answer as another user', async () => {
    const token = await breezeToken();
    expect((await customerDetails(BREEZE_KEY, '12345678')).body).toMatchObject({ Error: 'Invalid session.' });
    expect((await customerDetails('other', '12345678')).body).toMatchObject({ Error: 'Public Key does not exist.' });
    expect((await signed(BREEZE_APP, 'funds', 'bm86bm8=')).body).toMatchObject({ Error: 'Invalid session.' });
    expect((await signed({ ...BREEZE_APP, apiSecret: 'wrong' }, 'funds', token)).body).toMatchObject({
      Status: 5,
      Error: expect.stringContaining('Checksum'),
    });
    brokers.faults.add('breeze.exchange.other-user').add('breeze.funds.invalid-session');
    expect((await customerDetails(BREEZE_KEY, brokers.breeze.issue(BREEZE_KEY))).body).toMatchObject({
      Success: { idirect_userid: 'ZZ9999' },
    });
    expect((await signed(BREEZE_APP, 'funds', token)).body).toMatchObject({ Error: 'Invalid session.' });
  });
});

describe('the Breeze stream', () => {
  it('sends ticks for what was joined, past the end of the session, and refuses a bad login', async () => {
    const [user = '', token = ''] = Buffer.from(await breezeToken(), 'base64')
      .toString()
      .split(':');
    const stream = connect({ user, token });
    const ticks: (string | number)[][] = [];
    stream.on('stock', (tick) => ticks.push(tick));
    await new Promise<void>((resolve) => stream.on('connect', resolve));
    brokers.breeze.endSession();
    stream.emit('join', ['4.1!NIFTY 50', '1.1!SENSEX']);
    await expect.poll(() => ticks.length).toBeGreaterThan(3);
    expect(new Set(ticks.map(([name]) => name))).toEqual(new Set(['4.1!NIFTY 50', '1.1!SENSEX']));
    expect(ticks[0]).toHaveLength(21);
    brokers.faults.add('breeze.stream.silent');
    // Ticks that were on their way still come, then none.
    const nextTicks = async () => {
      const before = ticks.length;
      await new Promise((resolve) => setTimeout(resolve, 500));
      return ticks.length - before;
    };
    await until(nextTicks, (more) => more === 0);
    const late = connect({ user, token });
    expect(await new Promise((resolve) => late.on('connect_error', ({ message }) => resolve(message)))).toBe(
      'Unauthorized',
    );
    stream.close();
    late.close();
    await expect.poll(() => brokers.breeze.sockets.size).toBe(0);
  });
});

it('every fault names the link it breaks', () => {
  const links = Object.entries(FAULTS).map(([name, { breaks }]) => [name.split('.')[1], breaks].join(' '));
  expect(new Set(links)).toEqual(
    new Set([
      'consent captured',
      'login captured',
      'exchange exchanged',
      'profile verified',
      // Where the exchange names no user, the profile is a part of it.
      'profile exchanged',
      'app live',
      'ticker live',
      'funds verified',
      'stream live',
    ]),
  );
});

const masked = (url: string) => url.replace(/request_token=[A-Za-z0-9]{32}(?=&|$)/, 'request_token=T');

/** The access token of a fresh Kite session. */
async function session(): Promise<string> {
  const { text } = await exchange(KITE_APP, brokers.kite.issue('kitekey'));
  return JSON.parse(text).data.access_token;
}

async function breezeToken(): Promise<string> {
  const { text } = await customerDetails(BREEZE_KEY, brokers.breeze.issue(BREEZE_KEY));
  return JSON.parse(text).Success.session_token;
}

function connect(auth: { user: string; token: string }): Socket {
  const options = { auth, transports: ['websocket'], reconnection: false, forceNew: true };
  return io('https://livestream.icicidirect.com', options);
}
