import { useSignal } from '@preact/signals';
import { say } from '../../utils/domain/base/words.ts';
import { tellCopied, useClipboard } from '../ui/clipboard.ts';
import type { SectionProps } from './section.tsx';

type State = { is: 'closed' } | { is: 'reading' } | { is: 'failed' } | { is: 'shown'; text: string };

/** What happened, as text to read first and then to copy. */
export function Diagnostics({ actions }: SectionProps) {
  const state = useSignal<State>({ is: 'closed' });
  const { copy, copied } = useClipboard();
  const show = async () => {
    state.value = { is: 'reading' };
    const reply = await actions.send({ type: 'diagnose' });
    state.value = reply.ok ? { is: 'shown', text: reply.text ?? '' } : { is: 'failed' };
  };
  const { value: now } = state;
  const isCopied = now.is === 'shown' ? copied(now.text) : 'no';
  return (
    <div class="card">
      <p>{say('diagnostics_what')}</p>
      <div class="row">
        <button type="button" data-action="diagnose" disabled={now.is === 'reading'} onClick={() => void show()}>
          {now.is === 'shown' ? say('diagnostics_show_again') : say('diagnostics_show')}
        </button>
        {now.is === 'shown' && (
          <button type="button" data-action="copy-diagnostics" onClick={() => void copy(now.text)}>
            {say('copy')}
          </button>
        )}
        <span role="status">{now.is === 'reading' ? say('reading') : tellCopied(isCopied)}</span>
      </div>
      {now.is === 'failed' && (
        <p class="note bad" role="alert">
          {say('diagnostics_failed')}
        </p>
      )}
      {now.is === 'shown' && (
        <textarea
          class="diagnostics"
          dir="ltr"
          readOnly
          rows={20}
          aria-label={say('diagnostics_text')}
          value={now.text}
        />
      )}
    </div>
  );
}
