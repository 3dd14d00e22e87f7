import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check } from '../../../utils/domain/base/check.ts';
import { examine, tellFinding, tellFix } from '../../../utils/domain/doctor/doctor.ts';
import type { Finding, Typed } from '../../../utils/domain/doctor/finding.ts';
import { differences, tellDifference } from '../../../utils/domain/doctor/registered-url.ts';
import { brokers } from '../../../utils/shared/brokers/index.ts';
import { BrokerId } from '../../../utils/shared/contract.ts';
import { RedirectMode } from '../../../utils/shared/pairing.ts';
import { RedirectUrl } from '../../../utils/shared/urls.ts';

const GOOD: Typed = { apiKey: 'abcdefgh12345678', redirectUrl: 'http://127.0.0.1/', mode: 'seal' };
const BREEZE_KEY = 'k+=!#%^~&()*3^9P';
const LOGIN = 'https://kite.zerodha.com/connect/login?v=3&api_key=abcdefgh12345678';
const BACKEND = { destination: 'http://127.0.0.1:8000/session' };

const only = (findings: Finding[]) => findings.map(({ code, severity, fix }) => [code, severity, fix]);

describe('the API key', () => {
  it.each<[string, BrokerId, string]>([
    ['of Kite Connect', 'zerodha', 'abcdefgh12345678'],
    ['of the practice broker', 'zerodha', 'practicekite'],
    ['with every sign ICICI uses', 'icici', BREEZE_KEY],
    ['that looks half encoded, and is not', 'icici', '5%2Bx#9'],
    ['of the other practice broker', 'icici', 'p+r=a!c#t%i^c~e&()*'],
    ['that is not typed yet', 'zerodha', ''],
  ])('%s is fine', (_, broker, apiKey) => {
    expect(examine(broker, { ...GOOD, apiKey })).toEqual([]);
  });

  it.each<[string, BrokerId, string, string, string, string | undefined]>([
    ['blanks around it', 'zerodha', ' abcdefgh12345678\n', 'key_blank', 'wrong', 'abcdefgh12345678'],
    ['an invisible blank', 'zerodha', 'abcdefgh12345678\u200b', 'key_blank', 'wrong', 'abcdefgh12345678'],
    ['a blank in front', 'icici', ` ${BREEZE_KEY}`, 'key_blank', 'wrong', BREEZE_KEY],
    ['a blank at the end, which can belong to it', 'icici', `${BREEZE_KEY} `, 'key_end_blank', 'doubt', BREEZE_KEY],
    ['an encoding', 'icici', encodeURIComponent(BREEZE_KEY), 'key_encoded', 'doubt', BREEZE_KEY],
    ['an encoding of an encoding', 'icici', 'k%252Bx', 'key_encoded', 'doubt', 'k+x'],
    ['the whole login address', 'zerodha', LOGIN, 'key_login_url', 'wrong', 'abcdefgh12345678'],
    ['another address', 'zerodha', 'https://kite.zerodha.com/', 'key_url', 'wrong', undefined],
    ['the id that Upstox’s own page shows', 'upstox', 'IND-abc123', 'key_own', 'doubt', undefined],
    ['an App ID of Fyers without its end', 'fyers', 'ABCDEF1X', 'key_own', 'doubt', undefined],
    ['a line of .env', 'zerodha', 'ZERODHA_API_KEY=abcdefgh12345678', 'key_env', 'wrong', 'abcdefgh12345678'],
    ['quotes', 'icici', `'${BREEZE_KEY}'`, 'key_env', 'wrong', BREEZE_KEY],
    ['the user id', 'zerodha', 'AB1234', 'key_user', 'doubt', undefined],
    ['the API secret', 'zerodha', 'abcdefgh12345678abcdefgh12345678', 'key_secret', 'doubt', undefined],
    ['signs that no key has', 'zerodha', 'abc+def', 'key_letters', 'doubt', undefined],
    ['far too much', 'icici', 'x'.repeat(65), 'key_long', 'doubt', undefined],
    ['the pairing string', 'zerodha', 'obp1_eyJ1cmwi', 'key_pairing', 'wrong', undefined],
    ['the pairing secret', 'icici', 'whsec_c2VjcmV0', 'key_pairing', 'wrong', undefined],
  ])('with %s is noticed', (_, broker, apiKey, code, severity, mended) => {
    const fix = mended === undefined ? undefined : { apiKey: mended };
    expect(only(examine(broker, { ...GOOD, apiKey }))).toEqual([[code, severity, fix]]);
  });
});

