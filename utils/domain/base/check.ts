import type { Problem } from '../../shared/problem.ts';
import { type Checked as CheckedCodes, check as checkCodes, type z } from '../../shared/schema.ts';
import { say, type Word } from './words.ts';

/** A problem in the person's language: the dotted path of the field, and a sentence that can stand after its name. */
export interface ToldProblem {
  field: string;
  message: string;
}

export type Checked<T> = CheckedCodes<T, ToldProblem>;

/** Checks `input` against `schema`; every problem names its field, or `fallback` where the whole is wrong. */
export function check<T extends z.ZodMiniType>(schema: T, input: unknown, fallback?: string): Checked<z.infer<T>> {
  return told(checkCodes(schema, input, fallback));
}

/** The same verdict with its problems in the person's language. */
export function told<T>(checked: CheckedCodes<T>): Checked<T> {
  return checked.ok ? checked : { ok: false, problems: checked.problems.map(toldOf) };
}

/** All problems as one line for a log of the browser: `apiKey is missing; redirectUrl must be …`. */
export function explain(problems: readonly ToldProblem[]): string {
  return problems.map(({ field, message }) => `${field} ${message}`).join('; ');
}

/** A rule of ours in a schema: its sentence's name without `problem_`. */
export function wrong(code: ProblemWord): { error: () => string } {
  return { error: () => code };
}

type ProblemWord = Extract<Word, `problem_${string}`> extends `problem_${infer Code}` ? Code : never;

function toldOf({ field, code, values }: Problem): ToldProblem {
  return { field, message: sentence(code, values) };
}

function sentence(code: string, values: Problem['values']): string {
  if (code === 'one_of')
    return say(
      'problem_value',
      values.map(String).reduce((a, b) => say('problem_or', a, b)),
    );
  if (code === 'type') return say('problem_value', typeOf(String(values[0])));
  return say(`problem_${code}` as Word, ...values);
}

const TYPES = ['array', 'boolean', 'int', 'number', 'object', 'record', 'string'] as const;

/** A type as a person reads it; one that none of our schemas asks for keeps its own name. */
function typeOf(expected: string): string {
  const type = TYPES.find((one) => one === expected);
  return type ? say(`problem_type_${type}`) : expected;
}
