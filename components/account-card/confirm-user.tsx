import { say } from '../../utils/domain/base/words.ts';
import type { Press } from '../ui/press.ts';

/** After the first login: whether the user it is for is the person's. */
export function ConfirmUser({ account, user, press }: { account: string; user: string; press: Press }) {
  return (
    <div class="note">
      <p>{say('user_question', user)}</p>
      <div class="row">
        <button
          type="button"
          data-action="confirm-user"
          onClick={() => void press({ type: 'confirm-user', account, user })}
        >
          {say('user_mine')}
        </button>
        <button type="button" class="quiet" onClick={() => void press({ type: 'pause', account, paused: true })}>
          {say('user_not_mine')}
        </button>
      </div>
    </div>
  );
}
