import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DestinationForm } from '../../../utils/domain/accounts/settings.ts';
import { CONSEQUENCES, type TroubleCode, tellTrouble } from '../../../utils/domain/delivery/trouble.ts';
import type { Status } from '../../../utils/domain/view/status.ts';
import { obey } from '../../../utils/services/inbound/commands.ts';
import { pulse } from '../../../utils/services/pulse/pulse.ts';
import { readAll } from '../../../utils/services/store/store.ts';
import { type Behaviour, openDestination, type TestDestination } from '../../support/backend/destination.ts';
import {
  cleanUp,
  command,
  everythingStored,
  expectGone,
  isLink,
  logInWith,
  pair,
  pause,
  shownAccount,
  troubleOf,
} from '../../support/browsers/extension.ts';
import { BREEZE_TOKEN, KITE_TOKEN } from '../../support/samples/samples.ts';

let backend: TestDestination;
let elsewhere: TestDestination;
beforeEach(async () => {
  backend = await openDestination();
  elsewhere = await openDestination();
});
afterEach(async () => {
  await cleanUp();
  await backend.close();
  await elsewhere.close();
});

type Standing = { state: 'waiting' | 'held' | 'ended'; status: Status };
const TRIED_AGAIN: Standing = { state: 'waiting', status: 'working' };
const HELD: Standing = { state: 'held', status: 'failed' };
const OVER: Standing = { state: 'ended', status: 'failed' };
const unsigned =
  (status: number, body: string, headers = {}): Behaviour =>
  () => ({ status, body, headers, isSigned: false });
const HTML = { 'content-type': 'text/html' };
const BASIC = { 'www-authenticate': 'Basic realm="Desk"' };
const BEARER = { 'www-authenticate': 'Bearer' };

