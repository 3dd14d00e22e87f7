import type { ToldProblem } from '../../utils/domain/base/check.ts';
import { say } from '../../utils/domain/base/words.ts';
import type { Reply } from '../../utils/domain/hold/messages.ts';

/** The problem of one field as a sentence under it: the first that names the field, or a part of it. */
export function problemOf(problems: readonly ToldProblem[], field: string): string | null {
  const found = problems.find((one) => isPart(one.field, field));
  return found ? say('field_problem', found.message) : null;
}

/** The problems of a command's reply, by the names of the form's own fields (`form.apiKey` is `apiKey`). */
export function problemsOf(reply: Reply): ToldProblem[] {
  return reply.ok ? [] : reply.problems.map(({ field, message }) => ({ message, field: field.replace(/^form\./, '') }));
}

/** True for the field itself and for what stands in it. */
export function isPart(name: string, field: string): boolean {
  return name === field || name.startsWith(`${field}.`);
}
