import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { brokerOrigins, brokers } from '../../../utils/shared/brokers/index.ts';
import { MINUTE, SECOND } from '../../../utils/shared/time.ts';
import { type AccountName, brokerOf } from '../config/account-name.ts';
import { cookiePlace } from '../http/cookies.ts';
import type { Spent } from '../store/tables/spent.ts';
import { issueOneTime, lookAtOneTime, spendOneTime } from './one-time.ts';

const LOGIN_COOKIE = 'opening_bell_login';
const LOGIN_LIFETIME_MS = 10 * MINUTE;

export type BegunLogins = ReturnType<typeof createBegunLogins>;

/** Whether a redirect belongs to a login that began here. `end` makes it count no more: call it once the login is taken. */
export type Begun = { began: 'none' | 'again' } | { began: 'here'; end(): Promise<void> };

/** A login that a redirect may be of, and the state that it brings for it. */
interface MaybeBegun {
  account: { name: AccountName };
  state: string;
}

/** Which logins began here: by a state that goes to the broker and back, or by a cookie where the broker brings none. */
export function createBegunLogins(from: { key: Buffer; publicUrl: string | null; spent: Spent; now(): number }) {
  return {
    /** The state of a new login, remembered in this browser where the broker will not bring it back. */
    begin(context: Context, account: AccountName): string {
      const state = issueOneTime(from.key, 'login', account, from.now() + LOGIN_LIFETIME_MS);
      if (bringsState(account)) return state;
      const place = cookiePlace(context, from.publicUrl);
      // A broker's redirect is a navigation from another site, and one that posts a form brings no Lax cookie.
      const sameSite = place.secure ? 'None' : 'Lax';
      setCookie(context, cookieOf(account), state, {
        ...place,
        httpOnly: true,
        sameSite,
        maxAge: LOGIN_LIFETIME_MS / SECOND,
      });
      return state;
    },

    /** Those of these accounts whose login began here and waits: of a state one at most, of cookies as many as were begun. */
    async waiting(context: Context, logins: readonly MaybeBegun[]): Promise<AccountName[]> {
      const found = await Promise.all(
        logins.map(async ({ account: { name: account }, state }) => {
          const text = bringsState(account) ? state : cookieIn(context, account);
          return (await lookAtOneTime(from, 'login', account, text)) === 'none' ? [] : [account];
        }),
      );
      return found.flat();
    },

    /** The login that a redirect belongs to. Any page can send a browser here with its cookies: where a state is due none counts. */
    async find(context: Context, account: AccountName, state: string): Promise<Begun> {
      if (bringsState(account)) {
        const spending = await spendOneTime(from, 'login', account, state);
        return spending === 'first' ? { began: 'here', end: async () => undefined } : { began: spending };
      }
      const cookie = cookieIn(context, account);
      const spending = await lookAtOneTime(from, 'login', account, cookie);
      if (spending !== 'first') return { began: spending };
      return {
        began: 'here',
        async end() {
          await spendOneTime(from, 'login', account, cookie);
          deleteCookie(context, cookieOf(account), { path: cookiePlace(context, from.publicUrl).path });
        },
      };
    },
  };
}

/** True where the broker's redirect brings the state back. */
export const bringsState = (account: AccountName): boolean => brokers[brokerOf(account)].stateParameter !== null;

const cookieOf = (account: AccountName) => `${LOGIN_COOKIE}_${account}`;

function cookieIn(context: Context, account: AccountName): string {
  return isOfBroker(context, account) ? (getCookie(context, cookieOf(account)) ?? '') : '';
}

/** A page of anybody can post a form here from the browser that began a login: its origin tells. */
function isOfBroker({ req }: Context, account: AccountName): boolean {
  return req.method !== 'POST' || brokerOrigins(brokers[brokerOf(account)]).includes(req.header('origin') ?? '');
}
