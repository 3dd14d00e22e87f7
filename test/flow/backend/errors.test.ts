import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BrokerClient } from '../../../backend/src/brokers/client.ts';
import { iciciClient } from '../../../backend/src/brokers/icici.ts';
import { zerodhaClient } from '../../../backend/src/brokers/zerodha.ts';
import type { Account } from '../../../backend/src/config/account.ts';
import { brokers } from '../../../utils/shared/brokers/index.ts';
import { kiteError } from '../../brokers/kite/errors.ts';
import { type Answer, html, json } from '../../brokers/message.ts';
import { type Recorder, startRecorder } from '../../brokers/recorder.ts';
import { BREEZE, KITE } from './harness.ts';

let recorder: Recorder;
let unreach: () => void;
beforeAll(async () => {
  recorder = await startRecorder();
  unreach = await recorder.reachFromHere();
});
afterAll(async () => {
  unreach();
  await recorder.close();
});

const account = (app: typeof KITE, name: Account['name']): Account => ({
  ...app,
  name,
  user: null,
  userVariable: '',
  redirectMode: 'seal',
  orderMarket: 'nse-fo',
  startToken: null,
});
const CLIENTS = {
  zerodha: zerodhaClient(account(KITE, 'zerodha')),
  icici: iciciClient(account(BREEZE, 'icici')),
};
const ACCESS_TOKEN = Buffer.from('CD5678:87654321').toString('base64');
const TOKEN = 'Sentinel0123456789Sentinel012345';

type Reason = Extract<Awaited<ReturnType<BrokerClient['exchange']>>, { ok: false }>['reason'];
type Verdict = ReturnType<(typeof brokers)['zerodha']['signs']['classify']>;
/** The raw answer; what an exchange makes of it; what any later call makes of it; the words that a person reads. */
type Row = [name: string, answer: Answer, reason: Reason, verdict: Verdict, words: string];

const breezeError = (message: string, code: number, status = 200) =>
  json({ Success: null, Status: code, Error: message }, status);

const KITE_ROWS: Row[] = [
  [
    'session gone',
    kiteError(403, 'TokenException', 'Incorrect `api_key` or `access_token`.'),
    'configuration',
    'auth-required',
    'Zerodha: Incorrect `api_key` or `access_token`.',
  ],
  [
    'stale or reused request_token',
    kiteError(403, 'TokenException', 'Token is invalid or has expired.'),
    'token_spent',
    'auth-required',
    'Zerodha: Token is invalid or has expired.',
  ],
  [
    'wrong api_secret',
    kiteError(403, 'TokenException', 'Invalid `checksum`.'),
    'configuration',
    'not-auth',
    'Zerodha: Invalid `checksum`.',
  ],
  [
    'PermissionException',
    kiteError(403, 'PermissionException', 'Insufficient permission for that call.'),
    'configuration',
    'not-auth',
    'Zerodha: Insufficient permission for that call.',
  ],
  [
    'firewall page',
    html('<html><body><h1>403 Forbidden</h1></body></html>', 403),
    'unavailable',
    'not-auth',
    'Zerodha: Forbidden',
  ],
  [
    'InputException',
    kiteError(400, 'InputException', 'Invalid `api_key`.'),
    'configuration',
    'not-auth',
    'Zerodha: Invalid `api_key`.',
  ],
  [
    'too many requests',
    kiteError(429, 'NetworkException', 'Too many requests'),
    'rate_limited',
    'not-auth',
    'Zerodha: Too many requests',
  ],
  [
    'NetworkException',
    kiteError(503, 'NetworkException', 'Gateway timed out'),
    'unavailable',
    'not-auth',
    'Zerodha: Gateway timed out',
  ],
  [
    'DataException',
    kiteError(502, 'DataException', 'Entity not available.'),
    'unavailable',
    'not-auth',
    'Zerodha: Entity not available.',
  ],
  [
    'GeneralException',
    kiteError(500, 'GeneralException', 'Something unexpected went wrong.'),
    'unavailable',
    'not-auth',
    'Zerodha: Something unexpected went wrong.',
  ],
  [
    'HTML with 200',
    html('<html><body>Maintenance</body></html>'),
    'unavailable',
    'not-auth',
    'Zerodha: the answer was not JSON',
  ],
  ['no answer', 'hang-up', 'unavailable', 'not-auth', 'Zerodha: No response from server with error code: ECONNRESET'],
  [
    'an order named like an ended session',
    kiteError(400, 'InputException', 'No such tag: Invalid session.'),
    'configuration',
    'not-auth',
    'Zerodha: No such tag: Invalid session.',
  ],
];

