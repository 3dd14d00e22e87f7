import { say } from './words.ts';

/** One thing wrong with an input: the dotted path of the field, and a sentence that can stand after its name. */
export interface Problem {
  field: string;
  message: string;
}

/** All problems as one line for a person: `apiKey is missing; redirectUrl must be …`. */
export function explain(problems: readonly Problem[]): string {
  return problems.map(({ field, message }) => say('problem_at', field, message)).join('; ');
}
