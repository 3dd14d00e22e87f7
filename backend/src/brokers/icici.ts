import { check, z } from '../../../utils/shared/schema.ts';
import type { Account } from '../config/account.ts';
import { breezeFeed } from '../feed/breeze-feed.ts';
import type { BrokerBackend } from './backend.ts';
import { callBreeze, signedHeaders, streamLogin } from './breeze-client.ts';
import type { BrokerApi, BrokerClient, Exchange, Failure, Reply } from './client.ts';
import { verdictOf } from './verdict.ts';

const Customer = z.object({
  session_token: z.string().check(z.minLength(1)),
  idirect_userid: z.optional(z.nullable(z.string())),
});

/** ICICI Direct Breeze through a client of our own. */
export function iciciClient({ apiKey, apiSecret }: Account): BrokerClient {
  const details = (token: string) =>
    callBreeze('customerdetails', JSON.stringify({ SessionToken: token, AppKey: apiKey }), {}, [
      token,
      apiKey,
      apiSecret,
    ]);

  /** Who the customer is, by the captured token; the access token that the broker answers with is left out. */
  async function customer(dayToken: string | null): Promise<Reply<unknown>> {
    if (dayToken === null) return NO_DAY_TOKEN;
    const reply = await details(dayToken);
    const profile = reply.ok ? check(z.looseObject({}), reply.value) : null;
    if (!profile?.ok) return reply;
    const { session_token: _secret, ...shown } = profile.value;
    return { ok: true, value: shown };
  }

  return {
    async exchange(token) {
      const reply = await details(token);
      if (!reply.ok) return refusal(reply);
      const customer = check(Customer, reply.value);
      if (!customer.ok)
        return { ok: false, reason: 'unavailable', words: 'ICICI Direct: an answer that could not be read' };
      const { session_token: accessToken, idirect_userid: named } = customer.value;
      const user = named || streamLogin(accessToken).user;
      if (user === '') return { ok: false, reason: 'unavailable', words: 'ICICI Direct: an answer that names no user' };
      return { ok: true, user, accessToken };
    },
    open(accessToken, dayToken = null): BrokerApi {
      const call = (path: string, body: object): Promise<Reply<unknown>> => {
        const text = JSON.stringify(body);
        const headers = signedHeaders(apiKey, apiSecret, accessToken, text, Date.now());
        return callBreeze(path, text, headers, [accessToken, apiKey, apiSecret]);
      };
      return {
        async verify() {
          const reply = await call('funds', {});
          return reply.ok ? { ok: true, value: { user: null } } : reply;
        },
        quote: (instruments) => quoteEach(instruments, call),
        profile: () => customer(dayToken),
        funds: () => call('funds', {}),
        // Breeze writes every date as 06:00 UTC of its day (breezeconnect 1.0.31, README).
        optionChain: (stock, expiry, right) =>
          call('optionchain', {
            stock_code: stock,
            exchange_code: 'NFO',
            expiry_date: `${expiry}T06:00:00.000Z`,
            product_type: 'options',
            right,
          }),
        dailyCandles: (stock, from, to) =>
          call('historicalcharts', {
            interval: 'day',
            from_date: `${from}T06:00:00.000Z`,
            to_date: `${to}T06:00:00.000Z`,
            stock_code: stock,
            exchange_code: 'NSE',
            product_type: 'cash',
          }),
      };
    },
  };
}

export const icici: BrokerBackend = {
  client: iciciClient,
  feed: { source: 'Breeze stream', connect: (_account, { breezeStreams }) => breezeFeed(breezeStreams) },
};

const NO_DAY_TOKEN: Reply<never> = {
  ok: false,
  status: 400,
  body: {},
  words: 'the token of this session is not kept here: log in again',
};

async function quoteEach(
  instruments: readonly string[],
  call: (path: string, body: object) => Promise<Reply<unknown>>,
): Promise<Reply<unknown>> {
  const quotes: [string, unknown][] = [];
  for (const instrument of instruments) {
    const [exchange = '', ...code] = instrument.split(':');
    const reply = await call('quotes', { stock_code: code.join(':'), exchange_code: exchange, product_type: 'cash' });
    if (!reply.ok) return reply;
    quotes.push([instrument, Array.isArray(reply.value) ? reply.value[0] : reply.value]);
  }
  return { ok: true, value: Object.fromEntries(quotes) };
}

function refusal({ status, body, words: said }: Failure): Exchange {
  const verdict = verdictOf('icici', { status, body }, Date.now());
  if (verdict !== 'nothing')
    return { ok: false, reason: verdict === 'ended' ? 'token_spent' : 'doubtful', words: said };
  if (/public key does not exist/i.test(said)) return { ok: false, reason: 'configuration', words: said };
  return { ok: false, reason: /limit exceed/i.test(said) ? 'rate_limited' : 'unavailable', words: said };
}
