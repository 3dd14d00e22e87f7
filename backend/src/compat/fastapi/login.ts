import { randomBytes } from 'node:crypto';
import type { Handler } from 'hono';
import { setCookie } from 'hono/cookie';
import { brokers } from '../../../../utils/shared/brokers/index.ts';
import type { BrokerId } from '../../../../utils/shared/contract.ts';
import { MINUTE, SECOND } from '../../../../utils/shared/time.ts';
import type { Account } from '../../config/config.ts';

export const LOGIN_COOKIE = 'opening_bell_login';
const LOGIN_LIFETIME_MS = 10 * MINUTE;

/** `GET /api/auth/login`: on to the broker's own login page. `?broker=icici` names another than the first account. */
export function loginRoute(accounts: readonly Account[]): Handler {
  return (context) => {
    const named = context.req.query('broker') ?? accounts[0]?.name;
    const account = accounts.find(({ name }) => name === named);
    if (account === undefined)
      return context.json({ error: `broker must be one of: ${accounts.map(({ name }) => name).join(', ')}` }, 400);
    const state = randomBytes(16).toString('base64url');
    // Lax: the broker's redirect back is a navigation from another site.
    setCookie(context, LOGIN_COOKIE, state, {
      path: '/api/auth',
      httpOnly: true,
      sameSite: 'Lax',
      maxAge: LOGIN_LIFETIME_MS / SECOND,
    });
    context.header('referrer-policy', 'no-referrer');
    return context.redirect(brokers[account.name].loginUrl(account.apiKey, state), 303);
  };
}

/** The broker's login page of an account, for a person to open, or nothing; no state comes back from it. */
export function loginUrlOf(accounts: readonly Account[]): (account: BrokerId) => string {
  return (broker) => {
    const account = accounts.find(({ name }) => name === broker);
    if (account === undefined) return '';
    const url = new URL(brokers[broker].loginUrl(account.apiKey, ''));
    url.searchParams.delete('redirect_params');
    return url.href;
  };
}
