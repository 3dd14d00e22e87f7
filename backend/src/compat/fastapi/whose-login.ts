import type { Context } from 'hono';
import { brokers } from '../../../../utils/shared/brokers/index.ts';
import { plainName, valuesOf } from '../../../../utils/shared/brokers/names.ts';
import type { Companions } from '../../../../utils/shared/contract.ts';
import { type BegunLogins, bringsState } from '../../access/begun-logins.ts';
import type { Account } from '../../config/account.ts';
import { brokerOf } from '../../config/account-name.ts';
import { readFields } from '../../http/fields.ts';

export const CALLBACK = '/api/auth/callback';

export interface Login {
  account: Account;
  token: string;
  companions: Companions;
  state: string;
}

/** The one login that a redirect carries in its address or its form. `which_account`: nobody can tell whose it is. */
export async function loginIn(
  context: Context,
  accounts: readonly Account[],
  logins: BegunLogins,
): Promise<Login | 'no_token' | 'which_account'> {
  const parameters = new URLSearchParams(new URL(context.req.url).search);
  if (context.req.method === 'POST')
    for (const [name, value] of Object.entries(await readFields(context)))
      if (typeof value === 'string') parameters.append(name, value);
  const found = accounts.flatMap((account) => loginOf(account, parameters) ?? []);
  return found.length === 0 ? 'no_token' : ((await whose(context, found, logins)) ?? 'which_account');
}

/** Of the accounts that a login may be for: the one it is for, or null. It is never guessed. */
async function whose(context: Context, found: readonly Login[], logins: BegunLogins): Promise<Login | null> {
  const named = context.req.param('account');
  const atPath = found.filter(({ account }) => account.name === named);
  const begun = await logins.waiting(context, found);
  const waiting = found.filter(({ account }) => begun.includes(account.name));
  // A state is of one account alone; a cookie says only that a login of that account began in this browser as well.
  const certain = only(waiting.filter(({ account }) => bringsState(account.name)));
  if (certain !== null) return certain;
  if (named !== undefined) return only(atPath);
  // Brokers call their tokens alike: one that may be of either is shown to neither.
  if (new Set(found.map(({ account }) => brokerOf(account.name))).size > 1) return null;
  if (waiting.length > 0) return only(waiting);
  return only(found) ?? only(found.filter(({ account }) => isRegistered(account, context.req.path)));
}

const only = (logins: readonly Login[]): Login | null => (logins.length === 1 ? (logins[0] ?? null) : null);

/** True where the redirect URL of the account's app has this path, or ends with it behind a proxy. */
function isRegistered({ redirectUrl }: Account, path: string): boolean {
  return new URL(redirectUrl).pathname.endsWith(path);
}

/** The login of one account's broker, or null. */
function loginOf(account: Account, parameters: URLSearchParams): Login | null {
  const { token, stateParameter, companions, isLogin } = brokers[brokerOf(account.name)];
  const [value = '', ...more] = valuesOf(parameters, token.names);
  if (more.length > 0 || !token.pattern.test(value) || !isLogin(parameters)) return null;
  const beside = companions.map(({ name, names }) => [name, valuesOf(parameters, names)] as const);
  if (beside.some(([, values]) => values.length !== 1)) return null;
  const states = stateParameter === null ? [] : valuesOf(parameters, [plainName(stateParameter)]);
  return {
    account,
    token: value,
    companions: Object.fromEntries(beside.map(([name, [only = '']]) => [name, only])),
    state: states[0] ?? '',
  };
}