describe('the redirect URL', () => {
  // Everything that the brokers are known to take (and a dead port is as good as a living one).
  it.each<[string, Typed['mode']]>([
    ['http://127.0.0.1/', 'seal'],
    ['http://127.0.0.1', 'seal'],
    ['http://localhost:59123/breeze', 'seal'],
    ['https://www.google.com', 'seal'],
    ['https://kite.zerodha.com', 'seal'],
    ['http://127.0.0.1:8000/?mine=1', 'seal'],
    ['https://app.example/done', 'forward'],
    ['http://127.0.0.1:8000/api/auth/callback', 'observe'],
    ['', 'seal'],
  ])('%s as %s is fine', (redirectUrl, mode) => {
    expect(examine('zerodha', { ...GOOD, redirectUrl, mode })).toEqual([]);
  });

  it.each<[string, string, string, string, Partial<Typed> | undefined]>([
    ['no scheme', 'www.google.com', 'url_scheme', 'wrong', { redirectUrl: 'https://www.google.com' }],
    ['no scheme but a port', '127.0.0.1:8000/x', 'url_scheme', 'wrong', { redirectUrl: 'http://127.0.0.1:8000/x' }],
    [
      'a host that reads like a scheme',
      'localhost:8000',
      'url_scheme',
      'wrong',
      { redirectUrl: 'http://localhost:8000' },
    ],
    ['half a scheme', 'http:/127.0.0.1/', 'url_scheme', 'wrong', { redirectUrl: 'http://127.0.0.1/' }],
    ['no address at all', 'my redirect', 'url_blank', 'wrong', { redirectUrl: 'myredirect' }],
    ['nothing to mend', 'redirect', 'url_scheme', 'wrong', undefined],
    ['a line break', 'http://127.0.0.1\n/', 'url_blank', 'wrong', { redirectUrl: 'http://127.0.0.1/' }],
    [
      'a line of .env',
      "ZERODHA_REDIRECT_URL='http://127.0.0.1/'",
      'url_env',
      'wrong',
      { redirectUrl: 'http://127.0.0.1/' },
    ],
    ['a password', 'https://me:pw@app.example/x', 'url_user', 'wrong', { redirectUrl: 'https://app.example/x' }],
    ['a fragment', 'https://app.example/x#top', 'url_fragment', 'wrong', { redirectUrl: 'https://app.example/x' }],
    ['the login page', LOGIN, 'url_login', 'wrong', undefined],
    [
      'a login that came back',
      'http://127.0.0.1/?mine=1&action=login&status=success&request_token=TokenOfKiteWith32LettersAndDigit',
      'url_token',
      'wrong',
      { redirectUrl: 'http://127.0.0.1/?mine=1' },
    ],
    [
      'the other broker’s login',
      'http://127.0.0.1/?API_Session=51234567',
      'url_token',
      'wrong',
      { redirectUrl: 'http://127.0.0.1/' },
    ],
    [
      'https where nothing has a certificate',
      'https://localhost:8443/x',
      'url_https',
      'doubt',
      { redirectUrl: 'http://localhost:8443/x' },
    ],
    ['a callback', 'https://api.example/auth/callback', 'url_callback', 'doubt', { mode: 'observe' }],
    ['the backend’s own address', 'http://127.0.0.1:8000/kite', 'url_backend', 'doubt', { mode: 'observe' }],
  ])('with %s is noticed', (_, redirectUrl, code, severity, fix) => {
    expect(only(examine('zerodha', { ...GOOD, redirectUrl }, BACKEND))).toEqual([[code, severity, fix]]);
  });

  it('is said to be watched, and is the usual dummy', () => {
    expect(only(examine('zerodha', { ...GOOD, mode: 'observe' }))).toEqual([['url_dummy', 'doubt', { mode: 'seal' }]]);
  });

  it('opens without encryption at another computer', () => {
    const typed = { ...GOOD, redirectUrl: 'http://app.example/done', mode: 'forward' as const };
    expect(only(examine('icici', typed))).toEqual([['url_open', 'doubt', undefined]]);
  });
});

const BROKERS = BrokerId.options;
const around = fc.constantFrom({ destination: null }, BACKEND);
const piece = fc.constantFrom(
  ...['http://', 'https://', 'http:/', 'www.', 'localhost', '127.0.0.1', 'app.example', ':8000', '/', '/auth/callback'],
  ...[
    '?request_token=TokenOfKiteWith32LettersAndDigit',
    '&apisession=5123',
    '#',
    ' ',
    '\n',
    '"',
    "'",
    'me:pw@',
    '%2B',
    '%25',
    '+',
  ],
  ...['KEY=', 'API_KEY=', 'REDIRECT_URL=', 'export ', 'obp1_', 'whsec_', 'AB1234', 'abcdefgh12345678', '\u200b', LOGIN],
);
const text = fc.oneof(
  fc.array(piece, { maxLength: 6 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 80 }),
);
const typed = fc.record({ apiKey: text, redirectUrl: text, mode: fc.constantFrom(...RedirectMode.options) });

