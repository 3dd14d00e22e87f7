import { Answer, type SessionApplied, SessionConsented, type SessionReport } from '../../shared/contract.ts';
import { parseJson } from '../../shared/schema.ts';
import type { PlainDestination, StatusPage } from '../accounts/settings.ts';
import { readRetryAfter } from '../base/backoff.ts';
import { check } from '../base/check.ts';
import { type Exchange, skewOf } from '../base/moments.ts';
import { asMeant } from './nearly-right.ts';
import { readSessionManager, readStatusPath } from './status-page.ts';
import type { Trouble, TroubleCode } from './trouble.ts';

/** What came back from a call: everything the platform can tell without judging it. */
export type HttpResult =
  | { kind: 'response'; status: number; headers: Readonly<Record<string, string>>; body: string }
  | { kind: 'redirected' }
  | { kind: 'too_large' }
  | { kind: 'timeout' }
  /** The browser does not know who vouches for the server, so nothing was sent. */
  | { kind: 'certificate' }
  | { kind: 'unreachable' };

export type Outcome =
  | { kind: 'applied'; answer: SessionApplied }
  | { kind: 'reported'; answer: SessionReport }
  | { kind: 'accepted' }
  | { kind: 'trouble'; trouble: Trouble; retryAfterMs: number | null };

/** A request, with the moments of its call: `at` is when its answer was heard. */
export type SentRequest = Required<Exchange> & { id: string };

/**
 * Judges an answer of a signed destination (NET-06): it counts only as JSON, of this contract's shape, naming this
 * request, signed with the pairing secret. `isSigned` says whether its signature holds over the raw body.
 */
export function readSignedAnswer(result: HttpResult, sent: SentRequest, isSigned: boolean): Outcome {
  if (result.kind !== 'response') return trouble(result.kind, sent);
  const { status } = result;
  const answer = check(Answer, asMeant(parseJson(result.body)));
  const retryAfterMs = readRetryAfter(result.headers['retry-after'] ?? null, sent.at);
  if (!answer.ok || !isSigned)
    return trouble(unproven(result, answer.ok), sent, { status, ...challengeOf(result) }, retryAfterMs);
  if (answer.value.id !== sent.id) return trouble('other_id', sent, { status });
  if (answer.value.type === 'session.refused') {
    const skewMs = skewOf(answer.value.server_time, sent);
    return trouble(answer.value.reason, sent, { status, words: answer.value.message, skewMs }, retryAfterMs);
  }
  if (status < 200 || status > 299) return trouble('not_contract', sent, { status });
  if (answer.value.type === 'session.applied') return { kind: 'applied', answer: answer.value };
  if (answer.value.type === 'session.report') return { kind: 'reported', answer: answer.value };
  return trouble('not_contract', sent, { status });
}

export type ConsentOutcome = { kind: 'consented'; consent: string } | Extract<Outcome, { kind: 'trouble' }>;

/** Judges the answer to a request for a consent, by the same rules. */
export function readConsent(result: HttpResult, sent: SentRequest, isSigned: boolean): ConsentOutcome {
  const answer = result.kind === 'response' && isSigned ? check(SessionConsented, parseJson(result.body)) : null;
  if (answer?.ok && answer.value.id === sent.id) return { kind: 'consented', consent: answer.value.consent };
  const outcome = readSignedAnswer(result, sent, isSigned);
  return outcome.kind === 'trouble'
    ? outcome
    : { kind: 'trouble', trouble: { code: 'not_contract', at: sent.at }, retryAfterMs: null };
}

/** Judges an answer of a plain destination by its success rule alone: it can be accepted, never proven. */
export function readPlainAnswer(result: HttpResult, sent: SentRequest, rule: PlainDestination['success']): Outcome {
  if (result.kind !== 'response') return trouble(result.kind, sent);
  const { status } = result;
  if (status < 200 || status > 299) return refused(result, sent);
  if (rule === null || textAt(parseJson(result.body), rule.path) === rule.equals) return { kind: 'accepted' };
  return trouble('rule_failed', sent, { status });
}

/** A status page that one look tells all of. */
export type ReadPage = Exclude<StatusPage, { kind: 'openalgo' }>;

/** Judges what an older system's status page says; `account` is the name to report it under. */
export function readStatusAnswer(result: HttpResult, sent: SentRequest, account: string, page: ReadPage): Outcome {
  if (result.kind !== 'response') return trouble(result.kind, sent);
  const { status } = result;
  if (status < 200 || status > 299) return refused(result, sent);
  const body = parseJson(result.body);
  const reading =
    page.kind === 'path'
      ? readStatusPath(textAt(body, page.path), page.equals, sent.at)
      : readSessionManager(body, sent.at);
  if (!reading) return trouble('rule_failed', sent, { status });
  // A page tells no time of its own: what it says was read by our clock.
  const server_time = new Date(sent.at).toISOString();
  return { kind: 'reported', answer: { type: 'session.report', id: sent.id, account, server_time, ...reading } };
}

const STATUS_ONLY = /^\W*(?:401)?\W*(?:unauthori[sz]ed|(?:bad|invalid)[ _]signature)?\W*$/i;

type Response = HttpResult & { kind: 'response' };

function unproven(result: Response, isContract: boolean): TroubleCode {
  const { status, headers, body } = result;
  // A receiver that does not know our secret cannot sign its refusal, and a small one says no more than its status.
  if (status === 401 && (isContract || (STATUS_ONLY.test(body) && !isChallenge(result)))) return 'bad_signature';
  if (status === 401 && !isChallenge(result)) return 'unnamed_refusal';
  if (status < 200 || status > 299) return byStatus(result);
  if (isContract) return 'wrong_signature';
  const isPage = (headers['content-type'] ?? '').includes('html') || /^\s*<(!doctype|html)/i.test(body);
  return isPage ? 'html' : 'not_contract';
}

function refused(result: Response, sent: SentRequest): Outcome {
  const retryAfterMs = readRetryAfter(result.headers['retry-after'] ?? null, sent.at);
  return trouble(byStatus(result), sent, { status: result.status, ...challengeOf(result) }, retryAfterMs);
}

/** True where the answer asks for a login by a challenge of its own, as a proxy's password or an app's own login does. */
function isChallenge({ status, headers }: Response): boolean {
  return (status === 401 || status === 403) && (headers['www-authenticate'] ?? '').trim() !== '';
}

/** Who asks, in its own words: `Basic realm="Desk"`. */
function challengeOf(result: Response): Pick<Trouble, 'words'> {
  return isChallenge(result) ? { words: (result.headers['www-authenticate'] ?? '').slice(0, MAX_WORDS) } : {};
}

const MAX_WORDS = 200;

function byStatus(result: Response): TroubleCode {
  const { status } = result;
  if (isChallenge(result)) return 'other_login';
  if (status === 429) return 'http_busy';
  if (status === 408 || status === 425 || status >= 500) return 'http_server_error';
  return 'http_client_error';
}

function trouble(
  code: TroubleCode,
  sent: SentRequest,
  shown: Partial<Trouble> = {},
  retryAfterMs: number | null = null,
): Outcome {
  return { kind: 'trouble', trouble: { ...shown, code, at: sent.at }, retryAfterMs };
}

function textAt(value: unknown, path: string): string | undefined {
  let at: unknown = value;
  for (const key of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return String(at);
}
