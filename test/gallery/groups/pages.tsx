import { Captured } from '../../../components/captured.tsx';
import { Reminder } from '../../../components/reminder.tsx';
import { MINUTE, SECOND } from '../../../utils/shared/time.ts';
import { NOW } from '../../support/samples/samples.ts';
import { actions } from '../actions.ts';
import type { Group, State } from '../group.ts';
import { press } from '../hands.ts';
import { BY_STATUS, failedLogin, type Known, shownOf, underWay } from '../worlds.ts';

const captured = (known: Known, age = 4 * SECOND): State => ({
  view: () => <Captured overview={shownOf(known)} openedAt={NOW - age} now={NOW} actions={actions} />,
});
const reminder = (account: string): State => ({
  view: () => <Reminder overview={shownOf(BY_STATUS.expired)} account={account} now={NOW} actions={actions} />,
});
const asked = {
  asks: [
    {
      id: 'question1',
      account: 'account1',
      token: '',
      why: 'not-started-here' as const,
      at: NOW - 3 * SECOND,
      expiresAt: NOW + 117 * SECOND,
    },
  ],
};

/** The page in place of a sealed redirect, and the one behind a reminder. */
export const pages: Group = {
  name: 'pages',
  title: 'The page of a login, and of a reminder',
  few: ['delivered', 'asked', 'nothing'],
  width: 520,
  states: {
    'one moment': captured(BY_STATUS.never, SECOND),
    delivering: captured({ world: underWay() }),
    delivered: captured(BY_STATUS.live),
    refused: captured({ facts: failedLogin('token_spent') }),
    asked: captured({ world: asked }),
    nothing: captured(BY_STATUS.never, MINUTE),
    reminder: reminder('account1'),
    snoozed: { ...reminder('account1'), after: (root) => press(root, '[data-action=snooze]') },
    'reminder of nothing': reminder('gone'),
  },
};
