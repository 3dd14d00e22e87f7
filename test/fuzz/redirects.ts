import fc from 'fast-check';
import {
  mayHoldToken,
  type Reading,
  type RedirectRequest,
  readPaste,
  readRedirect,
  scrub,
} from '../../utils/domain/capture/redirect.ts';
import type { Broker } from '../../utils/shared/brokers/broker.ts';
import { brokers } from '../../utils/shared/brokers/index.ts';
import { BrokerId } from '../../utils/shared/contract.ts';

/** A redirect as an attacker, a browser or a careless registration could write it. */
export interface RedirectCase {
  broker: BrokerId;
  registered: string;
  request: RedirectRequest;
}

const TOKEN_NAMES = [
  'request_token',
  'requesttoken',
  'REQUEST_TOKEN',
  'apisession',
  'API_Session',
  'api_session',
  '__apisession',
  'token',
  'request-token',
  ...Object.values(brokers).flatMap(({ token }) => [token.shown, ...token.names]),
];
const OTHER_NAMES = [
  'status',
  'action',
  'type',
  'ob_state',
  'state',
  'State',
  's',
  'error',
  'userId',
  'client_id',
  'clientCode',
  'next',
  '__proto__',
  'constructor',
  '',
];
const VALUES = [
  'success',
  'login',
  'error',
  'basket',
  '51234567',
  'ok',
  '200',
  'AB1234',
  'a.code-of_many.kinds',
  'TokenOfKiteWith32LettersAndDigit',
  'a'.repeat(65),
  'abc',
  '%00',
  'é',
  '../..',
  ' 51234567',
];
const HOSTS = [
  '127.0.0.1',
  'localhost',
  '127.0.0.1.evil.example',
  'user@127.0.0.1',
  'user:pass@127.0.0.1',
  '127.1',
  '[::1]',
  'my.site.example',
  'MY.SITE.example',
  'my.site.example.',
  'mу.site.example',
  'kite.zerodha.com',
];
const PATHS = [
  '/',
  '',
  '/callback',
  '/callback/',
  '/Callback',
  '/callback/../callback',
  '//callback',
  '/%63allback',
  '/callback;x',
  '/callback\\x',
];
const PORTS = ['', ':80', ':443', ':8000', ':8080', ':00080', ':99999'];
const SCHEMES = ['http://', 'https://', 'HTTP://', 'http:', 'ftp://', 'javascript:', 'data:text/html,', '//', ''];

const pair = fc.tuple(
  fc.oneof(fc.constantFrom(...TOKEN_NAMES, ...OTHER_NAMES), fc.string({ maxLength: 12 })),
  fc.oneof(fc.constantFrom(...VALUES), fc.string({ maxLength: 70 }), fc.stringMatching(/^[A-Za-z0-9]{4,64}$/)),
);
const query = fc
  .array(pair, { maxLength: 5 })
  .map((pairs) =>
    pairs
      .map(([name, value]) => `${encodeURIComponent(name.toWellFormed())}=${encodeURIComponent(value.toWellFormed())}`)
      .join('&'),
  );
const place = fc
  .tuple(fc.constantFrom(...SCHEMES), fc.constantFrom(...HOSTS), fc.constantFrom(...PORTS), fc.constantFrom(...PATHS))
  .map((parts) => parts.join(''));
const registered = fc.constantFrom(
  'http://127.0.0.1:8000/',
  'http://127.0.0.1/',
  'https://my.site.example/callback',
  'https://my.site.example/callback?mine=1',
  'http://localhost:8000/callback',
);
const form = fc.option(
  fc.dictionary(
    pair.map(([name]) => name),
    fc.array(
      pair.map(([, value]) => value),
      { maxLength: 3 },
    ),
    { maxKeys: 3 },
  ),
  { nil: undefined },
);
const genuine = fc
  .tuple(fc.constantFrom(...TOKEN_NAMES), fc.stringMatching(/^[A-Za-z0-9]{16,64}$/))
  .map(([name, token]) => `&${name}=${token}`);
const aimed = fc
  .tuple(registered, query, fc.oneof(genuine, fc.constant('')))
  .map(([url, text, token]) => `${url}${url.includes('?') ? '&' : '?'}${text}${token}`);
