import { expiryClaim } from '../../../utils/shared/brokers/token-life.ts';
import { check, z } from '../../../utils/shared/schema.ts';
import type { Account } from '../config/account.ts';
import type { BrokerBackend } from './backend.ts';
import type { BrokerClient, Exchange, Failure } from './client.ts';
import { createAsk, type JsonAnswer } from './rest/json-call.ts';
import { notWritten } from './rest/not-written.ts';

const API = 'https://developer.paytmmoney.com/accounts';
// The two further tokens, for reading and for the feed, are not needed.
const Token = z.object({ access_token: z.string().check(z.minLength(1)) });
const Refusal = z.object({ errors: z.array(z.looseObject({ message: z.string() })).check(z.minLength(1)) });

function paytmClient({ apiKey, apiSecret }: Account): BrokerClient {
  const ask = createAsk('Paytm Money', [apiKey, apiSecret], refusalIn);
  return {
    async exchange(requestToken) {
      const body = { api_key: apiKey, api_secret_key: apiSecret, request_token: requestToken };
      const reply = await ask({ method: 'POST', url: `${API}/v2/gettoken`, body }, requestToken);
      if (!reply.ok) return refusal(reply);
      const token = check(Token, reply.value);
      if (!token.ok)
        return { ok: false, reason: 'unavailable', words: 'Paytm Money: an answer that could not be read' };
      const { access_token: accessToken } = token.value;
      const expiresAt = expiryClaim(accessToken);
      return { ok: true, user: null, accessToken, ...(expiresAt === null ? {} : { expiresAt }) };
    },
    open(accessToken) {
      const headers = { 'x-jwt-token': accessToken };
      const details = () => ask({ method: 'GET', url: `${API}/v1/user/details`, headers }, accessToken);
      return {
        ...notWritten('Paytm Money'),
        async verify() {
          const reply = await details();
          // It answers for a living session alone; which of its fields names the user is not documented.
          return reply.ok ? { ok: true, value: { user: null } } : reply;
        },
        profile: details,
      };
    },
  };
}

function refusalIn({ status, body }: JsonAnswer): string | null {
  const said = check(Refusal, body);
  if (said.ok) return said.value.errors[0]?.message ?? '';
  return status < 400 ? null : '';
}

// 2026-11: no text of its refusals is documented; a token that fails is told from a key that fails by these words alone.
function refusal({ status, words }: Failure): Exchange {
  if (status === 429) return { ok: false, reason: 'rate_limited', words };
  if (/request.?token/i.test(words)) return { ok: false, reason: 'token_spent', words };
  if (/api.?key|secret/i.test(words)) return { ok: false, reason: 'configuration', words };
  return { ok: false, reason: 'unavailable', words };
}

export const paytm: BrokerBackend = { client: paytmClient, feed: null };
