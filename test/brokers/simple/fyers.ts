import { SECOND } from '../../../utils/shared/time.ts';
import { type Answer, json } from '../message.ts';
import {
  type Description,
  exchangeAnswer,
  FIREWALL,
  jwt,
  posted,
  profileFault,
  sha256hex,
  shownUser,
} from './simple.ts';

const refused = (status: number, code: number, message: string): Answer => json({ s: 'error', code, message }, status);

const SPENT = refused(400, -437, 'invalid auth code');
const BAD_HASH = refused(400, -5, 'invalid app id hash');
const LIMITED = refused(429, -429, 'request limit reached');
const DEAD = refused(401, -16, 'Could not authenticate the user');

export const fyers: Description = {
  id: 'fyers',
  hosts: ['api-t1.fyers.in', 'login.fyers.in'],
  pageHost: 'login.fyers.in',
  app: {
    apiKey: 'PRACTICE1X-100',
    apiSecret: 'PRACTICESEC',
    redirectUrl: 'http://127.0.0.1:59125/fyers',
    userId: 'FY12345',
  },
  codeLifeMs: 300 * SECOND,
  endsAt: [6, 0],
  newCode: () => jwt({ sub: 'auth_code', exp: Math.floor(Date.now() / SECOND) + 30_000 }),
  newAccessToken: (expiresAt) => jwt({ sub: 'access_token', exp: Math.floor(expiresAt / SECOND) }),
  login({ path, query }, simple) {
    if (path !== '/api/v3/generate-authcode') return null;
    const [apiKey, redirectUrl] = [query.get('client_id') ?? '', query.get('redirect_uri') ?? ''];
    const isKnown = simple.apps.get(apiKey)?.redirectUrl === redirectUrl && query.get('response_type') === 'code';
    return isKnown ? { apiKey, redirectUrl, state: query.get('state') } : refused(400, -352, 'invalid redirect uri');
  },
  query: ({ code }, { state }) => [
    ['s', 'ok'],
    ['code', '200'],
    ['auth_code', code],
    ['state', state ?? 'None'],
  ],
  failed: [['s', 'error']],
  isSpentByFailure: false,
  isNamedByProfile: true,
  api(asked, simple) {
    const call = `${asked.method} ${asked.path}`;
    if (call === 'POST /api/v3/validate-authcode') {
      const { code, appIdHash, grant_type: grant } = posted(asked);
      const issued = simple.codes.get(String(code));
      const isProven = ({ apiKey, apiSecret }: { apiKey: string; apiSecret: string }) =>
        grant === 'authorization_code' && appIdHash === sha256hex(`${apiKey}:${apiSecret}`);
      return exchangeAnswer(
        simple,
        simple.exchange(issued?.apiKey ?? simple.description.app.apiKey, String(code), isProven),
        ({ accessToken }) =>
          json({ s: 'ok', code: 200, message: '', access_token: accessToken, refresh_token: 'none' }),
        { spent: SPENT, secret: BAD_HASH, key: BAD_HASH },
      );
    }
    const [, token = ''] = (asked.headers.authorization ?? '').split(/:(.*)/);
    const session = simple.session(token);
    if (session === null) return DEAD;
    if (call !== 'GET /api/v3/profile') return refused(404, -50, 'not found');
    return (
      profileFault(simple) ?? json({ s: 'ok', code: 200, message: '', data: { fy_id: shownUser(simple, session) } })
    );
  },
  exchangeFaults: {
    spent: ['The exchange calls the auth code invalid.', SPENT],
    secret: ['The exchange calls the app id hash invalid.', BAD_HASH],
    limited: ['The exchange says that the limit is reached.', LIMITED],
    failing: ['The exchange fails with 500.', refused(500, -500, 'internal error')],
    html: ['A firewall answers the exchange with an HTML page and 403.', FIREWALL],
  },
  profileFaults: {
    refused: ['The profile says that the user could not be authenticated.', DEAD],
    limited: ['The profile says that the limit is reached.', LIMITED],
    failing: ['The profile fails with 503.', refused(503, -503, 'service unavailable')],
  },
};
