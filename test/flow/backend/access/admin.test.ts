import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueOneTime } from '../../../../backend/src/access/one-time.ts';
import { type Backend, startBackend } from '../../../../backend/src/backend.ts';
import { dataKey } from '../../../../backend/src/config/secrets.ts';
import type { LogEvent } from '../../../../backend/src/log/log.ts';
import { HOUR, MINUTE } from '../../../../utils/shared/time.ts';
import { KEYS, temporaryDir } from '../harness.ts';
import { type Administrator, createAdministrator } from './administrator.ts';

const PASSWORD = 'a long practice password';
const events: LogEvent[] = [];
let clock = Date.now();
let dir: ReturnType<typeof temporaryDir>;
let backend: Backend;
let url: string;

async function start(env: Record<string, string> = { ADMIN_PASSWORD: PASSWORD }): Promise<void> {
  backend = await startBackend(
    { ...KEYS, PORT: '0', DATA_DIR: dir.path, ...env },
    { log: (event) => events.push(event), now: () => clock },
  );
  url = `http://127.0.0.1:${backend.port}`;
}

async function signedIn(): Promise<Administrator> {
  const administrator = createAdministrator(url);
  expect((await administrator.signIn(PASSWORD)).status).toBe(303);
  return administrator;
}

const refresh = { action: 'refresh' };

beforeAll(async () => {
  dir = temporaryDir();
  await start();
});
afterAll(async () => {
  await backend.close();
  dir.remove();
});

