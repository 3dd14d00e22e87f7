import { Answer, type SessionApplied, type SessionReport } from '../../shared/contract.ts';
import { parseJson } from '../../shared/schema.ts';
import type { PlainDestination, StatusPage } from '../accounts/settings.ts';
import { readRetryAfter } from '../base/backoff.ts';
import { check } from '../base/check.ts';
import { readSessionManager, readStatusPath } from './status-page.ts';
import type { Trouble, TroubleCode } from './trouble.ts';

/** What came back from a call: everything the platform can tell without judging it. */
export type HttpResult =
  | { kind: 'response'; status: number; headers: Readonly<Record<string, string>>; body: string }
  | { kind: 'redirected' }
  | { kind: 'too_large' }
  | { kind: 'timeout' }
  | { kind: 'unreachable' };

export type Outcome =
  | { kind: 'applied'; answer: SessionApplied }
  | { kind: 'reported'; answer: SessionReport }
  | { kind: 'accepted' }
  | { kind: 'trouble'; trouble: Trouble; retryAfterMs: number | null };

export interface SentRequest {
  id: string;
  sentAt: number;
  now: number;
}

/**
 * Judges an answer of a signed destination (NET-06): it counts only as JSON, of this contract's shape, naming this
 * request, signed with the pairing secret. `isSigned` says whether its signature holds over the raw body.
 */
export function readSignedAnswer(result: HttpResult, sent: SentRequest, isSigned: boolean): Outcome {
  if (result.kind !== 'response') return trouble(result.kind, sent);
  const { status } = result;
  const answer = check(Answer, parseJson(result.body));
  const retryAfterMs = readRetryAfter(result.headers['retry-after'] ?? null, sent.now);
  if (!answer.ok || !isSigned) return trouble(unproven(result, answer.ok), sent, { status }, retryAfterMs);
  if (answer.value.id !== sent.id) return trouble('other_id', sent, { status });
  if (answer.value.type === 'session.refused') {
    const skewMs = Date.parse(answer.value.server_time) - Math.round((sent.sentAt + sent.now) / 2);
    return trouble(answer.value.reason, sent, { status, words: answer.value.message, skewMs }, retryAfterMs);
  }
  if (status < 200 || status > 299) return trouble('not_contract', sent, { status });
  return answer.value.type === 'session.applied'
    ? { kind: 'applied', answer: answer.value }
    : { kind: 'reported', answer: answer.value };
}

/** Judges an answer of a plain destination by its success rule alone: it can be accepted, never proven. */
export function readPlainAnswer(result: HttpResult, sent: SentRequest, rule: PlainDestination['success']): Outcome {
  if (result.kind !== 'response') return trouble(result.kind, sent);
  const { status } = result;
  if (status < 200 || status > 299) {
    return trouble(byStatus(status), sent, { status }, readRetryAfter(result.headers['retry-after'] ?? null, sent.now));
  }
  if (rule === null || textAt(parseJson(result.body), rule.path) === rule.equals) return { kind: 'accepted' };
  return trouble('rule_failed', sent, { status });
}

/** Judges what an older system's status page says; `account` is the name to report it under. */
export function readStatusAnswer(result: HttpResult, sent: SentRequest, account: string, page: StatusPage): Outcome {
  if (result.kind !== 'response') return trouble(result.kind, sent);
  const { status } = result;
  if (status < 200 || status > 299)
    return trouble(byStatus(status), sent, { status }, readRetryAfter(result.headers['retry-after'] ?? null, sent.now));
  const body = parseJson(result.body);
  const reading =
    page.kind === 'path'
      ? readStatusPath(textAt(body, page.path), page.equals, sent.now)
      : readSessionManager(body, sent.now);
  if (!reading) return trouble('rule_failed', sent, { status });
  const server_time = new Date(Math.round((sent.sentAt + sent.now) / 2)).toISOString();
  return { kind: 'reported', answer: { type: 'session.report', id: sent.id, account, server_time, ...reading } };
}

function unproven({ status, headers, body }: HttpResult & { kind: 'response' }, isContract: boolean): TroubleCode {
  if (status === 401) return 'bad_signature';
  if (status < 200 || status > 299) return byStatus(status);
  if (isContract) return 'wrong_signature';
  const isPage = (headers['content-type'] ?? '').includes('html') || /^\s*<(!doctype|html)/i.test(body);
  return isPage ? 'html' : 'not_contract';
}

function byStatus(status: number): TroubleCode {
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
  return { kind: 'trouble', trouble: { ...shown, code, at: sent.now }, retryAfterMs };
}

function textAt(value: unknown, path: string): string | undefined {
  let at: unknown = value;
  for (const key of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at === undefined ? undefined : String(at);
}
