import '../ui/theme.css';
import '../settings/options.css';
import './welcome.css';
import { useSignal } from '@preact/signals';
import { say } from '../../utils/domain/base/words.ts';
import type { AccountView, Overview } from '../../utils/domain/view/overview.ts';
import { accountInHand, type Draft, NO_DRAFT, type Step, stepOf } from '../../utils/domain/view/welcome.ts';
import { DestinationTest } from '../forms/destination-test.tsx';
import { StoreNotes } from '../ui/store-notes.tsx';
import { AccountStep, ChangeAccount } from './account-step.tsx';
import { DailyStep } from './daily-step.tsx';
import { ChangeDestination, DestinationStep } from './destination-step.tsx';
import { LoginStep } from './login-step.tsx';
import { AllowedHosts, PermissionsStep } from './permissions-step.tsx';
import { Promises } from './promises.tsx';
import { StepItem } from './step.tsx';
import type { WelcomeState } from './welcome-state.ts';

/** The set-up, in a tab: what is taken and why, then from nothing to a session that lives. */
export function Welcome({ overview, now, setup }: { overview: Overview | null; now: number; setup: WelcomeState }) {
  return (
    <main class="page welcome">
      <header>
        <h1>{say('app_name')}</h1>
        <p class="lead">{say('app_description')}</p>
      </header>
      <Promises isFirst={!overview || overview.accounts.length === 0} />
      {overview ? (
        <>
          <StoreNotes store={overview.store} actions={setup.actions} />
          <Steps overview={overview} now={now} setup={setup} />
        </>
      ) : (
        <p class="soft">{say('reading')}</p>
      )}
    </main>
  );
}

function Steps({ overview, now, setup }: { overview: Overview; now: number; setup: WelcomeState }) {
  const account = accountInHand(overview, setup.draft);
  const step = stepOf(account, setup.draft.tested);
  const open = useSignal<Step | null>(null);
  const change = (one: Step) => () => {
    open.value = one;
  };
  const close = () => {
    open.value = null;
  };
  return (
    <ol class="steps">
      <StepItem
        step="account"
        now={step}
        summary={account && <AccountSummary account={account} />}
        isOpen={open.value === 'account'}
        change={{ says: say('setup_change_account'), open: change('account') }}
      >
        {account ? (
          <ChangeAccount account={account} actions={setup.actions} onDone={close} />
        ) : (
          <AccountStep overview={overview} setup={setup} />
        )}
      </StepItem>
      <StepItem
        step="destination"
        now={step}
        summary={account && (account.destination?.url ?? say('setup_watch_only'))}
        isOpen={open.value === 'destination'}
        change={{ says: say('setup_change_destination'), open: change('destination') }}
      >
        {account?.destination ? (
          <ChangeDestination account={account} granted={overview.granted} actions={setup.actions} onDone={close} />
        ) : null}
        {account && !account.destination ? (
          <DestinationStep account={account} granted={overview.granted} setup={setup} />
        ) : null}
      </StepItem>
      <StepItem step="permissions" now={step} summary={account && <AllowedHosts account={account} />}>
        {account && <PermissionsStep account={account} actions={setup.actions} />}
      </StepItem>
      <TestItem account={account} now={step} setup={setup} />
      <StepItem step="login" now={step} summary={account?.says}>
        {account && <LoginStep account={account} now={now} actions={setup.actions} />}
      </StepItem>
      <StepItem step="daily" now={step}>
        {account && (
          <DailyStep
            account={account}
            overview={overview}
            now={now}
            onAnother={() => setup.keep(ANOTHER)}
            setup={setup}
          />
        )}
      </StepItem>
    </ol>
  );
}

const ANOTHER: Draft = { ...NO_DRAFT, account: 'new' };

function AccountSummary({ account: { brokerName, name, settings } }: { account: AccountView }) {
  return (
    <>
      {brokerName} · {name} · {settings.redirectUrl}
    </>
  );
}

// The test's words stay in sight when it was passed and the next step is there.
function TestItem({ account, now, setup }: { account: AccountView | null; now: Step; setup: WelcomeState }) {
  const destination = account?.destination?.settings.id ?? null;
  const isDue = now === 'test';
  return (
    <StepItem step="test" now={now} isOpen={destination !== null && (now === 'login' || now === 'daily')}>
      {account && destination && (
        <DestinationTest
          key={destination}
          account={account.settings.id}
          atOnce={isDue}
          actions={setup.actions}
          onPassed={() => setup.keep({ tested: destination })}
        />
      )}
    </StepItem>
  );
}
