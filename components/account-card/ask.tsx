import { formatNumber, say } from '../../utils/domain/base/words.ts';
import type { AskView } from '../../utils/domain/capture/ask.ts';
import type { Press } from '../ui/press.ts';

/** From here on the seconds are counted. */
const COUNTED_S = 600;

/** A question to the person about a login, with its yes and its no. Nothing presses its yes but a person who read it. */
export function Ask({ ask, now, press }: { ask: AskView; now: number; press: Press }) {
  const left = Math.max(Math.ceil((ask.expiresAt - now) / 1_000), 0);
  return (
    <div class="note" data-ask={ask.id}>
      <p>
        {ask.says} <small>{left < COUNTED_S ? say('ask_forgotten', formatNumber(left)) : ''}</small>
      </p>
      <div class="row">
        <button
          type="button"
          class="primary"
          data-action="accept"
          onClick={() => void press({ type: 'accept', ask: ask.id })}
        >
          {ask.yes}
        </button>
        <button type="button" data-action="discard" onClick={() => void press({ type: 'discard', ask: ask.id })}>
          {say('ask_discard')}
        </button>
      </div>
    </div>
  );
}
