import { SECOND } from '../../../utils/shared/time.ts';
import { type Answer, json } from '../message.ts';
import { type Description, exchangeAnswer, FIREWALL, profileFault, random, shownUser } from './simple.ts';

const refused = (status: number, errorCode: string, message: string): Answer =>
  json({ status: 'error', errors: [{ errorCode, message, propertyPath: null, invalidValue: null }] }, status);

const BAD_CLIENT = refused(400, 'UDAPI100068', 'Check your client_id and redirect_uri');
const DEAD = refused(401, 'UDAPI100050', 'Invalid token used to access API');

export const upstox: Description = {
  id: 'upstox',
  hosts: ['api.upstox.com', 'login.upstox.com', 'api-v2.upstox.com'],
  pageHost: 'login.upstox.com',
  app: {
    apiKey: '1b0c6f2e-practice-4d5e',
    apiSecret: 'practiceupsecret',
    redirectUrl: 'http://127.0.0.1:59124/upstox',
    userId: 'UP1234',
  },
  codeLifeMs: 90 * SECOND,
  endsAt: [3, 30],
  newCode: () => random(6),
  login({ host, path, query }, simple) {
    if (host !== 'api.upstox.com' || path !== '/v2/login/authorization/dialog') return null;
    const [apiKey = '', redirectUrl = ''] = [query.get('client_id') ?? '', query.get('redirect_uri') ?? ''];
    const isKnown = simple.apps.get(apiKey)?.redirectUrl === redirectUrl && query.get('response_type') === 'code';
    return isKnown ? { apiKey, redirectUrl, state: query.get('state') } : BAD_CLIENT;
  },
  query: ({ code }, { state }) => [
    ['code', code],
    ...(state === null ? [] : ([['state', state]] as [string, string][])),
  ],
  failed: [['error', 'access_denied']],
  isSpentByFailure: true,
  api(asked, simple) {
    const call = `${asked.method} ${asked.path}`;
    if (call === 'POST /v2/login/authorization/token') {
      const form = new URLSearchParams(asked.body);
      const [apiKey, code] = [form.get('client_id') ?? '', form.get('code') ?? ''];
      const exchanged = simple.exchange(
        apiKey,
        code,
        ({ apiSecret, redirectUrl }) =>
          form.get('client_secret') === apiSecret &&
          form.get('redirect_uri') === redirectUrl &&
          form.get('grant_type') === 'authorization_code',
      );
      return exchangeAnswer(
        simple,
        exchanged,
        ({ accessToken, userId }) =>
          json({
            email: 'practice@example.invalid',
            exchanges: ['NSE'],
            broker: 'UPSTOX',
            user_id: userId,
            access_token: accessToken,
          }),
        {
          spent: refused(401, 'UDAPI100057', 'Invalid Auth code'),
          secret: refused(401, 'UDAPI100069', 'Invalid credentials'),
          key: refused(401, 'UDAPI100016', 'Invalid Credentials'),
        },
      );
    }
    const session = simple.session(/^Bearer (.+)$/.exec(asked.headers.authorization ?? '')?.[1] ?? '');
    if (session === null) return DEAD;
    if (call !== 'GET /v2/user/profile') return refused(404, 'UDAPI100060', 'Resource not Found.');
    return (
      profileFault(simple) ??
      json({ status: 'success', data: { user_id: shownUser(simple, session), is_active: true } })
    );
  },
  exchangeFaults: {
    spent: ['The exchange calls the code invalid.', refused(401, 'UDAPI100057', 'Invalid Auth code')],
    secret: ['The exchange refuses the API secret.', refused(401, 'UDAPI100069', 'Invalid credentials')],
    inactive: [
      'The exchange says that the app is not active.',
      refused(401, 'UDAPI100073', 'Your client_id is inactive.'),
    ],
    limited: [
      'The exchange says that there are too many requests.',
      refused(429, 'UDAPI10005', 'Too Many Request Sent'),
    ],
    failing: ['The exchange fails with 500.', refused(500, 'UDAPI100500', 'Something went wrong')],
    html: ['A firewall answers the exchange with an HTML page and 403.', FIREWALL],
  },
  profileFaults: {
    refused: ['The profile calls the access token invalid.', DEAD],
    limited: [
      'The profile says that there are too many requests.',
      refused(429, 'UDAPI10005', 'Too Many Request Sent'),
    ],
    failing: ['The profile fails with 503.', refused(503, 'UDAPI100500', 'Service unavailable')],
  },
};
