import { useSignal } from '@preact/signals';
import { brokers } from '../utils/domain/brokers/index.ts';
import { AccountClock, DEFAULT_CLOCK } from '../utils/domain/preferences.ts';
import { check, type Problem } from '../utils/domain/schema.ts';
import { type ExpiryRule, PRESETS, tellRule } from '../utils/domain/session.ts';
import type { Account } from '../utils/domain/settings.ts';
import { formatClock, HOUR, readClock } from '../utils/domain/time.ts';
import type { Actions } from './actions.ts';
import { Field } from './field.tsx';
import { problemOf, problemsOf } from './form.ts';

type Choice = 'broker' | keyof typeof PRESETS | 'own';

/** When this account's sessions end, and whether it may renew itself. */
export function ClockForm({ account, actions, onDone }: { account: Account; actions: Actions; onDone(): void }) {
  const { rule, renewsItself } = account.clock ?? DEFAULT_CLOCK;
  const choice = useSignal<Choice>(choiceOf(rule));
  const own = useSignal(textOf(rule ?? brokers[account.broker].session));
  const renews = useSignal(renewsItself);
  const problems = useSignal<readonly Problem[]>([]);
  const put = (change: Partial<OwnText>) => {
    own.value = { ...own.value, ...change };
    problems.value = [];
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    const read = readChoice(choice.value, own.value);
    problems.value = read.problems;
    if (read.problems.length > 0) return;
    const checked = check(AccountClock, { rule: read.rule, renewsItself: renews.value });
    if (!checked.ok) {
      problems.value = checked.problems;
      return;
    }
    const reply = await actions.send({ type: 'set-clock', account: account.id, clock: checked.value });
    problems.value = problemsOf(reply);
    if (reply.ok) onDone();
  };
  const of = (field: string) => problemOf(problems.value, `rule.${field}`);
  return (
    <form class="card" onSubmit={submit} noValidate aria-label="Session’s end">
      <Field label="A session ends" name="rule">
        {(props) => (
          <select {...props} value={choice} onChange={(event) => (choice.value = event.currentTarget.value as Choice)}>
            <option value="broker">
              {brokers[account.broker].name}’s rule: {tellRule(brokers[account.broker].session)}
            </option>
            {Object.entries(PRESETS).map(([id, preset]) => (
              <option key={id} value={id}>
                {tellRule(preset)}
              </option>
            ))}
            <option value="own">A rule of my own</option>
          </select>
        )}
      </Field>
      {choice.value === 'own' && (
        <>
          <TextField
            label="At this time in India"
            name="at"
            hint="Like 06:00, or empty."
            text={own.value.at}
            problem={of('at')}
            put={put}
          />
          <TextField
            label="Hours after the login"
            name="ttlMs"
            hint="Like 8, or empty. With both, the earlier counts."
            text={own.value.ttlMs}
            problem={of('ttlMs')}
            put={put}
          />
          <TextField
            label="New sessions are in doubt until"
            name="suspectUntil"
            hint="Like 07:30, or empty: a login made before is verified again after it."
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
        Try to renew by itself in a background tab, at most three times; it closes as soon as the broker asks for
        anything
      </label>
      <div class="row">
        <button type="submit" class="primary" data-action="save-clock">
          Save
        </button>
        <button type="button" class="quiet" onClick={onDone}>
          Cancel
        </button>
      </div>
    </form>
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

/** What was chosen as a rule (null is the broker's), or what cannot be read. */
function readChoice(choice: Choice, own: OwnText): { rule: ExpiryRule | null; problems: Problem[] } {
  if (choice === 'broker') return { rule: null, problems: [] };
  if (choice !== 'own') return { rule: PRESETS[choice], problems: [] };
  const problems: Problem[] = [];
  const clock = (name: 'at' | 'suspectUntil') => {
    const read = readClock(own[name]);
    if (own[name].trim() !== '' && read === null)
      problems.push({ field: `rule.${name}`, message: 'must be a time of day like 06:00' });
    return read ?? undefined;
  };
  const hours = Number(own.ttlMs.replace(',', '.'));
  if (own.ttlMs.trim() !== '' && !Number.isFinite(hours))
    problems.push({ field: 'rule.ttlMs', message: 'must be a number of hours like 8' });
  const ttlMs = own.ttlMs.trim() === '' ? undefined : Math.round(hours * HOUR);
  return { rule: { at: clock('at'), ttlMs, suspectUntil: clock('suspectUntil') }, problems };
}
