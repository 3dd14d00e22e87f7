import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayHoldToken, readPaste, readRedirect, scrub } from '../../../utils/domain/capture/redirect.ts';
import type { Broker } from '../../../utils/shared/brokers/broker.ts';
import { brokers } from '../../../utils/shared/brokers/index.ts';
import { parseUrl, samePlace } from '../../../utils/shared/urls.ts';
import { BREEZE_TOKEN, KITE_TOKEN } from '../../support/samples/samples.ts';

const { zerodha, icici } = brokers;
const HOME = 'http://127.0.0.1:8000/';
const T = KITE_TOKEN;
const N = BREEZE_TOKEN;
const OTHER = 'AnotherTokenOfKiteWithManyLetter';

type Form = Record<string, string[]>;
const kite = (token = T, state: string | null = null) => ({ kind: 'login', token, state });
const breeze = (token = N) => ({ kind: 'login', token, state: null });
const none = (reason: string) => ({ kind: 'none', reason });
const elsewhere = (place: string, token = T) => ({ kind: 'elsewhere', place, token, state: null });

describe('a redirect of Kite', () => {
  it.each<[expected: object, url: string, registered?: string]>([
    [kite(), `${HOME}?action=login&type=login&status=success&request_token=${T}`],
    [kite(), `${HOME}?request_token=${T}&status=success&type=login&action=login`],
    [kite(), `${HOME}?request_token=${T}`],
    [kite(), `http://127.0.0.1:8000?request_token=${T}`],
    [kite(), `${HOME}?request_token=${T}`, 'http://127.0.0.1:8000'],
    [kite(), `HTTP://127.0.0.1:8000/?request_token=${T}`],
    [kite(), `http://127.0.0.1/?request_token=${T}`, 'http://127.0.0.1:80/'],
    [kite(), `https://App.example/back?request_token=${T}`, 'https://app.example:443/back'],
    [kite(), `${HOME}?mine=1&request_token=${T}`, `${HOME}?mine=1`],
    [kite(), `${HOME}?request_token=${T}#part`],
    [kite(T, 'mark_-1'), `${HOME}?request_token=${T}&ob_state=mark_-1`],
    [kite(T, ''), `${HOME}?request_token=${T}&ob_state=`],
    [kite(T, ''), `${HOME}?request_token=${T}&ob_state=a&ob_state=a`],
    [kite(), `${HOME}?request_token=${T}&request_token=${T}`],
    [kite(), `${HOME}?Request_Token=${T}`],
    [kite(), `${HOME}?requesttoken=${T}`],
    [kite('A'.repeat(16)), `${HOME}?request_token=${'A'.repeat(16)}`],
    [kite('A'.repeat(64)), `${HOME}?request_token=${'A'.repeat(64)}`],
    [none('malformed-token'), `${HOME}?request_token=${'A'.repeat(15)}`],
    [none('malformed-token'), `${HOME}?request_token=${'A'.repeat(65)}`],
    [none('malformed-token'), `${HOME}?request_token=${T}%0A`],
    [none('malformed-token'), `${HOME}?request_token=`],
    [none('malformed-token'), `${HOME}?request_token=${T}%20`],
    [none('several-tokens'), `${HOME}?request_token=${T}&request_token=${OTHER}`],
    [none('several-tokens'), `${HOME}?request_token=${T}&requestToken=${OTHER}`],
    [none('no-token'), HOME],
    [none('no-token'), `${HOME}?token=${T}`],
    [none('no-token'), `${HOME}#request_token=${T}`],
    [none('no-token'), `${HOME}?status=success`],
    [none('not-a-login'), `${HOME}?request_token=${T}&action=basket`],
    [none('not-a-login'), `${HOME}?request_token=${T}&type=basket`],
    [none('not-a-login'), `${HOME}?request_token=${T}&status=error`],
    [none('not-a-login'), `${HOME}?request_token=${T}&status=success&status=error`],
    [none('user-info'), `http://me@127.0.0.1:8000/?request_token=${T}`],
    [none('user-info'), `http://127.0.0.1:8000@evil.example/?request_token=${T}`],
    [none('no-url'), 'no url'],
    [none('no-url'), `${HOME}?request_token=${T}`, 'www.google.com'],
    [elsewhere('https://127.0.0.1:8000/'), `https://127.0.0.1:8000/?request_token=${T}`],
    [elsewhere('http://127.0.0.1:8001/'), `http://127.0.0.1:8001/?request_token=${T}`],
    [elsewhere('http://localhost:8000/'), `http://localhost:8000/?request_token=${T}`],
    [elsewhere('http://127.0.0.1:8000/other'), `${HOME}other?request_token=${T}`],
    [elsewhere('http://127.0.0.1:8000//'), `${HOME}/?request_token=${T}`],
    [none('other-place'), 'http://127.0.0.1:8001/'],
    [none('other-place'), `http://127.0.0.1:8001/?request_token=${T}&status=error`],
  ])('%o: %s', (expected, url, registered = HOME) => {
    expect(readRedirect(zerodha, registered, { url })).toEqual(expected);
  });
});

