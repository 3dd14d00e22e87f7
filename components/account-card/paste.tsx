import { useSignal } from '@preact/signals';
import { tellProblems } from '../../utils/domain/base/tell-problem.ts';
import { say } from '../../utils/domain/base/words.ts';
import type { Actions } from '../ui/actions.ts';
import { Field } from '../ui/field.tsx';
import { FormCard } from '../ui/form-card.tsx';

/** A token, or the whole address it came in, pasted by hand; it is sent only after a second yes. */
export function Paste({ account, actions, onDone }: { account: string; actions: Actions; onDone(): void }) {
  const text = useSignal('');
  const problem = useSignal<string | null>(null);
  const submit = async () => {
    const reply = await actions.send({ type: 'paste', account, text: text.value.trim() });
    if (reply.ok) return onDone();
    problem.value = tellProblems(reply.problems);
  };
  return (
    <FormCard
      class="paste"
      onSubmit={submit}
      buttons={
        <>
          {' '}
          <button type="submit" class="primary grow" disabled={text.value.trim() === ''}>
            {say('paste_check')}
          </button>
          <button type="button" class="quiet" onClick={onDone}>
            {say('cancel')}
          </button>
        </>
      }
    >
      <Field label={say('paste_label')} name="paste" problem={problem.value}>
        {(props) => (
          <input
            {...props}
            type="text"
            ref={(input) => input?.focus()}
            autocomplete="off"
            spellcheck={false}
            value={text}
            onPaste={(event) => {
              event.preventDefault();
              // A field of one line would drop the breaks, and join a name to its value.
              const pasted = event.clipboardData?.getData('text') ?? '';
              event.currentTarget.setRangeText(
                pasted.replaceAll(/\s+/g, ' '),
                event.currentTarget.selectionStart ?? 0,
                event.currentTarget.selectionEnd ?? 0,
                'end',
              );
              text.value = event.currentTarget.value;
              problem.value = null;
            }}
            onInput={(event) => {
              text.value = event.currentTarget.value;
              problem.value = null;
            }}
          />
        )}
      </Field>
    </FormCard>
  );
}
