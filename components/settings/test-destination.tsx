import { useSignal } from '@preact/signals';
import type { TestStep } from '../../utils/domain/messages.ts';
import { say } from '../../utils/domain/words.ts';
import type { Actions } from '../actions.ts';

type Steps = readonly TestStep[];

/** Tries a destination step by step, and says of each step how it went. */
export function TestDestination({ account, actions }: { account: string; actions: Actions }) {
  const steps = useSignal<Steps | null>(null);
  const isRunning = useSignal(false);
  const run = async () => {
    steps.value = null;
    isRunning.value = true;
    const reply = await actions.send({ type: 'test', account });
    isRunning.value = false;
    steps.value = reply.ok
      ? (reply.steps ?? [])
      : reply.problems.map(({ field, message }) => ({ name: field, ok: false, says: message }));
  };
  return (
    <div class="test">
      <button type="button" data-action="test" disabled={isRunning} onClick={() => void run()}>
        {isRunning.value ? say('destination_testing') : say('destination_test')}
      </button>
      <ol aria-live="polite">
        {steps.value?.map(({ name, ok, says }) => (
          <li key={name} data-step={name} data-ok={ok}>
            <span aria-hidden="true">{ok ? '✓' : '✕'}</span> <b>{name}</b> {says}
          </li>
        ))}
      </ol>
    </div>
  );
}
