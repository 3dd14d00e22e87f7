import type { Handler } from 'hono';
import { brokers } from '../../../../utils/shared/brokers/index.ts';
import type { BegunLogins } from '../../access/begun-logins.ts';
import type { Account } from '../../config/account.ts';
import { type AccountName, brokerOf } from '../../config/account-name.ts';

/** `GET /api/auth/login`: on to the broker's own login page. `?broker=zerodha-spouse` names another than the first account. */
export function loginRoute(accounts: readonly Account[], logins: BegunLogins): Handler {
  return (context) => {
    const named = context.req.query('broker') ?? accounts[0]?.name;
    const account = accounts.find(({ name }) => name === named);
    if (account === undefined)
      return context.json({ error: `broker must be one of: ${accounts.map(({ name }) => name).join(', ')}` }, 400);
    const state = logins.begin(context, account.name);
    context.header('referrer-policy', 'no-referrer');
    return context.redirect(brokers[brokerOf(account.name)].loginUrl({ ...account, state }), 303);
  };
}

/** The broker's login page of an account, for a person to open, or nothing; no state comes back from it. */
export function loginUrlOf(accounts: readonly Account[]): (account: AccountName) => string {
  return (broker) => {
    const account = accounts.find(({ name }) => name === broker);
    return account === undefined ? '' : brokers[brokerOf(broker)].loginUrl({ ...account, state: null });
  };
}
