import { Popup } from '../../../components/popup/popup.tsx';
import type { Round } from '../../../utils/domain/session/round.ts';
import type { Overview } from '../../../utils/domain/view/overview.ts';
import { overview } from '../../../utils/domain/view/overview.ts';
import { viewRound } from '../../../utils/domain/view/round.ts';
import { ist, NOW, WELL, world } from '../../support/samples/samples.ts';
import { actions } from '../actions.ts';
import type { Group, State } from '../group.ts';
import { BY_STATUS, failedLogin, type Known, loggedIn, QUEUE, shownOf, together, worldOf } from '../worlds.ts';

const popup = (shown: () => Overview | null, now = NOW, isSilent = false): State => ({
  view: () => (
    <div class="popup">
      <Popup overview={shown()} now={now} actions={actions} isSilent={isSilent} />
    </div>
  ),
});
const zerodha = { name: 'prod server', expectedUser: 'AB1234' } as const;
const icici = { name: 'family HUF', broker: 'icici', expectedUser: null, confirmedUser: 'AB****' } as const;
const none = () => overview(world({ accounts: [], destinations: [] }), WELL);
const MORNING = ist('2026-11-20 08:48');

/** The two accounts that the README shows. */
const both = () =>
  together([
    {
      account: zerodha,
      facts: loggedIn({ queue: { ...QUEUE, parked: 0, queued: 0, latest: QUEUE.latest.slice(3, 5) } }),
    },
    { account: icici, facts: failedLogin('configuration', 'Public Key does not exist') },
  ]);

const named = (name: string, broker: 'zerodha' | 'icici', known: Known): Known => ({
  ...known,
  account: { ...known.account, name, broker, expectedUser: null },
});
const { never, expired, live, rejected, paused } = BY_STATUS;

/** Three accounts of a household in the morning. */
const three = () =>
  together(
    [named('own', 'zerodha', expired), named('spouse', 'zerodha', expired), named('HUF', 'icici', never)],
    MORNING,
  );

/** As many as a household may have: three that are due, four that need nobody, and one that is paused. */
const eight = () =>
  together([
    named('own', 'zerodha', live),
    named('spouse', 'zerodha', rejected),
    named('HUF', 'zerodha', live),
    named('a friend’s account with a long name', 'zerodha', never),
    named('own', 'icici', live),
    named('spouse', 'icici', never),
    named('HUF', 'icici', live),
    named('a friend’s', 'icici', paused),
  ]);

const inRound = (shown: Overview, turn: number, step: Round['step']): Overview => ({
  ...shown,
  round: viewRound({ accounts: ['account1', 'account2', 'account3'], turn, step }, shown.accounts),
});

/** The toolbar popup. */
export const popups: Group = {
  name: 'popup',
  title: 'The popup',
  few: ['two accounts', 'morning', 'three accounts are due', 'the first of three logs in', 'no account'],
  states: {
    'two accounts': popup(both),
    morning: popup(
      () =>
        together(
          [
            { account: zerodha, facts: BY_STATUS.expired.facts },
            { account: icici, facts: loggedIn({ at: MORNING - 120_000 }, MORNING - 17 * 60_000) },
          ],
          MORNING,
        ),
      MORNING,
    ),
    'three accounts': popup(() =>
      together([{ account: zerodha, facts: loggedIn() }, { account: icici, facts: loggedIn() }, BY_STATUS.unreachable]),
    ),
    'one account is due': popup(() => shownOf(expired), MORNING),
    'three accounts are due': popup(three, MORNING),
    'the first of three logs in': popup(() => inRound(three(), 0, { is: 'open', since: MORNING }), MORNING),
    'the last of three logs in': popup(() => inRound(three(), 2, { is: 'open', since: MORNING }), MORNING),
    'stopped at the first of three': popup(
      () => inRound(three(), 0, { is: 'stopped', why: 'closed', words: null, at: MORNING }),
      MORNING,
    ),
    'eight accounts': popup(eight),
    reading: popup(() => null),
    'the background is silent': popup(() => shownOf(BY_STATUS.verified), NOW, true),
    'silent from the first': popup(() => null, NOW, true),
    'no account': popup(none),
    'setting up': popup(() => shownOf(BY_STATUS.setup)),
    'settings lost': popup(() => overview(world({ accounts: [], destinations: [] }), { ...WELL, isLost: true })),
    'disk full, a record damaged': popup(() =>
      overview(worldOf(BY_STATUS.live), {
        ...WELL,
        isFull: true,
        damaged: [
          {
            key: 'destination:abcd2345',
            problems: [{ field: 'record', message: 'does not match its checksum' }],
            isNewer: false,
          },
          {
            key: 'account:abcd2345',
            problems: [{ field: 'record', message: 'was written by a newer version' }],
            isNewer: true,
          },
        ],
      }),
    ),
    holiday: popup(() => shownOf({ ...BY_STATUS.verified, now: ist('2026-11-24 10:00') }), ist('2026-11-24 10:00')),
  },
};
