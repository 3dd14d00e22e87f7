import './account-card.css';
import { useSignal } from '@preact/signals';
import { left } from '../../utils/domain/base/span.ts';
import { glance } from '../../utils/domain/view/card-picture.ts';
import type { AccountView } from '../../utils/domain/view/overview.ts';
import { tellState } from '../../utils/domain/view/status.ts';
import { titleOf } from '../../utils/domain/view/title.ts';
import { TONES } from '../../utils/domain/view/tone.ts';
import type { Calendar } from '../../utils/shared/market.ts';
import type { Actions } from '../ui/actions.ts';
import { AdviceNote } from '../ui/advice.tsx';
import { usePress } from '../ui/press.ts';
import { AccountButtons, mainOf } from './account-buttons.tsx';
import { Ask } from './ask.tsx';
import { ConfirmUser } from './confirm-user.tsx';
import { DayBar } from './day-bar.tsx';
import { FurtherLines } from './further-lines.tsx';
import { Health } from './health.tsx';
import { LogOut } from './log-out.tsx';
import { Paste } from './paste.tsx';
import { ProofChain } from './proof-chain.tsx';
import { Queue } from './queue.tsx';

interface AccountCardProps {
  account: AccountView;
  /** Whose hours the day is drawn against; without one no day is drawn. */
  calendar?: Calendar;
  now: number;
  actions: Actions;
  /** The card whose button the Enter key presses when the popup opens. */
  first: boolean;
}

/** One account at a glance: where its session stands, the proof, what is wrong, and the one button. */
export function AccountCard({ account, calendar, now, actions, first }: AccountCardProps) {
  const { settings, status, advice, links, queue, ask, term, health } = account;
  const isPasting = useSignal(false);
  const { press, problem, isBusy } = usePress(actions);
  const drawn = glance(account, now);
  const isResting = mainOf(account) === 'none' && !isPasting.value;
  const known = health && <Health health={health} now={now} withFeed={drawn !== 'chain'} />;
  return (
    <section
      class={`card account ${TONES[status]}`}
      data-account={settings.name}
      data-status={status}
      aria-label={titleOf(account)}
      aria-busy={isBusy}
    >
      <header>
        <h2>{account.brokerName}</h2>
        <span class="soft">{[account.name, account.user].filter(Boolean).join(' · ')}</span>
        <strong class="state">{tellState(status).label}</strong>
      </header>
      <p class="says">
        {account.says}
        {drawn === 'day' && term && term.endsAt !== null && <span class="left">{left(term.endsAt - now)}</span>}
      </p>
      {drawn === 'day' && term && calendar && <DayBar term={term} calendar={calendar} now={now} />}
      {drawn === 'chain' && links && <ProofChain links={links} />}
      {isResting ? null : known}
      {advice && <AdviceNote advice={advice} bad={status === 'failed'} />}
      {problem && (
        <p class="note bad" role="alert">
          {problem}
        </p>
      )}
      {account.notice && <p class="note">{account.notice}</p>}
      {account.confirmUser && <ConfirmUser account={settings.id} user={account.confirmUser} press={press} />}
      {ask && <Ask ask={ask} now={now} press={press} />}
      {account.logOut && <LogOut logOut={account.logOut} account={settings.id} actions={actions} press={press} />}
      {queue && <Queue queue={queue} isNews={drawn === 'chain'} />}
      <FurtherLines account={account} actions={actions} />
      {isPasting.value ? (
        <Paste account={settings.id} actions={actions} onDone={() => (isPasting.value = false)} />
      ) : (
        <AccountButtons
          account={account}
          first={first}
          actions={actions}
          press={press}
          onPaste={() => (isPasting.value = true)}
        >
          {known}
        </AccountButtons>
      )}
    </section>
  );
}
