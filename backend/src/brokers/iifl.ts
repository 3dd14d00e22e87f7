import { textOf } from '../../../utils/shared/brokers/verdict.ts';
import { check, z } from '../../../utils/shared/schema.ts';
import type { Account } from '../config/account.ts';
import type { BrokerBackend } from './backend.ts';
import type { BrokerClient, Exchange, Failure } from './client.ts';
import { sha256hex } from './rest/digest.ts';
import { createAsk, type JsonAnswer } from './rest/json-call.ts';
import { notWritten } from './rest/not-written.ts';

const API = 'https://api.iiflcapital.com/v1';
const Session = z.object({ userSession: z.string().check(z.minLength(1)) });
const Profile = z.object({ result: z.looseObject({ clientId: z.string() }) });

function iiflClient({ apiKey, apiSecret }: Account): BrokerClient {
  const ask = createAsk('IIFL Capital', [apiKey, apiSecret], refusalIn);
  return {
    async exchange(authCode, { clientId = '' } = {}) {
      const body = { checkSum: sha256hex(clientId, authCode, apiSecret) };
      const reply = await ask({ method: 'POST', url: `${API}/getusersession`, body }, authCode);
      if (!reply.ok) return refusal(reply);
      const session = check(Session, reply.value);
      if (!session.ok)
        return { ok: false, reason: 'unavailable', words: 'IIFL Capital: an answer that could not be read' };
      // The checksum holds the client's id, so the session is of no other.
      return { ok: true, user: clientId, accessToken: session.value.userSession };
    },
    open(accessToken) {
      const headers = { authorization: `Bearer ${accessToken}` };
      const profile = () => ask({ method: 'GET', url: `${API}/profile`, headers }, accessToken);
      return {
        ...notWritten('IIFL Capital'),
        async verify() {
          const reply = await profile();
          if (!reply.ok) return reply;
          const read = check(Profile, reply.value);
          return { ok: true, value: { user: read.ok ? read.value.result.clientId : null } };
        },
        profile,
      };
    },
  };
}

function refusalIn({ status, body }: JsonAnswer): string | null {
  return status < 400 && /^ok$/i.test(textOf(body, 'status')) ? null : textOf(body, 'message');
}

// 2026-11: no text of its refusals is documented; a code that fails is told from a key that fails by these words alone.
function refusal({ status, words }: Failure): Exchange {
  if (status === 429) return { ok: false, reason: 'rate_limited', words };
  if (/auth ?code/i.test(words)) return { ok: false, reason: 'token_spent', words };
  if (/app ?key|check ?sum|secret|\bip\b/i.test(words)) return { ok: false, reason: 'configuration', words };
  return { ok: false, reason: 'unavailable', words };
}

export const iifl: BrokerBackend = { client: iiflClient, feed: null };
