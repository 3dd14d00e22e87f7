import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { tellProblems } from '../../utils/domain/base/tell-problem.ts';
import { say } from '../../utils/domain/base/words.ts';
import type { FormProblems } from './checked-form.ts';

interface Props {
  label?: string;
  class?: string;
  /** What is wrong with the form; a form of a single field that tells its own problem has none. */
  problems?: Pick<FormProblems, 'events' | 'others'>;
  onSubmit(event: SubmitEvent): Promise<void>;
  buttons: ComponentChildren;
  children: ComponentChildren;
}

/**
 * Every form of ours: its fields, then what is wrong and stands at none of them, then its buttons. So no press of a button
 * can end with nothing said: not where a field is missing, nor where the background does not answer.
 */
export function FormCard({ label, class: name = 'card', problems, onSubmit, buttons, children }: Props) {
  const isSilent = useSignal(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    isSilent.value = false;
    await onSubmit(event).catch(() => {
      isSilent.value = true;
    });
  };
  return (
    <form class={name} onSubmit={(event) => void submit(event)} noValidate aria-label={label} {...problems?.events}>
      {children}
      <AtButton problems={problems} />
      {isSilent.value ? (
        <p class="problem" role="alert">
          {say('popup_silent')}
        </p>
      ) : null}
      <div class="row">{buttons}</div>
    </form>
  );
}

/** A component of its own: it is rendered after the fields, so it knows which of the problems they show. */
function AtButton({ problems }: Pick<Props, 'problems'>) {
  const others = problems?.others() ?? [];
  return others.length === 0 ? null : (
    <p class="problem" role="alert" data-at-button>
      {tellProblems(others)}
    </p>
  );
}