describe('a signed destination that answers a token with', () => {
  it.each<[what: string, behave: () => Behaviour, code: TroubleCode, Standing]>([
    ['a hung-up connection', () => () => 'drop', 'unreachable', TRIED_AGAIN],
    ['a web page', () => unsigned(200, '<!doctype html><title>Welcome', HTML), 'html', TRIED_AGAIN],
    ['no id', () => backend.damage(() => ({ body: '{"ok":true}' })), 'not_contract', TRIED_AGAIN],
    ['broken JSON', () => backend.damage(({ body }) => ({ body: body.slice(0, -2) })), 'not_contract', TRIED_AGAIN],
    ['a huge answer', () => backend.damage(() => ({ body: 'x'.repeat(70_000) })), 'too_large', TRIED_AGAIN],
    ['no signature', () => backend.damage(() => ({ isSigned: false })), 'wrong_signature', TRIED_AGAIN],
    [
      'a signature over another id',
      () => backend.damage((_, { id }) => ({ headers: { 'webhook-id': `${id}x` } })),
      'wrong_signature',
      TRIED_AGAIN,
    ],
    [
      'the id of another delivery',
      () => backend.damage(({ body }, { id }) => ({ body: body.replaceAll(id, 'ob_other') })),
      'other_id',
      TRIED_AGAIN,
    ],
    ['a report', () => backend.damage((_, { id }) => ({ body: reportOf(id) })), 'not_contract', TRIED_AGAIN],
    ['a redirect', () => () => ({ status: 307, body: '', headers: { location: elsewhere.url } }), 'redirected', HELD],
    ['a plain 500', () => unsigned(500, ''), 'http_server_error', TRIED_AGAIN],
    ['a plain 404', () => unsigned(404, '<html>', HTML), 'http_client_error', HELD],
    ['a plain 401', () => unsigned(401, ''), 'bad_signature', HELD],
    ['a proxy’s password', () => unsigned(401, '<html>', { ...HTML, ...BASIC }), 'other_login', HELD],
    ['a proxy’s password, nothing else', () => unsigned(401, '', BASIC), 'other_login', HELD],
    ['an app’s own login', () => unsigned(401, '{"detail":"Not authenticated"}', BEARER), 'other_login', HELD],
    ['a gateway’s 403', () => unsigned(403, '', { 'www-authenticate': 'Negotiate' }), 'other_login', HELD],
    ['a login that does not say whose', () => unsigned(401, '{"error":"Unauthorized"}'), 'unnamed_refusal', HELD],
    ['a page of 401', () => unsigned(401, '<!doctype html><h1>Unauthorized', HTML), 'unnamed_refusal', HELD],
    ['a plain 429', () => unsigned(429, '', { 'retry-after': '60' }), 'http_busy', TRIED_AGAIN],
    ['bad_request', () => backend.refuse('bad_request'), 'bad_request', HELD],
    ['bad_signature', () => backend.refuse('bad_signature'), 'bad_signature', HELD],
    ['stale_timestamp', () => backend.refuse('stale_timestamp', { ahead: 480_000 }), 'stale_timestamp', TRIED_AGAIN],
    ['wrong_account', () => backend.refuse('wrong_account'), 'wrong_account', OVER],
    ['in_progress', () => backend.refuse('in_progress'), 'in_progress', TRIED_AGAIN],
    ['token_spent', () => backend.refuse('token_spent'), 'token_spent', OVER],
    ['configuration', () => backend.refuse('configuration'), 'configuration', HELD],
    [
      'rate_limited',
      () => backend.refuse('rate_limited', { headers: { 'retry-after': '60' } }),
      'rate_limited',
      TRIED_AGAIN,
    ],
    ['unavailable', () => backend.refuse('unavailable'), 'unavailable', TRIED_AGAIN],
  ])('%s', async (what, behave, code, { state, status }) => {
    backend.answerTokens(behave());
    const account = await pair(backend);
    const sent = Date.now();
    await logInWith(account, KITE_TOKEN);
    await expect.poll(() => troubleOf(account)).toBe(code);
    const view = await shownAccount(account, ({ advice }) => advice !== null);
    expect([view.status, view.advice?.mend]).toEqual([status, CONSEQUENCES[code].mend]);
    expect(view.advice?.says).toContain(tellTrouble(code));
    if (code === 'stale_timestamp') expect(view.advice?.says).toContain('8 min ahead of');

    const { deliveries } = await readAll();
    if (state === 'ended') {
      expect(deliveries).toEqual([]);
      await expectGone(KITE_TOKEN);
    } else {
      expect(deliveries).toMatchObject([{ state, body: expect.stringContaining(KITE_TOKEN) }]);
      // At once is too soon for any of them.
      await pulse();
    }
    expect(backend.tokens(), what).toHaveLength(1);
    expect(elsewhere.received).toEqual([]);
    expect(JSON.stringify(await chrome.storage.session.get('overview'))).not.toContain(KITE_TOKEN);
    if (what.endsWith('limited') || what.endsWith('429'))
      expect(deliveries[0]?.nextAttemptAt).toBeGreaterThan(sent + 50_000);
  });

  it('that a newer login was applied is no failure', async () => {
    backend.answerTokens(backend.refuse('superseded'));
    const account = await pair(backend);
    await logInWith(account, KITE_TOKEN);
    const view = await shownAccount(account, (one) => isLink(one, 'exchanged', 'failed'));
    expect(view.status).toBe('expired');
    expect(view.links?.slice(0, 3).map(({ state }) => state)).toEqual(['done', 'done', 'failed']);
    await expectGone(KITE_TOKEN);
  });
});

