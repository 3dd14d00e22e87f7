import { textOf } from '../../../utils/shared/brokers/verdict.ts';
import { check, z } from '../../../utils/shared/schema.ts';
import type { Account } from '../config/account.ts';
import type { BrokerBackend } from './backend.ts';
import type { BrokerClient, Exchange, Failure } from './client.ts';
import { sha256hex } from './rest/digest.ts';
import { createAsk, type JsonAnswer } from './rest/json-call.ts';
import { notWritten } from './rest/not-written.ts';

const EXCHANGE = 'https://authapi.flattrade.in/trade/apitoken';
const API = 'https://piconnect.flattrade.in/PiConnectAPI';
const Token = z.object({ token: z.string().check(z.minLength(1)), client: z.string().check(z.minLength(1)) });

function flattradeClient({ apiKey, apiSecret }: Account): BrokerClient {
  const ask = createAsk('Flattrade', [apiKey, apiSecret], refusalIn);
  return {
    async exchange(code) {
      const body = { api_key: apiKey, request_code: code, api_secret: sha256hex(apiKey, code, apiSecret) };
      const reply = await ask({ method: 'POST', url: EXCHANGE, body }, code);
      if (!reply.ok) return refusal(reply);
      const token = check(Token, reply.value);
      if (!token.ok) return { ok: false, reason: 'unavailable', words: 'Flattrade: an answer that could not be read' };
      return { ok: true, user: token.value.client, accessToken: token.value.token };
    },
    open(accessToken, _dayToken, user = '') {
      const limits = () => {
        const body = `jData=${JSON.stringify({ uid: user, actid: user })}&jKey=${accessToken}`;
        return ask({ method: 'POST', url: `${API}/Limits`, body }, accessToken);
      };
      return {
        ...notWritten('Flattrade'),
        async verify() {
          const reply = await limits();
          // It answers for this user alone.
          return reply.ok ? { ok: true, value: { user } } : reply;
        },
        profile: limits,
      };
    },
  };
}

function refusalIn({ status, body }: JsonAnswer): string | null {
  const said = textOf(body, 'stat') || textOf(body, 'status');
  return status < 400 && said === 'Ok' ? null : textOf(body, 'emsg');
}

// 2026-11: no text of its refusals is documented; a code that fails is told from a key that fails by these words alone.
function refusal({ status, words }: Failure): Exchange {
  if (status === 429) return { ok: false, reason: 'rate_limited', words };
  if (/request.?code|\bcode\b.*(invalid|expired)|(invalid|expired).*\bcode\b/i.test(words))
    return { ok: false, reason: 'token_spent', words };
  if (/api.?key|secret|\bip\b/i.test(words)) return { ok: false, reason: 'configuration', words };
  return { ok: false, reason: 'unavailable', words };
}

export const flattrade: BrokerBackend = { client: flattradeClient, feed: null };
