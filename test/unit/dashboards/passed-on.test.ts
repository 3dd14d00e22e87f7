import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAuthRequired, NO_SIGN, NO_SIGN_IN_TEXT } from '../../../utils/domain/dashboards/signal.ts';

// Public reports: pykiteconnect #9, kiteconnectjs #3, jugaad-trader #18, Breeze-Python-SDK #52, #78, #96, #204, #210.

const isHeld = (status: number, body: unknown) => isAuthRequired({ status, text: JSON.stringify(body) }, []);
const GONE = 'Incorrect `api_key` or `access_token`.';

/** What each official client says of an ended session, and what its error is in the language's own words. */
const CLIENTS: [client: string, words: string, className: string, thrown: unknown][] = [
  ['pykiteconnect', GONE, 'kiteconnect.exceptions.TokenException', null],
  ['kiteconnect', GONE, 'TokenException', { status: 'error', message: GONE, data: null, error_type: 'TokenException' }],
  [
    'breeze-connect, a wrong session',
    'Could not authenticate credentials. Please check session key.',
    'Exception',
    null,
  ],
  ['breeze-connect, an old session', 'Unexpected error: Session key is expired.', 'Exception', null],
  [
    'breeze-connect before 1.0.44',
    'Could not authenticate credentials. Please check token and keys',
    'Exception',
    null,
  ],
  [
    'breezeconnect',
    'Could not authenticate credentials. Please check token and keys',
    'Error',
    { Success: null, Status: 500, Error: 'Invalid session.' },
  ],
];

/** How frameworks, and those who write with them, hand an error on. */
const FRAMEWORKS: [framework: string, body: (words: string, className: string) => unknown][] = [
  ['FastAPI', (words) => ({ detail: words })],
  ['FastAPI, an object', (words) => ({ detail: { error: words, code: 'BROKER' } })],
  ['FastAPI, the class named', (words, name) => ({ detail: `${name}: ${words}` })],
  ['FastAPI, Starlette’s own text', (words) => ({ detail: `500: ${words}` })],
  ['Flask, str()', (words) => ({ error: words })],
  ['Flask, repr()', (words, name) => ({ error: `${name.split('.').at(-1)}('${words}')` })],
  ['Flask, an error handler', (words) => ({ code: 500, name: 'Internal Server Error', description: words })],
  ['Flask-RESTful', (words) => ({ message: words })],
  ['Flask, with a flag', (words) => ({ success: false, message: words, data: null })],
  ['Django REST, a list', (words) => ({ non_field_errors: [words] })],
  ['Django, status and message', (words) => ({ status: 'error', message: words })],
  ['Express', (words) => ({ error: words })],
  ['Express, err', (words) => ({ err: words })],
  ['Express, String(error)', (words) => ({ error: `Error: ${words}` })],
  ['Express, nested', (words) => ({ error: { message: words, status: 500 } })],
  ['Express, a stack beside', (words) => ({ message: words, stack: `Error: ${words}\n    at main.js:1` })],
  ['Express, a JSON text', (words) => ({ error: JSON.stringify({ status: 'error', message: words }) })],
  ['Express, a bare JSON text', (words) => words],
  ['NestJS', (words) => ({ statusCode: 500, message: words, error: 'Internal Server Error' })],
  ['NestJS, several', (words) => ({ statusCode: 500, message: [words], error: 'Bad Request' })],
  ['Fastify', (words) => ({ statusCode: 500, error: 'Internal Server Error', message: words })],
  ['Koa', (words) => ({ message: words })],
  ['Next.js', (words) => ({ error: `Failed to fetch quotes: ${words}` })],
  ['tRPC', (words) => ({ error: { json: { message: words, code: -32_603, data: { httpStatus: 500 } } } })],
  ['tRPC, a batch', (words) => [{ result: { data: 1 } }, { error: { message: words, code: -32_603 } }]],
  ['GraphQL', (words) => ({ errors: [{ message: words, path: ['quotes'] }], data: null })],
  ['JSON:API', (words) => ({ errors: [{ status: '500', title: 'Broker', detail: words }] })],
  ['RFC 9457', (words) => ({ type: 'about:blank', title: 'Internal Server Error', status: 500, detail: words })],
  [
    'Spring Boot',
    (words) => ({ timestamp: 1, status: 500, error: 'Internal Server Error', message: words, path: '/q' }),
  ],
  ['Laravel', (words, name) => ({ message: words, exception: name })],
  ['Rails', (words) => ({ errors: [words] })],
  ['Gin', (words) => ({ error: words })],
  ['AWS Lambda', (words, name) => ({ errorMessage: words, errorType: name })],
  ['ASP.NET', (words) => ({ Message: 'An error has occurred.', ExceptionMessage: words })],
  ['ASP.NET, Newtonsoft', (words) => ({ title: 'Server error', status: 500, exceptionMessage: words })],
  ['Nuxt', (words) => ({ url: '/q', statusCode: 500, statusMessage: words, error: true })],
  ['Rails, on the base', (words) => ({ errors: { base: [words] } })],
  ['Spyne', (words) => ({ Fault: { faultstring: words } })],
  ['PHP, the class named', (words, name) => ({ error: `KiteConnect\\Exception\\${name.split('.').at(-1)}: ${words}` })],
  ['another spelling', (words) => ({ error_msg: words })],
  ['another spelling', (words) => ({ errMsg: words })],
  ['JSend', (words) => ({ status: 'error', data: { message: words } })],
  ['an HTTP client’s answer', (words) => ({ success: false, data: { error: words } })],
  ['what Python prints of a dict', (words) => ({ detail: `{'status': 'error', 'message': '${words}', 'data': None}` })],
  ['what Python prints of bytes', (words) => ({ detail: `b'{"status":"error","message":"${words}"}'` })],
  ['a symbol in front', (words) => ({ error: `Failed to fetch quote for NSE:INFY: ${words}` })],
  ['a sentence in front', (words) => ({ error: `An unexpected error occurred: ${words}` })],
  ['a status in front', (words) => ({ error: `Kite API Error (403): ${words}` })],
  ['a name in front', (words) => ({ error: `Zerodha API error: ${words}` })],
];

