import { SIGNS } from '../../shared/brokers/list.ts';

/**
 * A rule of the person's own for "the session has ended": every part that is set has to hold. `path` is dotted and has
 * to be there, or equal `text`; without a path, `text` stands anywhere in the answer.
 */
export interface Signal {
  status: number | null;
  path: string | null;
  text: string | null;
}

/** An answer as a page got it: `text` is the body as it was sent, at most the peek's cap; empty where there is none. */
export interface Answer {
  status: number;
  text: string;
}

/** True where an answer says that a person has to log in: in a broker's own words, also passed on, or by a signal of one's own. Safe to run in a page: no schema library, nothing but text. */
export function isAuthRequired(answer: Answer, signals: readonly Signal[]): boolean {
  if (signals.length === 0 && !ANY_SIGN.test(answer.text)) return false;
  if (isSignByStatus(answer.status, signals)) return true;
  const body = parse(answer.text);
  if (body === undefined) return isErrorText(answer) && isSaidByBroker(answer.status, answer.text);
  if (isSaidByBroker(answer.status, body)) return true;
  return signals.some((signal) => matches(signal, answer, body));
}

function isSaidByBroker(status: number, body: unknown): boolean {
  return SIGNS.some(({ classify }) => classify(status, body) === 'auth-required');
}

/** Flask's `return str(error), 500` and its kin: the whole answer is the error's text. */
function isErrorText({ status, text }: Answer): boolean {
  return status >= 400 && !NO_SIGN_IN_TEXT.test(text);
}

/** True where the status alone is a sign of one's own: then the answer needs no body, and no JSON. */
function isSignByStatus(status: number, signals: readonly Signal[]): boolean {
  return signals.some((one) => one.status === status && one.path === null && one.text === null);
}

/** One of these words stands in every answer that any classifier takes for an ended session: the rest need no parsing. */
export const ANY_SIGN = new RegExp(
  [
    'auth_required|session|TokenException|access_token|could not authenticate|resource not available',
    ...SIGNS.map(({ hint }) => hint.source),
  ].join('|'),
  'i',
);

/**
 * True where the beginning of a JSON answer rules out that it passes an ended session on. An object may, and so may a text,
 * and a list of nothing but results and errors.
 */
export const NO_SIGN = /^\s*(?:[^\s{"[]|\[\s*(?:[^\s{]|\{\s*(?:[^\s"]|"(?!error"|result").{8})))/s;

/** A text that is longer says more than one sentence. In characters. */
export const LONGEST_TEXT = 300;

/** The same of an answer that is no JSON: only a short text may, and no page. */
export const NO_SIGN_IN_TEXT = new RegExp(`^\\s*<|^.{${LONGEST_TEXT + 1}}`, 's');

function matches({ status, path, text }: Signal, answer: Answer, body: unknown): boolean {
  if (status !== null && status !== answer.status) return false;
  if (path === null) return text !== null && answer.text.includes(text);
  const found = path.split('.').reduce(valueAt, body);
  return text === null ? found !== undefined && found !== null && found !== false : String(found) === text;
}

function valueAt(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
