import { SESSION_STATUS } from '../../domain/accounts/known-systems.ts';
import type { Account } from '../../domain/accounts/settings.ts';
import { type HttpResult, type Outcome, readPlainAnswer, type SentRequest } from '../../domain/delivery/answers.ts';
import {
  type AppSession,
  appReport,
  appTrouble,
  atItsPace,
  FUNDS,
  hasLivingFunds,
  readAppSession,
} from '../../domain/delivery/openalgo.ts';
import { callHttp } from '../../platform/network/http.ts';
import { parseJson } from '../../shared/schema.ts';

type Answered = { result: HttpResult } | { session: AppSession };

/** Asks OpenAlgo by the person's own login there, then the broker by its funds. Neither its key nor a balance leaves here. */
export async function askOpenAlgo(account: Account, url: string, sent: () => SentRequest): Promise<Outcome> {
  const asked = await askSession(url);
  if ('result' in asked) return notRead(asked.result, sent());
  switch (asked.session.is) {
    case 'no-login':
      return appTrouble('app_login_first', sent());
    case 'no-broker':
      return appReport(account.name, sent(), 'none');
    case 'ended':
      return appReport(account.name, sent(), 'expired');
    case 'connected':
      return askFunds(account, url, asked.session.apiKey, sent);
  }
}

/** Its session as its database has it, for which no broker is asked; `url` is any address of it. */
export async function askSession(url: string): Promise<Answered> {
  const result = await callHttp({
    url: new URL(SESSION_STATUS, url).href,
    method: 'GET',
    headers: {},
    cookies: 'include',
  });
  const session = isGood(result) ? readAppSession(parseJson(result.body)) : null;
  return session === null ? { result } : { session };
}

async function askFunds(
  account: Account,
  url: string,
  apiKey: string | null,
  sent: () => SentRequest,
): Promise<Outcome> {
  if (apiKey === null) return appTrouble('app_no_key', sent());
  const result = await callHttp({
    url: new URL(FUNDS, url).href,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ apikey: apiKey }),
  });
  if (result.kind === 'response' && result.status === 403) return appReport(account.name, sent(), 'expired');
  if (!isGood(result)) return atItsPace(notRead(result, sent()));
  const isAlive = hasLivingFunds(parseJson(result.body));
  return isAlive ? appReport(account.name, sent(), 'verified') : appTrouble('app_unproven', sent());
}

function isGood(result: HttpResult): result is HttpResult & { kind: 'response' } {
  return result.kind === 'response' && result.status >= 200 && result.status <= 299;
}

/** No answer, or one of another program. */
function notRead(result: HttpResult, sent: SentRequest): Outcome {
  const judged = readPlainAnswer(result, sent, null);
  return judged.kind === 'accepted' ? appTrouble('rule_failed', sent) : judged;
}
