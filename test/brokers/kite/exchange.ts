import { createHash } from 'node:crypto';
import { formatIst, istClock } from '../../../utils/shared/time.ts';
import { type Fault, OTHER_USER } from '../faults.ts';
import { type Answer, type Asked, json } from '../message.ts';
import { BAD_CHECKSUM, BAD_KEY, FIREWALL, kiteError, NETWORK, SPENT } from './errors.ts';
import { type KiteOutcome, type KitePractice, type KiteSession, REQUEST_TOKEN_MS, random } from './practice.ts';
import { userOf } from './profile.ts';

const REFUSALS: ReadonlyMap<Fault, Answer> = new Map([
  ['kite.exchange.spent', SPENT],
  ['kite.exchange.checksum', BAD_CHECKSUM],
  ['kite.exchange.input', kiteError(400, 'InputException', 'Invalid `request_token`.')],
  ['kite.exchange.permission', kiteError(403, 'PermissionException', 'Insufficient permission for that call.')],
  ['kite.exchange.html', FIREWALL],
  ['kite.exchange.limited', kiteError(429, 'NetworkException', 'Too many requests')],
  ['kite.exchange.general', kiteError(500, 'GeneralException', 'Something unexpected went wrong.')],
  ['kite.exchange.data', kiteError(502, 'DataException', 'Entity not available.')],
  ['kite.exchange.network', NETWORK],
]);

interface Verdict {
  outcome: KiteOutcome;
  answer: Answer;
}

/** POST /session/token: one request token, once, within two minutes, signed with the app's secret. */
export function exchange(kite: KitePractice, { body }: Asked): Answer {
  const form = new URLSearchParams(body);
  const { outcome, answer } = judge(kite, form);
  kite.exchanges.push({ at: kite.now(), token: form.get('request_token') ?? '', outcome });
  return answer;
}

function judge(kite: KitePractice, form: URLSearchParams): Verdict {
  for (const [fault, answer] of REFUSALS) if (kite.faults.has(fault)) return { outcome: fault, answer };
  const [apiKey, token, checksum] = ['api_key', 'request_token', 'checksum'].map((name) => form.get(name) ?? '');
  if (!apiKey || !token || !checksum) {
    return {
      outcome: 'input',
      answer: kiteError(400, 'InputException', 'Missing `api_key`, `request_token` or `checksum`.'),
    };
  }
  const app = kite.apps.get(apiKey);
  if (app === undefined) return { outcome: 'unknown-key', answer: BAD_KEY };
  const issued = kite.tokens.get(token);
  if (issued === undefined || issued.apiKey !== apiKey) return { outcome: 'unknown', answer: SPENT };
  if (issued.spent) return { outcome: 'spent', answer: SPENT };
  if (kite.now() - issued.issuedAt > REQUEST_TOKEN_MS) return { outcome: 'expired', answer: SPENT };
  const expected = createHash('sha256')
    .update(apiKey + token + app.apiSecret)
    .digest('hex');
  if (checksum !== expected) return { outcome: 'checksum', answer: BAD_CHECKSUM };
  issued.spent = true;
  return accept(kite, apiKey, issued.userId);
}

function accept(kite: KitePractice, apiKey: string, userId: string): Verdict {
  const stranger = kite.faults.has('kite.exchange.other-user');
  const answer = json({
    status: 'success',
    data: sessionData(kite.open(apiKey, stranger ? OTHER_USER : userId), kite.now()),
  });
  if (kite.faults.has('kite.exchange.lost')) return { outcome: 'kite.exchange.lost', answer: 'hang-up' };
  return { outcome: stranger ? 'kite.exchange.other-user' : 'accepted', answer };
}

function sessionData({ apiKey, userId, accessToken }: KiteSession, now: number) {
  return {
    ...userOf(userId),
    api_key: apiKey,
    access_token: accessToken,
    public_token: random(),
    enctoken: `${random()}${random()}==`,
    refresh_token: '',
    silo: '',
    login_time: `${istClock(now).date} ${formatIst(now, true)}`,
  };
}
