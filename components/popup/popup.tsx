import '../ui/theme.css';
import './popup.css';
import { useRef } from 'preact/hooks';
import { say } from '../../utils/domain/base/words.ts';
import type { AccountView, Overview } from '../../utils/domain/view/overview.ts';
import { byNeedOfAll } from '../../utils/domain/view/urgency.ts';
import { formatIst } from '../../utils/shared/time.ts';
import { AccountCard } from '../account-card/account-card.tsx';
import type { Actions } from '../ui/actions.ts';
import { StoreNotes } from '../ui/store-notes.tsx';
import { DueLogins } from './due-logins.tsx';
import { MarketLine } from './market-line.tsx';
import { PopupFooter } from './popup-footer.tsx';

interface PopupProps {
  overview: Overview | null;
  now: number;
  actions: Actions;
  /** The background does not answer, so what is shown may be old. */
  isSilent?: boolean;
}

/** The toolbar popup: every account, the one that needs a person most first. */
export function Popup({ overview, now, actions, isSilent = false }: PopupProps) {
  return (
    <>
      <header class="bar">
        <Bell />
        <h1>{say('app_name')}</h1>
        <span class="soft">{say('time_ist', formatIst(now))}</span>
        {overview && <MarketLine calendar={overview.preferences} now={now} />}
      </header>
      <main>
        {isSilent && (
          <p class="note bad" role="alert">
            {say('popup_silent')}
          </p>
        )}
        {overview ? (
          <>
            <StoreNotes store={overview.store} actions={actions} />
            <Accounts overview={overview} now={now} actions={actions} />
          </>
        ) : isSilent ? null : (
          <p class="soft" role="status">
            {say('reading')}
          </p>
        )}
      </main>
      <PopupFooter nextCheckAt={overview?.nextCheckAt ?? null} now={now} actions={actions} />
    </>
  );
}

function Accounts({ overview, now, actions }: { overview: Overview; now: number; actions: Actions }) {
  const accounts = useSteadyOrder(overview.accounts);
  if (accounts.length === 0) {
    return (
      <section class="card">
        <h2>{say('first_account')}</h2>
        <p>{say('popup_first_account_how')}</p>
        <button type="button" class="primary" data-action="set-up" onClick={() => actions.openWelcome()}>
          {say('popup_set_up')}
        </button>
      </section>
    );
  }
  return (
    <>
      <DueLogins accounts={accounts} round={overview.round} actions={actions} />
      {accounts.map((account, index) => (
        <AccountCard
          key={account.settings.id}
          account={account}
          calendar={overview.preferences}
          now={now}
          actions={actions}
          first={index === 0}
        />
      ))}
    </>
  );
}

/** By need as it was when the popup opened: no button may move away under a pointer. */
function useSteadyOrder(accounts: readonly AccountView[]): AccountView[] {
  const order = useRef<string[]>([]);
  const sorted = byNeedOfAll(accounts).map(({ settings }) => settings.id);
  order.current = [...order.current, ...sorted.filter((id) => !order.current.includes(id))];
  return order.current.flatMap((id) => accounts.filter(({ settings }) => settings.id === id));
}

function Bell() {
  return (
    <svg class="bell" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M6 16v-5a6 6 0 0 1 12 0v5l2 2H4z" />
      <path d="M10 21h4" />
    </svg>
  );
}
