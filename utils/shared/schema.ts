import * as z from 'zod/mini';
import { say } from '../domain/base/words.ts';
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
    return issue.keys.map((key) => ({ field: [...issue.path, key].join('.'), message: say('problem_unknown_field') }));
  }
  return [{ field, message: sentence(issue) }];
}

function sentence(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? say('problem_missing') : say('problem_value', typeIn(issue.expected));
    case 'invalid_value':
      return say(
        'problem_value',
        issue.values.map((value) => JSON.stringify(value)).reduce((a, b) => say('problem_or', a, b)),
      );
    case 'invalid_union':
      return say('problem_union');
    case 'too_big':
      return say(`problem_most_${sizeOf(issue.origin)}`, String(issue.maximum));
    case 'too_small':
      return issue.origin === 'string' && issue.minimum === 1
        ? say('problem_empty')
        : say(`problem_least_${sizeOf(issue.origin)}`, String(issue.minimum));
    case 'custom':
      return issue.message || say('problem_invalid');
    default:
      return issue.message && issue.message !== 'Invalid input' ? issue.message : say('problem_invalid');
  }
}

const TYPES = ['array', 'boolean', 'int', 'number', 'object', 'record', 'string'] as const;

/** A type as a person reads it; one that none of our schemas asks for keeps its own name. */
function typeIn(expected: string): string {
  const type = TYPES.find((one) => one === expected);
  return type ? say(`problem_type_${type}`) : expected;
}

function sizeOf(origin: string): 'characters' | 'entries' | 'number' {
  if (origin === 'string') return 'characters';
  return origin === 'array' ? 'entries' : 'number';
}
