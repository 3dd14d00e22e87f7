import chainCss from '../../../components/account-card/proof-chain.css?inline';
import dialogCss from '../../../components/dialog/dialog.css?inline';
import { DialogContent } from '../../../components/dialog/dialog.tsx';
import tokensCss from '../../../components/ui/tokens.css?inline';
import type { DialogView, Row } from '../../../utils/domain/hold/hold-list.ts';
import { holdView } from '../../../utils/domain/hold/hold-view.ts';
import { MINUTE, SECOND } from '../../../utils/shared/time.ts';
import { NOW } from '../../support/samples/samples.ts';
import type { Group, State } from '../group.ts';
import { BY_STATUS, failedLogin, type Known, loggedIn, underWay, viewOf } from '../worlds.ts';

const FAILED_AT = NOW - 42 * SECOND;
const row = (id: number, state: Row['state'], change: Partial<Row> = {}): Row => ({
  id,
  state,
  method: 'POST',
  target: '/orders',
  description: 'Place order NIFTY 24500 CE',
  effect: 'act',
  age: { ms: id * 21 * SECOND, isSure: true },
  ...change,
});

const dialog = (known: Known, change: Partial<DialogView> = {}, waiting = 2, pages = 1): State => ({
  view: () => {
    const account = viewOf(known);
    const view: DialogView = {
      broker: account.brokerName,
      account: account.name,
      login: holdView(account, FAILED_AT, { waiting, pages, turn: 0, isChosen: true }),
      rows: [],
      oldest: { ms: 42 * SECOND, isSure: true },
      ...change,
    };
    return (
      <dialog open class={document.documentElement.dataset.theme} aria-labelledby="title" aria-describedby="about">
        <DialogContent view={view} />
      </dialog>
    );
  },
});

/** What a held page shows. */
export const dialogs: Group = {
  name: 'dialog',
  title: 'The dialog on a dashboard',
  few: ['failed', 'renewed'],
  width: 490,
  css: `${tokensCss}${chainCss}${dialogCss} dialog { position: static; }`,
  states: {
    asks: dialog(BY_STATUS.expired),
    'asks, several pages': dialog(BY_STATUS.expired, { rows: [row(1, 'waiting')] }, 5, 2),
    'not set up': dialog({ ...BY_STATUS.setup }),
    working: dialog({ world: underWay() }),
    failed: dialog({ facts: failedLogin('token_spent') }),
    renewed: dialog(
      { facts: loggedIn() },
      { rows: [row(1, 'ready'), row(2, 'ready', { method: 'DELETE', target: '/orders/2611', description: '' })] },
      0,
    ),
    'sent, one way or another': dialog(
      { facts: loggedIn() },
      {
        rows: [
          row(1, 'sending'),
          row(2, 'auth-required'),
          row(3, 'lost', { method: 'GET', target: '/positions', description: '', effect: 'read' }),
          row(4, 'unknown'),
          row(5, 'found'),
          row(6, 'missing'),
          row(7, 'too-old', { age: { ms: 16 * MINUTE, isSure: true } }),
          row(8, 'ready', { age: { ms: 0, isSure: false } }),
        ],
      },
      0,
    ),
  },
};