describe('the administrator', () => {
  it('signs in with the password, and is sent to the page', async () => {
    const administrator = createAdministrator(url);
    const response = await administrator.signIn(PASSWORD);
    expect(response.headers.get('location')).toBe('../');
    const [ticket] = response.headers.getSetCookie();
    expect(ticket).toMatch(/^opening_bell_admin=[^;]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(await (await administrator.get('/admin/me')).json()).toEqual({ signed_in: true });
  });

  it('is told that a wrong password is wrong, and gets no ticket', async () => {
    const administrator = createAdministrator(url);
    const response = await administrator.signIn('another password');
    expect(response.status).toBe(401);
    expect(await response.text()).toContain('That is not the password.');
    expect(administrator.cookies.has('opening_bell_admin')).toBe(false);
  });

  it('cannot sign in through a form of somebody else', async () => {
    const administrator = createAdministrator(url);
    const response = await administrator.postForm('/admin/login', { password: PASSWORD });
    expect(response.status).toBe(403);
    expect(administrator.cookies.has('opening_bell_admin')).toBe(false);
  });

  it.each<[string, (administrator: Administrator) => Promise<Response>, number, string]>([
    [
      'nobody',
      () => createAdministrator(url).post('/api/session-manager', refresh),
      401,
      'sign in as the administrator',
    ],
    ['no CSRF token', (one) => one.post('/api/session-manager', refresh, {}), 403, 'CSRF token is missing or wrong'],
    [
      'a CSRF token of another sign-in',
      async (one) =>
        one.post('/api/session-manager', refresh, { 'x-csrftoken': (await signedIn()).cookies.get('csrftoken') ?? '' }),
      403,
      'CSRF token is missing or wrong',
    ],
    [
      'a changed ticket',
      (one) => {
        one.cookies.set('opening_bell_admin', `${one.cookies.get('opening_bell_admin')}x`);
        return one.post('/api/session-manager', refresh);
      },
      401,
      'sign in as the administrator',
    ],
    [
      'a later expiry in the ticket',
      (one) => {
        const [id, at, mac] = one.cookies.get('opening_bell_admin')?.split('.') ?? [];
        one.cookies.set('opening_bell_admin', `${id}.${Number(at) + HOUR}.${mac}`);
        return one.post('/api/session-manager', refresh);
      },
      401,
      'sign in as the administrator',
    ],
    [
      'a wrong bearer',
      () => createAdministrator(url).post('/api/session-manager', refresh, { authorization: 'Bearer wrong' }),
      401,
      'the key does not fit',
    ],
  ])('is not anybody with %s', async (_name, send, status, error) => {
    clock += MINUTE;
    const response = await send(await signedIn());
    expect({ status: response.status, body: await response.json() }).toMatchObject({
      status,
      body: { success: false, auth_required: false, error: expect.stringContaining(error) },
    });
  });

  it('is a program with the password as a bearer too', async () => {
    clock += MINUTE;
    const headers = { authorization: `Bearer ${PASSWORD}` };
    const response = await createAdministrator(url).post('/api/session-manager', { action: 'no such' }, headers);
    expect(response.status).toBe(400);
  });

  it('ends with the sign-out, also for whoever kept the cookie', async () => {
    clock += MINUTE;
    const administrator = await signedIn();
    const kept = new Map(administrator.cookies);
    expect((await administrator.postForm('/admin/logout', {})).status).toBe(303);
    expect(administrator.cookies.has('opening_bell_admin')).toBe(false);
    const thief = createAdministrator(url);
    for (const [name, value] of kept) thief.cookies.set(name, value);
    expect((await thief.post('/api/session-manager', refresh)).status).toBe(401);
  });

  it('ends after twelve hours', async () => {
    clock += MINUTE;
    const administrator = await signedIn();
    clock += 12 * HOUR;
    expect((await administrator.get('/admin/me')).status).toBe(401);
  });

  it('ends with a new password', async () => {
    clock += MINUTE;
    const administrator = await signedIn();
    const ticket = administrator.cookies.get('opening_bell_admin') ?? '';
    await backend.close();
    await start({ ADMIN_PASSWORD: 'another practice password' });
    const later = createAdministrator(url);
    later.cookies.set('opening_bell_admin', ticket);
    expect((await later.get('/admin/me')).status).toBe(401);
    await backend.close();
    await start();
    later.cookies.set('opening_bell_admin', ticket);
    const again = createAdministrator(url);
    again.cookies.set('opening_bell_admin', ticket);
    expect(await (await again.get('/admin/me')).json()).toEqual({ signed_in: true });
  });

  it('cannot be guessed at: ten sign-ins a minute, the right one included', async () => {
    clock += MINUTE;
    const administrator = createAdministrator(url);
    const statuses = [];
    for (let i = 0; i < 10; i++) statuses.push((await administrator.signIn(`guess number ${i}`)).status);
    expect(statuses).toEqual(Array(10).fill(401));
    const eleventh = await administrator.signIn(PASSWORD);
    expect([eleventh.status, eleventh.headers.get('retry-after')]).toEqual([429, '60']);
    clock += MINUTE;
    expect((await administrator.signIn(PASSWORD)).status).toBe(303);
  });

  it('LEAK-01 is in no log with its password', () => {
    expect(events.filter(({ event }) => event === 'admin.refused').length).toBeGreaterThan(0);
    expect(JSON.stringify(events)).not.toContain(PASSWORD);
  });

  it('signs in without a password by a link that counts once, in whichever process it comes', async () => {
    await backend.close();
    await start({});
    const [link = ''] = backend.links();
    const [, place, key = ''] = /^(.*)admin\/login#key=(.*)$/.exec(link) ?? [];
    expect(place).toBe(`${url}/`);
    const administrator = createAdministrator(url);
    expect((await administrator.post('/admin/key', { key })).status).toBe(200);
    expect((await administrator.post('/api/session-manager', { action: 'no such' })).status).toBe(400);
    await backend.close();
    await start({});
    const thief = createAdministrator(url);
    expect((await thief.post('/admin/key', { key })).status).toBe(401);
    expect(thief.cookies.has('opening_bell_admin')).toBe(false);
    const later = createAdministrator(url);
    for (const [name, value] of administrator.cookies) later.cookies.set(name, value);
    expect((await later.get('/queue')).status).toBe(200);
  });

  it.each([
    ['none', () => ''],
    ['a changed one', (key: string) => `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`],
    ['one with a later expiry', (key: string) => key.replace(/\.[^.]+\./, `.${(clock + 99 * HOUR).toString(36)}.`)],
    ['the state of a login', () => issueOneTime(dataKey(dir.path), 'login', '', clock + HOUR)],
    ['one of another backend', () => issueOneTime(Buffer.alloc(32, 1), 'sign-in', '', clock + HOUR)],
    ['one that is too old', () => issueOneTime(dataKey(dir.path), 'sign-in', '', clock - 1)],
  ])('is signed in by no other one-time key: %s', async (_name, change) => {
    clock += MINUTE;
    const [link = ''] = backend.links();
    const administrator = createAdministrator(url);
    const key = change(link.split('#key=')[1] ?? '');
    expect((await administrator.post('/admin/key', { key })).status).toBe(401);
    expect(administrator.cookies.has('opening_bell_admin')).toBe(false);
  });

  it('is told on the sign-in page how to get in without a password, and no password opens anything', async () => {
    clock += MINUTE;
    const administrator = createAdministrator(url);
    const page = await (await administrator.get('/admin/login')).text();
    expect(page).toContain('npm run backend:open');
    expect(page).not.toContain('type="password"');
    expect((await administrator.signIn('')).status).toBe(403);
    const headers = { authorization: 'Bearer ' };
    expect((await administrator.post('/api/session-manager', refresh, headers)).status).toBe(401);
  });

  it('begins the login after the sign-in that it was sent to for that', async () => {
    clock += MINUTE;
    await backend.close();
    await start();
    const administrator = createAdministrator(url);
    const sent = await administrator.get('/api/auth/login?broker=icici');
    expect([sent.status, sent.headers.get('location')]).toEqual([303, '../../admin/login?login=icici']);
    const page = await (await administrator.get('/admin/login?login=icici')).text();
    expect(page).toContain('name="login" value="icici"');
    const csrfmiddlewaretoken = administrator.cookies.get('csrftoken') ?? '';
    const fields = { password: PASSWORD, csrfmiddlewaretoken, login: 'icici' };
    const signedIn = await administrator.postForm('/admin/login', fields, {});
    expect(signedIn.headers.get('location')).toBe('login?login=icici');
    const next = await (await administrator.get('/admin/login?login=icici')).text();
    expect(next).toContain('href="../api/auth/login?broker=icici"');
  });

  it.each(['https://evil.test/', '//evil.test', '"><script>', 'upstox'])(
    'leads nowhere else after it: %s',
    async (login) => {
      clock += MINUTE;
      const administrator = createAdministrator(url);
      const page = await (await administrator.get(`/admin/login?login=${encodeURIComponent(login)}`)).text();
      expect(page).toContain('name="login" value=""');
      const csrfmiddlewaretoken = administrator.cookies.get('csrftoken') ?? '';
      const signedIn = await administrator.postForm(
        '/admin/login',
        { password: PASSWORD, csrfmiddlewaretoken, login },
        {},
      );
      expect(signedIn.headers.get('location')).toBe('../');
    },
  );
});