describe.each(CLIENTS)('an ended session in the words of %s', (client, words, className, thrown) => {
  it.each(FRAMEWORKS)('is held as %s passes it on, whatever the status', (framework, body) => {
    for (const status of [400, 401, 403, 422, 500, 502, 503])
      expect({ client, framework, status, held: isHeld(status, body(words, className)) }).toMatchObject({ held: true });
  });

  it('is held where the client’s own object is handed on', () => {
    if (thrown === null) return expect(isHeld(500, { detail: words })).toBe(true);
    for (const status of [200, 400, 401, 403, 500, 502]) {
      expect(isHeld(status, thrown)).toBe(true);
      expect(isHeld(status, { success: false, error: thrown })).toBe(true);
      expect(isHeld(status, { detail: thrown })).toBe(true);
      expect(isHeld(status, { error: JSON.stringify(thrown) })).toBe(true);
    }
  });
});

describe('what Python prints of Breeze’s answer', () => {
  it.each([
    "{'Error': 'Resource not available.', 'Status': 500, 'Success': None}",
    "{'Success': '', 'Status': 401, 'Error': 'Could not authenticate credentials. Please check session key.'}",
    '{"Success": None, "Status": 500, "Error": "Session key is expired."}',
    "Exception('Unexpected error: Session key is expired.')",
  ])('is held: %s', (detail) => expect(isHeld(500, { detail })).toBe(true));

  it.each([
    "{'Success': {'status': 'Session key is expired.'}, 'Status': 200, 'Error': None}",
    "{'Success': [{'user_remark': 'Session key is expired.'}], 'Status': 200, 'Error': None}",
    "{'Success': None, 'Status': 500, 'Error': 'Limit exceed: API call per minute:'}",
    `{'Error': "Order 'Session key is expired.' was rejected", 'Status': 500, 'Success': None}`,
    "{'Error': 'Session key is expired.'",
  ])('is not held: %s', (detail) => expect(isHeld(500, { detail })).toBe(false));
});

