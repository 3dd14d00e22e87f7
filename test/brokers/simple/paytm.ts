import { SECOND } from '../../../utils/shared/time.ts';
import { type Answer, html, json } from '../message.ts';
import { page } from '../page.ts';
import { type Description, exchangeAnswer, FIREWALL, jwt, posted, profileFault, random } from './simple.ts';

const refused = (status: number, message: string): Answer => json({ errors: [{ message }] }, status);

const SPENT = refused(400, 'Invalid request token');
const BAD_KEY = refused(401, 'Invalid api key');
const BAD_SECRET = refused(401, 'Invalid api secret key');
const LIMITED = refused(429, 'Too many requests');
const DEAD = refused(401, 'Unauthorized');

export const paytm: Description = {
  id: 'paytm',
  hosts: ['login.paytmmoney.com', 'developer.paytmmoney.com'],
  pageHost: 'login.paytmmoney.com',
  app: {
    apiKey: 'practicepaytmkey0123456789abcdef',
    apiSecret: 'practicepaytmsecret',
    redirectUrl: 'http://127.0.0.1:59130/paytm',
    userId: '1234567',
  },
  codeLifeMs: 120 * SECOND,
  endsAt: [6, 0],
  newCode: () => random(32),
  newAccessToken: (expiresAt) => jwt({ sub: 'access_token', exp: Math.floor(expiresAt / SECOND) }),
  login({ host, path, query }, simple) {
    if (host !== 'login.paytmmoney.com' || path !== '/merchant-login') return null;
    const apiKey = query.get('apiKey') ?? '';
    if (!simple.apps.has(apiKey)) return html(page('Invalid API key', ''));
    return { apiKey, redirectUrl: null, state: query.get('state') };
  },
  query: ({ code }, { state }) => [
    ['requestToken', code],
    ...(state === null ? [] : ([['state', state]] as [string, string][])),
  ],
  failed: null,
  isSpentByFailure: false,
  namesUser: false,
  api(asked, simple) {
    const call = `${asked.method} ${asked.path}`;
    if (call === 'POST /accounts/v2/gettoken') {
      const { api_key: apiKey, api_secret_key: secret, request_token: code } = posted(asked);
      return exchangeAnswer(
        simple,
        simple.exchange(String(apiKey), String(code), ({ apiSecret }) => secret === apiSecret),
        ({ accessToken }) =>
          json({ access_token: accessToken, public_access_token: jwt({}), read_access_token: jwt({}) }),
        { spent: SPENT, secret: BAD_SECRET, key: BAD_KEY },
      );
    }
    if (simple.session(String(asked.headers['x-jwt-token'])) === null) return DEAD;
    if (call !== 'GET /accounts/v1/user/details') return refused(404, 'Not found');
    // The names of its fields are not documented.
    return profileFault(simple) ?? json({ data: {} });
  },
  exchangeFaults: {
    spent: ['The exchange calls the request token invalid.', SPENT],
    secret: ['The exchange refuses the API secret.', BAD_SECRET],
    key: ['The exchange does not know the API key.', BAD_KEY],
    limited: ['The exchange says that there are too many requests.', LIMITED],
    failing: ['The exchange fails with 500.', refused(500, 'Internal server error')],
    html: ['A firewall answers the exchange with an HTML page and 403.', FIREWALL],
  },
  profileFaults: {
    refused: ['The user details are refused with 401.', DEAD],
    limited: ['The user details say that there are too many requests.', LIMITED],
    failing: ['The user details fail with 503.', refused(503, 'Service unavailable')],
  },
};
