import { say } from '../../utils/domain/base/words.ts';
import type { LogOutView } from '../../utils/domain/view/log-out.ts';
import type { Actions } from '../ui/actions.ts';
import type { Press } from '../ui/press.ts';

interface LogOutProps {
  logOut: LogOutView;
  account: string;
  actions: Actions;
  press: Press;
}

/** A login that came to nothing at the broker. Nothing presses the log-out but a person who read whose it may be. */
export function LogOut({ logOut, account, actions, press }: LogOutProps) {
  const { why, says, container, offer } = logOut;
  return (
    <div class="note" data-log-out={why}>
      <p>{says}</p>
      {container && <p>{say('container_instead')}</p>}
      {container?.isAllowed === false && (
        <div class="row">
          <button type="button" data-action="allow-containers" onClick={() => actions.openSettings('accounts')}>
            {say('container_allow')}
          </button>
        </div>
      )}
      {offer && (
        <>
          {why !== 'too-long' && <p>{say(container ? 'log_out_without_container' : 'log_out_first')}</p>}
          <p>
            <small>{offer.warns}</small>
          </p>
          <div class="row">
            <button type="button" data-action="log-out" onClick={() => void press({ type: 'log-out', account })}>
              {offer.button}
            </button>
          </div>
        </>
      )}
    </div>
  );
}
