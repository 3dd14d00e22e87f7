/**
 * One thing wrong with an input: the dotted path of its field, a code, and the code's numbers and names. Whoever speaks has
 * the sentence: utils/domain/base/check.ts for the extension, backend/src/config/explain.ts for the backend.
 */
export interface Problem {
  field: string;
  /** A `ProblemCode`, or what a schema of one side alone says: the extension's own code, the backend's own sentence. */
  code: string;
  values: readonly (string | number)[];
}

/** What can be wrong with an input that backend and extension both read. */
export type ProblemCode =
  | 'account_name'
  | 'day'
  | 'destination_url'
  | 'empty'
  | 'instant'
  | 'invalid'
  | 'least_characters'
  | 'least_entries'
  | 'least_number'
  | 'line_no_day'
  | 'list_long'
  | 'list_no_day'
  | 'missing'
  | 'most_characters'
  | 'most_entries'
  | 'most_number'
  | 'no_clock_time'
  | 'no_end'
  | 'not_later'
  /** The values that are allowed, as JSON. */
  | 'one_of'
  | 'pairing_cut'
  | 'pairing_empty'
  | 'pairing_prefix'
  | 'pairing_secret'
  | 'redirect_url'
  | 'token'
  | 'ttl'
  /** The type that is asked for, as zod names it. */
  | 'type'
  | 'union'
  | 'unknown_field'
  | 'user';

/** A problem of a field that backend and extension both read. */
export function problem(field: string, code: ProblemCode, ...values: (string | number)[]): Problem {
  return { field, code, values };
}

/** A rule's code for a schema: zod hands it on as the message. */
export function wrong(code: ProblemCode): { error: () => string } {
  return { error: () => code };
}