describe('a trouble', () => {
  it('of the first attempt is over with the second', async () => {
    let attempts = 0;
    backend.answerTokens((_, usual) => {
      const sent = usual();
      return ++attempts === 1 ? 'drop' : { ...sent, body: sent.body.replace('"applied"', '"replayed"') };
    });
    const account = await pair(backend);
    await logInWith(account, KITE_TOKEN);
    await shownAccount(account, ({ status }) => status === 'live');
    const [first, second] = backend.tokens();
    expect([second?.id, second?.body]).toEqual([first?.id, first?.body]);
    await expectGone(KITE_TOKEN);
  });

  it('of a lost answer is over when the report names the delivery', async () => {
    backend.answerTokens((_, usual) => ({ ...usual(), status: 502, body: '<html>', isSigned: false, headers: HTML }));
    const account = await pair(backend);
    await logInWith(account, KITE_TOKEN);
    await expect.poll(() => troubleOf(account)).toBe('http_server_error');
    backend.answerTokens((_, usual) => ({ ...usual(), body: '<html>', isSigned: false, headers: HTML }));
    await shownAccount(account, ({ status }) => status === 'live');
    expect(backend.tokens()).toHaveLength(2);
    await expectGone(KITE_TOKEN);
  });

  it('that holds a token is mended with a click', async () => {
    backend.answerTokens(backend.refuse('configuration'));
    const account = await pair(backend);
    await logInWith(account, KITE_TOKEN);
    await shownAccount(account, ({ status }) => status === 'failed');
    backend.answerTokens((_, usual) => usual());
    await command({ type: 'retry', account });
    await shownAccount(account, ({ status }) => status === 'live');
    expect(backend.tokens()).toHaveLength(2);
  });
});

describe('a destination that cannot be proven', () => {
  it.each<[what: string, behave: () => Behaviour, code: TroubleCode]>([
    ['hangs up', () => () => 'drop', 'unreachable'],
    ['is a web page', () => unsigned(200, '<html>', HTML), 'html'],
    ['has another secret', () => (_, usual) => ({ ...usual(), isSigned: false }), 'wrong_signature'],
    ['redirects', () => () => ({ status: 307, body: '', headers: { location: elsewhere.url } }), 'redirected'],
    ['refuses ours', () => backend.refuse('bad_signature'), 'bad_signature'],
  ])('is sent nothing when it %s, and said', async (_what, behave, code) => {
    backend.answerChecks(behave());
    const account = await pair(backend);
    await logInWith(account, KITE_TOKEN);
    await expect.poll(() => troubleOf(account)).toBe(code);
    const view = await shownAccount(account, ({ advice, links }) => advice !== null && links !== null);
    expect([view.status, view.advice?.mend]).toEqual(['working', CONSEQUENCES[code].mend]);
    expect([backend.tokens(), elsewhere.received]).toEqual([[], []]);
  });

  it('and comes up, is sent what waited', async () => {
    let isUp = false;
    backend.answerChecks((_, usual) => (isUp ? usual() : 'drop'));
    const account = await pair(backend);
    await logInWith(account, KITE_TOKEN);
    await expect.poll(() => troubleOf(account)).toBe('unreachable');
    isUp = true;
    await shownAccount(account, ({ status }) => status === 'live');
    expect(backend.tokens()).toHaveLength(1);
  });
});

describe('the test of a destination', () => {
  const stepsOf = async (account: string) =>
    (await command({ type: 'test', account })).steps?.map(({ name, ok }) => `${name} ${ok ? 'ok' : 'fails'}`);

  it('ends with a dry run, which exchanges nothing', async () => {
    backend.answerTokens((_, usual) => ({ ...usual(), body: usual().body.replace('"applied"', '"dry_run"') }));
    const account = await pair(backend);
    expect(await stepsOf(account)).toEqual(['Permission ok', 'Proof ok', 'Dry run ok']);
    expect(JSON.parse(backend.tokens()[0]?.body ?? '')).toMatchObject({ dry_run: true });
  });

  it.each<[steps: string[], what: string, behave: () => void]>([
    [
      ['Permission ok', 'Proof fails'],
      'a foreign signature',
      () => backend.answerChecks((_, usual) => ({ ...usual(), isSigned: false })),
    ],
    [
      ['Permission ok', 'Proof ok', 'Account fails'],
      'another account',
      () => backend.answerChecks((_, usual) => ({ ...usual(), body: usual().body.replace('"main"', '"other"') })),
    ],
    [['Permission ok', 'Proof ok', 'Dry run fails'], 'no dry run', () => {}],
    [
      ['Permission ok', 'Proof ok', 'Dry run fails'],
      'a refusal',
      () => backend.answerTokens(backend.refuse('configuration')),
    ],
  ])('says %j of %s', async (steps, _what, behave) => {
    behave();
    expect(await stepsOf(await pair(backend))).toEqual(steps);
  });

  it('stops where the permission is missing', async () => {
    const account = await pair(backend);
    await chrome.permissions.remove({ origins: ['http://127.0.0.1/*'] });
    const before = backend.received.length;
    expect(await stepsOf(account)).toEqual(['Permission fails']);
    expect(backend.received).toHaveLength(before);
  });
});

