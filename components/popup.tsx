import './theme.css';
import './popup.css';
import type { Overview } from '../utils/domain/overview.ts';
import { formatIst } from '../utils/domain/time.ts';
import { say } from '../utils/domain/words.ts';
import { AccountCard } from './account-card.tsx';
import type { Actions } from './actions.ts';
import { MarketLine } from './market-line.tsx';
import { StoreNotes } from './store-notes.tsx';

/** The toolbar popup: every account, the one that needs a person most first. */
export function Popup({ overview, now, actions }: { overview: Overview | null; now: number; actions: Actions }) {
  return (
    <>
      <header class="bar">
        <Bell />
        <h1>{say('app_name')}</h1>
        <span class="soft">{say('time_ist', formatIst(now))}</span>
      </header>
      <main>
        {overview && <MarketLine calendar={overview.preferences} now={now} />}
        {overview ? (
          <>
            <StoreNotes store={overview.store} actions={actions} />
            <Accounts overview={overview} now={now} actions={actions} />
          </>
        ) : (
          <p class="soft">{say('popup_reading')}</p>
        )}
      </main>
      <footer class="bar">
        <button type="button" class="quiet" data-action="settings" onClick={actions.openSettings}>
          {say('popup_settings')}
        </button>
      </footer>
    </>
  );
}

function Accounts({ overview, now, actions }: { overview: Overview; now: number; actions: Actions }) {
  if (overview.accounts.length === 0) {
    return (
      <section class="card">
        <h2>{say('popup_first_account')}</h2>
        <p>{say('popup_first_account_how')}</p>
        <button type="button" class="primary" data-action="set-up" onClick={actions.openSettings}>
          {say('popup_set_up')}
        </button>
      </section>
    );
  }
  return overview.accounts.map((account, index) => (
    <AccountCard key={account.settings.id} account={account} now={now} actions={actions} first={index === 0} />
  ));
}

function Bell() {
  return (
    <svg class="bell" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M6 16v-5a6 6 0 0 1 12 0v5l2 2H4z" />
      <path d="M10 21h4" />
    </svg>
  );
}
