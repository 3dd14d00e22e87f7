import { describe, expect, it } from 'vitest';
import type { AuthVerdict, Broker } from '../../../utils/shared/brokers/broker.ts';
import { BROKER_IDS, brokers } from '../../../utils/shared/brokers/index.ts';
import type { BrokerId } from '../../../utils/shared/contract.ts';

const { zerodha, icici } = brokers;
const HOME = 'http://127.0.0.1:8000/';
const kite = (error_type: string, message: string) => ({ status: 'error', message, data: null, error_type });
const breeze = (error: string | null, Status: number) => ({ Success: null, Status, Error: error });

describe('what an answer says about the session', () => {
  it.each<[verdict: AuthVerdict, broker: Broker, status: number, body: unknown]>([
    ['auth-required', zerodha, 403, kite('TokenException', 'Incorrect `api_key` or `access_token`.')],
    ['auth-required', zerodha, 403, kite('TokenException', 'Token is invalid or has expired.')],
    ['not-auth', zerodha, 403, kite('TokenException', 'Invalid `checksum`.')],
    ['not-auth', zerodha, 403, kite('PermissionException', 'Insufficient permission for that call.')],
    ['not-auth', zerodha, 400, kite('InputException', 'Missing or empty field `request_token`')],
    ['not-auth', zerodha, 429, kite('NetworkException', 'Too many requests')],
    ['not-auth', zerodha, 503, kite('NetworkException', 'Gateway timed out.')],
    ['not-auth', zerodha, 502, kite('DataException', 'Unknown Content-Type')],
    ['not-auth', zerodha, 500, kite('GeneralException', 'Something went wrong.')],
    ['not-auth', zerodha, 0, kite('NetworkException', 'No response from server with error code: ECONNREFUSED')],
    ['auth-required', icici, 200, breeze('Invalid session.', 500)],
    ['auth-required', icici, 500, breeze('Resource not available.', 500)],
    ['auth-required', icici, 200, breeze('Session key is expired.', 500)],
    ['not-auth', icici, 200, breeze('Public Key does not exist.', 500)],
    ['not-auth', icici, 401, breeze('Limit exceed: API call per minute: 100', 5)],
    ['not-auth', icici, 200, breeze('Limit exceed: API call per day: 5000', 5)],
    ['unknown', icici, 500, breeze('Something else.', 500)],
    ['unknown', icici, 200, breeze(null, 200)],
    // What a backend passes on, in either case.
    ...[zerodha, icici].flatMap((broker): [AuthVerdict, Broker, number, unknown][] => [
      ['auth-required', broker, 200, { auth_required: true }],
      ['auth-required', broker, 500, { auth_required: true, error_type: 'GeneralException', Error: 'Limit exceed' }],
      ['auth-required', broker, 400, { error: 'Breeze: Session key is expired.' }],
      ['auth-required', broker, 500, { detail: 'Invalid session' }],
      ['unknown', broker, 200, { auth_required: 'true' }],
      ['unknown', broker, 200, { auth_required: false }],
      ['unknown', broker, 401, {}],
      ['unknown', broker, 403, {}],
      ['unknown', broker, 403, '<html>Forbidden</html>'],
      ['unknown', broker, 403, 'Invalid session'],
      ['unknown', broker, 502, undefined],
      ['unknown', broker, 200, null],
      ['unknown', broker, 200, [{ error: 'Invalid session' }]],
      ['unknown', broker, 200, { error: { message: 'Invalid session' } }],
      ['unknown', broker, 200, { error: 7 }],
    ]),
  ])('%s: %o %i %j', (verdict, broker, status, body) => expect(broker.signs.classify(status, body)).toBe(verdict));

  it.each<[broker: Broker, body: unknown]>([
    [zerodha, { status: 'success', data: [{ tag: 'Invalid session', status_message: 'Session key is expired' }] }],
    [zerodha, { status: 'success', data: { error: 'Invalid session' }, order: 'Invalid session' }],
    [zerodha, kite('OrderException', 'Order "Invalid session" was rejected.')],
    [zerodha, kite('InputException', 'Invalid `tag`: Session key is expired')],
    [icici, { Success: [{ user_remark: 'Invalid session', Error: 'Invalid session' }], Status: 200, Error: null }],
    [icici, { Success: { message: 'Session key is expired' }, Status: 200, Error: null }],
    [icici, breeze('The order "Invalid session" was rejected.', 500)],
    [icici, breeze('Limit exceed: order "Invalid session"', 5)],
  ])('the name of an order cannot look like it: %o %j', (broker, body) => {
    expect(broker.signs.classify(400, body)).not.toBe('auth-required');
  });
});

