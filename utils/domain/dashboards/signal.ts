import { classifyBreeze } from '../../shared/brokers/breeze-verdict.ts';
import { classifyKite } from '../../shared/brokers/kite-verdict.ts';

/**
 * A rule of the person's own for "the session has ended": every part that is set has to hold. `path` is dotted and has
 * to be there, or equal `text`; without a path, `text` stands anywhere in the answer.
 */
export interface Signal {
  status: number | null;
  path: string | null;
  text: string | null;
}

/** A JSON answer as a page got it: `text` is the body as it was sent, at most the peek's cap. */
export interface Answer {
  status: number;
  text: string;
}

/** True where an answer says that a person has to log in: by the classifier of either broker, or by a signal of one's own. Safe to run in a page: no schema library, nothing but text. */
export function isAuthRequired(answer: Answer, signals: readonly Signal[]): boolean {
  if (signals.length === 0 && !ANY_SIGN.test(answer.text)) return false;
  const body = parse(answer.text);
  if (body === undefined) return false;
  if (classifyKite(answer.status, body) === 'auth-required') return true;
  if (classifyBreeze(answer.status, body) === 'auth-required') return true;
  return signals.some((signal) => matches(signal, answer, body));
}

// One of these words stands in every answer that either classifier takes for an ended session: the rest need no parsing.
const ANY_SIGN = /auth_required|session|TokenException|resource not available/i;

function matches({ status, path, text }: Signal, answer: Answer, body: unknown): boolean {
  if (status !== null && status !== answer.status) return false;
  if (path === null) return text === null ? status !== null : answer.text.includes(text);
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