describe('an error in an answer that says 200', () => {
  it.each<[body: unknown]>([
    [{ error: GONE }],
    [{ status: 'error', message: GONE }],
    [{ success: false, message: GONE }],
    [{ ok: false, detail: GONE }],
    [{ errors: [{ message: GONE }], data: { quotes: null } }],
    [[{ result: { data: 1 } }, { error: { message: GONE } }]],
    [{ status: false, message: GONE }],
    [{ statusCode: 500, message: GONE }],
    [{ Success: '', Status: 500, Error: 'Unexpected error: Session key is expired.' }],
    [{ Success: [], Status: 401, Error: 'Could not authenticate credentials. Please check session key.' }],
    [{ success: false, data: { status: 'error', message: GONE, error_type: 'TokenException' } }],
  ])('is held: %j', (body) => expect(isHeld(200, body)).toBe(true));

  it.each<[body: unknown]>([
    [{ message: GONE }],
    [{ id: 7, level: 'error', message: GONE }],
    [{ id: 'job-1', type: 'quotes', status: 'failed', error: GONE }],
    [[{ id: 1, error: GONE }]],
    [{ jobs: [{ error: GONE }] }],
    [{ status: 'success', message: GONE }],
    [{ success: true, error: GONE }],
    [{ data: { error: GONE } }],
    [{ result: { message: GONE } }],
    [{ error: null, message: GONE }],
    [{ errors: [], message: GONE }],
    [{ error: false, message: GONE }],
    [{ Error: null, Status: 200, message: GONE }],
    [{ status: 'SUCCESS', error: 'x', message: GONE }],
    [{ Success: [{ order_id: '1' }], Status: 200, Error: null, message: GONE }],
    [GONE],
  ])('is no record, list or log that quotes one: %j', (body) => expect(isHeld(200, body)).toBe(false));
});

