import { useSignal } from '@preact/signals';
import type { Problem } from '../utils/domain/schema.ts';
import { problemOf } from './form.ts';

/**
 * The problems of a form as a person should meet them: a field's once they have left it, all of them once they have
 * tried to save. `found` are the problems of what stands in the form now.
 */
export function useProblems(found: readonly Problem[]) {
  const left = useSignal<ReadonlySet<string>>(new Set());
  const isTried = useSignal(false);
  const refused = useSignal<readonly Problem[]>([]);
  return {
    /** The problem of one field in words, or null where there is none that should be shown. */
    of: (field: string) =>
      problemOf(refused.value, field) ?? (isTried.value || left.value.has(field) ? problemOf(found, field) : null),
    /** For the form's `onFocusOut`: the field that was left may say now what is wrong with it. */
    onFocusOut: ({ target }: FocusEvent) => {
      const { name = '', type = '' } = target as Partial<HTMLInputElement>;
      if (name !== '' && type !== 'submit') left.value = new Set([...left.value, name]);
    },
    /** For the form's `onInput`: what was refused was another form. */
    onInput: () => {
      refused.value = [];
    },
    /** Everything wrong is shown from now on; true where nothing is. */
    tried: () => {
      isTried.value = true;
      return found.length === 0;
    },
    refuse: (problems: readonly Problem[]) => {
      refused.value = problems;
    },
    /** Begins anew, with an empty form. */
    reset: () => {
      left.value = new Set();
      isTried.value = false;
      refused.value = [];
    },
  };
}
