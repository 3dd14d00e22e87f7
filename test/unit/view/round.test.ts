import { describe, expect, it } from 'vitest';
import type { Round, Turn } from '../../../utils/domain/session/round.ts';
import { isLoginDue, isNextDue } from '../../../utils/domain/view/due.ts';
import type { AccountView } from '../../../utils/domain/view/overview.ts';
import { isWell, type TurnWorld, turnOf, viewRound } from '../../../utils/domain/view/round.ts';
import { STATUSES, type Status } from '../../../utils/domain/view/status.ts';
import { MINUTE } from '../../../utils/shared/time.ts';
import { BY_STATUS, failedLogin, together, viewOf } from '../../gallery/worlds.ts';
import { delivery, facts, login, NOW, trouble } from '../../support/samples/samples.ts';

const SINCE = NOW - MINUTE;
const asked = (view: AccountView): AccountView => ({
  ...view,
  ask: { id: 'a', says: '', yes: '', at: 0, expiresAt: 0 },
});

describe('a login is the thing to do', () => {
  const DUE: Status[] = ['rejected', 'expired', 'never', 'renew-now', 'due-soon'];
  it.each(STATUSES)('of an account that is %s, or not', (status) => {
    const view = viewOf(BY_STATUS[status]);
    // What failed here asks for another login.
    expect(isLoginDue(view)).toBe(DUE.includes(status) || status === 'failed');
  });

  it.each<[what: string, view: AccountView, isDue: boolean]>([
    ['an account whose destination has to be paired anew', viewOf({ facts: failedLogin('bad_signature') }), false],
    ['an account that has a question', asked(viewOf(BY_STATUS.never)), false],
    ['an account of whom somebody else is logged in', viewOf({ facts: failedLogin('wrong_account') }), false],
    ['an account that has neither', viewOf(BY_STATUS.never), true],
  ])('with the others, of %s', (_what, view, isDue) => expect(isNextDue(view)).toBe(isDue));

  it.each<[what: string, view: AccountView | undefined, expected: boolean]>([
    ['one that is live', viewOf(BY_STATUS.live), true],
    ['one that is gone', undefined, true],
    ['one that is due', viewOf(BY_STATUS.expired), false],
    ['one that failed', viewOf(BY_STATUS.failed), false],
    ['one that has a question', asked(viewOf(BY_STATUS.live)), false],
  ])('and nothing is left to do for %s', (_what, view, expected) => expect(isWell(view)).toBe(expected));
});

