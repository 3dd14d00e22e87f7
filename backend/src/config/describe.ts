import { explain, type Problem } from '../../../utils/shared/schema.ts';

/** The problems as one line for a person, without the names of unknown fields, which are the sender's text. */
export function describe(problems: readonly Problem[]): string {
  return explain(
    problems.map((problem) =>
      problem.message === 'is not a known field' ? { ...problem, field: 'a field' } : problem,
    ),
  );
}