describe('a plain destination', () => {
  const plain = (change: Partial<DestinationForm & { kind: 'plain' }> = {}): DestinationForm => ({
    kind: 'plain',
    url: backend.url.replace('/session', '/token'),
    method: 'POST',
    format: 'json',
    field: 'code',
    authorization: { kind: 'none' },
    success: null,
    secret: '',
    ...change,
  });
  const rule = { path: 'data.ok', equals: 'true' };
  async function pairPlain(form: DestinationForm, broker: 'zerodha' | 'icici' = 'zerodha'): Promise<string> {
    const account = await pair(backend, { broker });
    await expect.poll(() => backend.received.length).toBeGreaterThan(0);
    await command({ type: 'save-destination', account, form });
    return account;
  }

  it('accepts, and the screen claims no more', async () => {
    backend.answerTokens(unsigned(200, '{"data":{"ok":true}}'));
    const form = plain({ success: rule, method: 'PUT', authorization: { kind: 'bearer' }, secret: 'bearer-of-mine' });
    const account = await pairPlain(form);
    await logInWith(account, KITE_TOKEN);
    const view = await shownAccount(account, ({ status }) => status === 'accepted');
    expect(view.links?.map(({ name, note }) => [name, note])).toEqual([
      ['captured', null],
      ['delivered', 'accepted'],
    ]);
    const [sent] = backend.tokens();
    expect(sent).toMatchObject({ method: 'PUT', body: JSON.stringify({ code: KITE_TOKEN }), isSigned: false });
    expect(sent?.headers).toMatchObject({ authorization: 'Bearer bearer-of-mine', 'content-type': 'application/json' });
    expect(Object.keys(sent?.headers ?? {}).filter((name) => name.startsWith('webhook'))).toEqual([]);
    expect(JSON.stringify(await chrome.storage.session.get(null))).not.toContain('bearer-of-mine');
    await expectGone(KITE_TOKEN);
  });

  it('gets a PATCH, and a header whose name has an underscore', async () => {
    const form = plain({
      method: 'PATCH',
      field: 'data[session token]',
      authorization: { kind: 'header', name: 'access_token' },
      secret: 'mine',
    });
    backend.answerTokens(unsigned(200, ''));
    const account = await pairPlain(form);
    await logInWith(account, KITE_TOKEN);
    await shownAccount(account, ({ status }) => status === 'accepted');
    expect(backend.tokens()[0]).toMatchObject({
      method: 'PATCH',
      body: JSON.stringify({ 'data[session token]': KITE_TOKEN }),
      headers: { access_token: 'mine' },
    });
  });

  it.each(['Cookie', 'host', 'Sec-Fetch-Mode', 'proxy-authorization', 'content-type', 'two words', 'colon:'])(
    'takes no header that a browser would drop or break: %s',
    async (name) => {
      const account = await pair(backend);
      const form = plain({ authorization: { kind: 'header', name }, secret: 'mine' });
      const reply = await obey({ type: 'save-destination', account, form });
      expect(reply.ok ? [] : reply.problems.map(({ field }) => field)).toEqual(['form.authorization.name']);
    },
  );

  it.each<[secret: string, header: string | null]>([
    ['Bearer abc', null],
    ['bearer  abc', null],
    ['Authorization: Bearer abc', null],
    ['X-API-Key: abc', 'x-api-key'],
  ])('takes no header that was copied whole, which would begin twice: %s', async (secret, name) => {
    const account = await pair(backend);
    const authorization = name === null ? { kind: 'bearer' } : { kind: 'header', name };
    const reply = await obey({ type: 'save-destination', account, form: plain({ authorization, secret } as never) });
    expect(reply.ok ? [] : reply.problems.map(({ field }) => field)).toEqual(['form.secret']);
  });

  it('gets a form, and a header of its own', async () => {
    const form = plain({ format: 'form', authorization: { kind: 'header', name: 'x-api-key' }, secret: 'mine' });
    backend.answerTokens(unsigned(204, ''));
    const account = await pairPlain(form);
    await logInWith(account, KITE_TOKEN);
    await shownAccount(account, ({ status }) => status === 'accepted');
    expect(backend.tokens()[0]).toMatchObject({
      body: `code=${KITE_TOKEN}`,
      headers: { 'x-api-key': 'mine', 'content-type': 'application/x-www-form-urlencoded' },
    });
  });

  it.each<[what: string, behave: () => Behaviour, code: TroubleCode]>([
    ['loses its answer', () => () => 'drop', 'outcome_unknown'],
    ['answers 500', () => unsigned(500, ''), 'outcome_unknown'],
    ['answers 503', () => unsigned(503, '', { 'retry-after': '1' }), 'outcome_unknown'],
    ['redirects', () => () => ({ status: 307, body: '', headers: { location: elsewhere.url } }), 'outcome_unknown'],
    ['answers too much', () => unsigned(200, 'x'.repeat(70_000)), 'outcome_unknown'],
    ['breaks its rule', () => unsigned(200, '{"data":{"ok":false}}'), 'rule_failed'],
  ])('that %s is never sent a one-time token twice', async (_what, behave, code) => {
    backend.answerTokens(behave());
    const account = await pairPlain(plain({ success: rule }));
    await logInWith(account, KITE_TOKEN);
    const view = await shownAccount(account, ({ status }) => status === 'failed');
    expect(await troubleOf(account)).toBe(code);
    expect(view.advice?.mend).toBe(CONSEQUENCES[code].mend);
    await expectGone(KITE_TOKEN);
    await command({ type: 'retry', account });
    expect(await obey({ type: 'paste', account, text: KITE_TOKEN })).toMatchObject({ ok: false });
    await pause(100);
    expect(backend.tokens()).toHaveLength(1);
    expect(elsewhere.received).toEqual([]);
  });

  it('that was busy is sent a one-time token again', async () => {
    let attempts = 0;
    backend.answerTokens((one, usual) =>
      ++attempts === 1 ? unsigned(429, '')(one, usual) : unsigned(200, '')(one, usual),
    );
    const account = await pairPlain(plain());
    await logInWith(account, KITE_TOKEN);
    await shownAccount(account, ({ status }) => status === 'accepted');
    expect(backend.tokens()).toHaveLength(2);
  });

  it('that lost its answer is sent a day token again', async () => {
    let attempts = 0;
    backend.answerTokens((one, usual) => (++attempts === 1 ? 'drop' : unsigned(200, '')(one, usual)));
    const account = await pairPlain(plain(), 'icici');
    await logInWith(account, BREEZE_TOKEN, 'icici');
    await shownAccount(account, ({ status }) => status === 'accepted');
    expect(backend.tokens().map(({ body }) => body)).toEqual(Array(2).fill(JSON.stringify({ code: BREEZE_TOKEN })));
    await expect.poll(everythingStored).not.toContain(BREEZE_TOKEN);
  });

  it('is tried without a token', async () => {
    const account = await pairPlain(plain());
    const { steps } = await command({ type: 'test', account });
    expect(steps?.map(({ name, ok }) => [name, ok])).toEqual([
      ['Permission', true],
      ['Address', true],
    ]);
    expect(backend.tokens().map(({ method, body }) => [method, body])).toEqual([['OPTIONS', '']]);
  });
});

function reportOf(id: string): string {
  const nothing = {
    state: 'none',
    delivery: null,
    user: null,
    exchanged_at: null,
    verified_at: null,
    expires_at: null,
  };
  return JSON.stringify({
    type: 'session.report',
    id,
    account: 'main',
    server_time: new Date().toISOString(),
    session: nothing,
  });
}
