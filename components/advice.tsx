import type { Advice as AdviceView } from '../utils/domain/standing.ts';
import type { Mend } from '../utils/domain/trouble.ts';
import type { Actions } from './actions.ts';

/** What is wrong, in the backend's words too where it gave any, and the one button that mends it. */
export function Advice({
  advice,
  account,
  actions,
  bad,
}: {
  advice: AdviceView;
  account: string;
  actions: Actions;
  bad: boolean;
}) {
  const mend = MENDS[advice.mend];
  return (
    <>
      <p class={bad ? 'note bad' : 'note'} role={bad ? 'alert' : 'status'}>
        {advice.says}
        {advice.words ? <q>{advice.words}</q> : null}
      </p>
      {mend && (
        <div class="row">
          <button type="button" data-mend={advice.mend} onClick={() => mend.act(actions, account)}>
            {mend.label}
          </button>
        </div>
      )}
    </>
  );
}

// A login has its own, larger button on the card.
const MENDS: Record<Mend, { label: string; act(actions: Actions, account: string): void } | null> = {
  none: null,
  'log-in': null,
  retry: { label: 'Try again', act: ({ send }, account) => void send({ type: 'retry', account }) },
  reopen: { label: 'Open the redirect again', act: ({ send }, account) => void send({ type: 'reopen', account }) },
  test: { label: 'Test this destination', act: ({ openSettings }) => openSettings() },
  'edit-destination': { label: 'Open settings', act: ({ openSettings }) => openSettings() },
  grant: { label: 'Allow in settings', act: ({ openSettings }) => openSettings() },
};
