import type { FormProblems } from './checked-form.ts';

/** What a command refused and no field of its form can show: rendered after the fields, before the buttons. */
export function Refused({ others }: Pick<FormProblems, 'others'>) {
  const problem = others();
  return problem === null ? null : (
    <p class="problem" role="alert">
      {problem}
    </p>
  );
}
