import { MINUTE } from '../../../utils/shared/time.ts';
import { type Answer, html, json } from '../message.ts';
import { page } from '../page.ts';
import {
  bearer,
  type Description,
  exchangeAnswer,
  FIREWALL,
  posted,
  profileFault,
  random,
  sha256hex,
  shownUser,
} from './simple.ts';

const refused = (status: number, emsg: string): Answer => json({ stat: 'Not_ok', emsg }, status);

const SPENT = refused(200, 'Invalid auth code');
const EXPIRED_KEY = refused(200, 'Your API key Expired. Please renew it');
const NO_KEY = refused(200, 'API key not available');
const DEAD = json({ status: 'Not_ok', message: 'EC087 - Unauthorized', result: [] }, 401);

export const aliceblue: Description = {
  id: 'aliceblue',
  hosts: ['ant.aliceblueonline.com', 'a3.aliceblueonline.com'],
  pageHost: 'ant.aliceblueonline.com',
  app: {
    apiKey: 'PRACTICEAPP',
    apiSecret: 'practicealicesecret0123456789',
    redirectUrl: 'http://127.0.0.1:59127/alice',
    userId: 'AL123456',
  },
  codeLifeMs: 3 * MINUTE,
  endsAt: [6, 0],
  newCode: () => random(20).toUpperCase(),
  login({ host, path, query }, simple) {
    if (host !== 'ant.aliceblueonline.com' || path !== '/') return null;
    const apiKey = query.get('appcode') ?? '';
    if (!simple.apps.has(apiKey)) return html(page('Invalid app code', ''));
    return { apiKey, redirectUrl: null, state: null };
  },
  query: ({ code, userId }) => [
    ['authCode', code],
    ['userId', userId],
  ],
  failed: null,
  isSpentByFailure: false,
  api(asked, simple) {
    const call = `${asked.method} ${asked.path}`;
    if (call === 'POST /open-api/od/v1/vendor/getUserDetails') {
      const { checkSum } = posted(asked);
      // The checksum is all that comes: the code that it belongs to has to be found.
      const issued = [...simple.codes.values()].findLast(({ apiKey, code, userId }) => {
        const { apiSecret = '' } = simple.apps.get(apiKey) ?? {};
        return checkSum === sha256hex(`${userId}${code}${apiSecret}`);
      });
      const { apiKey } = issued ?? simple.description.app;
      return exchangeAnswer(
        simple,
        simple.exchange(apiKey, issued?.code ?? '', () => true),
        ({ accessToken, userId }) => json({ stat: 'Ok', userSession: accessToken, clientId: userId }),
        { spent: SPENT, secret: SPENT, key: NO_KEY },
      );
    }
    const session = bearer(simple, asked);
    if (session === null) return DEAD;
    if (call !== 'GET /open-api/od/v1/profile/') return refused(404, 'Not found');
    const result = [{ clientId: shownUser(simple, session), clientName: 'Practice' }];
    return profileFault(simple) ?? json({ status: 'Ok', message: 'Success', result });
  },
  exchangeFaults: {
    spent: ['The exchange calls the auth code invalid.', SPENT],
    'no-login': [
      'The exchange says that the user is not logged in.',
      refused(200, 'User does not login, please login'),
    ],
    expired: ['The exchange says that the API key has expired.', EXPIRED_KEY],
    key: ['The exchange does not know the API key.', NO_KEY],
    limited: ['The exchange answers 429.', refused(429, 'Too many requests')],
    failing: ['The exchange fails with 500.', refused(500, 'Internal error')],
    html: ['A firewall answers the exchange with an HTML page and 403.', FIREWALL],
  },
  profileFaults: {
    refused: ['The profile answers that nobody is authorized.', DEAD],
    failing: ['The profile fails with 503.', refused(503, 'Service unavailable')],
  },
};
