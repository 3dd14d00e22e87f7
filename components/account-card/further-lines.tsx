import { say } from '../../utils/domain/base/words.ts';
import type { AccountView } from '../../utils/domain/view/overview.ts';
import type { Actions } from '../ui/actions.ts';
import { Advice } from '../ui/advice.tsx';

/** The further destinations of an account in the popup, each with where it stands and what mends it. */
export function FurtherLines({ account, actions }: { account: AccountView; actions: Actions }) {
  return account.further.map(({ settings, destination, status, says, advice }) => (
    <div key={destination?.settings.id} data-further={destination?.host} data-status={status}>
      <p class="soft">{say('further_also', destination?.host ?? '', says)}</p>
      {advice && status === 'failed' ? (
        <Advice
          advice={advice}
          account={settings.id}
          destination={destination?.settings.id}
          actions={actions}
          bad={true}
        />
      ) : null}
    </div>
  ));
}
