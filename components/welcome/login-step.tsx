import { say } from '../../utils/domain/base/words.ts';
import type { AccountView } from '../../utils/domain/view/overview.ts';
import { AccountCard } from '../account-card/account-card.tsx';
import type { Actions } from '../ui/actions.ts';
import { BothEnds } from './destination-step.tsx';

/** The first login, with its proof as it comes; the card is the popup's own, with every way to mend. */
export function LoginStep({ account, now, actions }: { account: AccountView; now: number; actions: Actions }) {
  return (
    <>
      <p>{say('setup_login_how', account.brokerName)}</p>
      <BothEnds account={account} actions={actions} />
      <AccountCard account={account} now={now} actions={actions} first />
    </>
  );
}
