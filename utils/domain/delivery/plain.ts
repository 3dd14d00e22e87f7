import type { PlainDestination } from '../accounts/settings.ts';
import { type HttpResult, type Outcome, readPlainAnswer, type SentRequest } from './answers.ts';
import type { TroubleCode } from './trouble.ts';

/** The body of a plain delivery: the constant fields and the one that holds the token. A query is a body that will stand in the address. */
export function plainBody({ format, field, extra }: PlainDestination, token: string): string {
  const fields = { ...extra, [field]: token };
  return format === 'json' ? JSON.stringify(fields) : new URLSearchParams(fields).toString();
}

/** A query put behind the one that an address may have already. */
export function withQuery(address: string, query: string): string {
  const url = new URL(address);
  url.search = url.search === '' ? query : `${url.search}&${query}`;
  return url.href;
}

/**
 * Judges an answer of a plain destination. With a person's login a redirect leads to the login page, and a refusal is one
 * of the login or of its CSRF check, so the token was not taken. A callback answers with a redirect as a matter of course.
 */
export function readPlain(result: HttpResult, sent: SentRequest, destination: PlainDestination): Outcome {
  const { login = 'none', redirect = 'failure', success } = destination;
  if (login !== 'none' && !isProxys(result)) {
    if (result.kind === 'redirected') return troubled('logged_out', sent);
    if (result.kind === 'response' && result.status === 401) return troubled('logged_out', sent, 401);
    if (result.kind === 'response' && result.status === 403) return troubled('csrf_refused', sent, 403);
  }
  if (result.kind === 'redirected' && redirect === 'taken') return { kind: 'accepted' };
  return readPlainAnswer(result, sent, success);
}

/** A password that a proxy asks for is no login of the backend's: the person's own there does not help. */
function isProxys(result: HttpResult): boolean {
  const challenge = result.kind === 'response' ? (result.headers['www-authenticate'] ?? '') : '';
  return /^\s*(?:basic|digest|negotiate|ntlm)\b/i.test(challenge);
}

type Troubled = Extract<Outcome, { kind: 'trouble' }>;

/** A trouble that was found before or beside an answer. */
export function troubled(code: TroubleCode, { at }: Pick<SentRequest, 'at'>, status?: number): Troubled {
  return {
    kind: 'trouble',
    trouble: { code, at, ...(status === undefined ? {} : { status }) },
    retryAfterMs: null,
  };
}
