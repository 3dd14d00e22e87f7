import { describe, expect, it } from 'vitest';
import { overreaches, sealRules } from '../../../utils/domain/capture/seal.ts';
import { account, BREEZE_TOKEN, KITE_TOKEN } from '../../support/samples/samples.ts';

const KITE = ['kite.zerodha.com'];
const BREEZE = ['api.icicidirect.com'];

describe('the rules that seal a redirect', () => {
  it('look at the redirect header, in each way in which a broker may write it, and at what its page starts', () => {
    expect(sealRules([account()])).toEqual([
      {
        kind: 'header',
        hosts: KITE,
        globs: ['http://127.0.0.1:8000/\\?*request_token=*', 'http://127.0.0.1:8000\\?*request_token=*'],
      },
      {
        kind: 'request',
        hosts: KITE,
        place: 'http://127.0.0.1:8000/',
        regex: '^http:\\/\\/127\\.0\\.0\\.1:8000\\/(\\?.*)?$',
      },
    ]);
  });

  it('know the port that goes without saying', () => {
    const [header] = sealRules([account({ broker: 'icici', redirectUrl: 'https://app.example/back?mine=1' })]);
    expect(header).toMatchObject({
      hosts: BREEZE,
      globs: ['https://app.example/back\\?*api?session=*', 'https://app.example:443/back\\?*api?session=*'],
    });
  });

  it('leave the broker’s own pages alone, where the redirect URL is one of them (CAP-11)', () => {
    const rules = sealRules([account({ redirectUrl: 'https://kite.zerodha.com/dashboard' })]);
    expect(rules.map(({ kind }) => kind)).toEqual(['header']);
  });

  it.each([{ paused: true }, { mode: 'forward' as const }])('are none for an account that is %j', (change) => {
    expect(sealRules([account(change)])).toEqual([]);
  });

  it.each<[isSealed: boolean, redirectUrl: string, seen: string]>([
    [true, 'http://127.0.0.1:8000', 'http://127.0.0.1:8000/'],
    [true, 'http://127.0.0.1:8000', `http://127.0.0.1:8000/?apisession=${BREEZE_TOKEN}`],
    [true, 'https://app.example/a(b)', `https://app.example/a(b)?API_Session=${BREEZE_TOKEN}`],
    [false, 'http://127.0.0.1:8000', `http://127.0.0.1:8001/?apisession=${BREEZE_TOKEN}`],
    [false, 'http://127.0.0.1:8000', `http://127.0.0.1:8000/other?apisession=${BREEZE_TOKEN}`],
    [false, 'https://app.example/back', `https://appXexample/back?apisession=${BREEZE_TOKEN}`],
    [false, 'https://app.example/back', `https://evil.example/?https://app.example/back?apisession=${BREEZE_TOKEN}`],
  ])('seal %s: registered %s, seen %s', (isSealed, redirectUrl, seen) => {
    const rules = sealRules([account({ broker: 'icici', redirectUrl })]);
    expect(rules.some((rule) => rule.kind === 'request' && new RegExp(rule.regex).test(seen))).toBe(isSealed);
  });

  it.each<[isSealed: boolean, registered: string, location: string]>([
    [true, 'http://127.0.0.1:8000', `http://127.0.0.1:8000/?request_token=${KITE_TOKEN}`],
    [true, 'http://127.0.0.1:8000', `http://127.0.0.1:8000/?action=login&request_token=${KITE_TOKEN}&ob_state=x`],
    [true, 'http://127.0.0.1:8000', `http://127.0.0.1:8000?status=success&request_token=${KITE_TOKEN}`],
    [true, 'http://127.0.0.1', `http://127.0.0.1:80/?request_token=${KITE_TOKEN}`],
    [true, 'http://127.0.0.1:80/a', `http://127.0.0.1/a?request_token=${KITE_TOKEN}`],
    [true, 'https://app.example/a*b', `https://app.example/a*b?request_token=${KITE_TOKEN}`],
    // The redirects of the person's other programs, and of other accounts, on the same host.
    [false, 'http://127.0.0.1', `http://127.0.0.1:8000/callback?request_token=${KITE_TOKEN}`],
    [false, 'http://127.0.0.1/', `http://127.0.0.1/callback?request_token=${KITE_TOKEN}`],
    [false, 'http://127.0.0.1:8000', `http://127.0.0.1:80001/?request_token=${KITE_TOKEN}`],
    [false, 'http://127.0.0.1:8000', `http://127.0.0.1:8000/x?request_token=${KITE_TOKEN}`],
    [false, 'http://127.0.0.1:8000/a', `http://127.0.0.1:8000/a/b?request_token=${KITE_TOKEN}`],
    [false, 'http://127.0.0.1:8000/a', `http://127.0.0.1:8000/ab?request_token=${KITE_TOKEN}`],
    [false, 'http://127.0.0.1:8000/a', `https://127.0.0.1:8000/a?request_token=${KITE_TOKEN}`],
    [false, 'https://app.example/a*b', `https://app.example/a/x/b?request_token=${KITE_TOKEN}`],
    [false, 'http://127.0.0.1', `http://127.0.0.1.evil.example/?request_token=${KITE_TOKEN}`],
    [false, 'http://127.0.0.1', 'http://127.0.0.1/?status=failed'],
  ])('seal %s: registered %s, header %s', (isSealed, redirectUrl, location) => {
    const [rule] = sealRules([account({ redirectUrl })]);
    expect((rule?.kind === 'header' ? rule.globs : []).some((glob) => fromGlob(glob).test(location))).toBe(isSealed);
  });
});

it.each<[boolean, string]>([
  [true, 'http://127.0.0.1:8000/Callback'],
  [false, 'http://127.0.0.1:8000/callback'],
  [false, 'http://127.0.0.1:8000/callback/x'],
])('a rule takes with its own also %s: %s', (isTaken, url) => {
  const accounts = [account({ redirectUrl: 'http://127.0.0.1:8000/callback' })];
  expect(overreaches(accounts, `${url}?request_token=${KITE_TOKEN}`)).toBe(isTaken);
  expect(overreaches([{ ...accounts[0], mode: 'forward' } as (typeof accounts)[0]], url)).toBe(false);
});

/** As Chromium reads it: * is anything, ? is one character or none, a backslash takes either at its word. */
function fromGlob(glob: string): RegExp {
  const parts = glob.match(/\\.|[\s\S]/g) ?? [];
  const quoted = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  const read = (part: string) => (part === '*' ? '.*' : part === '?' ? '.?' : quoted(part.replace(/^\\/, '')));
  return new RegExp(`^${parts.map(read).join('')}$`, 'i');
}
