import { request } from 'node:http';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guardRoutes } from '../../../../backend/src/access/guard-routes.ts';
import { ROUTES, type Route } from '../../../../backend/src/access/table.ts';
import { type Backend, startBackend } from '../../../../backend/src/backend.ts';
import { HOUR, MINUTE } from '../../../../utils/shared/time.ts';
import { programKey } from '../../../support/backend/program-key.ts';
import { KEYS, temporaryDir } from '../harness.ts';
import { createAdministrator } from './administrator.ts';

const PASSWORD = 'a long practice password';
const PUBLIC = 'bell.example.net';

const dir = temporaryDir();
let clock = Date.now();
let backend: Backend;
/** The cookies of a sign-in that lives, and of one that has ended. */
let living: string;
let ended: string;
let csrf: string;

async function signIn(): Promise<{ cookie: string; csrf: string }> {
  const administrator = createAdministrator(`http://127.0.0.1:${backend.port}`);
  expect((await administrator.signIn(PASSWORD)).status).toBe(303);
  const cookie = [...administrator.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  return { cookie, csrf: administrator.cookies.get('csrftoken') ?? '' };
}

beforeAll(async () => {
  const env = { ...KEYS, PORT: '0', DATA_DIR: dir.path, ADMIN_PASSWORD: PASSWORD, FALLBACK_DATA: 'off' };
  const places = { PUBLIC_URL: `https://${PUBLIC}/session`, ALLOWED_HOSTS: 'backend.internal' };
  backend = await startBackend({ ...env, ...places }, { log: () => {}, now: () => clock });
  ended = (await signIn()).cookie;
  clock += 13 * HOUR;
});
afterAll(async () => {
  await backend.close();
  dir.remove();
});

/** The status of one request, with the headers exactly as given; the answer is not waited for to its end. */
function ask({ method, path }: Pick<Route, 'method' | 'path'>, headers: Record<string, string>): Promise<number> {
  // A minute for each: whoever is refused for asking too often is refused for no other reason.
  clock += MINUTE;
  const real = path.replace(':id', 'job_x').replace(':account', 'zerodha');
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port: backend.port, method, path: real, headers }, (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    call.on('error', reject).end(method === 'POST' ? '{}' : undefined);
  });
}

const HOSTS = {
  loopback: () => `127.0.0.1:${backend.port}`,
  'the public host': () => PUBLIC,
  'a listed host': () => `backend.internal:${backend.port}`,
};
type Place = keyof typeof HOSTS;
const PLACES = Object.keys(HOSTS) as Place[];

/** What may come with a request. */
const WITH = {
  nothing: () => ({}),
  'a wrong key': () => ({ authorization: 'Bearer obk_wrong' }),
  'an expired cookie': () => ({ cookie: ended, 'x-csrftoken': csrf }),
  'the cookie alone': () => ({ cookie: living }),
  'the cookie and its CSRF token': () => ({ cookie: living, 'x-csrftoken': csrf }),
  'the right key': () => programKey(dir.path),
  'the password as a key': () => ({ authorization: `Bearer ${PASSWORD}` }),
} satisfies Record<string, () => Record<string, string>>;
type Shown = keyof typeof WITH;

/** Who is let in, said once more and otherwise than the guard says it. */
function isLetIn({ method, who }: Route, place: Place, shown: Shown): boolean {
  if (who === 'anyone') return true;
  if (shown === 'the right key') return true;
  if (who === 'session key') return false;
  const isOpenHere = (who === 'this machine' || who === 'metrics') && place === 'loopback';
  const isSignedIn =
    shown === 'the cookie and its CSRF token' ||
    shown === 'the password as a key' ||
    (shown === 'the cookie alone' && method === 'GET');
  return isOpenHere || isSignedIn;
}

/** The answers of those who may not: no route of ours gives one of them to those who may. */
function refusal({ who, method }: Route, shown: Shown): number {
  if (shown === 'the cookie alone' && who !== 'session key' && method === 'POST') return 403;
  const isBrowser = shown === 'nothing' || shown === 'an expired cookie' || shown === 'the cookie alone';
  return who === 'page' && isBrowser ? 303 : 401;
}

const json = { 'content-type': 'application/json' };
/** The sign-in and the contract refuse in their own words whoever sends nothing. */
const REFUSES_ITSELF = ['/session', '/admin/login', '/admin/key'];
/** Leads on to the broker, or to the page. */
const LEADS_ON = ['/api/auth/login', '/api/auth/callback', '/api/auth/callback/:account', '/admin/logout'];

