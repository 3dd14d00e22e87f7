import { useSignal } from '@preact/signals';
import { say } from '../../../utils/domain/base/words.ts';
import type { Actions } from '../../ui/actions.ts';
import { Field } from '../../ui/field.tsx';
import { FormCard } from '../../ui/form-card.tsx';

/** Removes all that is ours, once the person has written that they mean it. */
export function ForgetEverything({ actions }: { actions: Actions }) {
  const step = useSignal<'closed' | 'asking' | 'forgotten' | 'failed'>('closed');
  const words = useSignal('');
  const isLeft = useSignal(false);
  const sentence = say('data_forget_words');
  const isMeant = words.value.trim().toLocaleLowerCase() === sentence.toLocaleLowerCase();
  const submit = async () => {
    isLeft.value = true;
    if (!isMeant) return;
    const reply = await actions.send({ type: 'forget-everything' });
    words.value = '';
    isLeft.value = false;
    step.value = reply.ok ? 'forgotten' : 'failed';
  };
  return (
    <section class="card" aria-labelledby="forget-everything">
      <h3 id="forget-everything">{say('data_forget')}</h3>
      <p>{say('data_forget_what')}</p>
      {step.value === 'forgotten' && <p role="status">{say('data_forgotten')}</p>}
      {step.value === 'failed' && (
        <p class="note bad" role="alert">
          {say('data_forget_failed')}
        </p>
      )}
      {step.value === 'asking' ? (
        <FormCard
          class=""
          label={say('data_forget')}
          onSubmit={submit}
          buttons={
            <>
              <button type="submit" class="danger" data-action="forget-everything-now">
                {say('data_forget')}
              </button>
              <button type="button" class="quiet" onClick={() => (step.value = 'closed')}>
                {say('cancel')}
              </button>
            </>
          }
        >
          <Field
            label={say('data_forget_type', sentence)}
            name="forget-words"
            problem={isLeft.value && !isMeant ? say('data_forget_not_yet', sentence) : null}
          >
            {(props) => (
              <input
                {...props}
                autocomplete="off"
                value={words}
                onInput={(event) => (words.value = event.currentTarget.value)}
                onBlur={() => (isLeft.value = words.value !== '')}
              />
            )}
          </Field>
        </FormCard>
      ) : (
        <div>
          <button type="button" class="danger" data-action="forget-everything" onClick={() => (step.value = 'asking')}>
            {say('data_forget_begin')}
          </button>
        </div>
      )}
    </section>
  );
}
