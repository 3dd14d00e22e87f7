import { expiryClaim } from '../../../utils/shared/brokers/token-life.ts';
import { numberOf, textOf } from '../../../utils/shared/brokers/verdict.ts';
import { check, z } from '../../../utils/shared/schema.ts';
import type { Account } from '../config/account.ts';
import type { BrokerBackend } from './backend.ts';
import type { BrokerClient, Exchange, Failure } from './client.ts';
import { sha256hex } from './rest/digest.ts';
import { createAsk, type JsonAnswer } from './rest/json-call.ts';
import { notWritten } from './rest/not-written.ts';

const API = 'https://api-t1.fyers.in/api/v3';
const Token = z.object({ access_token: z.string().check(z.minLength(1)) });
const Profile = z.object({ data: z.looseObject({ fy_id: z.string().check(z.minLength(1)) }) });

// 2026-11: https://myapi.fyers.in/docsv3
const SPENT = -437;
const BAD_HASH = -5;

function fyersClient({ apiKey, apiSecret }: Account): BrokerClient {
  const ask = createAsk('Fyers', [apiKey, apiSecret], refusalIn);
  const profileOf = (accessToken: string) => {
    const headers = { authorization: `${apiKey}:${accessToken}` };
    return ask({ method: 'GET', url: `${API}/profile`, headers }, accessToken);
  };
  return {
    async exchange(code) {
      const grant = { grant_type: 'authorization_code', appIdHash: sha256hex(apiKey, ':', apiSecret), code };
      const reply = await ask({ method: 'POST', url: `${API}/validate-authcode`, body: grant }, code);
      if (!reply.ok) return refusal(reply);
      const token = check(Token, reply.value);
      if (!token.ok) return { ...USED_UP, words: 'Fyers: an answer that could not be read' };
      const { access_token: accessToken } = token.value;
      // The exchange names no user.
      const profile = await profileOf(accessToken);
      if (!profile.ok) return { ...USED_UP, words: profile.words };
      const read = check(Profile, profile.value);
      if (!read.ok) return { ...USED_UP, words: 'Fyers: a profile that could not be read' };
      const expiresAt = expiryClaim(accessToken);
      return { ok: true, user: read.value.data.fy_id, accessToken, ...(expiresAt === null ? {} : { expiresAt }) };
    },
    open(accessToken) {
      const profile = () => profileOf(accessToken);
      return {
        ...notWritten('Fyers'),
        async verify() {
          const reply = await profile();
          if (!reply.ok) return reply;
          const read = check(Profile, reply.value);
          return { ok: true, value: { user: read.ok ? read.value.data.fy_id : null } };
        },
        profile,
      };
    },
  };
}

const USED_UP = { ok: false, reason: 'unavailable', isUsedUp: true } as const;

function refusalIn({ status, body }: JsonAnswer): string | null {
  return status < 400 && textOf(body, 's') === 'ok' ? null : textOf(body, 'message');
}

function refusal({ status, body, words }: Failure): Exchange {
  const code = numberOf(body, 'code');
  if (code === SPENT) return { ok: false, reason: 'token_spent', words };
  if (code === BAD_HASH) return { ok: false, reason: 'configuration', words };
  return { ok: false, reason: status === 429 ? 'rate_limited' : 'unavailable', words };
}

export const fyers: BrokerBackend = { client: fyersClient, feed: null };
