import { useSignal } from '@preact/signals';
import { AccountClock, DEFAULT_CLOCK } from '../../../utils/domain/accounts/preferences.ts';
import type { Account } from '../../../utils/domain/accounts/settings.ts';
import { type Checked, check, type ToldProblem } from '../../../utils/domain/base/check.ts';
import { tellRule } from '../../../utils/domain/base/expiry-words.ts';
import { say } from '../../../utils/domain/base/words.ts';
import { brokers } from '../../../utils/shared/brokers/index.ts';
import { type ExpiryRule, PRESETS } from '../../../utils/shared/expiry.ts';
import { formatClock, HOUR, readClock } from '../../../utils/shared/time.ts';
import type { Actions } from '../../ui/actions.ts';
import { useProblems } from '../../ui/checked-form.ts';
import { Field } from '../../ui/field.tsx';
import { problemsOf } from '../../ui/form.ts';
import { FormCard } from '../../ui/form-card.tsx';

type Choice = 'broker' | keyof typeof PRESETS | 'own';

/** When this account's sessions end, and whether it may renew itself. */
export function ClockForm({ account, actions, onDone }: { account: Account; actions: Actions; onDone(): void }) {
  const { rule, renewsItself } = account.clock ?? DEFAULT_CLOCK;
  const choice = useSignal<Choice>(choiceOf(rule));
  const own = useSignal(textOf(rule ?? brokers[account.broker].session));
  const renews = useSignal(renewsItself);
  const read = readClockForm(choice.value, own.value, renews.value);
  const problems = useProblems(read.ok ? [] : read.problems);
  const { of, tried, refuse } = problems;
  const put = (change: Partial<OwnText>) => {
    own.value = { ...own.value, ...change };
  };
  const submit = async () => {
    if (!tried() || !read.ok) return;
    const reply = await actions.send({ type: 'set-clock', account: account.id, clock: read.value });
    if (reply.ok) onDone();
    else refuse(problemsOf(reply).map((one) => ({ ...one, field: one.field.replace(/^clock\.rule\./, '') })));
  };
  return (
    <FormCard
      label={say('clock_title')}
      problems={problems}
      onSubmit={submit}
      buttons={
        <>
          <button type="submit" class="primary" data-action="save-clock">
            {say('settings_save')}
          </button>
          <button type="button" class="quiet" onClick={onDone}>
            {say('cancel')}
          </button>
        </>
      }
    >
      <Field label={say('clock_ends')} name="rule">
        {(props) => (
          <select {...props} value={choice} onChange={(event) => (choice.value = event.currentTarget.value as Choice)}>
            <option value="broker">
              {say('clock_broker', brokers[account.broker].name, tellRule(brokers[account.broker].session))}
            </option>
            {Object.entries(PRESETS).map(([id, preset]) => (
              <option key={id} value={id}>
                {tellRule(preset)}
              </option>
            ))}
            <option value="own">{say('clock_own')}</option>
          </select>
        )}
      </Field>
      {choice.value === 'own' && (
        <>
          <TextField
            label={say('clock_at')}
            name="at"
            hint={say('clock_at_hint')}
            text={own.value.at}
            problem={of('at')}
            put={put}
          />
          <TextField
            label={say('clock_hours')}
            name="ttlMs"
            hint={say('clock_hours_hint')}
            text={own.value.ttlMs}
            problem={of('ttlMs')}
            put={put}
          />
          <TextField
            label={say('clock_suspect')}
            name="suspectUntil"
            hint={say('clock_suspect_hint')}
            text={own.value.suspectUntil}
            problem={of('suspectUntil')}
            put={put}
          />
        </>
      )}
      <label class="row">
        <input
          type="checkbox"
          name="renewsItself"
          checked={renews}
          onChange={(event) => (renews.value = event.currentTarget.checked)}
        />
        <span>{say('clock_renews')}</span>
      </label>
    </FormCard>
  );
}

interface OwnText {
  at: string;
  ttlMs: string;
  suspectUntil: string;
}

function TextField({
  label,
  name,
  hint,
  text,
  problem,
  put,
}: {
  label: string;
  name: keyof OwnText;
  hint: string;
  text: string;
  problem: string | null;
  put(change: Partial<OwnText>): void;
}) {
  return (
    <Field label={label} name={name} hint={hint} problem={problem}>
      {(props) => <input {...props} value={text} onInput={(event) => put({ [name]: event.currentTarget.value })} />}
    </Field>
  );
}

function choiceOf(rule: ExpiryRule | null): Choice {
  if (rule === null) return 'broker';
  const known = Object.entries(PRESETS).find(([, preset]) => tellRule(preset) === tellRule(rule));
  return (known?.[0] as Choice | undefined) ?? 'own';
}

function textOf({ at, ttlMs, suspectUntil }: ExpiryRule): OwnText {
  return {
    at: at ? formatClock(at) : '',
    ttlMs: ttlMs === undefined ? '' : String(Number((ttlMs / HOUR).toFixed(2))),
    suspectUntil: suspectUntil ? formatClock(suspectUntil) : '',
  };
}

/** What was chosen (a rule of null is the broker's), its problems by the names of the form's own fields. */
function readClockForm(choice: Choice, own: OwnText, renewsItself: boolean): Checked<AccountClock> {
  const { rule, problems } = readChoice(choice, own);
  const checked = check(AccountClock, { rule, renewsItself });
  if (problems.length > 0 || checked.ok) return problems.length > 0 ? { ok: false, problems } : checked;
  return { ok: false, problems: checked.problems.map((one) => ({ ...one, field: one.field.replace(/^rule\./, '') })) };
}

function readChoice(choice: Choice, own: OwnText): { rule: ExpiryRule | null; problems: ToldProblem[] } {
  if (choice === 'broker') return { rule: null, problems: [] };
  if (choice !== 'own') return { rule: PRESETS[choice], problems: [] };
  const problems: ToldProblem[] = [];
  const clock = (field: 'at' | 'suspectUntil') => {
    const read = readClock(own[field]);
    if (own[field].trim() !== '' && read === null)
      problems.push({ field, message: say('problem_time_of_day', '06:00') });
    return read ?? undefined;
  };
  const hours = Number(own.ttlMs.replace(',', '.'));
  if (own.ttlMs.trim() !== '' && !Number.isFinite(hours))
    problems.push({ field: 'ttlMs', message: say('problem_hours') });
  const ttlMs = own.ttlMs.trim() === '' ? undefined : Math.round(hours * HOUR);
  return { rule: { at: clock('at'), ttlMs, suspectUntil: clock('suspectUntil') }, problems };
}
