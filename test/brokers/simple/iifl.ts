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

const refused = (status: number, message: string): Answer => json({ status: 'Not_Ok', message }, status);

const SPENT = refused(200, 'Invalid auth code');
const BAD_KEY = refused(200, 'Invalid checksum');
const DEAD = refused(401, 'EC044 : Session is not valid');

export const iifl: Description = {
  id: 'iifl',
  hosts: ['markets.iiflcapital.com', 'api.iiflcapital.com'],
  pageHost: 'markets.iiflcapital.com',
  app: {
    apiKey: 'PracticeIifl012345',
    apiSecret: 'practiceiiflsecret0123456789',
    redirectUrl: 'http://127.0.0.1:59128/iifl',
    userId: '12345678',
  },
  codeLifeMs: 3 * MINUTE,
  endsAt: [6, 0],
  newCode: () => random(20).toUpperCase(),
  login({ host, path, query }, simple) {
    if (host !== 'markets.iiflcapital.com' || path !== '/') return null;
    const apiKey = query.get('appkey') ?? '';
    if (!simple.apps.has(apiKey) || query.get('v') !== '1') return html(page('Invalid app key', ''));
    return { apiKey, redirectUrl: null, state: null };
  },
  query: ({ code, userId }) => [
    ['authcode', code],
    ['clientid', userId],
  ],
  failed: null,
  isSpentByFailure: false,
  api(asked, simple) {
    const call = `${asked.method} ${asked.path}`;
    if (call === 'POST /v1/getusersession') {
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
        ({ accessToken }) => json({ status: 'Ok', message: 'Success', userSession: accessToken }),
        { spent: SPENT, secret: BAD_KEY, key: BAD_KEY },
      );
    }
    const session = bearer(simple, asked);
    if (session === null) return DEAD;
    if (call !== 'GET /v1/profile') return refused(404, 'Not found');
    const result = { clientId: shownUser(simple, session) };
    return profileFault(simple) ?? json({ status: 'Ok', message: 'Success', result });
  },
  exchangeFaults: {
    spent: ['The exchange calls the auth code invalid.', SPENT],
    secret: ['The exchange calls the checksum invalid.', BAD_KEY],
    limited: ['The exchange answers 429.', refused(429, 'Too many requests')],
    failing: ['The exchange fails with 500.', refused(500, 'Internal error')],
    html: ['A firewall answers the exchange with an HTML page and 403.', FIREWALL],
  },
  profileFaults: {
    refused: ['The profile says that the session is not valid.', DEAD],
    failing: ['The profile fails with 503.', refused(503, 'Service unavailable')],
  },
};
