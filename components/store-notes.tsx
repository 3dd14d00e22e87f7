import type { Overview } from '../utils/domain/overview.ts';
import type { Actions } from './actions.ts';

/** What became of the browser's storage, where it is not well: nothing of it is ever passed over in silence. */
export function StoreNotes({ store, actions }: { store: Overview['store']; actions: Actions }) {
  return (
    <>
      {store.isLost && (
        <div class="note bad" role="alert" data-store="lost">
          <p>The browser has lost the settings of this extension. Pair your accounts again.</p>
          <button type="button" onClick={() => void actions.send({ type: 'accept-loss' })}>
            I know, start anew
          </button>
        </div>
      )}
      {store.isFull && (
        <p class="note bad" role="alert" data-store="full">
          The browser has no room to store anything. Logins still work while it runs; free some disk space soon.
        </p>
      )}
      {store.damaged.map(({ key, problems, isNewer }) => (
        <div class="note bad" role="alert" data-store="damaged" key={key}>
          <p>
            A stored record is damaged and was left alone: {key} {problems}.{' '}
            {isNewer ? null : 'What belongs to it may have to be paired again.'}
          </p>
          {isNewer ? null : (
            <button type="button" onClick={() => void actions.send({ type: 'drop-damaged', key })}>
              Remove the record
            </button>
          )}
        </div>
      ))}
    </>
  );
}
