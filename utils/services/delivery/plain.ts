import type { Account, PlainDestination } from '../../domain/accounts/settings.ts';
import { type HttpResult, readStatusAnswer, type SentRequest } from '../../domain/delivery/answers.ts';
import { readPlain, troubled, withQuery } from '../../domain/delivery/plain.ts';
import type { Called } from '../../domain/session/settle-call.ts';
import { readCookie } from '../../platform/network/cookies.ts';
import { callHttp, type HttpRequest } from '../../platform/network/http.ts';
import { withOwnOrigin } from '../../platform/network/origin-rule.ts';
import { callFromTab } from '../../platform/network/tab-call.ts';
import { readSecret } from '../store/store.ts';
import { askOpenAlgo } from './openalgo.ts';

// Django's names (CSRF_COOKIE_NAME, CSRF_HEADER_NAME), unless a project changed them.
const CSRF_COOKIE = 'csrftoken';
const CSRF_HEADER = 'x-csrftoken';

/** Sends a body to a plain destination, by its own authorization or by the person's login there, and judges the answer. */
export async function callPlain(destination: PlainDestination, id: string, body: string): Promise<Called> {
  if (destination.unconfirmed) return unconfirmed();
  const request = await requestOf(destination, body).catch(() => null);
  const sentAt = Date.now();
  const result = request === null ? 'not_made' : await send(destination, request);
  const heard = { sentAt, at: Date.now() };
  const sent = { id, ...heard };
  return {
    heard,
    outcome: typeof result === 'string' ? troubled(result, sent) : readPlain(result, sent, destination),
  };
}

/** Asks a plain destination's status page, by the same leave. */
export async function checkStatusPage(account: Account, destination: PlainDestination, id: string): Promise<Called> {
  const { status } = destination;
  if (!status) throw new Error('a destination without a status page cannot be asked');
  if (destination.unconfirmed) return unconfirmed();
  if (status.kind === 'openalgo') {
    const sentAt = Date.now();
    const sent = (): SentRequest => ({ id, sentAt, at: Date.now() });
    const outcome = await askOpenAlgo(account, status.url, sent);
    return { heard: sent(), outcome };
  }
  const headers = await authorization(destination).catch(() => null);
  const sentAt = Date.now();
  const result = headers === null ? 'not_made' : await send(destination, { url: status.url, method: 'GET', headers });
  const heard = { sentAt, at: Date.now() };
  const sent = { id, ...heard };
  return {
    heard,
    outcome: typeof result === 'string' ? troubled(result, sent) : readStatusAnswer(result, sent, account.name, status),
  };
}

/** Why a call was not made: then the destination cannot have taken the token. */
type Unmade = 'logged_out' | 'no_cookies' | 'no_tab' | 'not_made';

/** What came with a settings file is used only once the person has saved it themselves (NET-04). */
function unconfirmed(): Called {
  const at = Date.now();
  return { heard: { sentAt: at, at }, outcome: troubled('no_key', { at }) };
}

function send({ login = 'none' }: PlainDestination, request: HttpRequest): Promise<HttpResult | Unmade> {
  switch (login) {
    case 'none':
      return callHttp(request);
    case 'cookie':
      return callWithCookies(request);
    case 'tab':
      return callFromTab(request, { cookie: CSRF_COOKIE, header: CSRF_HEADER });
  }
}

/** Django 4 compares Origin, 3.2 on https the Referer: to it this is a call of its own page, which the person allowed. */
async function callWithCookies(request: HttpRequest): Promise<HttpResult | Unmade> {
  const token = await readCookie(request.url, CSRF_COOKIE).catch(() => undefined);
  if (token === undefined) return 'no_cookies';
  if (token === null) return 'logged_out';
  const headers = { ...request.headers, [CSRF_HEADER]: token };
  let isMade = false;
  const call = () => {
    isMade = true;
    return callHttp({ ...request, headers, cookies: 'include' });
  };
  try {
    return await withOwnOrigin(request.url, call);
  } catch (error) {
    if (isMade) throw error;
    return 'not_made';
  }
}

async function requestOf(destination: PlainDestination, body: string): Promise<HttpRequest> {
  const { url, method, format } = destination;
  const headers = await authorization(destination);
  if (format === 'query') return { url: withQuery(url, body), method, headers };
  const type = format === 'json' ? 'application/json' : 'application/x-www-form-urlencoded';
  return { url, method, body, headers: { 'content-type': type, ...headers } };
}

async function authorization({ id, authorization: how }: PlainDestination): Promise<Record<string, string>> {
  switch (how.kind) {
    case 'none':
      return {};
    case 'bearer':
      return { authorization: `Bearer ${await readSecret(id)}` };
    case 'header':
      return { [how.name]: await readSecret(id) };
  }
}
