import { say } from '../../utils/domain/base/words.ts';
import type { Overview } from '../../utils/domain/view/overview.ts';
import type { Actions } from './actions.ts';

/** What became of the browser's storage, where it is not well: nothing of it is ever passed over in silence. */
export function StoreNotes({ store, actions }: { store: Overview['store']; actions: Actions }) {
  return (
    <>
      {store.isLost && (
        <div class="note bad" role="alert" data-store="lost">
          <p>{say('store_lost')}</p>
          <button type="button" onClick={() => void actions.send({ type: 'accept-loss' })}>
            {say('store_lost_known')}
          </button>
        </div>
      )}
      {store.isFull && (
        <p class="note bad" role="alert" data-store="full">
          {say('store_full')}
        </p>
      )}
      {store.damaged.map(({ key, problems, isNewer }) => (
        <div class="note bad" role="alert" data-store="damaged" key={key}>
          <p>
            {say('store_damaged', key, problems)} {isNewer ? null : say('store_damaged_pair')}
          </p>
          {isNewer ? null : (
            <button type="button" onClick={() => void actions.send({ type: 'drop-damaged', key })}>
              {say('store_remove')}
            </button>
          )}
        </div>
      ))}
    </>
  );
}
