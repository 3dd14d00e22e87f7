import { formatIst, istClock, MINUTE } from '../../../utils/shared/time.ts';
import { type Answer, html, json } from '../message.ts';
import { page } from '../page.ts';
import { type Description, exchangeAnswer, FIREWALL, profileFault, random, type Simple, shownUser } from './simple.ts';

const refused = (status: number, errorType: string, errorCode: string, errorMessage: string): Answer =>
  json({ errorType, errorCode, errorMessage }, status);

const SPENT = refused(400, 'Input_Exception', 'DH-905', 'Invalid tokenId');
const BAD_APP = refused(401, 'Invalid_App', 'DH-906', 'Invalid app_id or app_secret');
const LIMITED = refused(429, 'Rate_Limit', 'DH-904', 'Too many requests');
const DEAD = refused(401, 'Invalid_Authentication', 'DH-901', 'Client ID or user generated access token is invalid.');

export const dhan: Description = {
  id: 'dhan',
  hosts: ['auth.dhan.co', 'partner-login.dhan.co', 'api.dhan.co'],
  pageHost: 'partner-login.dhan.co',
  app: {
    apiKey: 'a1b2c3d4',
    apiSecret: 'practice-dhan-secret',
    redirectUrl: 'http://127.0.0.1:59130/dhan',
    userId: '1100012345',
    more: { CLIENT_ID: '1100012345' },
  },
  codeLifeMs: 3 * MINUTE,
  endsAt: [9, 0],
  newCode: () => `${random(8)}-${random(4)}-${random(4)}-${random(12)}`,
  place: (redirectUrl) => (redirectUrl.endsWith('/') ? redirectUrl : `${redirectUrl}/`),
  login({ path, query }, simple) {
    if (path !== '/login/consentApp-login') return null;
    const apiKey = simple.consents.get(query.get('consentAppId') ?? '');
    // A consent is for one login.
    simple.consents.delete(query.get('consentAppId') ?? '');
    if (apiKey === undefined) return html(page('Invalid consent', ''));
    return { apiKey, redirectUrl: null, state: null };
  },
  query: ({ code }) => [['tokenId', code]],
  failed: null,
  isSpentByFailure: false,
  api(asked, simple) {
    const call = `${asked.method} ${asked.path}`;
    const [apiKey, secret] = [String(asked.headers.app_id), String(asked.headers.app_secret)];
    if (call === 'POST /app/generate-consent') return consent(simple, apiKey, secret, asked.query.get('client_id'));
    if (call === 'POST /app/consumeApp-consent')
      return exchangeAnswer(
        simple,
        simple.exchange(apiKey, asked.query.get('tokenId') ?? '', ({ apiSecret }) => apiSecret === secret),
        ({ accessToken, userId, expiresAt }) =>
          json({
            dhanClientId: userId,
            dhanClientName: 'Practice',
            accessToken,
            expiryTime: `${istClock(expiresAt).date}T${formatIst(expiresAt, true)}`,
          }),
        { spent: SPENT, secret: BAD_APP, key: BAD_APP },
      );
    const session = simple.session(String(asked.headers['access-token']));
    if (session === null) return DEAD;
    if (call !== 'GET /v2/profile') return refused(404, 'Not_Found', 'DH-907', 'Not found');
    const profile = {
      dhanClientId: shownUser(simple, session),
      tokenValidity: '30/11/2026 09:00',
      dataPlan: 'Deactive',
    };
    return profileFault(simple) ?? json(profile);
  },
  exchangeFaults: {
    spent: ['The exchange calls the token id invalid.', SPENT],
    secret: ['The exchange refuses the app.', BAD_APP],
    limited: ['The exchange says that there are too many requests.', LIMITED],
    failing: ['The exchange fails with 500.', refused(500, 'Internal', 'DH-908', 'Internal server error')],
    html: ['A firewall answers the exchange with an HTML page and 403.', FIREWALL],
  },
  profileFaults: {
    refused: ['The profile calls the access token invalid.', DEAD],
    limited: ['The profile says that there are too many requests.', LIMITED],
    failing: ['The profile fails with 503.', refused(503, 'Internal', 'DH-908', 'Service unavailable')],
  },
};

function consent(simple: Simple, apiKey: string, secret: string, clientId: string | null): Answer {
  const app = simple.apps.get(apiKey);
  if (app?.apiSecret !== secret || app.more?.CLIENT_ID !== clientId || simple.has('consent.refused')) return BAD_APP;
  const consentAppId = random(32);
  simple.consents.set(consentAppId, apiKey);
  return json({ consentAppId, consentAppStatus: 'GENERATED', status: 'success' });
}
