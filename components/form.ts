import { type Signal, useSignal } from '@preact/signals';
import type { Reply } from '../utils/domain/messages.ts';
import { type Checked, check, type Problem, type z } from '../utils/domain/schema.ts';
import { say } from '../utils/domain/words.ts';

/** The problem of one field as a sentence under it: the first that names the field, or a part of it. */
export function problemOf(problems: readonly Problem[], field: string): string | null {
  const found = problems.find((one) => isOf(one, field));
  return found ? say('field_problem', found.message) : null;
}

/** The problems of a command's reply, by the names of the form's own fields (`form.apiKey` is `apiKey`). */
export function problemsOf(reply: Reply): Problem[] {
  return reply.ok ? [] : reply.problems.map(({ field, message }) => ({ message, field: field.replace(/^form\./, '') }));
}

/** A form under a schema: a field says what is wrong with it once it was left, all of them once the form was sent. */
export interface CheckedForm<T> {
  value: T;
  put(change: object): void;
  /** The sentence under a field, or null. */
  of(field: string): string | null;
  /** True once a field was left with something in it, or the form was sent. */
  isLeft(field: string): boolean;
  /** Put both on the form element. */
  events: { onFocusOut(event: FocusEvent): void; onPaste(event: ClipboardEvent): void };
  /** The whole form checked; where it is wrong, all fields say so from then on. */
  send(): Checked<T>;
  /** Puts what a command refused under its fields. */
  refuse(problems: readonly Problem[]): void;
}

export function useChecked<S extends z.ZodMiniType>(schema: S, initial: () => z.infer<S>): CheckedForm<z.infer<S>> {
  type T = z.infer<S>;
  const value: Signal<T> = useSignal<T>(initial());
  const left = useSignal<ReadonlySet<string> | 'all'>(new Set());
  const refused = useSignal<readonly Problem[]>([]);
  const checked = check(schema, value.value);
  const isLeft = (field: string) =>
    left.value === 'all' || [...left.value].some((one) => one === field || one.startsWith(`${field}.`));
  const leave = (name: string) => {
    if (left.value !== 'all') left.value = new Set([...left.value, name]);
  };
  return {
    value: value.value,
    put(change) {
      value.value = { ...(value.value as object), ...change } as T;
      refused.value = [];
    },
    of: (field) =>
      problemOf(refused.value, field) ?? (isLeft(field) && !checked.ok ? problemOf(checked.problems, field) : null),
    isLeft,
    events: {
      onFocusOut({ target }) {
        if (isFilled(target)) leave(target.name);
      },
      onPaste({ target }) {
        if (target instanceof HTMLInputElement) leave(target.name);
      },
    },
    send() {
      if (!checked.ok) left.value = 'all';
      return checked;
    },
    refuse(problems) {
      refused.value = problems;
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

function isFilled(target: EventTarget | null): target is HTMLInputElement {
  return target instanceof HTMLInputElement && target.name !== '' && target.value !== '';
}

function isOf({ field: found }: Problem, field: string): boolean {
  return found === field || found.startsWith(`${field}.`);
}