describe('what each further broker says of an ended session', () => {
  it.each<[verdict: AuthVerdict, id: BrokerId, status: number, body: unknown]>([
    [
      'auth-required',
      'upstox',
      401,
      { status: 'error', errors: [{ errorCode: 'UDAPI100050', message: 'Invalid token' }] },
    ],
    ['not-auth', 'upstox', 429, { status: 'error', errors: [{ errorCode: 'UDAPI10005', message: 'Too many' }] }],
    ['not-auth', 'upstox', 423, { status: 'error', errors: [{ errorCode: 'UDAPI100072', message: 'Closed' }] }],
    ['auth-required', 'fyers', 401, { s: 'error', code: -16, message: 'Could not authenticate the user' }],
    ['auth-required', 'fyers', 200, { s: 'error', code: -15, message: 'Invalid token' }],
    ['not-auth', 'fyers', 400, { s: 'error', code: -437, message: 'invalid auth code' }],
    ['unknown', 'fyers', 200, { s: 'ok', code: 200 }],
    ['auth-required', 'dhan', 401, { errorType: 'Invalid_Authentication', errorCode: 'DH-901', errorMessage: 'x' }],
    ['not-auth', 'dhan', 429, { errorType: 'Rate_Limit', errorCode: 'DH-904', errorMessage: 'x' }],
    ['auth-required', 'flattrade', 200, { stat: 'Not_Ok', emsg: 'Session Expired :  Invalid Session Key' }],
    ['not-auth', 'flattrade', 200, { stat: 'Not_Ok', emsg: 'Order Session Expired : x' }],
    ['unknown', 'flattrade', 200, { stat: 'Ok' }],
    ['auth-required', 'aliceblue', 401, { status: 'Not_ok', message: 'Unauthorized' }],
    ['auth-required', 'aliceblue', 200, { stat: 'Not_ok', emsg: 'EC087' }],
    ['not-auth', 'aliceblue', 200, { stat: 'Not_ok', emsg: 'Invalid auth code' }],
    ['auth-required', 'iifl', 401, { status: 'Not_Ok', message: 'x' }],
    ['not-auth', 'iifl', 200, { status: 'Not_Ok', message: 'x' }],
    ['auth-required', 'fivepaisa', 200, { head: {}, body: { Status: 9, Message: 'Invalid Session' } }],
    ['not-auth', 'fivepaisa', 200, { head: {}, body: { Status: 2, Message: 'x' } }],
    ['unknown', 'fivepaisa', 200, { head: {}, body: { Status: 0 } }],
    ['unknown', 'paytm', 401, { errors: [{ message: 'Unauthorized' }] }],
    ['unknown', 'paytm', 400, { errors: [{ message: 'Invalid request token' }] }],
  ])('%s: %s %i %j', (verdict, id, status, body) => {
    const { classify, hint } = brokers[id].signs;
    expect(classify(status, body)).toBe(verdict);
    // A bare 401 is not looked for in a page: only what the hint finds there.
    if (verdict === 'auth-required' && status !== 401) expect(JSON.stringify(body)).toMatch(hint);
  });

  it.each(BROKER_IDS)('a bare refusal says nothing of %s', (id) => {
    for (const status of [401, 403, 500]) expect(brokers[id].signs.classify(status, {})).toBe('unknown');
  });
});

describe('a login URL', () => {
  const login = { apiKey: 'KEY-100', redirectUrl: 'http://127.0.0.1/a?b=c', state: 'mark_-1' };

  it.each(BROKER_IDS.filter((id) => !brokers[id].needsConsent))('of %s is known by its API key', (id) => {
    const url = new URL(brokers[id].loginUrl(login));
    expect(brokers[id].hosts).toContain(url.hostname);
    expect(brokers[id].apiKeyIn(url)).toBe('KEY-100');
    const isMarked = url.href.includes('mark_-1');
    expect(isMarked).toBe(brokers[id].stateParameter !== null);
    expect(brokers[id].loginUrl({ ...login, state: null })).not.toContain('mark_-1');
  });

  it.each([
    ['upstox', 'redirect_uri'],
    ['fyers', 'redirect_uri'],
    ['fivepaisa', 'ResponseURL'],
  ] as const)('of %s names the redirect URL', (id, parameter) =>
    expect(new URL(brokers[id].loginUrl(login)).searchParams.get(parameter)).toBe(login.redirectUrl),
  );

  it('of Dhan names the consent, and nobody’s key', () => {
    const url = new URL(brokers.dhan.loginUrl({ ...login, consent: 'c0ffee' }));
    expect(url.searchParams.get('consentAppId')).toBe('c0ffee');
    expect(brokers.dhan.apiKeyIn(url)).toBeNull();
  });

  it('of Upstox’s own page has an internal id, which is nobody’s key', () =>
    expect(brokers.upstox.apiKeyIn(new URL('https://login.upstox.com/?client_id=IND-abc'))).toBeNull());

  it('of Kite carries our state as Kite hands it back', () => {
    const url = new URL(zerodha.loginUrl({ apiKey: 'key&=', redirectUrl: HOME, state: 'mark_-1' }));
    expect(url.origin + url.pathname).toBe('https://kite.zerodha.com/connect/login');
    expect(url.searchParams.get('v')).toBe('3');
    expect(url.searchParams.get('redirect_params')).toBe('ob_state=mark_-1');
    expect(zerodha.apiKeyIn(url)).toBe('key&=');
  });

  it.each(['plain', 'k+=!#%^~&()*', 'a trailing blank ', '100%25'])('of Breeze keeps the key %j', (apiKey) => {
    expect(icici.apiKeyIn(new URL(icici.loginUrl({ apiKey, redirectUrl: HOME, state: null })))).toBe(apiKey);
    expect(icici.loginUrl({ apiKey, redirectUrl: HOME, state: 'unused' })).not.toContain('unused');
  });

  it.each([
    [zerodha, 'https://kite.zerodha.com/connect/finish?api_key=k'],
    [zerodha, 'https://kite.zerodha.com/connect/login'],
    [icici, 'https://api.icicidirect.com/apiuser/tradelogin?api_key=k'],
  ])('is not any page of the broker: %o %s', (broker, url) => expect(broker.apiKeyIn(new URL(url))).toBeNull());
});

describe('a redirect URL registered at ICICI Direct without its scheme', () => {
  it.each([
    ['/apiuser/www.google.com', 'www.google.com'],
    ['/apiuser/127.0.0.1:8000/callback', '127.0.0.1:8000/callback'],
    ['/apiuser/localhost:3000', 'localhost:3000'],
    ['/apiuser/login', null],
    ['/apiuser/tradelogin/validateuser', null],
    ['/www.google.com', null],
  ])('is known by %s: %s', (path, registered) =>
    expect(icici.schemeless(new URL(path, 'https://api.icicidirect.com'))).toBe(registered),
  );
});
