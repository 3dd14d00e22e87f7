import type { Context, MiddlewareHandler } from 'hono';
import { type AccountName, brokerOf } from '../config/account-name.ts';

/** Which account of Breeze a request of an older system is for: `?account=icici-spouse` names one, else it is the first. */
export interface BreezeAccount {
  /** Refuses a request that names an account which is not set up. */
  isKnown: MiddlewareHandler;
  of(context: Context): AccountName;
}

export function breezeAccount(names: readonly AccountName[]): BreezeAccount {
  const ours = names.filter((name) => brokerOf(name) === 'icici');
  const find = ({ req }: Context) => ours.find((name) => name === req.query('account'));
  return {
    async isKnown(context, next) {
      if (context.req.query('account') === undefined || find(context) !== undefined) return next();
      const error = `account must be one of: ${ours.join(', ')}`;
      return context.json({ success: false, auth_required: false, error }, 400);
    },
    of: (context) => find(context) ?? ours[0] ?? 'icici',
  };
}