describe.each(ROUTES.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', (_name, route) => {
  // The clock goes on by a minute with each request, and a sign-in lasts twelve hours.
  beforeAll(async () => {
    ({ cookie: living, csrf } = await signIn());
  });

  it.each(PLACES.flatMap((place) => (Object.keys(WITH) as Shown[]).map((shown) => [place, shown] as const)))(
    'on %s with %s',
    async (place, shown) => {
      const status = await ask(route, { ...json, host: HOSTS[place](), ...WITH[shown]() });
      if (!isLetIn(route, place, shown)) expect(status).toBe(refusal(route, shown));
      else if (LEADS_ON.includes(route.path)) expect(status).toBe(303);
      else if (!REFUSES_ITSELF.includes(route.path)) expect([401, 303]).not.toContain(status);
      if (route.path === '/admin/logout' && shown === 'the cookie and its CSRF token')
        ({ cookie: living, csrf } = await signIn());
    },
  );

  it.each(PLACES)('on %s tells a page of another site nothing, unless it is the callback', async (place) => {
    const foreign = { ...json, host: HOSTS[place](), origin: 'https://evil.test', ...programKey(dir.path) };
    const status = await ask(route, foreign);
    if (route.from === 'anywhere') expect(status).toBe(303);
    else expect(status).toBe(403);
  });

  it('takes no forwarded request for one of this machine', async () => {
    for (const header of ['X-Forwarded-For', 'Forwarded', 'Via', 'X-Real-IP', 'X-Forwarded-Host', 'CF-Connecting-IP']) {
      const status = await ask(route, { ...json, host: HOSTS.loopback(), [header]: '127.0.0.1' });
      if (route.who !== 'anyone') expect([header, status]).toEqual([header, route.who === 'page' ? 303 : 401]);
    }
  });

  it('is known under our names alone, but for what says nothing', async () => {
    const status = await ask(route, { ...json, host: 'evil.test', ...programKey(dir.path) });
    expect(status === 421).toBe(route.from !== 'any name');
  });
});

describe('the table of routes', () => {
  it('gives without any credential, under a public name, no more than the ways in and what says nothing', () => {
    const open = ROUTES.filter(({ who }) => who === 'anyone').map(({ method, path }) => `${method} ${path}`);
    expect(open).toEqual([
      'GET /health',
      'GET /ready',
      'POST /session',
      'GET /api/auth/callback',
      'POST /api/auth/callback',
      'GET /api/auth/callback/:account',
      'POST /api/auth/callback/:account',
      'GET /admin/login',
      'POST /admin/login',
      'POST /admin/key',
      'GET /assets/page.css',
      'GET /assets/sign-in.js',
      'GET /assets/login-results.js',
      'GET /assets/send.js',
      'GET /assets/show.js',
    ]);
  });

  it.each([
    ['a path', (routes: Hono) => routes.get('/secret', (context) => context.text('here'))],
    ['another method of a listed path', (routes: Hono) => routes.post('/status', (context) => context.text('here'))],
    ['all methods of a listed path', (routes: Hono) => routes.all('/status', (context) => context.text('here'))],
    ['a pattern', (routes: Hono) => routes.get('/queue/*', (context) => context.text('here'))],
    ['a middleware that answers', (routes: Hono) => routes.use(async (context) => context.text('here'))],
  ])('refuses to start with %s that it does not list', (_name, add) => {
    const routes = new Hono();
    add(routes);
    const access = {} as Parameters<typeof guardRoutes>[2];
    expect(() => guardRoutes(new Hono(), routes, access)).toThrow(/is not in the table of routes/);
  });

  it('lists nothing that is not there', async () => {
    for (const route of ROUTES) {
      const status = await ask(route, { ...json, host: HOSTS.loopback(), ...programKey(dir.path) });
      // A request that nobody knows is one of our own answers.
      if (!route.path.includes(':id')) expect([route.path, status]).not.toEqual([route.path, 404]);
    }
  });
});

describe('a wrong key', () => {
  it('is refused ten times a minute, and never keeps the right one out', async () => {
    const shown = async (authorization: string) => {
      const before = clock;
      const status = await ask({ method: 'GET', path: '/queue' }, { host: HOSTS.loopback(), authorization });
      clock = before;
      return status;
    };
    clock += MINUTE;
    const statuses = [];
    for (let i = 0; i < 12; i++) statuses.push(await shown('Bearer obk_wrong'));
    expect(statuses).toEqual([...Array(10).fill(401), 429, 429]);
    expect(await shown(programKey(dir.path).authorization)).toBe(200);
  });

  it('of the metrics opens the metrics alone', async () => {
    const { metricsKey } = await import('../../../../backend/src/config/secrets.ts');
    const headers = { host: PUBLIC, authorization: `Bearer ${metricsKey(dir.path)}` };
    expect(await ask({ method: 'GET', path: '/metrics' }, headers)).toBe(200);
    for (const path of ['/status', '/queue', '/events', '/session/zerodha', '/'])
      expect([path, await ask({ method: 'GET', path }, headers)]).toEqual([path, 401]);
  });
});
