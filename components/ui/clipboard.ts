import { useSignal } from '@preact/signals';
import { say } from '../../utils/domain/base/words.ts';

type Copied = 'no' | 'yes' | 'failed';

/** Copies a text, and tells of each whether it was the last to be copied, or could not be: a browser may not let it. */
export function useClipboard() {
  const last = useSignal<{ text: string; is: Copied } | null>(null);
  const copy = async (text: string): Promise<void> => {
    const is = await navigator.clipboard.writeText(text).then(
      () => 'yes' as const,
      () => 'failed' as const,
    );
    last.value = { text, is };
  };
  const copied = (text: string): Copied => (last.value?.text === text ? last.value.is : 'no');
  return { copy, copied };
}

/** What became of copying, in words. */
export function tellCopied(is: Copied): string {
  if (is === 'no') return '';
  return is === 'yes' ? say('copy_done') : say('copy_failed');
}
