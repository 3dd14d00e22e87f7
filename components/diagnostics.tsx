import { useSignal } from '@preact/signals';
import type { Actions } from './actions.ts';

/** What happened, as text to read first and then to copy. */
export function Diagnostics({ actions }: { actions: Actions }) {
  const text = useSignal<string | null>(null);
  const isCopied = useSignal(false);
  const show = async () => {
    const reply = await actions.send({ type: 'diagnose' });
    text.value = reply.ok ? (reply.text ?? '') : '';
    isCopied.value = false;
  };
  const copy = async () => {
    await navigator.clipboard.writeText(text.value ?? '');
    isCopied.value = true;
  };
  return (
    <section aria-label="Diagnostics">
      <h2>Diagnostics</h2>
      <p class="soft">
        What happened in the last seven days, to read and to hand on. It holds no token, key, name or address of yours.
      </p>
      <div class="row">
        <button type="button" data-action="diagnose" onClick={() => void show()}>
          {text.value === null ? 'Show' : 'Show again'}
        </button>
        {text.value === null ? null : (
          <button type="button" data-action="copy-diagnostics" onClick={() => void copy()}>
            {isCopied.value ? 'Copied' : 'Copy'}
          </button>
        )}
      </div>
      {text.value === null ? null : (
        <textarea class="diagnostics" readOnly rows={16} aria-label="Diagnostics text" value={text.value} />
      )}
    </section>
  );
}
