import { describe, expect, it } from 'vitest';
import type { Account } from '../../../utils/domain/accounts/settings.ts';
import type { Login } from '../../../utils/domain/capture/capture.ts';
import type { SessionFacts } from '../../../utils/domain/session/facts.ts';
import { viewLogOut } from '../../../utils/domain/view/log-out.ts';
import { MINUTE } from '../../../utils/shared/time.ts';
import { account, facts, login, NOW, report, session, shown, trouble, world } from '../../support/samples/samples.ts';

const refused = login({ at: NOW - MINUTE, page: { is: 'refused', at: NOW } });
const wrongUser = shown({ end: 'failed', trouble: trouble('wrong_account') });
const alive = (id: string, user: string | null) =>
  facts({ destination: id, report: report({ session: session({ user }) }) });

interface Told {
  of?: Partial<Account>;
  others?: Account[];
  logins?: Login[];
  known?: SessionFacts[];
  last?: Parameters<typeof viewLogOut>[1];
}

function told({ of = {}, others = [], logins = [], known = [], last = null }: Told) {
  const one = account(of);
  return viewLogOut(
    one,
    last,
    world({ accounts: [one, ...others], logins, facts: new Map(known.map((fact) => [fact.destination, fact])) }),
  );
}

describe('a login that came to nothing at the broker is said with what may mend it (CAP-14)', () => {
  const pending = { delivery: 'd', via: 'redirect' as const, capturedAt: NOW - 1 };
  it.each<[what: string, told: Told, why: string | null]>([
    ['no login under way', {}, null],
    ['the broker refused its last step', { logins: [refused] }, 'last-step'],
    ['a newer login is under way', { logins: [refused, login({ tab: 8, at: NOW })] }, null],
    ['another account’s login', { logins: [{ ...refused, account: 'account2' }] }, null],
    ['a token came since', { logins: [refused], known: [facts({ pending })] }, null],
    ['a login is paused', { of: { paused: true }, logins: [refused] }, null],
    ['the token was another person’s', { last: wrongUser }, 'other-user'],
    ['the login was tried again since', { logins: [login({ at: NOW })], last: wrongUser }, null],
    ['another trouble', { last: shown({ end: 'failed', trouble: trouble('token_spent') }) }, null],
    ['the wrong person at a broker without a log-out', { of: { broker: 'icici' }, last: wrongUser }, null],
  ])('%s', (_, world, why) => {
    expect(told(world)?.why ?? null).toBe(why);
  });

  it('no log-out is offered where none is known', () => {
    const long = login({ at: NOW - 6 * MINUTE, page: { is: 'usual', at: NOW } });
    expect(told({ of: { broker: 'icici' }, logins: [long] })).toMatchObject({ why: 'too-long', offer: null });
  });

  const second = account({ id: 'account2', name: 'spouse' });
  const third = account({ id: 'account3', name: 'huf' });
  const elsewhere = account({ id: 'account4', broker: 'icici', name: 'other broker' });
  const long = login({ at: NOW - 6 * MINUTE, page: { is: 'usual', at: NOW } });
  it.each<[whose: string, told: Told, button: string]>([
    ['nobody who is known', { logins: [refused] }, 'Log out of Zerodha and log in again'],
    [
      'another person whose session lives',
      { logins: [refused], others: [second], known: [alive('account2', 'CD****')] },
      'Log CD**** out of Zerodha and log in again',
    ],
    [
      'one of several, by name where no user is known',
      { logins: [refused], others: [second, third], known: [alive('account2', 'CD****'), alive('account3', null)] },
      'Log CD**** or huf out of Zerodha and log in again',
    ],
    [
      'two whose masked users are alike, by the names of their accounts',
      { logins: [refused], others: [second, third], known: [alive('account2', 'CD****'), alive('account3', 'CD****')] },
      'Log spouse or huf out of Zerodha and log in again',
    ],
    [
      'another broker’s',
      { logins: [refused], others: [elsewhere], known: [alive('account4', 'EF****')] },
      'Log out of Zerodha and log in again',
    ],
    [
      'the account’s own, which the broker refused',
      { logins: [refused], known: [alive('destination1', 'AB****')] },
      'Log out of Zerodha and log in again',
    ],
    [
      'the account’s own, which may be the one',
      { logins: [long], known: [alive('destination1', 'AB****')] },
      'Log AB**** out of Zerodha and log in again',
    ],
  ])('the button says whose session may end: %s', (_, world, button) => {
    expect(told(world)?.offer?.button).toBe(button);
  });
});
