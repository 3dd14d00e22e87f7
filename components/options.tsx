import './theme.css';
import './options.css';
import { useSignal } from '@preact/signals';
import type { Overview } from '../utils/domain/overview.ts';
import { AccountForm } from './account-form.tsx';
import { AccountSettings } from './account-settings.tsx';
import type { Actions } from './actions.ts';
import { Dashboards } from './dashboards.tsx';
import { Diagnostics } from './diagnostics.tsx';
import { History } from './history/history.tsx';
import { PairingForm } from './pairing-form.tsx';
import { RemindersForm } from './reminders-form.tsx';
import { StoreNotes } from './store-notes.tsx';

/** The settings, in a tab of their own. */
export function Options({ overview, actions }: { overview: Overview | null; actions: Actions }) {
  const byHand = useSignal(false);
  const accounts = overview?.accounts ?? [];
  return (
    <main class="page">
      <header>
        <h1>Opening Bell</h1>
        <p class="soft">
          Takes the token of your broker’s login from the redirect and hands it to your own backend, nowhere else. It
          reads no password and no OTP, and places no order.
        </p>
      </header>
      {overview && <StoreNotes store={overview.store} actions={actions} />}
      {accounts.map((account) => (
        <AccountSettings key={account.settings.id} account={account} actions={actions} />
      ))}
      <Dashboards dashboards={overview?.dashboards ?? []} accounts={accounts} actions={actions} />
      <h2>{accounts.length === 0 ? 'Add your first account' : 'Add an account'}</h2>
      <PairingForm granted={overview?.granted ?? []} actions={actions} onDone={() => undefined} />
      {byHand.value ? (
        <AccountForm account={null} actions={actions} onDone={() => (byHand.value = false)} />
      ) : (
        <button type="button" class="quiet" data-action="by-hand" onClick={() => (byHand.value = true)}>
          Or enter an account by hand
        </button>
      )}
      {overview && <RemindersForm overview={overview} actions={actions} />}
      {overview && <History overview={overview} actions={actions} />}
      <Diagnostics actions={actions} />
    </main>
  );
}
