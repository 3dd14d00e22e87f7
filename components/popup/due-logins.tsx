import { useRef } from 'preact/hooks';
import { formatNumber, say, sayCount } from '../../utils/domain/base/words.ts';
import { isNextDue } from '../../utils/domain/view/due.ts';
import type { AccountView, RoundView } from '../../utils/domain/view/overview.ts';
import type { Actions } from '../ui/actions.ts';
import { type Press, usePress } from '../ui/press.ts';

interface DueLoginsProps {
  /** In the order in which they are shown, and log in. */
  accounts: readonly AccountView[];
  round: RoundView | null;
  actions: Actions;
}

/** One press for all accounts that need a login, and where their logins stand; nothing where one at most needs it. */
export function DueLogins({ accounts, round, actions }: DueLoginsProps) {
  const { press: send, problem, isBusy } = usePress(actions);
  const section = useRef<HTMLElement>(null);
  const due = accounts.filter(isNextDue).map(({ settings }) => settings.id);
  if (round === null && due.length < 2) return null;
  // The button that was pressed goes away: whoever came by the keyboard stays here.
  const press: Press = (command) => {
    section.current?.focus();
    return send(command);
  };
  return (
    <section class="round" aria-label={say('round_title')} aria-busy={isBusy} tabIndex={-1} ref={section}>
      {round === null ? (
        <button
          type="button"
          data-action="log-in-due"
          onClick={() => void press({ type: 'log-in-due', accounts: due })}
        >
          {say('round_all', formatNumber(due.length))}
        </button>
      ) : (
        <UnderWay round={round} press={press} />
      )}
      {problem && (
        <p class="note bad" role="alert">
          {problem}
        </p>
      )}
    </section>
  );
}

function UnderWay({ round: { says, isStopped, left }, press }: { round: RoundView; press: Press }) {
  return (
    <div class="note" data-round={isStopped ? 'stopped' : 'under-way'}>
      <p role="status">{says}</p>
      <div class="row">
        {isStopped && left.length > 0 && (
          <button type="button" data-action="log-in-next" onClick={() => void press({ type: 'log-in-next' })}>
            {sayCount('round_next', left.length)}
          </button>
        )}
        {(isStopped || left.length > 0) && (
          <button
            type="button"
            class="quiet small"
            data-action="stop-logins"
            onClick={() => void press({ type: 'stop-logins' })}
          >
            {say(isStopped ? 'round_end' : 'round_stop')}
          </button>
        )}
      </div>
    </div>
  );
}
