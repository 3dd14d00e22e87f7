import { type ErrorText, readErrorText } from './error-text.ts';
import { isRecord } from './verdict.ts';

/**
 * True where an answer passes an ended session's error on, in any of the usual ways of web frameworks. Each value of an
 * error field counts as a whole, behind a known prefix at most, and is never searched: an order may be called anything.
 */
export function passesEndedSessionOn(status: number, body: unknown): boolean {
  if (isBatch(body)) return body.some((one) => isEnded(one, status, 0));
  if (typeof body === 'string') return status >= 400 && isEndedText(body, status, 0);
  return isRecord(body) && isErrorAnswer(status, body) && isEnded(body, status, 0);
}

/** Where frameworks put the text of an error, or an object that holds it. */
const ERROR_FIELDS = [
  'error',
  'errors',
  'err',
  'detail',
  'details',
  'message',
  'messages',
  'msg',
  'reason',
  'description',
  'exception',
  'cause',
  'error_message',
  'error_description',
  'errorMessage',
  'non_field_errors',
  'json',
  'title',
  'Error',
] as const;
/** Where an error says its class. */
const TYPE_FIELDS = ['error_type', 'errorType', 'type', 'name', 'code', 'error', 'exception'] as const;
/** What stands around an error in an answer that says 2xx: anything else makes it a record that quotes one. */
const ENVELOPE = new Set<string>([
  ...ERROR_FIELDS,
  ...TYPE_FIELDS,
  'status',
  'statusCode',
  'status_code',
  'success',
  'ok',
  'data',
  'result',
  'timestamp',
  'path',
  'stack',
  'traceback',
  'requestId',
  'request_id',
  'Success',
  'Status',
]);
const FAILURE_FIELDS = ['error', 'errors', 'Error', 'exception', 'errorMessage', 'error_type'];
const DEEPEST = 4;
const MOST = 20;

function isErrorAnswer(status: number, body: Record<string, unknown>): boolean {
  if (status < 200 || status >= 300) return true;
  if (body.status === 'success' || body.status === 'ok' || body.success === true || body.ok === true) return false;
  if (Object.keys(body).some((name) => !ENVELOPE.has(name))) return false;
  const saysFailure = body.success === false || body.ok === false || /^(error|fail)/i.test(String(body.status ?? ''));
  return saysFailure || FAILURE_FIELDS.some((name) => Object.hasOwn(body, name)) || isRecord(body.detail);
}

function isEnded(value: unknown, status: number, depth: number): boolean {
  if (depth > DEEPEST) return false;
  if (typeof value === 'string') return isEndedText(value, status, depth);
  if (Array.isArray(value)) return value.length <= MOST && value.some((one) => isEnded(one, status, depth + 1));
  if (!isRecord(value)) return false;
  const type = typeIn(value);
  if (type === 'other') return false;
  const texts = ERROR_FIELDS.filter((name) => Object.hasOwn(value, name)).map((name) => value[name]);
  if (type === 'token') return !texts.some((one) => typeof one === 'string' && /checksum/i.test(one));
  if (isBreeze(value)) return isBreezeEnded(String(value.Error));
  return texts.some((one) => isEnded(one, status, depth + 1));
}

function isEndedText(text: string, status: number, depth: number): boolean {
  const json = text.startsWith('{') ? parse(text) : undefined;
  if (json !== undefined) return isEnded(json, status, depth + 1);
  const read = readErrorText(text);
  return read !== null && isOfSession(read, status);
}

function isOfSession({ said, broker, tokenException }: ErrorText, status: number): boolean {
  if (said === 'kite-token') return tokenException;
  // A dashboard's own login says so with 401, 403, 419 or 440; in a success the words are too weak.
  if (said === 'invalid-session') return broker || (status >= 400 && ![401, 403, 419, 440].includes(status));
  return true;
}

/** Kite's errors name their class. Of any but TokenException the text is not read: it may quote an order. */
function typeIn(value: Record<string, unknown>): 'token' | 'other' | null {
  const own = value.error_type;
  if (typeof own === 'string' && own !== '') return own === 'TokenException' ? 'token' : 'other';
  for (const name of TYPE_FIELDS) {
    const found = value[name];
    if (typeof found === 'string' && /(?:^|\.)TokenException$/.test(found)) return 'token';
    if (
      typeof found === 'string' &&
      /(?:^|\.)(?:Order|Input|Margin|Holding|Permission|Network|Data|General)Exception$/.test(found)
    )
      return 'other';
  }
  return null;
}

/** Breeze's own answer, which a backend hands on as it stands. */
function isBreeze(value: Record<string, unknown>): boolean {
  return typeof value.Error === 'string' && (Object.hasOwn(value, 'Status') || Object.hasOwn(value, 'Success'));
}

const BREEZE_ENDED = /^(?:resource not available|invalid session|session key is expired)\.?$/i;

export function isBreezeEnded(error: string): boolean {
  return BREEZE_ENDED.test(error.trim());
}

/** Answers of several calls in one, as tRPC gives them: nothing in any of them but a result or an error. */
function isBatch(body: unknown): body is Record<string, unknown>[] {
  if (!Array.isArray(body) || body.length === 0 || body.length > MOST) return false;
  return body.every(
    (one) =>
      isRecord(one) && Object.keys(one).length === 1 && (Object.hasOwn(one, 'error') || Object.hasOwn(one, 'result')),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
