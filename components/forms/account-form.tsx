import { useSignal } from '@preact/signals';
import { type Account, AccountForm as Form } from '../../utils/domain/accounts/settings.ts';
import { say } from '../../utils/domain/base/words.ts';
import { examine } from '../../utils/domain/doctor/doctor.ts';
import type { Finding } from '../../utils/domain/doctor/finding.ts';
import { USUAL_REDIRECT_URL } from '../../utils/domain/view/welcome.ts';
import type { BrokerId } from '../../utils/shared/contract.ts';
import type { Actions } from '../ui/actions.ts';
import { focusWrong, useChecked } from '../ui/checked-form.ts';
import { problemsOf } from '../ui/form.ts';
import { FormCard } from '../ui/form-card.tsx';
import { BrokerField, KeyField, ModeField, NameField, RedirectField, UserField } from './account-fields.tsx';

/** What a new account begins with. */
export const NEW_ACCOUNT: Form = {
  broker: 'zerodha',
  name: '',
  apiKey: '',
  redirectUrl: USUAL_REDIRECT_URL,
  mode: 'seal',
  expectedUser: null,
};

interface Props {
  account: Account | null;
  /** What a new account begins with; the usual, unless told otherwise. */
  start?: Form;
  /** The name that a new account of a broker is given unless the person has a better one. */
  usualName?(broker: BrokerId): string;
  /** Where the account's token goes, if that is known. */
  destination?: string | null;
  /** What is usually right is folded away. */
  folded?: boolean;
  actions: Actions;
  /** Hears every change, so that nothing typed is lost. */
  onChange?(form: Form): void;
  /** Saved, as the account of that id; without one: not saved. */
  onDone(account?: string): void;
}

/** An account entered by hand. Every field says what is wrong with it, and the doctor knows the usual mistakes. */
export function AccountForm(props: Props) {
  const {
    account,
    start = NEW_ACCOUNT,
    usualName = () => '',
    destination = null,
    folded,
    actions,
    onChange,
    onDone,
  } = props;
  const form = useChecked(Form, () =>
    account ? pick(account) : { ...start, name: start.name || usualName(start.broker) },
  );
  const put = (asked: Partial<Form>) => {
    const isUsual = asked.broker !== undefined && form.value.name === usualName(form.value.broker);
    const change = isUsual ? { ...asked, name: usualName(asked.broker ?? form.value.broker) } : asked;
    form.put(change);
    onChange?.({ ...form.value, ...change });
  };
  const findings = examine(form.value.broker, form.value, { destination });
  // What an account was saved with is said, and not asked about again.
  const heard = useSignal<readonly string[]>(account ? findings.map(({ code }) => code) : []);
  const submit = async (event: SubmitEvent) => {
    const checked = form.send();
    // What may be meant is said once, and the next press takes it; what is wrong cannot be taken.
    const isStopped = findings.some(({ severity, code }) => severity === 'wrong' || !heard.value.includes(code));
    heard.value = findings.map(({ code }) => code);
    if (!checked.ok || isStopped) return focusWrong(event.currentTarget);
    const reply = await actions.send({ type: 'save-account', id: account?.id ?? null, form: checked.value });
    form.refuse(problemsOf(reply));
    if (reply.ok) onDone(reply.account);
  };
  const rest = (
    <>
      <NameField form={form} put={put} />
      <ModeField form={form} put={put} />
      <UserField form={form} put={put} />
    </>
  );
  const shown = (field: Finding['field']) =>
    findings.filter((one) => one.field === field && (form.isLeft(field) || heard.value.includes(one.code)));
  const parts = { form, put, shown };
  return (
    <FormCard
      label={say('label_account')}
      problems={form}
      onSubmit={submit}
      buttons={
        <>
          <button type="submit" class="primary" data-action="save-account">
            {say('account_save')}
          </button>
          <button type="button" class="quiet" onClick={() => onDone()}>
            {say('cancel')}
          </button>
        </>
      }
    >
      <BrokerField form={form} put={put} />
      <KeyField {...parts} />
      <RedirectField {...parts} />
      {folded ? (
        <details open={['name', 'mode', 'expectedUser'].some((field) => form.of(field) !== null)}>
          <summary>{say('account_more')}</summary>
          <div class="fields">{rest}</div>
        </details>
      ) : (
        rest
      )}
    </FormCard>
  );
}

function pick({ broker, name, apiKey, redirectUrl, mode, expectedUser }: Account): Form {
  return { broker, name, apiKey, redirectUrl, mode, expectedUser };
}
