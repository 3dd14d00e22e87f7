import { HOUR, MINUTE } from '../time.ts';
import type { Broker, Signs } from './broker.ts';
import { isBreezeEnded, passesEndedSessionOn } from './passed-on.ts';
import { saysAuthRequired, textOf } from './verdict.ts';

const NOT_AUTH = /^(?:limit exceed|public key does not exist|authentication fail :: invalid checksum)/i;

export const iciciSigns: Signs = {
  hint: /resource not available/i,
  // The HTTP status says nothing here: a rate limit was seen as 401, an ended session as 500.
  classify(status, body) {
    if (saysAuthRequired(body)) return 'auth-required';
    const error = textOf(body, 'Error');
    if (NOT_AUTH.test(error)) return 'not-auth';
    return isBreezeEnded(error) || passesEndedSessionOn(status, body) ? 'auth-required' : 'unknown';
  },
  // 2026-11: said of an ended session, and of a living one while the API is busy: the same token works a minute later.
  // https://github.com/Idirect-Tech/Breeze-Python-SDK/issues/210
  isDoubtful: (body) => /^resource not available\.?$/i.test(textOf(body, 'Error')),
  doubtEnds: true,
};

export const icici: Broker = {
  id: 'icici',
  name: 'ICICI Direct',
  confirmedOn: null,
  namesUser: true,
  variables: { prefix: 'BREEZE', more: [] },
  console: { url: 'https://api.icicidirect.com/apiuser/home', field: 'Redirect URL', key: 'API Key' },
  hosts: ['api.icicidirect.com'],
  // Keys contain + = ! # % and even a trailing blank: anything but a full encoding makes the page say "Public Key does not exist".
  loginUrl: ({ apiKey }) => `https://api.icicidirect.com/apiuser/login?api_key=${encodeURIComponent(apiKey)}`,
  lastStep: null,
  logOutUrl: null,
  needsConsent: false,
  apiKeyIn: (url) => (url.pathname.toLowerCase() === '/apiuser/login' ? url.searchParams.get('api_key') : null),
  doubt: () => null,
  keyMayEndBlank: true,
  token: {
    kind: 'day',
    shown: 'apisession',
    // ICICI was seen to write apisession, API_Session and api_session.
    names: ['apisession'],
    // The SDK's generate_session takes it as session_token; Breeze answers with another one of that name, in base64.
    alias: { name: 'sessiontoken', pattern: /^\d{4,16}$/ },
    pattern: /^[A-Za-z0-9]{4,64}$/,
    glob: '*api?session=*',
    lifeMs: 'session',
  },
  companions: [],
  adds: [],
  // 2026-11: "24 hours or midnight, whichever is earlier", Breeze API documentation.
  // https://www.icicidirect.com/futures-and-options/api/breeze/article/what-is-a-session-key-and-how-to-generate-it-for-using-breezeapi
  session: { ttlMs: 24 * HOUR, at: { hour: 0, minute: 0 } },
  // 2026-11: 100 calls a minute, Breeze API documentation.
  // https://api.icicidirect.com/breezeapi/documents/index.html
  paceMs: MINUTE / 100,
  stateParameter: null,
  mayAddSlash: false,
  // 2026-11: a redirect URL registered as www.google.com is followed as a path of the login's own pages.
  schemeless: ({ pathname }) =>
    /^\/apiuser\/((?:[\w-]+\.)+[a-z]{2,}(?:[:/].*)?|localhost.*|[\d.]+:\d+.*)$/i.exec(pathname)?.[1] ?? null,
  arrives: 'header-or-page',
  isLogin: () => true,
  signs: iciciSigns,
};
