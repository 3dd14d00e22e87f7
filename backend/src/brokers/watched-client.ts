import type { AccountName } from '../config/account-name.ts';
import type { CallName, CallOutcome, Log } from '../log/log.ts';
import type { BrokerApi, BrokerClient, Consent, Exchange, Reply } from './client.ts';
import { isEnd } from './verdict.ts';

interface Watch {
  account: AccountName;
  log: Log;
  now(): number;
}

/** The same client, which tells the log of every call how it ended and how long it took. */
export function watchedClient(client: BrokerClient, { account, log, now }: Watch): BrokerClient {
  async function watch<T>(call: CallName, ask: () => Promise<T>, outcomeOf: (answer: T) => CallOutcome): Promise<T> {
    const startedAt = now();
    const answer = await ask();
    log({ event: 'broker.called', account, call, outcome: outcomeOf(answer), ms: Math.max(now() - startedAt, 0) });
    return answer;
  }
  const { consent } = client;
  const ofReply = (reply: Reply<unknown>) => outcomeOf(account, reply);

  return {
    exchange: (...given) => watch('exchange', () => client.exchange(...given), ofExchange),
    ...(consent ? { consent: () => watch('consent', consent, ofConsent) } : {}),
    open(...given): BrokerApi {
      const api = client.open(...given);
      return {
        verify: () => watch('verify', () => api.verify(), ofReply),
        quote: (instruments) => watch('quote', () => api.quote(instruments), ofReply),
        profile: () => watch('profile', () => api.profile(), ofReply),
        funds: () => watch('funds', () => api.funds(), ofReply),
        optionChain: (...of) => watch('optionChain', () => api.optionChain(...of), ofReply),
        dailyCandles: (...of) => watch('dailyCandles', () => api.dailyCandles(...of), ofReply),
      };
    },
  };
}

function ofExchange(answer: Exchange): CallOutcome {
  if (answer.ok) return 'ok';
  if (answer.reason === 'token_spent') return 'auth_required';
  return answer.reason === 'unavailable' || answer.reason === 'doubtful' ? 'failed' : answer.reason;
}

function ofConsent(answer: Consent): CallOutcome {
  if (answer.ok) return 'ok';
  return answer.reason === 'unavailable' ? 'failed' : answer.reason;
}

function outcomeOf(account: AccountName, reply: Reply<unknown>): CallOutcome {
  if (reply.ok) return 'ok';
  if (reply.status === 0) return 'no_answer';
  if (reply.status === 429 || /limit exceed/i.test(reply.words)) return 'rate_limited';
  return isEnd(account, reply) ? 'auth_required' : 'failed';
}