describe('what is not held', () => {
  it.each<[what: string, body: unknown]>([
    ['a dashboard’s own login', { message: 'Invalid session. Please sign in to the dashboard' }],
    ['in two words', { message: 'Invalid session' }],
    ['another', { error: 'Invalid session.' }],
    ['another', { error: 'Session expired' }],
    ['another', { error: 'Your session has expired. Please log in again.' }],
    ['another', { message: 'Session key is expired, please sign in to the desk' }],
    ['FastAPI’s own', { detail: 'Not authenticated' }],
    ['FastAPI’s tutorial', { detail: 'Could not validate credentials' }],
    ['a login named alike', { detail: 'Could not authenticate credentials.' }],
    ['Django REST', { detail: 'Authentication credentials were not provided.' }],
    ['Simple JWT', { detail: 'Given token not valid for any token type', code: 'token_not_valid' }],
    ['Simple JWT', { messages: [{ message: 'Token is invalid or expired' }] }],
    ['a link for a new password', { message: 'Token is invalid or has expired.' }],
    ['flask-jwt-extended', { msg: 'Token has expired' }],
    ['jsonwebtoken', { name: 'TokenExpiredError', message: 'jwt expired' }],
    ['Passport', { message: 'Unauthorized' }],
    ['NextAuth', { error: 'SessionRequired' }],
    ['Laravel', { message: 'CSRF token mismatch.' }],
    ['OpenAlgo', { status: 'error', message: 'Invalid openalgo apikey' }],
    ['the wrong secret', { status: 'error', message: 'Invalid `checksum`.', error_type: 'TokenException' }],
    ['the wrong secret, passed on', { error: 'TokenException', message: 'Invalid `checksum`.' }],
    ['the wrong secret of Breeze', { Status: 5, Error: 'Authentication Fail :: Invalid Checksum.' }],
    ['the wrong key of Breeze', { Success: null, Status: 500, Error: 'Public Key does not exist.' }],
    ['the same of its client', { detail: 'Could not authenticate credentials. Please check api key.' }],
    ['an outage of Breeze', { error: 'Unable to retrieve customer details at the moment. Please try again later.' }],
    ['a session that was never given to Breeze', { error: 'API Session cannot be empty' }],
    ['a fault inside of Breeze', { error: 'Error while calling service, Please contact admin (T2:154)' }],
    ['other words without Kite’s class', { error: 'Invalid session credentials' }],
    ['a used token of a login', { error: 'Authentication failed: Token is invalid or has expired.' }],
    ['a limit of Breeze', { Success: null, Status: 5, Error: 'Limit exceed: API call per minute:' }],
    ['no permission', { message: 'Insufficient permission for that call.', error_type: 'PermissionException' }],
    ['another class', { message: GONE, error_type: 'InputException' }],
    ['another class in front', { error: `OrderException: ${GONE}` }],
    ['another class beside', { error: 'OrderException', message: 'Session key is expired' }],
    ['a class of another’s own', { code: 'Auth.TokenException', message: 'Login again' }],
    ['the same', { exception: 'Tymon.JWTAuth.Exceptions.TokenException', message: 'Token not provided' }],
    ['an own class of that name', { name: 'TokenException', message: 'jwt malformed' }],
    ['a strategy of that name', { error: 'Strategy exists', name: 'TokenException' }],
    ['another class of PHP', { message: GONE, exception: 'KiteConnect\\Exception\\OrderException' }],
    ['another class of PHP in front', { error: `KiteConnect\\Exception\\OrderException: ${GONE}` }],
    ['an order in what Python prints', { detail: `{'tag': '${GONE}', 'message': 'Rejected'}` }],
    ['a quoted text in what Python prints', { detail: `{'message': "Order '${GONE}' was rejected"}` }],
    ['a page’s own data', { status: 'fail', data: { title: GONE } }],
    ['a success inside of a failure', { status: 'success', data: { error: GONE } }],
    ['a missing page', { error: 'Resource not available.' }],
    ['axios', { message: 'Request failed with status code 403', code: 'ERR_BAD_REQUEST' }],
    ['an order of that name', { error: `Order "${GONE}" was rejected` }],
    ['an order of that name in front', { error: 'Order Session key is expired: rejected by the exchange' }],
    ['an order of that name behind', { error: 'Rejected my order: Session key is expired' }],
    ['a text that goes on', { error: `${GONE} See the manual.` }],
    ['a text in brackets', { error: `(Order) ${GONE}` }],
    ['a text that quotes it', { error: `The broker said: "${GONE}"` }],
    ['a traceback', { error: `Traceback (most recent call last):\n  File "a.py"\nTokenException: ${GONE}` }],
    ['the page’s own data', { order: { tag: GONE }, message: 'Order rejected' }],
    ['a form’s field', { errors: { tag: 'Invalid session' } }],
  ])('%s: %j', (_, body) => {
    for (const status of [401, 403]) expect(isHeld(status, body)).toBe(false);
  });

  it('is whatever stands around the words, in any field', () => {
    const word = fc.stringMatching(/^[A-Za-z]{1,12}$/);
    const around = fc.tuple(fc.array(word, { minLength: 1, maxLength: 4 }), fc.boolean());
    fc.assert(
      fc.property(around, ([words, isBefore]) => {
        const text = isBefore ? `${words.join(' ')} ${GONE}` : `${GONE} ${words.join(' ')}`;
        for (const body of [{ error: text }, { detail: text }, { message: text }])
          expect(isHeld(403, body)).toBe(false);
      }),
    );
  });
});

