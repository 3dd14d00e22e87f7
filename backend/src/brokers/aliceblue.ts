import { textOf } from '../../../utils/shared/brokers/verdict.ts';
import { check, z } from '../../../utils/shared/schema.ts';
import type { Account } from '../config/account.ts';
import type { BrokerBackend } from './backend.ts';
import type { BrokerClient, Exchange, Failure } from './client.ts';
import { sha256hex } from './rest/digest.ts';
import { createAsk, type JsonAnswer } from './rest/json-call.ts';
import { notWritten } from './rest/not-written.ts';

const API = 'https://a3.aliceblueonline.com/open-api/od/v1';
const Session = z.object({ userSession: z.string().check(z.minLength(1)), clientId: z.string().check(z.minLength(1)) });
const Profile = z.object({ result: z.array(z.looseObject({ clientId: z.string() })).check(z.minLength(1)) });

function aliceblueClient({ apiKey, apiSecret }: Account): BrokerClient {
  const ask = createAsk('AliceBlue', [apiKey, apiSecret], refusalIn);
  return {
    async exchange(authCode, { userId = '' } = {}) {
      const body = { checkSum: sha256hex(userId, authCode, apiSecret) };
      const reply = await ask({ method: 'POST', url: `${API}/vendor/getUserDetails`, body }, authCode);
      if (!reply.ok) return refusal(reply);
      const session = check(Session, reply.value);
      if (!session.ok)
        return { ok: false, reason: 'unavailable', words: 'AliceBlue: an answer that could not be read' };
      return { ok: true, user: session.value.clientId, accessToken: session.value.userSession };
    },
    open(accessToken) {
      const headers = { authorization: `Bearer ${accessToken}` };
      const profile = () => ask({ method: 'GET', url: `${API}/profile/`, headers }, accessToken);
      return {
        ...notWritten('AliceBlue'),
        async verify() {
          const reply = await profile();
          if (!reply.ok) return reply;
          const read = check(Profile, reply.value);
          return { ok: true, value: { user: read.ok ? (read.value.result[0]?.clientId ?? null) : null } };
        },
        profile,
      };
    },
  };
}

function refusalIn({ status, body }: JsonAnswer): string | null {
  const said = textOf(body, 'stat') || textOf(body, 'status');
  return status < 400 && /^ok$/i.test(said) ? null : textOf(body, 'emsg') || textOf(body, 'message');
}

// 2026-11: https://v2api.aliceblueonline.com names these texts.
function refusal({ status, words }: Failure): Exchange {
  if (/invalid auth ?code|user does not login/i.test(words)) return { ok: false, reason: 'token_spent', words };
  if (/your api key expired|api key not available/i.test(words)) return { ok: false, reason: 'configuration', words };
  return { ok: false, reason: status === 429 ? 'rate_limited' : 'unavailable', words };
}

export const aliceblue: BrokerBackend = { client: aliceblueClient, feed: null };
