import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { say } from '../../utils/domain/base/words.ts';
import { STEPS, type Step } from '../../utils/domain/view/welcome.ts';

/** One step of the way: done and summed up, the one to do now, or still to come. */
export function StepItem({
  step,
  now,
  summary,
  isOpen,
  change,
  children,
}: {
  step: Step;
  now: Step;
  /** What was said in it, once it is done. */
  summary?: ComponentChildren;
  /** It is done and opened again. */
  isOpen?: boolean;
  /** How it is opened again. */
  change?: { says: string; open(): void };
  children?: ComponentChildren;
}) {
  const at = STEPS.indexOf(step) - STEPS.indexOf(now);
  const state = at < 0 ? 'done' : at === 0 ? 'now' : 'later';
  const content = useRef<HTMLDivElement>(null);
  const isShown = state === 'now' || Boolean(isOpen);
  useFocus(content, isShown);
  const title = `step-${step}`;
  return (
    <li
      class={`step ${state}`}
      data-setup={step}
      data-state={state}
      aria-current={state === 'now' ? 'step' : undefined}
    >
      <span class="mark" aria-hidden="true">
        {state === 'done' ? '✓' : STEPS.indexOf(step) + 1}
      </span>
      <div class="row">
        <h2 class="grow" id={title}>
          {say(`setup_step_${step}`)}
          <span class="visually-hidden"> {say(`setup_${state}`)}</span>
        </h2>
        {state === 'done' && change && !isOpen ? (
          <button
            type="button"
            class="quiet"
            data-action={`change-${step}`}
            aria-label={change.says}
            onClick={change.open}
          >
            {say('setup_change')}
          </button>
        ) : null}
      </div>
      {state === 'done' && !isOpen && summary ? <div class="summary">{summary}</div> : null}
      {isShown ? (
        <section class="content" aria-labelledby={title} ref={content}>
          {children}
        </section>
      ) : null}
    </li>
  );
}

const FIRST = 'textarea, input, select, button.primary, button';

/** Who pressed on comes to the next thing to do; who opened the page begins at its top. */
function useFocus(content: { current: HTMLElement | null }, isShown: boolean): void {
  const wasShown = useRef<boolean | null>(null);
  useEffect(() => {
    const isNew = wasShown.current === false && isShown;
    wasShown.current = isShown;
    if (isNew) content.current?.querySelector<HTMLElement>(FIRST)?.focus();
  }, [isShown]);
}
