import type { Problem, ProblemCode } from '../../../utils/shared/problem.ts';
import { type Checked as CheckedCodes, check as checkCodes, type z } from '../../../utils/shared/schema.ts';

/** A problem in words: the field or variable, and a sentence that can stand after its name. */
export interface ToldProblem {
  field: string;
  message: string;
}

export type Checked<T> = CheckedCodes<T, ToldProblem>;

type Value = string | number | undefined;

/** The backend's own sentences: it speaks English to whoever runs it, and knows no language of the interface. */
const SENTENCES: Record<ProblemCode, (...values: Value[]) => string> = {
  account_name: () => 'must be 1 to 40 letters, digits, spaces, dots or dashes',
  day: () => 'must be a day that exists, written like 2026-11-21',
  destination_url: () => 'must be an https URL, or http on 127.0.0.1 or localhost, without user name and fragment',
  empty: () => 'must not be empty',
  instant: () => 'must be an ISO 8601 time in UTC',
  invalid: () => 'is not valid',
  least_characters: (least) => `must be at least ${least} characters long`,
  least_entries: (least) => `must be at least ${least} entries long`,
  least_number: (least) => `must be at least ${least}`,
  line_no_day: () => 'holds no day like 2027-01-26',
  list_long: (most) => `must be at most ${most} days`,
  list_no_day: () => 'holds no day like 2027-01-26',
  missing: () => 'is missing',
  most_characters: (most) => `must be at most ${most} characters long`,
  most_entries: (most) => `must be at most ${most} entries long`,
  most_number: (most) => `must be at most ${most}`,
  no_clock_time: () => 'needs a clock time at which sessions end',
  no_end: () => 'must be entered, or a time to live',
  not_later: () => 'must be later than the beginning',
  one_of: (...values) => `must be ${values.join(' or ')}`,
  pairing_cut: () => 'is not whole: copy the line again from its first to its last character',
  pairing_empty: () => 'is empty',
  pairing_prefix: (prefix) => `must begin with ${prefix}`,
  pairing_secret: () => 'must begin with whsec_ and be whole: copy it again from its first to its last character',
  redirect_url: () => 'must be the full URL that you registered at the broker, with http:// or https://',
  token: () => 'must be 4 to 64 letters and digits',
  ttl: () => 'must be between 5 minutes and 7 days',
  type: (expected) => `must be ${TYPES[String(expected)] ?? expected}`,
  union: () => 'is none of the kinds that are possible here',
  unknown_field: () => 'is not a known field',
  user: () => 'must be 2 to 40 letters and digits',
};

const TYPES: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'a set of named values',
  record: 'a set of named values',
  string: 'text',
};

/** Checks `input` against `schema`; every problem names its field and says in English what it must be. */
export function check<T extends z.ZodMiniType>(schema: T, input: unknown): Checked<z.infer<T>> {
  const checked = checkCodes(schema, input);
  return checked.ok ? checked : { ok: false, problems: checked.problems.map(toldOf) };
}

/** All problems as one line for a program's output: `PORT must be …; DATA_DIR is missing`. */
export function explain(problems: readonly (Problem | ToldProblem)[]): string {
  return problems
    .map((one) => ('code' in one ? toldOf(one) : one))
    .map(({ field, message }) => `${field} ${message}`)
    .join('; ');
}

/** The problems of a message as one line, without the names of unknown fields, which are the sender's text. */
export function describe(problems: readonly Problem[]): string {
  return explain(problems.map((one) => (one.code === 'unknown_field' ? { ...one, field: 'a field' } : one)));
}

// A schema of the backend alone gives its rule's sentence itself.
function toldOf({ field, code, values }: Problem): ToldProblem {
  return { field, message: Object.hasOwn(SENTENCES, code) ? SENTENCES[code as ProblemCode](...values) : code };
}
