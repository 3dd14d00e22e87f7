import { useSignal } from '@preact/signals';
import { type Checked, check, type ToldProblem } from '../../utils/domain/base/check.ts';
import type { z } from '../../utils/shared/schema.ts';
import { isPart, problemOf } from './form.ts';

/** What a form says of its fields, and the events that it has to hand on. */
export interface FormProblems {
  /** The problem of one field in words, or null where there is none that should be shown. */
  of(field: string): string | null;
  /** What is wrong and belongs to none of the fields asked for so far: what a command refused, and once a person has tried to save, everything. */
  others(): ToldProblem[];
  /** True once a person has left the field, or has tried to save. */
  isLeft(field: string): boolean;
  events: {
    onInput(event: Event): void;
    onFocusOut(event: Event): void;
    onPaste(event: Event): void;
  };
  /** Everything wrong is shown from now on; true where nothing is. */
  tried(): boolean;
  /** Puts what a command refused under its fields, until something is changed. */
  refuse(problems: readonly ToldProblem[]): void;
  /** Begins anew, with an empty form. */
  reset(): void;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * The problems of a form as a person should meet them: a field's once they have left it, all of them once they have
 * tried to save. `found` are the problems of what stands in the form now.
 */
export function useProblems(found: readonly ToldProblem[]): FormProblems {
  const touched = useSignal(NONE);
  const left = useSignal(NONE);
  const isTried = useSignal(false);
  const refused = useSignal<readonly ToldProblem[]>([]);
  const leave = (name: string) => {
    left.value = new Set([...left.value, name]);
  };
  const isLeft = (field: string) => isTried.value || [...left.value].some((name) => isPart(name, field));
  const asked = new Set<string>();
  return {
    of: (field) => {
      asked.add(field);
      return problemOf(refused.value, field) ?? (isLeft(field) ? problemOf(found, field) : null);
    },
    others() {
      const problems = [...refused.value, ...(isTried.value ? found : [])];
      return problems.filter((one) => ![...asked].some((field) => isPart(one.field, field)));
    },
    isLeft,
    events: {
      onInput({ target }) {
        refused.value = [];
        const { name } = fieldOf(target);
        if (name !== '') touched.value = new Set([...touched.value, name]);
      },
      // Who only passes through an empty field has not said anything yet.
      onFocusOut({ target }) {
        const { name, value } = fieldOf(target);
        if (name !== '' && (value !== '' || touched.value.has(name))) leave(name);
      },
      // What was pasted is whole.
      onPaste({ target }) {
        const { name } = fieldOf(target);
        if (name !== '') leave(name);
      },
    },
    tried() {
      isTried.value = true;
      return found.length === 0;
    },
    refuse(problems) {
      refused.value = problems;
    },
    reset() {
      touched.value = NONE;
      left.value = NONE;
      isTried.value = false;
      refused.value = [];
    },
  };
}

export interface CheckedForm<T> extends FormProblems {
  value: T;
  put(change: object): void;
  /** Puts another form in the place of this one: nothing of it stays behind. */
  replace(value: T): void;
  /** The whole form checked; where it is wrong, all fields say so from then on. */
  send(): Checked<T>;
}

/** The same for a form that is its schema's input as it stands. */
export function useChecked<S extends z.ZodMiniType>(schema: S, initial: () => z.infer<S>): CheckedForm<z.infer<S>> {
  type T = z.infer<S>;
  const value = useSignal<T>(initial());
  const checked = check(schema, value.value);
  const problems = useProblems(checked.ok ? [] : checked.problems);
  return {
    ...problems,
    value: value.value,
    put(change) {
      value.value = { ...(value.value as object), ...change } as T;
      problems.refuse([]);
    },
    replace(next) {
      value.value = next;
      problems.refuse([]);
    },
    send() {
      problems.tried();
      return checked;
    },
  };
}

/** Puts the focus on the first field that is wrong, once it is shown so. */
export function focusWrong(form: EventTarget | null): void {
  requestAnimationFrame(() => {
    if (form instanceof HTMLElement)
      form.querySelector<HTMLElement>('[aria-invalid="true"], .findings button')?.focus();
  });
}

function fieldOf(target: EventTarget | null): { name: string; value: string } {
  const isField =
    target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
  return isField ? target : { name: '', value: '' };
}