const url = fc.oneof(
  { weight: 4, arbitrary: aimed },
  {
    weight: 4,
    arbitrary: fc
      .tuple(place, query, fc.constantFrom('', '#x', '#request_token=a'))
      .map(([at, text, hash]) => `${at}?${text}${hash}`),
  },
  { weight: 1, arbitrary: fc.webUrl({ withQueryParameters: true, withFragments: true }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
);

export const redirectCases: fc.Arbitrary<RedirectCase> = fc.record({
  broker: fc.constantFrom(...BrokerId.options),
  registered: fc.oneof({ weight: 19, arbitrary: registered }, { weight: 1, arbitrary: url }),
  request: fc.record({ url, form }),
});

/**
 * What is wrong with how a redirect was read, or null. An accepted one is looked at by other means than the reader's:
 * by the text of its URL, never by the URL class's own fields.
 */
export function misread({ broker: id, registered, request }: RedirectCase): string | null {
  const broker = brokers[id];
  const reading = readRedirect(broker, registered, request);
  // Dhan puts a slash behind a path that has none.
  const places = id === 'dhan' ? [registered, registered.replace(/([^/])(?=\?|$)/, '$1/')] : [registered];
  if (reading.kind === 'login' && !places.some((place) => isExactly(place, request.url)))
    return 'accepted another address';
  const wrong = falseToken(broker, request, reading);
  if (wrong !== null) return wrong;
  if (reading.kind !== 'none' && !mayHoldToken(request)) return 'would not even have been looked at';
  const pasted = readPaste(broker, request.url);
  if (pasted.kind === 'login' && !broker.token.pattern.test(pasted.token)) return 'pasted token is malformed';
  if (reading.kind !== 'login') return null;
  const scrubbed = scrub(broker, request.url);
  return new URL(scrubbed).search.includes(reading.token) && !isElsewhereToo(request.url, broker, reading.token)
    ? 'the token stays in the address'
    : null;
}

/** The same scheme, host, port and path, told from the texts: what a browser writes itself, with the default port left out. */
function isExactly(registered: string, url: string): boolean {
  const [one, other] = [registered, url].map((text) => URL.parse(text)?.href.split(/[?#]/, 1)[0]);
  return one !== undefined && one === other && !/^[^/]*\/\/[^/]*@/.test(other ?? '');
}

function falseToken(broker: Broker, { url, form }: RedirectRequest, reading: Reading): string | null {
  if (reading.kind !== 'login') return null;
  const given = [
    ...new URLSearchParams(URL.parse(url)?.search),
    ...Object.entries(form ?? {}).flatMap(([name, values]) => values.map((value) => [name, value] as const)),
  ];
  const named = given.filter(([name]) => broker.token.names.includes(name.toLowerCase().replaceAll(/[_-]/g, '')));
  if (named.length === 0) return 'accepted a token that nobody named';
  if (named.some(([, value]) => value !== reading.token)) return 'accepted one of several tokens';
  const isPlain = broker.id === 'zerodha' || broker.id === 'icici';
  const letters = isPlain ? /^[A-Za-z0-9]{4,64}$/ : /^[A-Za-z0-9._-]{4,2048}$/;
  if (!letters.test(reading.token)) return 'accepted a malformed token';
  const companion = falseCompanion(broker, given, reading.companions);
  if (companion !== null) return companion;
  if (broker.id === 'upstox' && given.some(([name]) => name === 'error')) return 'accepted an error';
  if (broker.id === 'fyers' && given.some(([name, value]) => name === 's' && value !== 'ok'))
    return 'accepted an error';
  if (broker.id !== 'zerodha') return null;
  if (reading.token.length < 16) return 'accepted a short token';
  const isOther = given.some(
    ([name, value]) =>
      (name === 'status' && value !== 'success') || (['action', 'type'].includes(name) && value !== 'login'),
  );
  return isOther ? 'accepted what is no login' : null;
}

/** What was read beside the token must stand there, once, under a name of its own. */
function falseCompanion(
  { companions }: Broker,
  given: readonly (readonly [string, string])[],
  read: Readonly<Record<string, string>> = {},
): string | null {
  for (const [name, value] of Object.entries(read)) {
    const own = companions.find((one) => one.name === name);
    const values = given.filter(([spelt]) => own?.names.includes(spelt.toLowerCase().replaceAll(/[_-]/g, '')));
    if (values.length === 0 || values.some(([, one]) => one !== value)) return 'accepted a foreign companion';
    if (!/^[A-Za-z0-9]{2,40}$/.test(value)) return 'accepted a malformed companion';
  }
  return null;
}

/** The same text in a parameter that is not the token's is the page's own. */
function isElsewhereToo(url: string, broker: Broker, token: string): boolean {
  return [...new URL(url).searchParams].some(
    ([name, value]) =>
      !broker.token.names.includes(name.toLowerCase().replaceAll(/[_-]/g, '')) && `${name}=${value}`.includes(token),
  );
}