describe('what is known of the login whose turn it is', () => {
  const none: TurnWorld = {
    deliveries: [],
    facts: new Map(),
    logins: [],
    outcomes: [],
    seen: [],
    openTabs: new Set([7]),
  };
  const outcome = { tab: 7, account: 'account1', what: 'empty', at: NOW } as const;
  const ended = (change: Partial<Parameters<typeof delivery>[0]>) => [
    delivery({ state: 'ended', endedAt: NOW, ...change }),
  ];
  it.each<[what: string, world: Partial<TurnWorld>, expected: Partial<Turn>]>([
    ['nothing yet', {}, { isDue: true, token: 'none', tab: 'none', isEmpty: false, isJudging: false, isGone: false }],
    ['its tab is open', { logins: [login()] }, { tab: 'open' }],
    ['its tab is being opened', { logins: [login({ tab: -1 })] }, { tab: 'open' }],
    ['its tab is gone', { logins: [login({ tab: 8 })] }, { tab: 'closed' }],
    ['one of two tabs is open', { logins: [login({ tab: 8 }), login()] }, { tab: 'open' }],
    ['the tab of an older login', { logins: [login({ at: SINCE - 1 })] }, { tab: 'none' }],
    ['the tab of another account', { logins: [login({ account: 'account2' })] }, { tab: 'none' }],
    ['its token is under way', { deliveries: [delivery()] }, { token: 'under-way' }],
    ['its token arrived', { deliveries: ended({ end: 'applied' }) }, { token: 'over' }],
    ['its token was accepted', { deliveries: ended({ end: 'accepted' }) }, { token: 'over' }],
    [
      'its token was refused',
      { deliveries: ended({ end: 'failed', trouble: trouble('token_spent') }) },
      { token: 'failed' },
    ],
    [
      'there is a newer session',
      { deliveries: ended({ end: 'failed', trouble: trouble('superseded') }) },
      { token: 'over' },
    ],
    ['an older token arrived', { deliveries: ended({ end: 'applied', capturedAt: SINCE - 1 }) }, { token: 'none' }],
    [
      'its token arrived, and only the facts know',
      {
        facts: new Map([
          [
            'destination1',
            facts({
              login: { delivery: 'd', via: 'redirect', capturedAt: NOW, endedAt: NOW, end: 'applied', trouble: null },
            }),
          ],
        ]),
      },
      { token: 'over' },
    ],
    ['its redirect was empty', { outcomes: [outcome] }, { isEmpty: true }],
    ['its redirect was captured', { outcomes: [{ ...outcome, what: 'captured' }] }, { isEmpty: false }],
    ['an older redirect was empty', { outcomes: [{ ...outcome, at: SINCE - 1 }] }, { isEmpty: false }],
    ['another’s redirect was empty', { outcomes: [{ ...outcome, account: 'account2' }] }, { isEmpty: false }],
  ])('%s', (_what, world, expected) =>
    expect(turnOf(viewOf(BY_STATUS.never), 'account1', SINCE, { ...none, ...world })).toMatchObject(expected),
  );

  it('a delivery that waits for a person counts as failed', () => {
    const world = { deliveries: [delivery({ state: 'held', trouble: trouble('configuration') })] };
    const view = viewOf({ world });
    expect(turnOf(view, 'account1', SINCE, { ...none, ...world }).token).toBe('failed');
  });

  it.each<[what: string, view: AccountView | undefined, expected: Partial<Turn>]>([
    ['was paused', viewOf(BY_STATUS.paused), { isGone: true }],
    ['was forgotten', undefined, { isGone: true, isDue: false, isAsked: false, isStuck: false, token: 'none' }],
    ['has a question', asked(viewOf(BY_STATUS.never)), { isAsked: true }],
    ['was another person’s', viewOf({ facts: failedLogin('wrong_account') }), { isStuck: true }],
  ])('the account %s', (_what, view, expected) =>
    expect(turnOf(view, 'account1', SINCE, none)).toMatchObject(expected),
  );
});

describe('what the popup says of a round', () => {
  const { accounts } = together([BY_STATUS.never, BY_STATUS.live, BY_STATUS.expired]);
  const round = (change: Partial<Round> = {}): Round => ({
    accounts: ['account1', 'account2', 'account3'],
    turn: 0,
    step: { is: 'open', since: SINCE },
    ...change,
  });
  const stopped = (words: string | null) => ({ is: 'stopped', why: 'late', words, at: NOW }) as const;
  it.each<[what: string, round: Round | null, says: string | undefined, left: string[] | undefined]>([
    ['nothing without one', null, undefined, undefined],
    ['nothing of an account that is gone', round({ accounts: ['account9'] }), undefined, undefined],
    [
      'whose turn it is, and that more follow',
      round(),
      'Login 1 of 3: Zerodha prod server. The next login page opens when your backend has this login.',
      ['account3'],
    ],
    ['that it is the last', round({ turn: 2 }), 'Login 3 of 3: Zerodha prod server.', []],
    [
      'why it stopped',
      round({ step: stopped(null) }),
      'Stopped at login 1 of 3: Zerodha prod server. No login came within 10 minutes.',
      ['account3'],
    ],
    [
      'why no page could be opened, in the words of that',
      round({ step: stopped('Consent was refused.') }),
      'Stopped at login 1 of 3: Zerodha prod server. Consent was refused.',
      ['account3'],
    ],
  ])('%s', (_what, one, says, left) => {
    const view = viewRound(one, accounts);
    expect([view?.says, view?.left]).toEqual([says, left]);
  });
});
