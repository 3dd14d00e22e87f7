import { type Connect, KiteConnect } from 'kiteconnect';
import { check, z } from '../../../utils/shared/schema.ts';
import type { Account } from '../config/account.ts';
import { kiteFeed } from '../feed/kite-feed.ts';
import type { BrokerBackend } from './backend.ts';
import {
  type BrokerApi,
  type BrokerClient,
  type Exchange,
  type Failure,
  REQUEST_TIMEOUT_MS,
  type Reply,
  words,
} from './client.ts';
import { isPermission, verdictOf } from './verdict.ts';

const KiteError = z.object({ error_type: z.string(), message: z._default(z.string(), '') });
const KiteSession = z.object({
  user_id: z.string().check(z.minLength(1)),
  access_token: z.string().check(z.minLength(1)),
});
const KiteProfile = z.object({ user_id: z.string() });

/** Kite through its official client. */
export function zerodhaClient({ apiKey, apiSecret }: Account): BrokerClient {
  const connect = (accessToken?: string): Connect =>
    new KiteConnect({ api_key: apiKey, access_token: accessToken, timeout: REQUEST_TIMEOUT_MS });

  return {
    async exchange(token) {
      const reply = await ask(() => connect().generateSession(token, apiSecret), KiteSession, [
        token,
        apiKey,
        apiSecret,
      ]);
      // The login time of the answer is parsed in the zone of this machine, so nothing here reads it.
      return reply.ok ? { ok: true, user: reply.value.user_id, accessToken: reply.value.access_token } : refusal(reply);
    },
    open(accessToken): BrokerApi {
      const kite = connect(accessToken);
      const secrets = [accessToken, apiKey, apiSecret];
      return {
        async verify() {
          const reply = await ask(() => kite.getProfile(), KiteProfile, secrets);
          return reply.ok ? { ok: true, value: { user: reply.value.user_id } } : reply;
        },
        quote: (instruments) => ask(() => kite.getQuote([...instruments]), z.looseObject({}), secrets),
        profile: () => ask(() => kite.getProfile(), z.looseObject({}), secrets),
        funds: async () => ONLY_BREEZE,
        optionChain: async () => ONLY_BREEZE,
        dailyCandles: async () => ONLY_BREEZE,
      };
    },
  };
}

export const zerodha: BrokerBackend = {
  client: zerodhaClient,
  feed: {
    source: 'Kite ticker',
    connect: ({ apiKey }) => kiteFeed(apiKey),
    // 2026-11: of a free *Personal* app the ticker is refused as for a dead token; a quote says which of the two it is.
    // https://kite.trade/docs/connect/v3/websocket/
    isEntitled:
      (client, now) =>
      async ({ accessToken }) => {
        const reply = await client.open(accessToken).quote(['NSE:NIFTY 50']);
        if (reply.ok) return true;
        return isPermission(reply.body) && verdictOf('zerodha', reply, now()) === 'nothing' ? false : null;
      },
  },
};

const ONLY_BREEZE: Failure = {
  ok: false,
  status: 400,
  body: null,
  words: 'Zerodha: this operation is written for ICICI Direct',
};

/** Calls the client, which rejects with plain objects and resolves with an error object when it got HTML with 200. */
async function ask<T extends z.ZodMiniType>(
  call: () => Promise<unknown>,
  schema: T,
  secrets: string[],
): Promise<Reply<z.infer<T>>> {
  const { answer, resolved } = await call().then(
    (answer) => ({ answer, resolved: true }),
    (answer: unknown) => ({ answer, resolved: false }),
  );
  const error = check(KiteError, answer);
  if (error.ok && error.value.error_type !== '') {
    const { error_type: errorType, message } = error.value;
    const quoted = message.startsWith('Unknown content type') ? 'the answer was not JSON' : words(message, ...secrets);
    return {
      ok: false,
      status: statusOf(errorType, message),
      body: error.value,
      words: `Zerodha: ${quoted || errorType}`,
    };
  }
  const value = check(schema, answer);
  if (resolved && value.ok) return { ok: true, value: value.value };
  return { ok: false, status: 502, body: null, words: 'Zerodha: an answer that could not be read' };
}

/** The client drops the HTTP status; the error type tells it. */
function statusOf(errorType: string, message: string): number {
  switch (errorType) {
    case 'TokenException':
    case 'PermissionException':
      return 403;
    case 'NetworkException':
      if (/too many requests/i.test(message)) return 429;
      return message.startsWith('No response from server') ? 0 : 503;
    case 'DataException':
      return 502;
    case 'GeneralException':
      return 500;
    default:
      return 400;
  }
}

function refusal({ status, body, words }: Failure): Exchange {
  const error = check(KiteError, body);
  const { error_type: errorType, message } = error.ok ? error.value : { error_type: '', message: '' };
  if (errorType === 'TokenException' && /token is invalid|has expired/i.test(message))
    return { ok: false, reason: 'token_spent', words };
  if (['TokenException', 'InputException', 'PermissionException'].includes(errorType))
    return { ok: false, reason: 'configuration', words };
  return { ok: false, reason: status === 429 ? 'rate_limited' : 'unavailable', words };
}
