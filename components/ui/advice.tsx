import type { ComponentChildren } from 'preact';
import { say } from '../../utils/domain/base/words.ts';
import type { Mend } from '../../utils/domain/delivery/trouble.ts';
import type { Advice as AdviceView } from '../../utils/domain/view/standing.ts';
import type { Actions } from './actions.ts';
import { type Press, usePress } from './press.ts';

/** What is wrong, in the backend's words too where it gave any, and the one button that mends it. */
export function Advice({
  advice,
  account,
  destination,
  actions,
  bad,
}: {
  advice: AdviceView;
  account: string;
  /** Where it is about another destination than the account's own. */
  destination?: string;
  actions: Actions;
  bad: boolean;
}) {
  const { press } = usePress(actions);
  return (
    <>
      <AdviceNote advice={advice} bad={bad} />
      {hasMend(advice) && (
        <div class="row">
          <MendButton mend={advice.mend} account={account} destination={destination} actions={actions} press={press} />
        </div>
      )}
    </>
  );
}

/** The words alone, where the button stands with others. */
export function AdviceNote({ advice, bad }: { advice: AdviceView; bad: boolean }) {
  return (
    <p class={bad ? 'note bad' : 'note'} role={bad ? 'alert' : 'status'}>
      {advice.says}
      {advice.words ? <q>{advice.words}</q> : null}
    </p>
  );
}

/** The account that something is wrong with, and the destination where it is not its own. */
interface About {
  account: string;
  destination?: string;
}

// A login has its own, larger button on the card.
const MENDS: Record<Mend, { label(): string; act(actions: Actions, press: Press, about: About): void } | null> = {
  none: null,
  'log-in': null,
  retry: { label: () => say('try_again'), act: (_, press, about) => void press({ type: 'retry', ...about }) },
  reopen: {
    label: () => say('advice_reopen'),
    act: (_, press, { account }) => void press({ type: 'reopen', account }),
  },
  test: { label: () => say('test_run'), act: toAccounts },
  'edit-destination': { label: () => say('advice_settings'), act: toAccounts },
  grant: { label: () => say('advice_grant'), act: toAccounts },
};

function toAccounts({ openSettings }: Actions): void {
  openSettings('accounts');
}

/** True where there is a button that mends it. */
export function hasMend(advice: AdviceView | null): advice is AdviceView {
  return advice !== null && MENDS[advice.mend] !== null;
}

interface MendProps extends About {
  mend: Mend;
  actions: Actions;
  press: Press;
  /** Added to the button where it is the one that matters. */
  class?: string;
  onMount?(button: HTMLButtonElement | null): void;
  children?: ComponentChildren;
}

/** The button that mends a trouble; nothing where only a login does. */
export function MendButton(props: MendProps) {
  const { mend, account, destination, actions, press, class: kind, onMount, children } = props;
  const one = MENDS[mend];
  if (one === null) return null;
  return (
    <button
      type="button"
      class={kind}
      data-mend={mend}
      ref={onMount}
      onClick={() => one.act(actions, press, { account, destination })}
    >
      {one.label()}
      {children}
    </button>
  );
}