describe('a redirect of Breeze', () => {
  it.each<[expected: object, url: string, form?: Form]>([
    [breeze(), `${HOME}?apisession=${N}`],
    [breeze(), `${HOME}?API_Session=${N}`],
    [breeze(), `${HOME}?api_session=${N}`],
    [breeze(), `${HOME}?ApiSession=${N}`],
    [breeze(), HOME, { API_Session: [N] }],
    [breeze(), HOME, { apisession: [N] }],
    [breeze(), `${HOME}?apisession=${N}`, { API_Session: [N] }],
    [breeze('1234'), HOME, { API_Session: ['1234'] }],
    [none('malformed-token'), HOME, { API_Session: ['123'] }],
    [none('malformed-token'), HOME, { API_Session: ['1'.repeat(65)] }],
    [none('malformed-token'), HOME, { API_Session: [''] }],
    [none('several-tokens'), `${HOME}?apisession=${N}`, { API_Session: ['99999999'] }],
    [none('several-tokens'), HOME, { API_Session: [N, '99999999'] }],
    [none('no-token'), HOME, {}],
    [none('no-token'), HOME, { API_Session: [] }],
    [
      elsewhere('https://api.icicidirect.com/apiuser/www.google.com', N),
      `https://api.icicidirect.com/apiuser/www.google.com?apisession=${N}`,
    ],
  ])('%o: %s %o', (expected, url, form) => {
    expect(readRedirect(icici, HOME, { url, form })).toEqual(expected);
  });
});

