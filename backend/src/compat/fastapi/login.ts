import type { Handler } from 'hono';
import { brokers } from '../../../../utils/shared/brokers/index.ts';
import type { BegunLogins } from '../../access/begun-logins.ts';
import { pathTo } from '../../access/path-to.ts';
import type { Clients } from '../../brokers/clients.ts';
import type { Account } from '../../config/account.ts';
import { type AccountName, brokerOf } from '../../config/account-name.ts';
import { brokerLogin } from '../../console/links.ts';

export interface LoginOptions {
  accounts: readonly Account[];
  clients: Clients;
  logins: BegunLogins;
}

/** `GET /api/auth/login`: on to the broker's own login page. `?broker=zerodha-spouse` names another than the first account. */
export function loginRoute({ accounts, clients, logins }: LoginOptions): Handler {
  return async (context) => {
    const named = context.req.query('broker') ?? accounts[0]?.name;
    const account = accounts.find(({ name }) => name === named);
    if (account === undefined)
      return context.json({ error: `broker must be one of: ${accounts.map(({ name }) => name).join(', ')}` }, 400);
    context.header('referrer-policy', 'no-referrer');
    const { needsConsent, loginUrl } = brokers[brokerOf(account.name)];
    const made = needsConsent ? await clients[account.name]?.consent?.() : undefined;
    if (made?.ok === false) return context.redirect(`${pathTo(context.req.path, '/')}?login=${made.reason}`, 303);
    const state = logins.begin(context, account.name);
    return context.redirect(loginUrl({ ...account, state, consent: made?.consent }), 303);
  };
}

/** Where a person logs in to an account, or nothing; no state comes back from the broker's own page. */
export function loginUrlOf(
  accounts: readonly Account[],
  publicUrl: string | null,
  port: () => number,
): (account: AccountName) => string {
  return (broker) => {
    const account = accounts.find(({ name }) => name === broker);
    return account === undefined ? '' : brokerLogin(account, publicUrl, port());
  };
}
