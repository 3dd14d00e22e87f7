import { SECOND } from '../../../utils/shared/time.ts';
import { type Answer, html, json } from '../message.ts';
import { page } from '../page.ts';
import { bearer, type Description, exchangeAnswer, FIREWALL, jwt, posted, profileFault } from './simple.ts';

const told = (Status: number, Message: string, rest: object = {}, head = 0): Answer =>
  json({ body: { ...rest, Status, Message }, head: { responseCode: '5P', status: head, statusDescription: Message } });

const SPENT = told(2, 'Request token expired');
const BAD_KEY = told(-1, 'Invalid head parameters.', {}, 2);
const BAD_SECRET = told(2, 'Invalid EncryKey');
const DEAD = told(9, 'Invalid Session');

export const fivepaisa: Description = {
  id: 'fivepaisa',
  hosts: ['dev-openapi.5paisa.com', 'openapi.5paisa.com'],
  pageHost: 'dev-openapi.5paisa.com',
  app: {
    apiKey: 'PracticeUserKey0123456789',
    apiSecret: 'practiceencryptionkey',
    redirectUrl: 'http://127.0.0.1:59129/fivepaisa',
    userId: '50012345',
    more: { APP_USER_ID: 'practiceAppUser' },
  },
  codeLifeMs: 30 * SECOND,
  endsAt: [23, 59],
  newCode: () => jwt({ unique_name: '50012345', exp: Math.floor(Date.now() / SECOND) + 30 }),
  login({ path, query }, simple) {
    if (path !== '/WebVendorLogin/VLogin/Index') return null;
    const apiKey = query.get('VendorKey') ?? '';
    if (!simple.apps.has(apiKey)) return html(page('Invalid vendor key', ''));
    return { apiKey, redirectUrl: query.get('ResponseURL'), state: query.get('State') };
  },
  query: ({ code }, { state }) => [
    ['RequestToken', code],
    ['state', state ?? ''],
  ],
  failed: null,
  isSpentByFailure: false,
  api(asked, simple) {
    const call = `${asked.method} ${asked.path.toLowerCase()}`;
    const { head = {}, body = {} } = posted(asked) as { head?: Record<string, string>; body?: Record<string, string> };
    if (call === 'POST /vendorsapi/service1.svc/getaccesstoken') {
      const { RequestToken = '', EncryKey, UserId } = body;
      return exchangeAnswer(
        simple,
        simple.exchange(
          head.Key ?? '',
          RequestToken,
          ({ apiSecret, more }) => EncryKey === apiSecret && UserId === more?.APP_USER_ID,
        ),
        ({ accessToken, userId }) => told(0, 'Success', { AccessToken: accessToken, ClientCode: userId }),
        { spent: SPENT, secret: BAD_SECRET, key: BAD_KEY },
      );
    }
    if (call !== 'POST /vendorsapi/service1.svc/v4/margin') return html(page('Page not found', ''), 404);
    const session = bearer(simple, asked);
    const isTheirs = session?.userId === body.ClientCode && session?.apiKey === head.key;
    if (!isTheirs || simple.has('profile.other-user')) return DEAD;
    return profileFault(simple) ?? told(0, '', { EquityMargin: [] });
  },
  exchangeFaults: {
    spent: ['The exchange says that the request token has expired.', SPENT],
    secret: ['The exchange calls the encryption key invalid.', BAD_SECRET],
    key: ['The exchange calls the head invalid, as for a wrong user key.', BAD_KEY],
    failing: ['The exchange fails with 500.', json({ body: { Status: 1, Message: 'Server error' } }, 500)],
    html: ['A firewall answers the exchange with an HTML page and 403.', FIREWALL],
  },
  profileFaults: {
    refused: ['The margin says that the session is invalid, with 200.', DEAD],
    failing: ['The margin fails with 503.', json({ body: { Status: 1, Message: 'Server error' } }, 503)],
  },
};
