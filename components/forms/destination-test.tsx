import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { nameOfField } from '../../utils/domain/base/tell-problem.ts';
import { say } from '../../utils/domain/base/words.ts';
import type { TestStep } from '../../utils/domain/hold/messages.ts';
import type { Actions } from '../ui/actions.ts';

/** Tries a destination end to end with a dry run, and says each step; `atOnce`: without a press. */
export function DestinationTest({
  account,
  destination,
  atOnce,
  actions,
  onPassed,
}: {
  account: string;
  /** The account's own where none is named. */
  destination?: string;
  atOnce?: boolean;
  actions: Actions;
  onPassed?(): void;
}) {
  const steps = useSignal<readonly TestStep[] | 'running' | null>(null);
  const run = async () => {
    steps.value = 'running';
    const reply = await actions.send({ type: 'test', account, destination });
    const said = reply.ok
      ? (reply.steps ?? [])
      : reply.problems.map((one) => ({ name: nameOfField(one.field), ok: false, says: one.message }));
    steps.value = said;
    if (said.length > 0 && said.every(({ ok }) => ok)) onPassed?.();
  };
  useEffect(() => {
    if (atOnce) void run();
    // Once for an account: what is pressed later is pressed by the person.
  }, [account]);
  const isRunning = steps.value === 'running';
  return (
    <div class="test">
      <button type="button" data-action="test" disabled={isRunning} onClick={() => void run()}>
        {isRunning ? say('test_running') : say('test_run')}
      </button>
      <ol aria-live="polite">
        {Array.isArray(steps.value)
          ? steps.value.map(({ name, ok, says }: TestStep) => (
              <li key={name} data-step={name} data-ok={ok}>
                <span aria-hidden="true">{ok ? '✓' : '✕'}</span> <b>{name}</b> {says}
              </li>
            ))
          : null}
      </ol>
    </div>
  );
}
