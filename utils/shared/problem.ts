/** One thing wrong with an input: the dotted path of the field, and a sentence that can stand after its name. */
export interface Problem {
  field: string;
  message: string;
}

/** All problems as one line for a program's output, by the fields' own names: `apiKey is missing; redirectUrl must be …`. */
export function explain(problems: readonly Problem[]): string {
  return problems.map(({ field, message }) => `${field} ${message}`).join('; ');
}
