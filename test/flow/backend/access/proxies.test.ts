import { once } from 'node:events';
import { connect } from 'node:http2';
import { type RequestOptions, request } from 'node:https';
import type { LookupFunction } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataKey } from '../../../../backend/src/config/secrets.ts';
import { signInLink } from '../../../../backend/src/console/links.ts';
import { type PracticeBrokers, startPracticeBrokers } from '../../../brokers/index.ts';
import { proxyProgram } from '../../../peers/install.mjs';
import { PROXIES, type ProxyName, type RunningProxy, SUB, startProxy, TOP } from '../../../peers/proxies.ts';
import { freePort } from '../../../support/backend/practice.ts';
import { BREEZE, createSender, KITE, type Send, type Spawned, spawnBackend, temporaryDir, until } from '../harness.ts';

let brokers: PracticeBrokers;
beforeAll(async () => {
  brokers = await startPracticeBrokers();
  brokers.breeze.register(BREEZE);
});
afterAll(() => brokers.close());

/** Where the backend stands: its address without a port, and how the proxy is told so. */
const PLACES: Record<string, { host: string; base: string; change?: (settings: string) => string }> = {
  'at the top of its host': { host: TOP, base: '/' },
  'under a sub-path': { host: SUB, base: '/bell/' },
  // nginx takes the sub-path away in our page, and Caddy leaves it; here it is the other way round.
  'under a sub-path, the other way': {
    host: SUB,
    base: '/bell/',
    change: (settings) =>
      settings
        .replace(/(location \/bell\/ \{\s+proxy_pass http:\/\/127\.0\.0\.1:8787)\//, '$1')
        .replace('handle /bell/*', 'handle_path /bell/*'),
  },
};

const lookup: LookupFunction = (_name, options, done) =>
  options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4);

describe.each(PROXIES)('behind %s', (name) => {
  describe.skipIf(proxyProgram(name) === null).each(Object.entries(PLACES))('%s', (_place, place) => {
    behind(name, place);
  });
});

function behind(name: ProxyName, { host, base, change }: (typeof PLACES)[string]): void {
  let dir: ReturnType<typeof temporaryDir>;
  let backend: Spawned;
  let proxy: RunningProxy;
  /** The address of the backend for the world, with the proxy's port. */
  let address: string;

  beforeAll(async () => {
    dir = temporaryDir();
    const port = await freePort();
    proxy = await startProxy(name, port, change);
    address = `https://${host}:${proxy.port}${base}`;
    // Without a port: a proxy in the world listens on the standard one.
    const env = { PORT: String(port), PUBLIC_URL: `https://${host}${base}session`, TRUSTED_PROXIES: '127.0.0.1' };
    backend = await spawnBackend(
      { ...brokers.nodeEnv, DATA_DIR: dir.path, ZERODHA_USER_ID: KITE.userId, ...env },
      dir.path,
    );
    brokers.kite.register({ ...KITE, redirectUrl: `${address}api/auth/callback` });
  });
  afterAll(async () => {
    await backend.kill('SIGTERM');
    await proxy.close();
    dir.remove();
    brokers.kite.forget();
    brokers.breeze.forget();
  });

  const send = async (
    path: string,
    { body, ...options }: RequestOptions & { body?: string } = {},
  ): Promise<Response> => {
    const { cert: ca } = proxy.certificate;
    const call = request(new URL(path, address), { ca, lookup, agent: false, ...options });
    call.end(body);
    const [answer] = await once(call, 'response');
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk);
    const headers = new Headers();
    for (let at = 0; at < answer.rawHeaders.length; at += 2)
      headers.append(answer.rawHeaders[at], answer.rawHeaders[at + 1]);
    const isEmpty = answer.statusCode === 204 || answer.statusCode === 304;
    return new Response(isEmpty ? null : Buffer.concat(chunks), { status: answer.statusCode, headers });
  };

  const json = { 'content-type': 'application/json' };

  /** The cookies of a sign-in by a link that counts once. */
  async function signIn(): Promise<string> {
    const key = signInLink('', dataKey(dir.path), Date.now()).split('#key=')[1];
    const answer = await send('admin/key', { method: 'POST', headers: json, body: JSON.stringify({ key }) });
    expect(answer.status).toBe(200);
    const cookies = answer.headers.getSetCookie();
    for (const cookie of cookies) expect(cookie).toMatch(new RegExp(`; Path=${base};.*Secure; SameSite=Lax$`));
    return cookies.map((cookie) => cookie.split(';')[0]).join('; ');
  }

  it.each(['with its port', 'without a port', 'with the standard port'])(
    'takes a delivery to a host %s',
    async (which) => {
      const named = {
        'with its port': `${host}:${proxy.port}`,
        'without a port': host,
        'with the standard port': `${host}:443`,
      };
      const through: Send = (_url, init) =>
        send('session', { ...init, headers: { ...init.headers, host: named[which as keyof typeof named] } });
      const sender = createSender('', dir.path, 'zerodha', through);
      expect(await sender.check()).toMatchObject({ type: 'session.report' });
      const { status, answer } = await sender.deliver(sender.captured(brokers.kite.issue(KITE.apiKey)));
      expect({ status, answer }).toMatchObject({ status: 200, answer: { type: 'session.applied', status: 'applied' } });
    },
  );

  it('shows its page to the administrator, with everything that it loads', async () => {
    const cookie = await signIn();
    for (const path of ['', 'session-manager', 'admin/login']) {
      const answer = await send(path, { headers: { cookie } });
      expect([path, answer.status]).toEqual([path, 200]);
      const files = [...(await answer.text()).matchAll(/(?:src|href)="([^"]*assets\/[^"]+)"/g)].map(
        ([, file = '']) => file,
      );
      expect(files.length).toBeGreaterThan(1);
      for (const file of files) {
        const url = new URL(file, new URL(path, address)).href;
        expect([url, (await send(url, { headers: { cookie } })).status]).toEqual([url, 200]);
      }
    }
  });

  it('leads whoever is not signed in to the sign-in, under its own address', async () => {
    for (const path of ['', 'session-manager', 'api/auth/login']) {
      const answer = await send(path);
      const to = new URL(answer.headers.get('location') ?? '', new URL(path, address));
      expect([path, answer.status, `${to.origin}${to.pathname}`]).toEqual([path, 303, `${address}admin/login`]);
    }
  });

  it('tells nothing without a credential', async () => {
    for (const path of ['queue', 'status', 'metrics', 'events', 'session/zerodha', 'api/session-manager'])
      expect([path, (await send(path)).status]).toEqual([path, 401]);
    const body = JSON.stringify({ type: 'profile', account: 'zerodha' });
    expect((await send('queue', { method: 'POST', headers: json, body })).status).toBe(401);
  });

  it('sends events at once, and does not gather them', async () => {
    const call = request(new URL('events', address), {
      ca: proxy.certificate.cert,
      lookup,
      agent: false,
      headers: { ...backend.key(), accept: 'text/event-stream' },
    });
    call.end();
    const [stream] = await once(call, 'response');
    let heard = '';
    stream.on('data', (chunk: Buffer) => (heard += chunk));
    const hears = (text: string) =>
      until(
        async () => heard,
        (all) => all.includes(text),
      );
    await hears('event: snapshot');
    const { length } = heard;
    await send('admin/key', { method: 'POST', headers: json, body: JSON.stringify({ key: 'none' }) });
    await hears('admin.refused');
    expect(heard.length).toBeGreaterThan(length);
    call.destroy();
  });

  it('takes a login that began here, once, and none that did not', async () => {
    const cookie = await signIn();
    const begun = await send('api/auth/login?broker=zerodha', { headers: { cookie } });
    expect(begun.status).toBe(303);
    const visit = await brokers.browse(begun.headers.get('location') ?? '');
    const result = async (url: string) => {
      const { headers } = await send(url);
      return new URL(headers.get('location') ?? '', url).searchParams.get('login');
    };
    const foreign = new URL(visit.url);
    foreign.searchParams.delete('ob_state');
    foreign.searchParams.set('request_token', brokers.kite.issue(KITE.apiKey));
    expect(await result(foreign.href)).toBe('not_begun_here');
    expect(await result(visit.url)).toBe('applied');
    expect(await result(visit.url)).toBe('already_used');
  });

  it('takes the form that ICICI posts from a browser that began the login, and from no other page or browser', async () => {
    const cookie = await signIn();
    const begin = async () => {
      const begun = await send('api/auth/login?broker=icici', { headers: { cookie } });
      const [login = ''] = begun.headers.getSetCookie();
      // A form of another site brings no Lax cookie.
      expect(login).toMatch(/Secure; SameSite=None$/);
      return login.split(';')[0] ?? '';
    };
    const post = async (headers: Record<string, string>) => {
      const body = new URLSearchParams({ API_Session: brokers.breeze.issue(BREEZE.apiKey) }).toString();
      const form = { 'content-type': 'application/x-www-form-urlencoded', ...headers };
      const { headers: answer } = await send('api/auth/callback', { method: 'POST', headers: form, body });
      return new URL(answer.get('location') ?? '', `${address}api/auth/callback`).searchParams.get('login');
    };
    const origin = 'https://api.icicidirect.com';
    expect(await post({ origin })).toBe('not_begun_here');
    const own = await begin();
    expect(await post({ origin: 'https://evil.test', cookie: own })).toBe('not_begun_here');
    expect(await post({ origin: 'null', cookie: own })).toBe('not_begun_here');
    expect(await post({ origin, cookie: own })).toBe('applied');
    expect(await post({ origin, cookie: own })).toBe('already_used');
  });

  it('speaks HTTP/2 to the world', async () => {
    const session = connect(`https://${host}:${proxy.port}`, { ca: proxy.certificate.cert, lookup });
    const stream = session.request({ ':path': `${base}health` });
    const [headers] = await once(stream, 'response');
    expect([headers[':status'], session.alpnProtocol]).toEqual([200, 'h2']);
    session.destroy();
  });

  it('counts wrong keys by the sender that the proxy tells, whatever the sender claims to be', async () => {
    const wrong = (localAddress: string, forwarded: string) =>
      send('queue', { localAddress, headers: { authorization: 'Bearer wrong', 'x-forwarded-for': forwarded } });
    const statuses = [];
    for (let at = 0; at < 12; at += 1) statuses.push((await wrong('127.0.0.2', `198.51.100.${at}`)).status);
    expect(statuses).toEqual([...Array(10).fill(401), 429, 429]);
    expect((await wrong('127.0.0.3', '')).status).toBe(401);
  });
}

describe.skipIf(proxyProgram('nginx') === null)('behind an nginx that passes nothing on', () => {
  it('tells no more than to a stranger', async () => {
    const dir = temporaryDir();
    const port = await freePort();
    const bare = (settings: string) => settings.replaceAll(/ *proxy_set_header .*\n/g, '');
    const proxy = await startProxy('nginx', port, bare);
    const env = { PORT: String(port), PUBLIC_URL: `https://${TOP}/session` };
    const backend = await spawnBackend({ DATA_DIR: dir.path, ...env }, dir.path);
    const { cert: ca } = proxy.certificate;
    for (const path of ['/status', '/metrics', '/queue', '/events', '/']) {
      const call = request(`https://${TOP}:${proxy.port}${path}`, { ca, lookup, agent: false });
      call.end();
      const [answer] = await once(call, 'response');
      answer.destroy();
      expect([path, answer.statusCode]).toEqual([path, path === '/' ? 303 : 401]);
    }
    await backend.kill('SIGTERM');
    await proxy.close();
    dir.remove();
  });
});
