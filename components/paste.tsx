import { useSignal } from '@preact/signals';
import { explain } from '../utils/domain/schema.ts';
import type { Actions } from './actions.ts';
import { Field } from './field.tsx';

/** A token, or the whole address it came in, pasted by hand; it is sent only after a second yes. */
export function Paste({ account, actions, onDone }: { account: string; actions: Actions; onDone(): void }) {
  const text = useSignal('');
  const problem = useSignal<string | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    const reply = await actions.send({ type: 'paste', account, text: text.value.trim() });
    if (reply.ok) return onDone();
    problem.value = explain(reply.problems.map((one) => (one.field === 'text' ? { ...one, field: 'This' } : one)));
  };
  return (
    <form class="paste" onSubmit={submit}>
      <Field label="Token, or the whole redirect address" name="paste" problem={problem.value}>
        {(props) => (
          <input
            {...props}
            type="text"
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
          Check
        </button>
        <button type="button" class="quiet" onClick={onDone}>
          Cancel
        </button>
      </div>
    </form>
  );
}
