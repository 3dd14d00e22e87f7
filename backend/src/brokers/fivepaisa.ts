import { fieldOf, numberOf, textOf } from '../../../utils/shared/brokers/verdict.ts';
import { check, z } from '../../../utils/shared/schema.ts';
import type { Account } from '../config/account.ts';
import type { BrokerBackend } from './backend.ts';
import type { BrokerClient, Exchange, Failure } from './client.ts';
import { createAsk, type JsonAnswer } from './rest/json-call.ts';
import { notWritten } from './rest/not-written.ts';

const API = 'https://openapi.5paisa.com/VendorsAPI/Service1.svc';
const Token = z.object({
  body: z.object({ AccessToken: z.string().check(z.minLength(1)), ClientCode: z.string().check(z.minLength(1)) }),
});
const BAD_KEY = 2;

function fivepaisaClient({ apiKey, apiSecret, more = {} }: Account): BrokerClient {
  const { APP_USER_ID = '' } = more;
  const ask = createAsk('5paisa', [apiKey, apiSecret, APP_USER_ID], refusalIn);
  return {
    async exchange(token) {
      const own = { RequestToken: token, EncryKey: apiSecret, UserId: APP_USER_ID };
      const body = { head: { Key: apiKey }, body: own };
      const reply = await ask({ method: 'POST', url: `${API}/GetAccessToken`, body }, token);
      if (!reply.ok) return refusal(reply);
      const read = check(Token, reply.value);
      if (!read.ok) return { ok: false, reason: 'unavailable', words: '5paisa: an answer that could not be read' };
      return { ok: true, user: read.value.body.ClientCode, accessToken: read.value.body.AccessToken };
    },
    open(accessToken, _dayToken, user = '') {
      const headers = { authorization: `bearer ${accessToken}` };
      const margin = () => {
        const body = { head: { key: apiKey }, body: { ClientCode: user } };
        return ask({ method: 'POST', url: `${API}/V4/Margin`, headers, body }, accessToken);
      };
      return {
        ...notWritten('5paisa'),
        async verify() {
          const reply = await margin();
          // It answers for this client alone.
          return reply.ok ? { ok: true, value: { user } } : reply;
        },
        profile: margin,
      };
    },
  };
}

/** The verdict stands in the body, also of a 200. */
function refusalIn({ status, body }: JsonAnswer): string | null {
  const inner = fieldOf(body, 'body');
  const isGood =
    status < 400 && numberOf(inner, 'Status') === 0 && numberOf(fieldOf(body, 'head'), 'status') !== BAD_KEY;
  return isGood ? null : textOf(inner, 'Message') || textOf(fieldOf(body, 'head'), 'statusDescription');
}

// 2026-11: the text for a token that is over is not documented; head.status 2 is a wrong key.
function refusal({ status, body, words }: Failure): Exchange {
  if (status === 429) return { ok: false, reason: 'rate_limited', words };
  if (numberOf(fieldOf(body, 'head'), 'status') === BAD_KEY) return { ok: false, reason: 'configuration', words };
  if (/token/i.test(words)) return { ok: false, reason: 'token_spent', words };
  if (/encry|user ?id|\bkey\b/i.test(words)) return { ok: false, reason: 'configuration', words };
  return { ok: false, reason: 'unavailable', words };
}

export const fivepaisa: BrokerBackend = { client: fivepaisaClient, feed: null };
