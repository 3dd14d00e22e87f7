import { SECOND } from '../time.ts';
import type { Broker, Signs } from './broker.ts';
import { isAbsentOr } from './names.ts';
import { passesEndedSessionOn } from './passed-on.ts';
import { ANY_CODE, USUAL } from './usual.ts';
import { numberOf, saysAuthRequired, textOf } from './verdict.ts';

// 2026-11: https://myapi.fyers.in/docsv3, -15 and -16: the token is invalid, or could not be proven.
const ENDED = [-15, -16];

export const fyersSigns: Signs = {
  hint: /"code"\s*:\s*-1[56]\b/,
  classify(status, body) {
    if (saysAuthRequired(body)) return 'auth-required';
    const code = textOf(body, 's') === 'error' ? numberOf(body, 'code') : null;
    if (code === null) return passesEndedSessionOn(status, body) ? 'auth-required' : 'unknown';
    return ENDED.includes(code) ? 'auth-required' : 'not-auth';
  },
};

export const fyers: Broker = {
  ...USUAL,
  id: 'fyers',
  name: 'Fyers',
  variables: { prefix: 'FYERS', more: [] },
  console: { url: 'https://myapi.fyers.in/dashboard', field: 'Redirect URL', key: 'App ID' },
  hosts: ['api-t1.fyers.in', 'login.fyers.in'],
  loginUrl({ apiKey, redirectUrl, state }) {
    const key = `client_id=${encodeURIComponent(apiKey)}&redirect_uri=${encodeURIComponent(redirectUrl)}`;
    const mark = state === null ? '' : `&state=${encodeURIComponent(state)}`;
    return `https://api-t1.fyers.in/api/v3/generate-authcode?${key}&response_type=code${mark}`;
  },
  apiKeyIn: ({ hostname, pathname, searchParams }) =>
    hostname === 'api-t1.fyers.in' && pathname === '/api/v3/generate-authcode' ? searchParams.get('client_id') : null,
  // An App ID ends with the kind of the app, -100 or -200.
  doubt: (apiKey) => (/-\d{3}$/.test(apiKey) ? USUAL.doubt(apiKey) : 'own'),
  token: {
    kind: 'one-time',
    shown: 'auth_code',
    // Its parameter `code` says 200 and is no token.
    names: ['authcode'],
    pattern: ANY_CODE,
    glob: '*auth?code=*',
    // 2026-11: version 2 said 300 s; the claim of version 3 says more, and nobody tried it.
    // https://api-docs.fyers.in/v2/ and https://myapi.fyers.in/docsv3
    lifeMs: 300 * SECOND,
  },
  adds: ['s', 'code'],
  // 2026-11: about 06:00 IST by users; the access token's own claim says it exactly.
  // https://myapi.fyers.in/docsv3
  session: { at: { hour: 6, minute: 0 } },
  stateParameter: 'state',
  isLogin: (parameters) => isAbsentOr(parameters, 's', 'ok'),
  signs: fyersSigns,
};
