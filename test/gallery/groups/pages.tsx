import { Captured } from '../../../components/captured.tsx';
import { Reminder } from '../../../components/reminder.tsx';
import type { Notice } from '../../../utils/domain/capture/notice.ts';
import type { Fate } from '../../../utils/domain/capture/outcome.ts';
import { SECOND } from '../../../utils/shared/time.ts';
import { NOW } from '../../support/samples/samples.ts';
import { actions } from '../actions.ts';
import type { Group, State } from '../group.ts';
import { press } from '../hands.ts';
import { BY_STATUS, failedLogin, type Known, shownOf, underWay } from '../worlds.ts';

const captured = (is: Exclude<Fate['is'], 'waiting' | 'nothing'>, known: Known): State => ({
  view: () => <Captured overview={shownOf(known)} fate={{ is, account: 'account1' }} now={NOW} actions={actions} />,
});
const without = (is: 'waiting' | 'nothing'): State => ({
  view: () => <Captured overview={shownOf(BY_STATUS.never)} fate={{ is }} now={NOW} actions={actions} />,
});
const noticed = (code: Notice['code']) => ({ notice: { code, place: null, at: NOW } });
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
    'one moment': without('waiting'),
    delivering: captured('captured', { world: underWay() }),
    delivered: captured('captured', BY_STATUS.live),
    'token spent': captured('captured', { facts: failedLogin('token_spent') }),
    'captured before': captured('known', BY_STATUS.live),
    asked: captured('asked', { world: asked }),
    'said no': captured('asked', BY_STATUS.never),
    refused: captured('refused', noticed('not-from-broker')),
    'not stored': captured('failed', noticed('storage-failed')),
    'no login': captured('empty', BY_STATUS.never),
    lost: captured('lost', noticed('lost')),
    'hidden by the browser': captured('hidden', noticed('hidden')),
    nothing: without('nothing'),
    reminder: reminder('account1'),
    snoozed: { ...reminder('account1'), after: (root) => press(root, '[data-action=snooze]') },
    'reminder of nothing': reminder('gone'),
  },
};
