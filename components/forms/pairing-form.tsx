import { useSignal } from '@preact/signals';
import { hostsNeeded } from '../../utils/domain/accounts/hosts.ts';
import type { Account, Destination } from '../../utils/domain/accounts/settings.ts';
import { type ToldProblem, told } from '../../utils/domain/base/check.ts';
import { tellProblems } from '../../utils/domain/base/tell-problem.ts';
import { say } from '../../utils/domain/base/words.ts';
import { examine, tellBroker } from '../../utils/domain/doctor/doctor.ts';
import { brokers } from '../../utils/shared/brokers/index.ts';
import { type Pairing, readPairing } from '../../utils/shared/pairing.ts';
import type { Actions } from '../ui/actions.ts';
import { Copy } from '../ui/copy-button.tsx';
import { Field } from '../ui/field.tsx';
import { Findings } from '../ui/findings.tsx';
import { problemsOf } from '../ui/form.ts';
import { FormCard } from '../ui/form-card.tsx';
import { Hosts } from '../ui/hosts.tsx';

/** One paste sets an account up: what the string says is shown, with the addresses it needs, before anything is stored. */
export function PairingForm({
  granted,
  actions,
  onDone,
}: {
  granted: readonly string[];
  actions: Actions;
  onDone(account: string): void;
}) {
  const text = useSignal('');
  const failed = useSignal<readonly ToldProblem[]>([]);
  const read = text.value.trim() === '' ? null : told(readPairing(text.value));
  const problems = read && !read.ok ? read.problems : failed.value;
  const problem = problems.length > 0 ? tellProblems(problems) : null;
  const submit = async () => {
    if (!read?.ok) return;
    const { account, destination } = preview(read.value);
    // The browser asks only in the click itself, so this comes before anything that is awaited.
    await actions.allow(hostsNeeded(account, destination, new Set(granted)).map(({ pattern }) => pattern));
    const reply = await actions.send({ type: 'pair', text: text.value });
    failed.value = problemsOf(reply);
    if (!reply.ok) return;
    text.value = '';
    onDone(reply.account ?? '');
  };
  return (
    <FormCard
      label={say('pairing_form')}
      onSubmit={submit}
      buttons={
        <button type="submit" class="primary" data-action="pair" disabled={!read?.ok}>
          {say('pairing_allow')}
        </button>
      }
    >
      <Field
        label={say('setup_pairing_label')}
        name="pairing"
        hint={say('pairing_hint', 'npm run pair', 'obp1_')}
        problem={problem}
      >
        {(props) => (
          <textarea
            {...props}
            autocomplete="off"
            spellcheck={false}
            value={text}
            onInput={(event) => {
              text.value = event.currentTarget.value;
              failed.value = [];
            }}
          />
        )}
      </Field>
      {read?.ok ? <Preview pairing={read.value} granted={granted} /> : null}
    </FormCard>
  );
}

function Preview({ pairing, granted }: { pairing: Pairing; granted: readonly string[] }) {
  const { account, destination } = preview(pairing);
  const broker = brokers[pairing.broker];
  // What is odd stands in the backend's own settings, so it is mended there.
  const findings = examine(pairing.broker, account, { destination: pairing.url });
  return (
    <>
      <dl class="facts">
        <dt>{say('label_account')}</dt>
        <dd>
          {[broker.name, pairing.account, pairing.expected_user].filter(Boolean).join(' · ')}
          <small>{tellBroker(pairing.broker)}</small>
        </dd>
        <dt>{say('account_tokens_go_to')}</dt>
        <dd>{pairing.url}</dd>
        <dt>{say('account_redirect')}</dt>
        <dd>
          <Copy value={pairing.redirect_url} of={broker.console.field} />
          <small>{say('pairing_registered', broker.name)}</small>
        </dd>
      </dl>
      <Findings findings={findings} />
      <p>{say('hosts_will_ask')}</p>
      <Hosts hosts={hostsNeeded(account, destination, new Set(granted))} />
    </>
  );
}

function preview(pairing: Pairing): { account: Account; destination: Destination } {
  const {
    account: name,
    broker,
    api_key: apiKey,
    redirect_url: redirectUrl,
    mode,
    expected_user: expectedUser,
    url,
  } = pairing;
  const ours = { id: 'preview0', createdAt: 0, paused: false, confirmedUser: null };
  return {
    account: { ...ours, name, broker, apiKey, redirectUrl, mode, expectedUser },
    destination: {
      kind: 'signed',
      id: 'preview0',
      account: 'preview0',
      savedAt: 0,
      createdAt: 0,
      url,
      fingerprint: '',
    },
  };
}
