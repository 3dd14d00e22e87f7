import { useSignal } from '@preact/signals';
import { tellProblems } from '../../utils/domain/base/tell-problem.ts';
import { say } from '../../utils/domain/base/words.ts';
import type { Actions } from '../ui/actions.ts';
import { Field } from '../ui/field.tsx';

/** A token, or the whole address it came in, pasted by hand; it is sent only after a second yes. */
export function Paste({ account, actions, onDone }: { account: string; actions: Actions; onDone(): void }) {
  const text = useSignal('');
  const problem = useSignal<string | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    const reply = await actions.send({ type: 'paste', account, text: text.value.trim() });
    if (reply.ok) return onDone();
    problem.value = tellProblems(reply.problems);
  };
  return (
    <form class="paste" onSubmit={submit}>
      <Field label={say('paste_label')} name="paste" problem={problem.value}>
        {(props) => (
          <input
            {...props}
            type="text"
            ref={(input) => input?.focus()}
            autocomplete="off"
            spellcheck={false}
            value={text}
            onInput={(event) => {
              text.value = event.currentTarget.value;
              problem.value = null;
            }}
          />
        )}
      </Field>
      <div class="row">
        <button type="submit" class="primary grow" disabled={text.value.trim() === ''}>
          {say('paste_check')}
        </button>
        <button type="button" class="quiet" onClick={onDone}>
          {say('cancel')}
        </button>
      </div>
    </form>
  );
}
