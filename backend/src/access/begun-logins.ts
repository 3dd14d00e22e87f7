import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { brokerOrigins, brokers } from '../../../utils/shared/brokers/index.ts';
import type { BrokerId } from '../../../utils/shared/contract.ts';
import { MINUTE, SECOND } from '../../../utils/shared/time.ts';
import { cookiePlace } from '../http/cookies.ts';
import type { Spent } from '../store/tables/spent.ts';
import { issueOneTime, lookAtOneTime, spendOneTime } from './one-time.ts';

const LOGIN_COOKIE = 'opening_bell_login';
const LOGIN_LIFETIME_MS = 10 * MINUTE;

export type BegunLogins = ReturnType<typeof createBegunLogins>;

/** Whether a redirect belongs to a login that began here. `end` makes it count no more: call it once the login is taken. */
export type Begun = { began: 'none' | 'again' } | { began: 'here'; end(): Promise<void> };

/** Which logins began here: by a state that goes to the broker and back, or by a cookie where the broker brings none. */
export function createBegunLogins(from: { key: Buffer; publicUrl: string | null; spent: Spent; now(): number }) {
  return {
    /** The state of a new login, remembered in this browser where the broker will not bring it back. */
    begin(context: Context, account: BrokerId): string {
      const state = issueOneTime(from.key, 'login', account, from.now() + LOGIN_LIFETIME_MS);
      if (brokers[account].stateParameter !== null) return state;
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

    /** The login that a redirect belongs to. Any page can send a browser here with its cookies: where a state is due none counts. */
    async find(context: Context, account: BrokerId, state: string): Promise<Begun> {
      if (brokers[account].stateParameter !== null) {
        const spending = await spendOneTime(from, 'login', account, state);
        return spending === 'first' ? { began: 'here', end: async () => undefined } : { began: spending };
      }
      const cookie = isOfBroker(context, account) ? (getCookie(context, cookieOf(account)) ?? '') : '';
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

const cookieOf = (account: BrokerId) => `${LOGIN_COOKIE}_${account}`;

/** A page of anybody can post a form here from the browser that began a login: its origin tells. */
function isOfBroker({ req }: Context, account: BrokerId): boolean {
  return req.method !== 'POST' || brokerOrigins(brokers[account]).includes(req.header('origin') ?? '');
}