describe('the doctor', () => {
  it('mends in a few presses, and what is mended has no finding that could be mended again', () => {
    const property = fc.property(fc.constantFrom(...BROKERS), typed, around, (broker, form, known) => {
      let now = form;
      for (let presses = 0; ; presses++) {
        const found = examine(broker, now, known);
        const [first] = found.filter(({ fix }) => fix);
        if (!first) break;
        expect(presses, JSON.stringify([form, now])).toBeLessThan(12);
        const next = { ...now, ...first.fix };
        expect(next).not.toEqual(now);
        now = next;
      }
    });
    fc.assert(property, { numRuns: 5_000 });
  });

  it('finds nothing any more where its first mend was the whole cure', () => {
    const wrong: [BrokerId, Typed][] = [
      ['zerodha', { ...GOOD, apiKey: ` ${GOOD.apiKey}` }],
      ['icici', { ...GOOD, apiKey: encodeURIComponent(BREEZE_KEY) }],
      ['zerodha', { ...GOOD, redirectUrl: '127.0.0.1' }],
      ['zerodha', { ...GOOD, redirectUrl: 'https://127.0.0.1/' }],
      ['zerodha', { ...GOOD, redirectUrl: 'http://127.0.0.1:8000/api/auth/callback' }],
    ];
    for (const [broker, form] of wrong) {
      const [found] = examine(broker, form);
      expect(found).toBeDefined();
      expect(examine(broker, { ...form, ...found?.fix })).toEqual([]);
    }
  });

  it('lets nothing pass that the schema refuses', () => {
    const property = fc.property(fc.constantFrom(...BROKERS), text, (broker, redirectUrl) => {
      fc.pre(redirectUrl.trim() !== '' && redirectUrl.length <= 500);
      const isWrong = examine(broker, { ...GOOD, redirectUrl }).some(({ severity }) => severity === 'wrong');
      if (!isWrong && /^https?:\/\//i.test(redirectUrl) && URL.canParse(redirectUrl))
        expect(check(RedirectUrl, redirectUrl).ok, redirectUrl).toBe(true);
    });
    fc.assert(property, { numRuns: 5_000 });
  });

  it('says each finding and each mend in words', () => {
    const property = fc.property(fc.constantFrom(...BROKERS), typed, around, (broker, form, known) => {
      for (const found of examine(broker, form, known)) {
        expect(tellFinding(found)).toMatch(/\w+.*\.$/);
        expect(tellFix(found) === null).toBe(found.fix === undefined);
      }
    });
    fc.assert(property);
  });
});

describe('two redirect URLs', () => {
  it.each([
    ['http://127.0.0.1', 'http://127.0.0.1/', []],
    [
      'http://127.0.0.1/',
      'http://localhost/',
      ['127.0.0.1 here, localhost at the broker: both are this computer, but to a broker they are two addresses.'],
    ],
    ['http://127.0.0.1/', 'https://127.0.0.1/', ['The beginning differs: http here, https at the broker.']],
    ['http://127.0.0.1:8000/', 'http://127.0.0.1/', ['The port differs: 8000 here, – at the broker.']],
    [
      'http://127.0.0.1/x',
      'http://127.0.0.1/x/',
      ['Only the slash at the end differs: /x here, /x/ at the broker. It counts.'],
    ],
    [
      'http://a.example/x',
      'http://b.example/y',
      ['The host differs: a.example here, b.example at the broker.', 'The path differs: /x here, /y at the broker.'],
    ],
    ['http://a.example/', 'http://a.example/?a=1', ['What stands behind the ? differs: – here, ?a=1 at the broker.']],
  ])('%s and %s are compared part by part', (here, there, says) => {
    expect(differences(here, there)?.map(tellDifference)).toEqual(says);
  });

  it('cannot be compared where one is none', () => {
    expect(differences('http://127.0.0.1/', '127.0.0.1')).toBeNull();
  });
});

it('every broker says where a redirect URL is registered', () => {
  for (const { console: place } of Object.values(brokers)) expect(URL.canParse(place.url)).toBe(true);
});
