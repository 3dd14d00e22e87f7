import { MINUTE } from '../../../utils/shared/time.ts';
import { type Answer, html, json } from '../message.ts';
import { page } from '../page.ts';
import { type Description, exchangeAnswer, FIREWALL, posted, profileFault, random, sha256hex } from './simple.ts';

const refused = (status: number, emsg: string): Answer => json({ stat: 'Not_Ok', emsg }, status);

const SPENT = refused(200, 'Invalid Input : Invalid request_code');
const BAD_KEY = refused(200, 'Invalid Input : Invalid api_key or api_secret');
const DEAD = refused(200, 'Session Expired :  Invalid Session Key');

export const flattrade: Description = {
  id: 'flattrade',
  hosts: ['auth.flattrade.in', 'authapi.flattrade.in', 'piconnect.flattrade.in'],
  pageHost: 'auth.flattrade.in',
  app: {
    apiKey: 'practiceflat0123456789',
    apiSecret: '2026.practiceflatsecret',
    redirectUrl: 'http://127.0.0.1:59126/flattrade',
    userId: 'FT012345',
  },
  codeLifeMs: 3 * MINUTE,
  endsAt: [5, 0],
  newCode: () => `${random(16)}.${random(24)}`,
  login({ host, path, query }, simple) {
    if (host !== 'auth.flattrade.in' || path !== '/') return null;
    const apiKey = query.get('app_key') ?? '';
    if (!simple.apps.has(apiKey)) return html(page('Invalid API key', ''));
    return { apiKey, redirectUrl: null, state: null };
  },
  query: ({ code, userId }) => [
    ['code', code],
    ['client', userId],
  ],
  // The page then has no code to hand on.
  failed: null,
  isSpentByFailure: false,
  api(asked, simple) {
    const call = `${asked.method} ${asked.host}${asked.path}`;
    if (call === 'POST authapi.flattrade.in/trade/apitoken') {
      const { api_key: apiKey, request_code: code, api_secret: proof } = posted(asked);
      return exchangeAnswer(
        simple,
        simple.exchange(
          String(apiKey),
          String(code),
          ({ apiSecret }) => proof === sha256hex(`${apiKey}${code}${apiSecret}`),
        ),
        ({ accessToken, userId }) => json({ token: accessToken, client: userId, status: 'Ok', emsg: '' }),
        { spent: SPENT, secret: BAD_KEY, key: BAD_KEY },
      );
    }
    if (call !== 'POST piconnect.flattrade.in/PiConnectAPI/Limits') return html(page('Page not found', ''), 404);
    const [, data = '{}', token = ''] = /^jData=(.*)&jKey=(\w+)$/.exec(asked.body) ?? [];
    const { uid, actid } = JSON.parse(data) as { uid?: string; actid?: string };
    const session = simple.session(token);
    const isTheirs = session?.userId === uid && uid === actid && !simple.has('profile.other-user');
    if (!isTheirs) return DEAD;
    return profileFault(simple) ?? json({ stat: 'Ok', request_time: '09:15:00 30-11-2026', cash: '1000.00' });
  },
  exchangeFaults: {
    spent: ['The exchange calls the request code invalid.', SPENT],
    secret: ['The exchange calls the key or secret invalid.', BAD_KEY],
    ip: ['The exchange refuses the address that it is asked from.', refused(200, 'Invalid IP')],
    limited: ['The exchange answers 429.', refused(429, 'Too many requests')],
    failing: ['The exchange fails with 500.', refused(500, 'Server error')],
    html: ['A firewall answers the exchange with an HTML page and 403.', FIREWALL],
  },
  profileFaults: {
    refused: ['The limits say that the session has expired.', DEAD],
    failing: ['The limits fail with 503.', refused(503, 'Server not reachable')],
  },
};
