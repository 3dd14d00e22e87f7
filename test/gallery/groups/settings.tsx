import { Paste } from '../../../components/account-card/paste.tsx';
import { AccountForm } from '../../../components/forms/account-form.tsx';
import { DestinationForm } from '../../../components/forms/destination-form.tsx';
import { PairingForm } from '../../../components/forms/pairing-form.tsx';
import { AccountSettings } from '../../../components/settings/account-settings.tsx';
import { ClockForm } from '../../../components/settings/clock/clock-form.tsx';
import { DashboardForm } from '../../../components/settings/dashboards/dashboard-form.tsx';
import { Options } from '../../../components/settings/options.tsx';
import { COOKIES, HAS_CONTAINERS } from '../../../utils/domain/accounts/permission-names.ts';
import { overview } from '../../../utils/domain/view/overview.ts';
import { writePairing } from '../../../utils/shared/pairing.ts';
import { NOW, pairing, plain, WELL, world } from '../../support/samples/samples.ts';
import { actions, answering } from '../actions.ts';
import type { Group } from '../group.ts';
import { press, submit, write } from '../hands.ts';
import { BY_STATUS, GRANTED, loggedIn, together, viewOf } from '../worlds.ts';

const done = () => undefined;
const icici = { name: 'family HUF', broker: 'icici', expectedUser: null, confirmedUser: 'AB****' } as const;
const two = () => together([{ facts: loggedIn() }, { account: icici, facts: loggedIn() }]);
const none = () => overview(world({ accounts: [], destinations: [] }), WELL);

const given = { now: NOW, version: '0.1.0', actions };

/** The settings as a whole. */
export const options: Group = {
  name: 'options',
  title: 'The settings',
  few: ['two accounts'],
  pictured: 'few',
  width: 800,
  states: {
    reading: { view: () => <Options overview={null} {...given} /> },
    'no account': { view: () => <Options overview={none()} {...given} /> },
    'two accounts': { view: () => <Options overview={two()} {...given} /> },
  },
};

const contained = (granted: string[]) =>
  viewOf({
    ...BY_STATUS.live,
    account: { container: 'firefox-container-6' },
    world: { granted: new Set([...GRANTED, HAS_CONTAINERS, ...granted]) },
  });

/** What can be opened of an account. */
export const accounts: Group = {
  name: 'accounts',
  title: 'An account in the settings',
  few: ['forgetting'],
  width: 640,
  states: {
    account: { view: () => <AccountSettings account={viewOf(BY_STATUS.live)} actions={actions} /> },
    'addresses missing': {
      view: () => (
        <AccountSettings account={viewOf({ ...BY_STATUS.never, world: { granted: new Set() } })} actions={actions} />
      ),
    },
    'containers, not allowed': { view: () => <AccountSettings account={contained([])} actions={actions} /> },
    'a login in a container': { view: () => <AccountSettings account={contained([COOKIES])} actions={actions} /> },
    forgetting: {
      view: () => <AccountSettings account={viewOf(BY_STATUS.live)} actions={actions} />,
      after: (root) => press(root, '[data-action=forget]'),
    },
    tested: {
      view: () => <AccountSettings account={viewOf(BY_STATUS.live)} actions={tested} />,
      after: (root) => press(root, '[data-action=test]'),
    },
  },
};

const tested = answering(() => ({
  ok: true,
  steps: [
    { name: 'Permission', ok: true, says: 'The browser may send there.' },
    { name: 'Proof', ok: true, says: 'Answered in 21 ms, signed with your pairing secret.' },
    { name: 'Dry run', ok: false, says: 'The token would be refused: the API key differs.' },
  ],
}));

/** Every form: empty, filled, and with what is wrong. */
export const forms: Group = {
  name: 'forms',
  title: 'Forms, also with problems',
  few: ['pairing read', 'account with problems'],
  width: 480,
  states: {
    pairing: { view: () => <PairingForm granted={[]} actions={actions} onDone={done} /> },
    'pairing read': {
      view: () => <PairingForm granted={[]} actions={actions} onDone={done} />,
      after: (root) => write(root, '[name=pairing]', writePairing(pairing())),
    },
    'pairing not readable': {
      view: () => <PairingForm granted={[]} actions={actions} onDone={done} />,
      after: (root) => write(root, '[name=pairing]', 'openingbell:nothing'),
    },
    account: { view: () => <AccountForm account={null} actions={actions} onDone={done} /> },
    'account with problems': {
      view: () => <AccountForm account={null} actions={actions} onDone={done} />,
      after: (root) => {
        write(root, '[name=redirectUrl]', '127.0.0.1:8000');
        submit(root);
      },
    },
    destination: {
      view: () => <DestinationForm account="account1" destination={null} actions={actions} onDone={done} />,
    },
    'destination with problems': {
      view: () => <DestinationForm account="account1" destination={null} actions={actions} onDone={done} />,
      after: submit,
    },
    'plain destination': {
      view: () => (
        <DestinationForm
          account="account1"
          destination={plain({
            url: 'https://trade.example.in/token',
            extra: { source: 'opening-bell' },
            authorization: { kind: 'bearer' },
            status: { kind: 'path', url: 'https://trade.example.in/status', path: 'session.valid', equals: 'true' },
          })}
          actions={actions}
          onDone={done}
        />
      ),
      after: submit,
    },
    'clock of one’s own': {
      view: () => (
        <ClockForm
          account={viewOf({ account: { clock: { rule: { ttlMs: 27_000_000 }, renewsItself: true } } }).settings}
          actions={actions}
          onDone={done}
        />
      ),
      after: (root) => {
        write(root, '[name=at]', '25:00');
        submit(root);
      },
    },
    dashboard: {
      view: () => (
        <DashboardForm dashboard={null} accounts={[viewOf(BY_STATUS.live)]} actions={actions} onDone={done} />
      ),
      after: submit,
    },
    paste: { view: () => <Paste account="account1" actions={refusing} onDone={done} /> },
    'paste without a token': {
      view: () => <Paste account="account1" actions={refusing} onDone={done} />,
      after: (root) => {
        write(root, '[name=paste]', 'this is no token');
        submit(root);
      },
    },
  },
};

const refusing = answering(() => ({ ok: false, problems: [{ field: 'text', message: 'holds no token of Zerodha' }] }));
