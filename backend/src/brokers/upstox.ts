import { errorCodes } from '../../../utils/shared/brokers/upstox.ts';
import { check, z } from '../../../utils/shared/schema.ts';
import type { Account } from '../config/account.ts';
import type { BrokerBackend } from './backend.ts';
import type { BrokerClient, Exchange, Failure } from './client.ts';
import { createAsk, type JsonAnswer } from './rest/json-call.ts';
import { notWritten } from './rest/not-written.ts';

const API = 'https://api.upstox.com/v2';
const Token = z.object({ access_token: z.string().check(z.minLength(1)), user_id: z.string().check(z.minLength(1)) });
const Profile = z.object({ data: z.looseObject({ user_id: z.string() }) });
const Refusal = z.object({ errors: z.array(z.object({ message: z._default(z.string(), '') })) });

// 2026-11: https://upstox.com/developer/api-documentation/get-token
const SPENT = 'UDAPI100057';
const CONFIGURATION = ['UDAPI100069', 'UDAPI100016', 'UDAPI100073', 'UDAPI100068'];

function upstoxClient({ apiKey, apiSecret, redirectUrl }: Account): BrokerClient {
  const ask = createAsk('Upstox', [apiKey, apiSecret], refusalIn);
  return {
    async exchange(code) {
      const grant = { code, client_id: apiKey, client_secret: apiSecret, redirect_uri: redirectUrl };
      const body = new URLSearchParams({ ...grant, grant_type: 'authorization_code' });
      const reply = await ask({ method: 'POST', url: `${API}/login/authorization/token`, body }, code);
      if (!reply.ok) return refusal(reply);
      const token = check(Token, reply.value);
      if (!token.ok) return { ...USED_UP, reason: 'unavailable', words: 'Upstox: an answer that could not be read' };
      return { ok: true, user: token.value.user_id, accessToken: token.value.access_token };
    },
    open(accessToken) {
      const headers = { authorization: `Bearer ${accessToken}` };
      const profile = () => ask({ method: 'GET', url: `${API}/user/profile`, headers }, accessToken);
      return {
        ...notWritten('Upstox'),
        async verify() {
          const reply = await profile();
          if (!reply.ok) return reply;
          const read = check(Profile, reply.value);
          return { ok: true, value: { user: read.ok ? read.value.data.user_id : null } };
        },
        profile,
      };
    },
  };
}

// A code is used up even if its exchange fails.
const USED_UP = { ok: false, isUsedUp: true } as const;

function refusalIn({ status, body }: JsonAnswer): string | null {
  if (status < 400 && errorCodes(body).length === 0) return null;
  const said = check(Refusal, body);
  return said.ok ? (said.value.errors[0]?.message ?? '') : '';
}

function refusal({ status, body, words }: Failure): Exchange {
  const codes = errorCodes(body);
  if (codes.includes(SPENT)) return { ...USED_UP, reason: 'token_spent', words };
  if (codes.some((code) => CONFIGURATION.includes(code))) return { ...USED_UP, reason: 'configuration', words };
  return { ...USED_UP, reason: status === 429 ? 'rate_limited' : 'unavailable', words };
}

export const upstox: BrokerBackend = { client: upstoxClient, feed: null };
