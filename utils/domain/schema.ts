import * as z from 'zod/mini';
import { explain, type Problem } from './problem.ts';

// 2026-11: with its compiled parsers zod trips the extension's own content security policy on every start.
z.config({ jitless: true });

export { explain, type Problem, z };

export type Checked<T> = { ok: true; value: T } | { ok: false; problems: Problem[] };

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
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: [...issue.path, key].join('.'), message: 'is not a known field' }));
  }
  return [{ field, message: sentence(issue) }];
}

function sentence(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? `is missing (${article(issue.expected)})`
        : `must be ${article(issue.expected)}`;
    case 'invalid_value':
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
    case 'invalid_union':
      return 'fits none of the kinds allowed here';
    case 'too_big':
      return `must be at most ${issue.maximum}${unit(issue.origin)}`;
    case 'too_small':
      return issue.origin === 'string' && issue.minimum === 1
        ? 'must not be empty'
        : `must be at least ${issue.minimum}${unit(issue.origin)}`;
    case 'custom':
      return issue.message || 'is not valid';
    default:
      return issue.message && issue.message !== 'Invalid input' ? issue.message : 'is not valid';
  }
}

function article(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function unit(origin: string): string {
  if (origin === 'string') return ' characters long';
  return origin === 'array' ? ' entries long' : '';
}
