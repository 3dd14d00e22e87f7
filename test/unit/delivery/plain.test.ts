import { describe, expect, it } from 'vitest';
import { filledFor, movedTo, PRESETS } from '../../../utils/domain/accounts/known-systems.ts';
import { givesUp } from '../../../utils/domain/accounts/plain-tradeoffs.ts';
import { DestinationForm, type PlainDestination } from '../../../utils/domain/accounts/settings.ts';
import { check } from '../../../utils/domain/base/check.ts';
import type { HttpResult } from '../../../utils/domain/delivery/answers.ts';
import { newDelivery } from '../../../utils/domain/delivery/delivery.ts';
import { readPlain, withQuery } from '../../../utils/domain/delivery/plain.ts';
import { brokers } from '../../../utils/shared/brokers/index.ts';
import { account, BREEZE_TOKEN, NOW, plain } from '../../support/samples/samples.ts';

const sent = { id: 'ob_a', sentAt: NOW - 100, at: NOW };
const answered = (status: number, body = ''): HttpResult => ({ kind: 'response', status, headers: {}, body });

const asked = (challenge: string): HttpResult => ({
  kind: 'response',
  status: 401,
  headers: { 'www-authenticate': challenge },
  body: '',
});

describe('an answer of a plain destination', () => {
  it.each<[what: string, change: Partial<PlainDestination>, result: HttpResult, code: string]>([
    ['redirected, by login', { login: 'cookie' }, { kind: 'redirected' }, 'logged_out'],
    ['redirected, from a tab', { login: 'tab' }, { kind: 'redirected' }, 'logged_out'],
    ['401, by login', { login: 'cookie' }, answered(401), 'logged_out'],
    ['403, by login', { login: 'cookie' }, answered(403), 'csrf_refused'],
    ['403, from a tab', { login: 'tab' }, answered(403), 'csrf_refused'],
    ['401 with a proxy’s password, by login', { login: 'cookie' }, asked('Basic realm="Desk"'), 'other_login'],
    ['401 with a proxy’s password, from a tab', { login: 'tab' }, asked('Digest realm="x"'), 'other_login'],
    ['401 with an app’s own challenge, by login', { login: 'cookie' }, asked('Token'), 'logged_out'],
    ['401 with a challenge, without a login', {}, asked('Bearer'), 'other_login'],
    ['an unknown certificate', {}, { kind: 'certificate' }, 'certificate'],
    ['403, without a login', {}, answered(403), 'http_client_error'],
    ['redirected, without a login', {}, { kind: 'redirected' }, 'redirected'],
    ['redirected, as a callback does', { redirect: 'taken' }, { kind: 'redirected' }, 'accepted'],
    ['200, as a callback may', { redirect: 'taken' }, answered(200), 'accepted'],
    ['500, of a callback', { redirect: 'taken' }, answered(500), 'http_server_error'],
    [
      '200 with a login page',
      { login: 'cookie', success: { path: 'success', equals: 'true' } },
      answered(200, '<html>'),
      'rule_failed',
    ],
  ])('%s', (_what, change, result, code) => {
    const outcome = readPlain(result, sent, plain(change));
    expect(outcome.kind === 'trouble' ? outcome.trouble.code : outcome.kind).toBe(code);
  });
});

describe('a preset', () => {
  const bodies: Record<string, string> = {
    'django-breeze': `session_token=${BREEZE_TOKEN}`,
    'session-manager': `{"action":"update","sessionToken":"${BREEZE_TOKEN}"}`,
    // Nothing is ever sent to it.
    openalgo: `code=${BREEZE_TOKEN}`,
    'kite-callback': `action=login&type=login&status=success&request_token=${BREEZE_TOKEN}`,
  };
  const statusPages: Record<string, string | undefined> = {
    'session-manager': 'https://trade.example.in/api/session-manager',
    openalgo: 'https://trade.example.in/auth/session-status',
  };
  it.each(PRESETS)('$id is a whole destination, and sends what its system reads', (preset) => {
    const { id, path, fills } = preset;
    const filled = filledFor(preset, 'https://trade.example.in/anything');
    expect(check(DestinationForm, { kind: 'plain', ...filled, secret: '' })).toMatchObject({ ok: true });
    expect(filled.url).toBe(`https://trade.example.in${path}`);
    expect(filled.status?.url).toBe(statusPages[id]);
    const captured = {
      id: 'ob_a',
      account: account(),
      broker: brokers.icici,
      token: BREEZE_TOKEN,
      via: 'redirect' as const,
    };
    const { body } = newDelivery({ ...captured, destination: plain(fills), now: NOW, skewMs: 0 });
    expect(body).toBe(bodies[id]);
  });

  it.each<[what: string, change: object, field: string]>([
    ['a GET with a body', { method: 'GET', format: 'json' }, 'format'],
    ['a POST with a query', { method: 'POST', format: 'query' }, 'format'],
    ['a login whose redirect is a success', { login: 'cookie', redirect: 'taken' }, 'redirect'],
  ])('is no destination with %s', (_what, change, field) => {
    const { id: _id, account: _account, savedAt: _savedAt, createdAt: _createdAt, ...form } = plain();
    const checked = check(DestinationForm, { ...form, secret: '', ...change });
    expect(checked).toMatchObject({ ok: false, problems: [{ field }] });
  });
});

it.each([
  ['another host', 'https://b.example/update', 'https://b.example/status?of=me'],
  ['another port', 'http://127.0.0.1:8000/', 'http://127.0.0.1:8000/status?of=me'],
  ['half an address', 'https:/', 'https://a.example/status?of=me'],
  ['a letter too much', 'xhttps://b.example/', 'https://a.example/status?of=me'],
  ['no address', 'about:blank', 'https://a.example/status?of=me'],
])('the status page goes along with the address: %s', (_what, address, url) =>
  expect(movedTo({ kind: 'session-manager', url: 'https://a.example/status?of=me' }, address).url).toBe(url),
);

it.each([
  ['https://a.example/cb', 'https://a.example/cb?x=1'],
  ['https://a.example/cb?app=2', 'https://a.example/cb?app=2&x=1'],
])('a query stands behind %s', (address, whole) => expect(withQuery(address, 'x=1')).toBe(whole));

it.each<[Partial<PlainDestination>, RegExp]>([
  [{}, /only ever says “accepted”\. A Zerodha token whose answer is lost is never sent again\.$/],
  [{ status: { kind: 'session-manager', url: 'http://127.0.0.1:8787/' } }, /what your status page says/],
  [{ authorization: { kind: 'bearer' } }, /stored in this browser as it is/],
  [{ format: 'query' }, /stands in the address/],
  [{ redirect: 'taken' }, /a callback that failed may look the same/],
  [{ login: 'cookie' }, /cookies of your login/],
  [{ login: 'tab' }, /from an open tab/],
])('with %j the settings say what it gives up', (change, says) =>
  expect(givesUp(plain(change)).join(' ')).toMatch(says),
);
