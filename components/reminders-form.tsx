import { useSignal } from '@preact/signals';
import type { ClockTime } from '../utils/domain/clock-time.ts';
import { MARKET_IDS, type MarketId, marketName } from '../utils/domain/market.ts';
import type { Overview } from '../utils/domain/overview.ts';
import { Preferences } from '../utils/domain/preferences.ts';
import { check, type Problem } from '../utils/domain/schema.ts';
import { formatClock, readClock } from '../utils/domain/time.ts';
import type { Actions } from './actions.ts';
import { Field } from './field.tsx';
import { problemOf, problemsOf } from './form.ts';
import { MarketDays } from './market-days.tsx';

/** When and how a person wants to be reminded, and which market's days count. */
export function RemindersForm({ overview, actions }: { overview: Overview; actions: Actions }) {
  const { preferences, canNotify } = overview;
  const text = useSignal(textOf(preferences));
  const problems = useSignal<readonly Problem[]>([]);
  const says = useSignal('');
  const put = (change: Partial<Text>) => {
    text.value = { ...text.value, ...change };
    problems.value = [];
    says.value = '';
  };
  const save = async (change: Partial<Preferences>) => {
    const checked = check(Preferences, { ...preferences, ...change });
    const reply = checked.ok ? await actions.send({ type: 'save-preferences', preferences: checked.value }) : checked;
    problems.value = problemsOf(reply);
    says.value = reply.ok ? 'Saved.' : '';
    return reply.ok;
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    const { notify, market } = text.value;
    const read = readTimes(text.value);
    problems.value = read.problems;
    if (read.problems.length > 0) return;
    // The browser asks only in the click itself, so this comes before anything that is awaited.
    const isAllowed = !notify || canNotify || (await actions.askToNotify());
    if (!isAllowed) put({ notify: false });
    await save({ ...read.times, market, notify: notify && isAllowed });
    if (!isAllowed)
      says.value = 'The browser did not allow notifications, so they stay off. The badge reminds you still.';
  };
  const of = (field: string) => problemOf(problems.value, field);
  const { notify, morning, quietFrom, quietTo, market } = text.value;
  return (
    <section class="card" aria-label="Reminders" data-section="reminders">
      <h2>Reminders</h2>
      <form onSubmit={submit} noValidate>
        <label class="row">
          <input
            type="checkbox"
            name="notify"
            checked={notify}
            onChange={(event) => put({ notify: event.currentTarget.checked })}
          />
          Show notifications{notify && preferences.notify && !canNotify ? ' (the browser does not allow them now)' : ''}
        </label>
        <Field
          label="In the morning at"
          name="morning"
          hint="On trading days, if a login is due. Time in India."
          problem={of('morning')}
        >
          {(props) => (
            <input {...props} value={morning} onInput={(event) => put({ morning: event.currentTarget.value })} />
          )}
        </Field>
        <Field label="Quiet from" name="quiet.from" hint="Empty both: never quiet." problem={of('quiet.from')}>
          {(props) => (
            <input {...props} value={quietFrom} onInput={(event) => put({ quietFrom: event.currentTarget.value })} />
          )}
        </Field>
        <Field label="Quiet until" name="quiet.to" problem={of('quiet.to')}>
          {(props) => (
            <input {...props} value={quietTo} onInput={(event) => put({ quietTo: event.currentTarget.value })} />
          )}
        </Field>
        <Field label="Market" name="market" problem={of('market')}>
          {(props) => (
            <select
              {...props}
              value={market}
              onChange={(event) => put({ market: event.currentTarget.value as MarketId })}
            >
              {MARKET_IDS.map((id) => (
                <option key={id} value={id}>
                  {marketName(id)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <div class="row">
          <button type="submit" class="primary" data-action="save-reminders">
            Save reminders
          </button>
          <span role="status">{says}</span>
        </div>
      </form>
      <MarketDays preferences={preferences} save={save} />
    </section>
  );
}

interface Text {
  notify: boolean;
  morning: string;
  quietFrom: string;
  quietTo: string;
  market: MarketId;
}

function textOf({ notify, morning, quiet, market }: Preferences): Text {
  return {
    notify,
    market,
    morning: formatClock(morning),
    quietFrom: quiet ? formatClock(quiet.from) : '',
    quietTo: quiet ? formatClock(quiet.to) : '',
  };
}

function readTimes({ morning, quietFrom, quietTo }: Text) {
  const problems: Problem[] = [];
  const read = (field: string, text: string): ClockTime => {
    const clock = readClock(text);
    if (!clock) problems.push({ field, message: 'must be a time of day like 08:45' });
    return clock ?? { hour: 0, minute: 0 };
  };
  const isNeverQuiet = quietFrom.trim() === '' && quietTo.trim() === '';
  const quiet = isNeverQuiet ? null : { from: read('quiet.from', quietFrom), to: read('quiet.to', quietTo) };
  return { times: { morning: read('morning', morning), quiet }, problems };
}
