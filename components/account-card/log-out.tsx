import type { LogOutView } from '../../utils/domain/view/log-out.ts';
import type { Press } from '../ui/press.ts';

/** A login that came to nothing at the broker. Nothing presses the log-out but a person who read whose it may be. */
export function LogOut({ logOut, account, press }: { logOut: LogOutView; account: string; press: Press }) {
  const { why, says, offer } = logOut;
  return (
    <div class="note" data-log-out={why}>
      <p>{says}</p>
      {offer && (
        <>
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
