import { say } from '../../utils/domain/base/words.ts';
import { tellCopied, useClipboard } from './clipboard.ts';

/** A value to take elsewhere, with the button that copies it. */
export function Copy({ value, of }: { value: string; of: string }) {
  const { copy, copied } = useClipboard();
  const is = copied(value);
  return (
    <span class="copy">
      <code>{value}</code>
      <button
        type="button"
        data-action="copy"
        // A name has to hold the word that is seen.
        aria-label={is === 'yes' ? undefined : say('copy_what', of)}
        onClick={() => void copy(value)}
      >
        {is === 'yes' ? say('copy_done') : say('copy')}
      </button>
      <small class={is === 'failed' ? undefined : 'visually-hidden'} role="status">
        {tellCopied(is)}
      </small>
    </span>
  );
}