describe('a paste', () => {
  it.each<[expected: object, broker: Broker, text: string]>([
    [kite(), zerodha, T],
    [kite(), zerodha, `  ${T}\n`],
    [kite(), zerodha, `${HOME}?request_token=${T}`],
    [kite(T, 'mark'), zerodha, `https://anywhere.example/x?request_token=${T}&ob_state=mark`],
    [breeze(), icici, N],
    [breeze(), icici, `${HOME}?API_Session=${N}`],
    [none('no-token'), zerodha, ' '],
    [none('no-token'), zerodha, HOME],
    [none('malformed-token'), zerodha, 'too short'],
    [none('malformed-token'), zerodha, `${T} ${T}`],
    [none('several-tokens'), zerodha, `${HOME}?request_token=${T}&request_token=${OTHER}`],
    [none('not-a-login'), zerodha, `${HOME}?request_token=${T}&status=error`],
    // An address as browsers, servers and programs show it.
    [kite(), zerodha, `127.0.0.1:8000/?request_token=${T}&action=login`],
    [kite(), zerodha, `127.0.0.1/?action=login&status=success&request_token=${T}`],
    [kite(), zerodha, `localhost:8000/?request_token=${T}&action=login`],
    [kite(), zerodha, `desk.example/back?request_token=${T}`],
    [kite(), zerodha, `//127.0.0.1:8000/?request_token=${T}`],
    [kite(T, 'mark'), zerodha, `127.0.0.1:8000/?request_token=${T}&ob_state=mark`],
    [kite(), zerodha, `?request_token=${T}&action=login&status=success`],
    [kite(), zerodha, `action=login&request_token=${T}`],
    [kite(), zerodha, `view-source:http://127.0.0.1/?request_token=${T}`],
    [kite(), zerodha, `<a href="http://127.0.0.1/?action=login&amp;request_token=${T}&amp;status=success">`],
    [kite(), zerodha, `${HOME}#request_token=${T}`],
    [kite(), zerodha, `https://desk.example/login?next=${encodeURIComponent(`${HOME}?request_token=${T}`)}`],
    [kite(), zerodha, encodeURIComponent(encodeURIComponent(`${HOME}?action=login&request_token=${T}`))],
    [kite(), zerodha, `INFO: 127.0.0.1:52144 - "GET /?request_token=${T}&action=login HTTP/1.1" 404 Not Found`],
    [kite(), zerodha, `Location: ${HOME}?request_token=${T}\r\nServer: cloudflare`],
    [kite(), zerodha, `This site can’t be reached\n${HOME}?request_token=${T}\nERR_CONNECTION_REFUSED`],
    [kite(), zerodha, `curl '${HOME}?request_token=${T}&action=login'`],
    [
      kite(),
      zerodha,
      `https://desk.example/redirect.php?user_id=AB1234&request_token=${T}&action=login&status=success`,
    ],
    // A name that is a word of many sentences.
    [{ kind: 'login', token: 'Ab12cd34', state: null }, brokers.upstox, 'localhost:3000/?code=Ab12cd34'],
    [{ kind: 'login', token: 'Ab12cd34', state: null }, brokers.upstox, '{"code": "Ab12cd34"}'],
    [none('malformed-token'), brokers.upstox, 'Error code: 500012'],
    [none('malformed-token'), brokers.upstox, 'the code 500012 was refused'],
    // A name and a value.
    [breeze(), icici, `API_Session: ${N}`],
    [breeze(), icici, `API_Session : ${N}.`],
    [breeze(), icici, `API_Session\t${N}`],
    [breeze(), icici, `API_Session\n${N}\n`],
    [breeze(), icici, `API Session is ${N}`],
    [breeze(), icici, `apisession=${N}`],
    [breeze(), icici, `{"API_Session":"${N}"}`],
    [breeze(), icici, `API_Session=[${N}]`],
    [breeze(), icici, `<input type="hidden" name="API_Session" value="${N}">`],
    [breeze(), icici, `Form data\nAPI_Session: ${N}\nview source`],
    [kite(), zerodha, `request_token = "${T}"`],
    [kite(), zerodha, `request-token: ${T}`],
    [kite(), zerodha, `kite.generate_session(request_token='${T}', api_secret='${OTHER}')`],
    [kite(), zerodha, `KITE_REQUEST_TOKEN=${T}`],
    [breeze(), icici, `API Session - ${N}`],
    [breeze(), icici, `API_Session → ${N}`],
    [breeze(), icici, `| API_Session | ${N} |`],
    [kite(), zerodha, `**request_token**: \`${T}\``],
    [kite(), zerodha, `ImmutableMultiDict([('request_token', '${T}'), ('action', 'login')])`],
    [kite(), zerodha, `[the page](${HOME}?request_token=${T}&action=login)`],
    [kite(), zerodha, `(${HOME}?request_token=${T}&action=login).`],
    [breeze(), icici, `breeze.generate_session(api_secret="${OTHER}", session_token="${N}")`],
    [breeze(), icici, `BREEZE_SESSION_TOKEN=${N}`],
    [
      breeze(),
      icici,
      `payload = "{\\r\\n    \\"SessionToken\\": \\"${N}\\",\\r\\n    \\"AppKey\\": \\"8g791^N029R\\"}"`,
    ],
    [none('malformed-token'), icici, 'session_token: QUIxMjM0OjU4NTkzNTg1'],
    // A line that a mail program broke is put together, or refused; a token is never cut.
    [kite(), zerodha, `${HOME}?request_token=${T.slice(0, 20)}\n${T.slice(20)}&action=login`],
    [kite(), zerodha, `${HOME}?action=login&request_token=${T.slice(0, 20)}=\r\n${T.slice(20)}`],
    [{ kind: 'login', token: 'eyJ0.eyJz1.abc', state: 'x' }, brokers.fyers, '?auth_code=eyJ0.eyJ\nz1.abc&state=x'],
    [breeze(), icici, `API_Session: ${N}\n2026-11-30`],
    [kite(), zerodha, `request_token=${T}\nstatus=success`],
    [none('malformed-token'), zerodha, `${HOME}?action=login&request_token=${T.slice(0, 20)}\n${T.slice(20)}`],
    [none('malformed-token'), zerodha, `${HOME}?request_token=${T.slice(0, 20)}…`],
    [none('not-a-login'), zerodha, `${HOME}?request_token=${T.slice(0, 20)}\n${T.slice(20)}&action=basket`],
    // As mail, logs and tools write the signs.
    [kite(), zerodha, `${HOME}?action=3Dlogin&request_token=3D${T}&status=3Dsuccess`],
    [kite(`3D${T}`), zerodha, `${HOME}?request_token=3D${T}`],
    [kite(), zerodha, `https://urldefense.com/v3/__${HOME}?request_token=${T}&action=login__;!!abc!xyz$`],
    [kite(), zerodha, `{"url":"${HOME}?action=login\\u0026request_token=${T}\\u0026status=success"}`],
    [kite(), zerodha, `"${HOME}?action=login\\u0026request_token\\u003d${T}"`],
    [kite(), zerodha, `${HOME}?action=login\\x26request_token=${T}`],
    [none('not-a-login'), zerodha, `${HOME}?request_token=${T}\\u0026status=error`],
    [kite(), zerodha, `${HOME}?request\\_token=${T}&action=login`],
    [kite(), zerodha, `request_token：${T}`],
    [kite(), zerodha, `<${HOME}?request_token=${T}&amp;action=login|127.0.0.1>`],
    [kite(), zerodha, `\u2066${HOME}?request_token=\u2068${T}\u2069&action=login\u2069`],
    [kite(), zerodha, `{\n  "name": "request_token",\n  "value": "${T}"\n}, {"name": "status", "value": "success"}`],
    [kite(), zerodha, `<tr><td>request_token</td>\n<td><b>${T}</b></td></tr>`],
    [kite(), zerodha, `<request_token>${T}</request_token>`],
    [kite(), zerodha, `<span class="name">request_token</span>: <span class="value">${T}</span>`],
    [kite(), zerodha, `array(1) { ["request_token"]=> string(32) "${T}" }`],
    [kite(), zerodha, `Your request token is: ${T}`],
    [breeze(), icici, `API Session Key : ${N}`],
    // What is shortened or hidden is never taken for the whole.
    [none('malformed-token'), zerodha, `request_token=${T.slice(0, 18)}****`],
    [none('malformed-token'), zerodha, `request_token: ${T.slice(0, 18)}...`],
    [none('malformed-token'), zerodha, `"${T.slice(0, 18)}..."`],
    [none('malformed-token'), icici, '585...'],
    [kite(), zerodha, `**request_token: ${T}**`],
    // A word about the token is none.
    [none('malformed-token'), icici, 'API_Session is null'],
    [none('malformed-token'), icici, `${HOME}?API_Session=undefined`],
    [none('malformed-token'), icici, 'API_Session=None'],
    [none('malformed-token'), icici, 'Error: apisession expired'],
    [none('malformed-token'), icici, 'The API_Session parameter is missing'],
    [none('malformed-token'), icici, 'password'],
    [breeze(), icici, `API_Session missing, then API_Session: ${N}`],
    [none('malformed-token'), brokers.upstox, '{"errors":[{"code":"UDAPI100050"}]}'],
    [none('malformed-token'), brokers.upstox, '{"status":"error","code":4016}'],
    [none('malformed-token'), brokers.upstox, 'localhost:3000/?code=undefined'],
    // A token alone.
    [kite(), zerodha, `"${T}"`],
    [kite(), zerodha, `${T},`],
    [kite(), zerodha, `\u200b${T}\ufeff`],
    [breeze(), icici, `‘${N}’`],
    // The same one twice is one; what is not unmistakable is none.
    [kite(), zerodha, `${HOME}?request_token=${T}\n127.0.0.1:8000/?request_token=${T}`],
    [none('several-tokens'), zerodha, `${HOME.slice(7)}?request_token=${T}\nrequest_token: ${OTHER}`],
    [none('several-tokens'), icici, `API_Session: ${N}\nAPI_Session: 11111111`],
    [none('not-a-login'), zerodha, `127.0.0.1:8000/?request_token=${T}&status=error`],
    [none('not-a-login'), zerodha, `127.0.0.1:8000/?request_token=${T}&action=basket`],
    [none('malformed-token'), zerodha, 'request_token: short'],
    [none('malformed-token'), zerodha, `access_token: ${T}`],
    [none('malformed-token'), zerodha, `api_secret=${T}`],
    [none('malformed-token'), zerodha, `my token is ${T}`],
    [none('malformed-token'), zerodha, `API_Session: ${N}`],
    [none('malformed-token'), icici, `request_token=${T}`],
    [none('malformed-token'), icici, `xapisession=${N}`],
  ])('%o: %o %j', (expected, broker, text) => expect(readPaste(broker, text)).toEqual(expected));
});

