import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DestinationForm } from '../../../utils/domain/accounts/settings.ts';
import { obey } from '../../../utils/services/inbound/commands.ts';
import { cleanUp, command, logInWith, pair, shownAccount } from '../../support/browsers/extension.ts';
import { iso, KITE_TOKEN } from '../../support/samples/samples.ts';

const HOUR = 3_600_000;

/** An older system: an update endpoint that takes the token, and a page that tells how its session stands. */
async function openOlderSystem() {
  const system = {
    url: '',
    status: 200,
    body: '{}' as string,
    asked: [] as { method: string; authorization: string }[],
    close: () => new Promise<void>((closed) => server.close(() => closed())),
  };
  const server = createServer(async (request, response) => {
    await request.toArray();
    if (request.url === '/update') return void response.end('{"success":true}');
    system.asked.push({ method: request.method ?? '', authorization: request.headers.authorization ?? '' });
    response.writeHead(system.status, { 'content-type': 'application/json', location: '/login' }).end(system.body);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  system.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return system;
}

let system: Awaited<ReturnType<typeof openOlderSystem>>;
beforeEach(async () => {
  system = await openOlderSystem();
});
afterEach(async () => {
  await cleanUp();
  await system.close();
});

type Plain = Extract<DestinationForm, { kind: 'plain' }>;
const form = (status: Plain['status']): Plain => ({
  kind: 'plain',
  url: `${system.url}/update`,
  method: 'POST',
  format: 'json',
  field: 'token',
  authorization: { kind: 'bearer' },
  success: null,
  status,
  secret: 'mine',
});

const manager = (session: object) =>
  JSON.stringify({
    session,
    configuration: { api_key: true, user_id: false },
    status: 'active',
    lastChecked: iso(Date.now()),
  });
const ALIVE = {
  active: true,
  valid: true,
  expiresIn: 7_200,
  expiresAt: iso(Date.now() + 2 * HOUR),
  timeToExpiry: '2h 0m',
};

async function logInTo(status: Plain['status']): Promise<string> {
  const account = await pair({ url: `${system.url}/update`, secret: `whsec_${'c2VjcmV0'.repeat(5)}` });
  await command({ type: 'save-destination', account, form: form(status) });
  await logInWith(account, KITE_TOKEN);
  return account;
}

describe('a plain destination with a status page', () => {
  it('is verified by a session manager’s JSON, asked with its own authorization', async () => {
    system.body = manager(ALIVE);
    const account = await logInTo({ kind: 'session-manager', url: `${system.url}/api/session-manager` });
    const view = await shownAccount(account, ({ status }) => status === 'verified');
    expect(view.says).toContain('Your status page says so, unsigned.');
    expect(view.health).toMatchObject({ truth: 'verified', unconfigured: ['user_id'] });
    expect(view.destination?.provenAt).toBeNull();
    expect(system.asked[0]).toEqual({ method: 'GET', authorization: 'Bearer mine' });
  });

  it.each<[status: string, code: number, session: object | null]>([
    ['expired', 200, { ...ALIVE, expiresAt: iso(Date.now() - HOUR) }],
    ['expired', 200, { active: false, valid: false }],
    ['unreachable', 503, ALIVE],
    ['failed', 302, ALIVE],
    ['failed', 200, null],
  ])('is shown as %s when it then answers %i with %j', async (status, code, session) => {
    system.body = manager(ALIVE);
    const account = await logInTo({ kind: 'session-manager', url: `${system.url}/api/session-manager` });
    await shownAccount(account, (one) => one.status === 'verified');
    system.status = code;
    system.body = session ? manager(session) : '<!doctype html>';
    await command({ type: 'retry', account });
    await shownAccount(account, (one) => one.status === status);
  });

  it('is verified by one value, and no more than accepted without a page', async () => {
    system.body = '{"broker":{"connected":true}}';
    const account = await logInTo({
      kind: 'path',
      url: `${system.url}/health`,
      path: 'broker.connected',
      equals: 'true',
    });
    await shownAccount(account, ({ status }) => status === 'verified');
    system.body = '{"broker":{"connected":false}}';
    await command({ type: 'retry', account });
    await shownAccount(account, ({ status }) => status === 'expired');
    await command({ type: 'save-destination', account, form: form(null) });
    await logInWith(account, KITE_TOKEN.replace('T', 'U'));
    await shownAccount(account, ({ status }) => status === 'accepted');
  });

  it('may be no other server than the destination itself, which holds the authorization', async () => {
    const account = await pair({ url: `${system.url}/update`, secret: `whsec_${'c2VjcmV0'.repeat(5)}` });
    const elsewhere = form({ kind: 'session-manager', url: 'http://127.0.0.1:1/api' });
    expect(await obey({ type: 'save-destination', account, form: elsewhere })).toMatchObject({
      ok: false,
      problems: [{ field: 'form.status.url', message: expect.stringContaining('same scheme, host and port') }],
    });
  });
});

describe('the history of an account', () => {
  it('tells its logins and sessions to our own pages', async () => {
    system.body = manager(ALIVE);
    const account = await logInTo({ kind: 'session-manager', url: `${system.url}/api/session-manager` });
    await shownAccount(account, ({ status }) => status === 'verified');
    const { histories } = await command({ type: 'history' });
    const kinds = histories?.find((one) => one.account === account)?.entries.map(({ kind }) => kind);
    // The page may have told of a session before the login was known; then there are two.
    expect([...new Set(kinds)].sort()).toEqual(['login', 'session']);
  });
});
