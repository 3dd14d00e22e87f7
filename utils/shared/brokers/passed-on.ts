import { pythonToJson } from '../python-text.ts';
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

/** Where frameworks put the text of an error, or an object that holds it; written as {@link plainField} writes them. */
const ERROR_FIELDS = new Set([
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
  'base',
  'json',
  'title',
  'errormessage',
  'errormsg',
  'errmsg',
  'errordescription',
  'exceptionmessage',
  'statusmessage',
  'fault',
  'faultstring',
  'nonfielderrors',
]);
/** Where an error says its class. */
const TYPE_FIELDS = new Set(['errortype', 'exceptiontype', 'error', 'exception']);
/** Where anything may say its name: as a class it counts only beside Kite's own words. */
const NAME_FIELDS = new Set(['type', 'name', 'code']);
/** Where a backend puts the whole answer of a broker: nothing but such an answer counts there. */
const HANDED_ON = new Set(['data', 'response', 'result', 'body']);
const BARE_ERROR = /^(?:errors?|err|message|msg|detail|code|status|statusCode|success)$/;
/** What stands around an error in an answer that says 2xx: anything else makes it a record that quotes one. */
const ENVELOPE = new Set([
  ...ERROR_FIELDS,
  ...TYPE_FIELDS,
  ...NAME_FIELDS,
  ...HANDED_ON,
  'status',
  'statuscode',
  'success',
  'ok',
  'timestamp',
  'path',
  'stack',
  'stacktrace',
  'traceback',
  'trace',
  'traceid',
  'requestid',
  'errorcode',
]);
const STATUS_FIELDS = new Set(['status', 'statuscode', 'success', 'ok']);
const FAILURE_FIELDS = new Set(['error', 'errors', 'exception', 'errormessage', 'errortype']);
const DEEPEST = 4;
const MOST = 20;

/** `Error_Message` as `errormessage`: each framework has a spelling of its own. */
function plainField(name: string): string {
  return name.replace(/[_-]/g, '').toLowerCase();
}

function isErrorAnswer(status: number, body: Record<string, unknown>): boolean {
  if (status < 200 || status >= 300) return true;
  const fields = Object.entries(body).map(([name, value]): [string, unknown] => [plainField(name), value]);
  const said = fields.filter(([name]) => STATUS_FIELDS.has(name)).map(([, value]) => value);
  if (said.some(isSuccess) || fields.some(([name]) => !ENVELOPE.has(name))) return false;
  if (said.some(isFailure) || isRecord(body.detail)) return true;
  return fields.some(([name, value]) => FAILURE_FIELDS.has(name) && isSaid(value));
}

function isSuccess(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return value === true || /^(success|ok|true)$/i.test(String(value));
}

function isFailure(value: unknown): boolean {
  if (typeof value === 'number') return value >= 400 && value < 600;
  return value === false || /^(error|fail|false)/i.test(String(value));
}

/** False for the empty error of an answer that has none. */
function isSaid(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function isEnded(value: unknown, status: number, depth: number): boolean {
  if (depth > DEEPEST) return false;
  if (typeof value === 'string') return isEndedText(value, status, depth);
  if (Array.isArray(value)) return value.length <= MOST && value.some((one) => isEnded(one, status, depth + 1));
  if (!isRecord(value)) return false;
  const texts = valuesOf(value, ERROR_FIELDS);
  const type = typeIn(value, texts);
  if (type === 'other') return false;
  if (type === 'token') return !texts.some((one) => typeof one === 'string' && /checksum/i.test(one));
  if (isBreeze(value)) return isBreezeEnded(value.Error) || isEndedText(value.Error, status, depth);
  if (texts.some((one) => isEnded(one, status, depth + 1))) return true;
  if (valuesOf(value, STATUS_FIELDS).some(isSuccess)) return false;
  return valuesOf(value, HANDED_ON).some((one) => isHandedOn(one) && isEnded(one, status, depth + 1));
}

function valuesOf(value: Record<string, unknown>, names: ReadonlySet<string>): unknown[] {
  return Object.keys(value)
    .filter((name) => names.has(plainField(name)))
    .map((name) => value[name]);
}

/** A broker's own answer, that of an HTTP client with one in it, or nothing but an error. */
function isHandedOn(value: unknown): boolean {
  if (!isRecord(value)) return false;
  if (isBreeze(value) || (value.status === 'error' && typeof value.error_type === 'string')) return true;
  return Object.keys(value).every((name) => BARE_ERROR.test(name)) || isHandedOn(value.data);
}

function isEndedText(text: string, status: number, depth: number): boolean {
  const json = parse(text) ?? parse(pythonToJson(text));
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

const TOKEN_CLASS = /^(?:.*kite.*[.\\:])?TokenException$/i;
const OTHER_CLASS = /(?:^|[.\\:])(?:Order|Input|Margin|Holding|Permission|Network|Data|General)Exception$/;

/** Kite's errors name their class. Of any but TokenException the text is not read: it may quote an order. */
function typeIn(value: Record<string, unknown>, texts: readonly unknown[]): 'token' | 'other' | null {
  const own = value.error_type;
  if (typeof own === 'string' && own !== '') return own === 'TokenException' ? 'token' : 'other';
  const classes = classesIn(value, TYPE_FIELDS);
  const names = classesIn(value, NAME_FIELDS);
  const isNamed = names.some((one) => TOKEN_CLASS.test(one)) && texts.some(isKnown);
  if (isNamed || classes.some((one) => TOKEN_CLASS.test(one))) return 'token';
  return [...classes, ...names].some((one) => OTHER_CLASS.test(one)) ? 'other' : null;
}

function classesIn(value: Record<string, unknown>, fields: ReadonlySet<string>): string[] {
  return valuesOf(value, fields).filter((one) => typeof one === 'string');
}

function isKnown(text: unknown): boolean {
  return typeof text === 'string' && readErrorText(text) !== null;
}

/** Breeze's own answer, which a backend hands on as it stands. */
function isBreeze(value: Record<string, unknown>): value is Record<string, unknown> & { Error: string } {
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

/** The object or list that a text is. */
function parse(text: string): unknown {
  if (!/^[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