describe('a scrubbed address', () => {
  it.each([
    [zerodha, `${HOME}?mine=1&request_token=${T}&ob_state=m#x`, `${HOME}?mine=1#x`],
    [zerodha, `${HOME}?Request_Token=${T}&requesttoken=${T}`, HOME],
    [icici, `${HOME}?API_Session=${N}&apisession=${N}&ob_state=m`, `${HOME}?ob_state=m`],
  ])('%o of %s is %s', (broker, url, scrubbed) => expect(scrub(broker, url)).toBe(scrubbed));
});

describe('any address at all', () => {
  const broker = fc.constantFrom(zerodha, icici);
  const part = fc.oneof(
    fc.constantFrom(
      '',
      '/',
      '?',
      '#',
      '&',
      '=',
      '@',
      ':',
      '%',
      '\0',
      '\n',
      'http:',
      '//',
      '127.0.0.1',
      ':8000',
      'blob:',
    ),
    fc.constantFrom('request_token=', 'API_Session=', T, N, 'status=error', 'ob_state=m', '[::1]', 'user:pass@'),
    fc.string({ maxLength: 8, unit: 'binary' }),
  );
  const query = fc.constantFrom(`?request_token=${T}`, `?apisession=${N}`, `?request_token=${T}&apisession=${N}`);
  const text = fc.oneof(
    fc.array(part, { maxLength: 10 }).map((parts) => parts.join('')),
    fc.tuple(fc.webUrl({ withQueryParameters: true }), query).map(([url, more]) => url.split('?')[0] + more),
    fc
      .tuple(
        fc.constantFrom('http', 'https', 'ftp', 'blob:http', 'view-source:http'),
        fc.constantFrom(
          '127.0.0.1',
          '127.0.0.1.',
          'localhost',
          '2130706433',
          '0x7f.1',
          '127.0.0.1.evil.example',
          '[::1]',
        ),
        fc.constantFrom('', ':8000', ':08000', ':80', ':8001'),
        fc.constantFrom('', '/', '//', '/.', '/./', '/..', '/%2e', '/a', '\\', '/;'),
        query,
      )
      .map(([scheme, host, port, path, more]) => `${scheme}://${host}${port}${path}${more}`),
  );

  it('is read without an exception, and as a login only at the registered place', () => {
    const expected = new URL(HOME);
    let logins = 0;
    fc.assert(
      fc.property(
        broker,
        text,
        fc.option(fc.dictionary(fc.constantFrom('API_Session', 'x'), fc.array(part, { maxLength: 2 })), {
          nil: undefined,
        }),
        (one, url, form) => {
          const reading = readRedirect(one, HOME, { url, form });
          readPaste(one, url);
          if (reading.kind !== 'none') expect(mayHoldToken({ url, form })).toBe(true);
          if (reading.kind !== 'login') return;
          logins++;
          const parsed = parseUrl(url);
          expect(parsed && samePlace(parsed, expected)).toBe(true);
          expect(parsed).toMatchObject({
            protocol: 'http:',
            hostname: '127.0.0.1',
            port: '8000',
            pathname: '/',
            username: '',
          });
          expect(reading.token).toMatch(one.token.pattern);
        },
      ),
      { numRuns: 20_000 },
    );
    expect(logins).toBeGreaterThan(50);
  });
});
