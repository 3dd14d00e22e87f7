import { say } from '../../utils/domain/base/words.ts';
import type { AccountView } from '../../utils/domain/view/overview.ts';
import type { Actions } from '../ui/actions.ts';
import { Advice } from '../ui/advice.tsx';

/** The further destinations of an account in the popup, each with where it stands and what mends it. */
export function CopyLines({ account, actions }: { account: AccountView; actions: Actions }) {
  return account.copies.map(({ settings, destination, status, says, advice }) => (
    <div key={settings.id} data-copy={destination?.host} data-status={status}>
      <p class="soft">{say('further_also', destination?.host ?? '', says)}</p>
      {advice && status === 'failed' ? (
        <Advice advice={advice} account={settings.id} actions={actions} bad={true} />
      ) : null}
    </div>
  ));
}
