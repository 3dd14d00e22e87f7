import { SECOND } from '../time.ts';
import type { Broker, Signs } from './broker.ts';
import { passesEndedSessionOn } from './passed-on.ts';
import { ANY_CODE, USUAL } from './usual.ts';
import { saysAuthRequired } from './verdict.ts';

const ENDED = 'UDAPI100050';

export const upstoxSigns: Signs = {
  hint: /UDAPI100050/,
  classify(status, body) {
    if (saysAuthRequired(body)) return 'auth-required';
    const codes = errorCodes(body);
    if (codes.length === 0) return passesEndedSessionOn(status, body) ? 'auth-required' : 'unknown';
    return codes.includes(ENDED) ? 'auth-required' : 'not-auth';
  },
};

/** The error codes of an answer: `{status: "error", errors: [{errorCode, message}]}`. */
export function errorCodes(body: unknown): string[] {
  if (typeof body !== 'object' || body === null || !('errors' in body) || !Array.isArray(body.errors)) return [];
  return body.errors.map((one: { errorCode?: unknown } | null) => String(one?.errorCode ?? '')).filter(Boolean);
}

// 2026-11: https://upstox.com/developer/api-documentation/authentication
export const upstox: Broker = {
  ...USUAL,
  id: 'upstox',
  name: 'Upstox',
  variables: { prefix: 'UPSTOX', more: [] },
  console: { url: 'https://account.upstox.com/developer/apps', field: 'Redirect URL', key: 'API key' },
  // The documentation says a redirect of the first one; users see a script of the second, some through the third.
  hosts: ['api.upstox.com', 'login.upstox.com', 'api-v2.upstox.com'],
  loginUrl({ apiKey, redirectUrl, state }) {
    const key = `client_id=${encodeURIComponent(apiKey)}&redirect_uri=${encodeURIComponent(redirectUrl)}`;
    const mark = state === null ? '' : `&state=${encodeURIComponent(state)}`;
    return `https://api.upstox.com/v2/login/authorization/dialog?response_type=code&${key}${mark}`;
  },
  // login.upstox.com carries an internal client_id (IND-…), which is nobody's API key.
  apiKeyIn: ({ hostname, pathname, searchParams }) =>
    hostname === 'api.upstox.com' && pathname === '/v2/login/authorization/dialog'
      ? searchParams.get('client_id')
      : null,
  doubt: (apiKey) => (/^IND-/i.test(apiKey) ? 'own' : USUAL.doubt(apiKey)),
  token: {
    kind: 'one-time',
    shown: 'code',
    names: ['code'],
    pattern: ANY_CODE,
    glob: '*code=*',
    // 2026-11: one to two minutes by users.
    // https://community.upstox.com
    lifeMs: 60 * SECOND,
  },
  // 2026-11: 03:30 IST by the documentation.
  // https://upstox.com/developer/api-documentation/get-token
  session: { at: { hour: 3, minute: 30 } },
  stateParameter: 'state',
  isLogin: (parameters) => !parameters.has('error'),
  signs: upstoxSigns,
};
