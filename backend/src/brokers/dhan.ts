import { textOf } from '../../../utils/shared/brokers/verdict.ts';
import { check, z } from '../../../utils/shared/schema.ts';
import type { Account } from '../config/account.ts';
import type { BrokerBackend } from './backend.ts';
import type { BrokerClient, Consent, Exchange, Failure } from './client.ts';
import { createAsk, type JsonAnswer } from './rest/json-call.ts';
import { notWritten } from './rest/not-written.ts';

const AUTH = 'https://auth.dhan.co/app';
const Token = z.object({
  accessToken: z.string().check(z.minLength(1)),
  dhanClientId: z.coerce.string().check(z.minLength(1)),
  expiryTime: z.string(),
});
const Consented = z.object({ consentAppId: z.string().check(z.minLength(1)) });
const Profile = z.object({ dhanClientId: z.coerce.string() });

function dhanClient({ apiKey, apiSecret, more = {} }: Account): BrokerClient {
  const { CLIENT_ID = '' } = more;
  const ask = createAsk('Dhan', [apiKey, apiSecret], refusalIn);
  const app = { app_id: apiKey, app_secret: apiSecret };
  return {
    async consent(): Promise<Consent> {
      const url = `${AUTH}/generate-consent?client_id=${encodeURIComponent(CLIENT_ID)}`;
      const reply = await ask({ method: 'POST', url, headers: app });
      if (!reply.ok) return { ok: false, reason: reasonOf(reply), words: reply.words };
      const read = check(Consented, reply.value);
      if (!read.ok) return { ok: false, reason: 'unavailable', words: 'Dhan: an answer that could not be read' };
      return { ok: true, consent: read.value.consentAppId };
    },
    async exchange(token) {
      const url = `${AUTH}/consumeApp-consent?tokenId=${encodeURIComponent(token)}`;
      const reply = await ask({ method: 'POST', url, headers: app }, token);
      if (!reply.ok) return refusal(reply);
      const read = check(Token, reply.value);
      if (!read.ok) return { ok: false, reason: 'unavailable', words: 'Dhan: an answer that could not be read' };
      const { accessToken, dhanClientId: user, expiryTime } = read.value;
      const expiresAt = timeInIndia(expiryTime);
      return { ok: true, user, accessToken, ...(expiresAt === null ? {} : { expiresAt }) };
    },
    open(accessToken) {
      const headers = { 'access-token': accessToken };
      const profile = () => ask({ method: 'GET', url: 'https://api.dhan.co/v2/profile', headers }, accessToken);
      return {
        ...notWritten('Dhan'),
        async verify() {
          const reply = await profile();
          if (!reply.ok) return reply;
          const read = check(Profile, reply.value);
          return { ok: true, value: { user: read.ok ? read.value.dhanClientId : null } };
        },
        profile,
      };
    },
  };
}

/** Epoch ms of `2026-11-30T09:00:00`, which stands there without a zone and means India. */
function timeInIndia(text: string): number | null {
  const at = Date.parse(`${text.replace(/(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/, '')}+05:30`);
  return Number.isNaN(at) ? null : at;
}

function refusalIn({ status, body }: JsonAnswer): string | null {
  const isRefusal = status >= 400 || textOf(body, 'errorCode') !== '' || textOf(body, 'errorType') !== '';
  return isRefusal ? textOf(body, 'errorMessage') || textOf(body, 'message') : null;
}

function reasonOf({ status, body }: Failure): 'configuration' | 'rate_limited' | 'unavailable' {
  if (status === 429 || textOf(body, 'errorCode') === 'DH-904') return 'rate_limited';
  return body !== null && (status === 401 || status === 403) ? 'configuration' : 'unavailable';
}

// 2026-11: no text of its refusals is documented; what names the token is about the token.
function refusal(failure: Failure): Exchange {
  const { words, status } = failure;
  const isToken = status >= 400 && status < 500 && /token|consent/i.test(words);
  return { ok: false, reason: isToken ? 'token_spent' : reasonOf(failure), words };
}

export const dhan: BrokerBackend = { client: dhanClient, feed: null };
