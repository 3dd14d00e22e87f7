import * as z from 'zod/mini';
import { type Problem, type ProblemCode, problem } from './problem.ts';

// 2026-11: with its compiled parsers zod trips the extension's own content security policy on every start.
// https://developer.chrome.com/docs/extensions/reference/manifest/content-security-policy
z.config({ jitless: true });

export { z };

export type Checked<T, P = Problem> = { ok: true; value: T } | { ok: false; problems: P[] };

/** Checks `input` against `schema`; every problem names its field (`token.value`), or `fallback` where the whole is wrong. */
export function check<T extends z.ZodMiniType>(schema: T, input: unknown, fallback = 'input'): Checked<z.infer<T>> {
  // Without its input an issue cannot tell a missing field from one of another type.
  const result = z.safeParse(schema, input, { reportInput: true });
  if (result.success) return { ok: true, value: result.data };
  return { ok: false, problems: result.error.issues.flatMap((issue) => describe(issue, fallback)) };
}

/** Parses JSON as a value: text that is no JSON becomes `undefined`, never an exception. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function describe(issue: z.core.$ZodIssue, fallback: string): Problem[] {
  const field = issue.path.join('.') || fallback;
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => problem([...issue.path, key].join('.'), 'unknown_field'));
  return [{ field, ...codeOf(issue) }];
}

function codeOf(issue: z.core.$ZodIssue): Omit<Problem, 'field'> {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? code('missing') : code('type', issue.expected);
    case 'invalid_value':
      return code('one_of', ...issue.values.map((value) => JSON.stringify(value)));
    case 'invalid_union':
      return code('union');
    case 'too_big':
      return code(`most_${sizeOf(issue.origin)}`, Number(issue.maximum));
    case 'too_small':
      return issue.origin === 'string' && issue.minimum === 1
        ? code('empty')
        : code(`least_${sizeOf(issue.origin)}`, Number(issue.minimum));
    default:
      return said(issue.message);
  }
}

/** The schema's own code. `Invalid input` is what zod/mini says of a rule without one. */
function said(message: string): Omit<Problem, 'field'> {
  return message === '' || message === 'Invalid input' ? code('invalid') : { code: message, values: [] };
}

function code(name: ProblemCode, ...values: (string | number)[]): Omit<Problem, 'field'> {
  return { code: name, values };
}

function sizeOf(origin: string): 'characters' | 'entries' | 'number' {
  if (origin === 'string') return 'characters';
  return origin === 'array' ? 'entries' : 'number';
}
