import '../ui/field.css';
import './history.css';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { say } from '../../utils/domain/base/words.ts';
import { coverage, monthOf } from '../../utils/domain/history/coverage.ts';
import type { History as Entries } from '../../utils/domain/history/history.ts';
import type { AccountView, Overview } from '../../utils/domain/view/overview.ts';
import { titleOf } from '../../utils/domain/view/title.ts';
import type { Actions } from '../ui/actions.ts';
import { Field } from '../ui/field.tsx';
import { Legend } from './legend.tsx';
import { MonthNav } from './month-nav.tsx';
import { MonthTable } from './month-table.tsx';
import { sayMonth } from './sayings.ts';

type Read = 'reading' | 'failed' | readonly Entries[];

/** How each account's market hours were covered by a live session, month by month. */
export function History({ overview, actions }: { overview: Overview; actions: Actions }) {
  const read = useSignal<Read>('reading');
  const fetch = async () => {
    const reply = await actions.send({ type: 'history' }).catch(() => null);
    if (reply?.ok) read.value = reply.histories ?? [];
    // What was read before is still true.
    else if (typeof read.value === 'string') read.value = 'failed';
  };
  useEffect(() => void fetch(), [overview.at]);
  return (
    <div class="card history" data-history={stateOf(read.value)}>
      <Content overview={overview} read={read.value} onRetry={() => void fetch()} />
    </div>
  );
}

function stateOf(read: Read): string {
  return typeof read === 'string' ? read : 'read';
}

function Content({ overview, read, onRetry }: { overview: Overview; read: Read; onRetry(): void }) {
  const chosen = useSignal<string | null>(null);
  const { accounts } = overview;
  const account = accounts.find(({ settings }) => settings.id === chosen.value) ?? accounts[0];
  if (!account) return <p>{say('history_no_account')}</p>;
  if (read === 'reading') return <p role="status">{say('history_reading')}</p>;
  if (read === 'failed')
    return (
      <div class="note bad" role="alert">
        <p>{say('history_failed')}</p>
        <button type="button" data-action="read-history" onClick={onRetry}>
          {say('try_again')}
        </button>
      </div>
    );
  const { id } = account.settings;
  return (
    <>
      {accounts.length > 1 && (
        <AccountChoice accounts={accounts} chosen={id} onChoose={(next) => (chosen.value = next)} />
      )}
      <AccountHistory key={id} entries={read.find((one) => one.account === id)?.entries ?? []} overview={overview} />
    </>
  );
}

function AccountChoice({
  accounts,
  chosen,
  onChoose,
}: {
  accounts: readonly AccountView[];
  chosen: string;
  onChoose(id: string): void;
}) {
  return (
    <Field label={say('label_account')} name="history-account">
      {(props) => (
        <select {...props} value={chosen} onChange={(event) => onChoose(event.currentTarget.value)}>
          {accounts.map((account) => (
            <option key={account.settings.id} value={account.settings.id}>
              {titleOf(account)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function AccountHistory({ entries, overview }: { entries: Entries['entries']; overview: Overview }) {
  const { at, preferences } = overview;
  const today = monthOf(at);
  const chosen = useSignal<string | null>(null);
  if (entries.length === 0) return <p data-history="empty">{say('history_empty')}</p>;
  const month = chosen.value ?? today;
  const covered = coverage(entries, preferences, month, at);
  const first = monthOf(Math.min(...entries.map((entry) => entry.at)));
  return (
    <>
      <MonthNav month={month} first={first} last={today} onMonth={(next) => (chosen.value = next)} />
      <p data-history="sentence">{sayMonth(covered)}</p>
      <MonthTable days={covered.days} now={at} />
      <Legend />
    </>
  );
}
