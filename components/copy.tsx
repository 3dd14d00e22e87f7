import { useSignal } from '@preact/signals';
import { say } from '../utils/domain/words.ts';

/** A value to take elsewhere, with the button that copies it. */
export function Copy({ value, of }: { value: string; of: string }) {
  const copied = useSignal('');
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    copied.value = value;
  };
  const isCopied = copied.value === value;
  return (
    <span class="copy">
      <code>{value}</code>
      <button type="button" data-action="copy" aria-label={say('copy_what', of)} onClick={() => void copy()}>
        {isCopied ? say('copy_done') : say('copy')}
      </button>
      <span class="visually-hidden" role="status">
        {isCopied ? say('copy_done') : ''}
      </span>
    </span>
  );
}
