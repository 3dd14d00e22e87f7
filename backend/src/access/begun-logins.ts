import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { brokerOrigins, brokers } from '../../../utils/shared/brokers/index.ts';
import type { BrokerId } from '../../../utils/shared/contract.ts';
import { MINUTE, SECOND } from '../../../utils/shared/time.ts';
import { cookiePlace } from '../http/cookies.ts';
import type { Spent } from '../store/tables/spent.ts';
import { issueOneTime, type Spending, spendOneTime } from './one-time.ts';

const LOGIN_COOKIE = 'opening_bell_login';
const LOGIN_LIFETIME_MS = 10 * MINUTE;

export type BegunLogins = ReturnType<typeof createBegunLogins>;

/** Which logins began here: by a state that goes to the broker and back, and by a cookie where it brings none. */
export function createBegunLogins(from: { key: Buffer; publicUrl: string | null; spent: Spent; now(): number }) {
  return {
    /** The state of a new login, remembered in this browser as well. */
    begin(context: Context, account: BrokerId): string {
      const state = issueOneTime(from.key, 'login', account, from.now() + LOGIN_LIFETIME_MS);
      const place = cookiePlace(context, from.publicUrl);
      // A broker's redirect is a navigation from another site, and one that posts a form brings no Lax cookie.
      const sameSite = place.secure && brokers[account].stateParameter === null ? 'None' : 'Lax';
      setCookie(context, LOGIN_COOKIE, state, {
        ...place,
        httpOnly: true,
        sameSite,
        maxAge: LOGIN_LIFETIME_MS / SECOND,
      });
      return state;
    },

    /** Whether a redirect ends a login that began here. Each counts once. */
    async end(context: Context, account: BrokerId, state: string): Promise<Spending> {
      const inCookie = isOfBroker(context, account) ? (getCookie(context, LOGIN_COOKIE) ?? '') : '';
      deleteCookie(context, LOGIN_COOKIE, { path: cookiePlace(context, from.publicUrl).path });
      return spendOneTime(from, 'login', account, state === '' ? inCookie : state);
    },
  };
}

/** A page of anybody can post a form here from the browser that began a login: its origin tells. */
function isOfBroker({ req }: Context, account: BrokerId): boolean {
  return req.method !== 'POST' || brokerOrigins(brokers[account]).includes(req.header('origin') ?? '');
}