const BREEZE_ROWS: Row[] = [
  [
    'Invalid session.',
    breezeError('Invalid session.', 500),
    'token_spent',
    'auth-required',
    'ICICI Direct: Invalid session.',
  ],
  [
    'Session key is expired.',
    breezeError('Session key is expired.', 500),
    'token_spent',
    'auth-required',
    'ICICI Direct: Session key is expired.',
  ],
  [
    'Public Key does not exist.',
    breezeError('Public Key does not exist.', 500),
    'configuration',
    'not-auth',
    'ICICI Direct: Public Key does not exist.',
  ],
  [
    'Resource not available.',
    breezeError('Resource not available.', 500),
    'doubtful',
    'auth-required',
    'ICICI Direct: Resource not available.',
  ],
  [
    'limit of a minute, as 401',
    breezeError('Limit exceed: API call per minute:', 5, 401),
    'rate_limited',
    'not-auth',
    'ICICI Direct: Limit exceed: API call per minute:',
  ],
  [
    'limit of a day',
    breezeError('Limit exceed: API call per day:', 5),
    'rate_limited',
    'not-auth',
    'ICICI Direct: Limit exceed: API call per day:',
  ],
  [
    'HTML',
    html('<html>Service Unavailable</html>', 503),
    'unavailable',
    'unknown',
    'ICICI Direct: an answer that was not JSON',
  ],
  [
    'broken JSON',
    { status: 200, headers: {}, body: '{"Success":' },
    'unavailable',
    'unknown',
    'ICICI Direct: an answer that was not JSON',
  ],
  ['a bare 401', json({}, 401), 'unavailable', 'unknown', 'ICICI Direct: an empty answer'],
  ['no answer', 'hang-up', 'unavailable', 'unknown', 'ICICI Direct: no answer'],
];

describe.each([
  ['zerodha', KITE_ROWS, TOKEN],
  ['icici', BREEZE_ROWS, '12345678'],
] as const)('BCK-12 %s: every error row', (name, rows, token) => {
  const client = CLIENTS[name];

  it.each(rows)('%s', async (_name, answer, reason, verdict, words) => {
    recorder.answer = () => answer;
    expect(await client.exchange(token)).toEqual({ ok: false, reason, words });
    const api = client.open(ACCESS_TOKEN, '87654321');
    for (const reply of [await api.verify(), await api.quote(['NSE:NIFTY']), await api.profile()]) {
      if (reply.ok) throw new Error('it took an error for a success');
      expect({ verdict: brokers[name].signs.classify(reply.status, reply.body), words: reply.words }).toEqual({
        verdict,
        words,
      });
    }
  });

  it('never repeats a secret that the broker quotes', async () => {
    const text = `${token} ${BREEZE.apiKey} ${KITE.apiKey} ${BREEZE.apiSecret} ${KITE.apiSecret} ${ACCESS_TOKEN}`;
    recorder.answer = () => (name === 'icici' ? breezeError(text, 500) : kiteError(400, 'InputException', text));
    const app = name === 'icici' ? BREEZE : KITE;
    const exchanged = await client.exchange(token);
    for (const secret of [token, app.apiKey, app.apiSecret]) expect(JSON.stringify(exchanged)).not.toContain(secret);
    const verified = await client.open(ACCESS_TOKEN).verify();
    if (verified.ok) throw new Error('it took an error for a success');
    for (const secret of [ACCESS_TOKEN, app.apiKey, app.apiSecret]) expect(verified.words).not.toContain(secret);
  });
});
