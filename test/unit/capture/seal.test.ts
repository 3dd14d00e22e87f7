import { describe, expect, it } from 'vitest';
import { sealRules } from '../../../utils/domain/capture/seal.ts';
import { account, BREEZE_TOKEN, KITE_TOKEN } from '../../support/samples/samples.ts';

const KITE = ['kite.zerodha.com'];
const BREEZE = ['api.icicidirect.com'];

describe('the rules that seal a redirect', () => {
  it('look at the redirect header alone, where the broker sends one', () => {
    expect(sealRules([account()])).toEqual([
      {
        kind: 'header',
        hosts: KITE,
        globs: ['http://127.0.0.1:8000/?*request_token=*', 'http://127.0.0.1:8000?*request_token=*'],
      },
    ]);
  });

  it('look at what the broker’s page starts too, where it posts a form', () => {
    expect(sealRules([account({ broker: 'icici', redirectUrl: 'https://app.example/back?mine=1' })])).toEqual([
      { kind: 'header', hosts: BREEZE, globs: ['https://app.example/back?*api?session=*'] },
      { kind: 'request', hosts: BREEZE, regex: '^https:\\/\\/app\\.example\\/back(\\?.*)?$' },
    ]);
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

  it.each([
    `http://127.0.0.1:8000/?request_token=${KITE_TOKEN}`,
    `http://127.0.0.1:8000/?action=login&request_token=${KITE_TOKEN}&ob_state=x`,
    `http://127.0.0.1:8000?status=success&request_token=${KITE_TOKEN}`,
  ])('know every shape of Kite’s header: %s', (location) => {
    const [rule] = sealRules([account()]);
    // A header glob: * is anything, ? is one character or none.
    const globs = rule?.kind === 'header' ? rule.globs : [];
    const matches = globs.map(
      (glob) => new RegExp(`^${glob.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.?')}$`),
    );
    expect(matches.some((one) => one.test(location))).toBe(true);
  });
});