describe('words that are written otherwise', () => {
  it.each([
    'incorrect api_key or access_token',
    '  Incorrect `api_key` or `access_token`  ',
    'Incorrect &#x60;api_key&#x60; or &#96;access_token&#96;.',
    'TokenException - Incorrect `api_key` or `access_token`.',
    '[403] Incorrect `api_key` or `access_token`.',
    '(403) Incorrect `api_key` or `access_token`.',
    'Request failed with status code 403 - Incorrect `api_key` or `access_token`.',
    "HTTPException(status_code=403, detail='Incorrect `api_key` or `access_token`.')",
    'Authentication failed: Incorrect `api_key` or `access_token`.',
    '{"status": "error", "message": "Invalid session credentials", "error_type": "TokenException"}',
    'Kite: TokenException: Token is invalid or has expired.',
    'kiteconnect.exceptions.TokenException: Incorrect `api_key` or `access_token`.',
    'Breeze: Invalid session.',
    'Unable to fetch the option chain: Session key is expired.',
    '{"status":"error","message":"Incorrect `api_key` or `access_token`.","error_type":"TokenException"}',
  ])('%j', (error) => expect(isHeld(401, { error })).toBe(true));
});

describe('an error that is the whole answer, as text', () => {
  const isHeldText = (status: number, text: string) => isAuthRequired({ status, text }, []);
  it.each([
    GONE,
    `${GONE}\n`,
    `TokenException: ${GONE}`,
    `Failed to fetch quotes: ${GONE}`,
    'Could not authenticate credentials. Please check session key.',
    "{'Success': None, 'Status': 500, 'Error': 'Session key is expired.'}",
  ])('is held: %j', (text) => {
    for (const status of [400, 401, 403, 500, 502]) expect(isHeldText(status, text)).toBe(true);
    expect(isHeldText(200, text)).toBe(false);
  });

  it.each([
    'Invalid session',
    'Unauthorized',
    'Not authenticated',
    `Order "${GONE}" was rejected`,
    `${GONE} See the manual.`,
    `<p>${GONE}</p>`,
    ` ${'x'.repeat(300)} ${GONE}`,
    `{"message": "${GONE}"`,
  ])('is not held: %j', (text) => expect(isHeldText(401, text)).toBe(false));
});

describe('the beginning of an answer', () => {
  it('never rules out what is held, however little of it has come', () => {
    const all = CLIENTS.flatMap(([, words, className]) => FRAMEWORKS.map(([, body]) => body(words, className)));
    for (const body of all)
      for (const text of [JSON.stringify(body), JSON.stringify(body, null, 2), `\n ${JSON.stringify(body)}`])
        for (let length = 0; length <= text.length; length++) expect(text.slice(0, length)).not.toMatch(NO_SIGN);
    for (const [, words] of CLIENTS) expect(`\n${words}\n`).not.toMatch(NO_SIGN_IN_TEXT);
  });

  it.each([
    '[1',
    '[[',
    '["a"',
    '[{"symbol":"NIFTY"',
    '[{"errors_count":1',
    '[ { "rate" : 1.2345',
    '7',
    'true',
    '<p>',
    '[]',
  ])('rules out what cannot be: %s', (text) => expect(text).toMatch(NO_SIGN));
});

describe('a page of a server in front of the broker', () => {
  it.each([
    'An error occurred. Faithfully yours, nginx. Session key is expired',
    '<h1>Incorrect `api_key` or `access_token`.</h1>',
  ])('is no answer in JSON: %j', (text) => expect(isAuthRequired({ status: 502, text }, [])).toBe(false));
});

describe('a sign that is only a status', () => {
  const only440 = [{ status: 440, path: null, text: null }];
  it.each<[text: string]>([[''], ['<h1>Login Time-out</h1>'], ['{}'], ['{"broken"']])('needs no JSON: %j', (text) => {
    expect(isAuthRequired({ status: 440, text }, only440)).toBe(true);
    expect(isAuthRequired({ status: 441, text }, only440)).toBe(false);
  });
});
