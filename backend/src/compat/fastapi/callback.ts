import { type Context, type Handler, Hono } from 'hono';
import { deleteCookie, getCookie } from 'hono/cookie';
import { brokerOrigins, brokers } from '../../../../utils/shared/brokers/index.ts';
import type { BrokerId } from '../../../../utils/shared/contract.ts';
import { MINUTE } from '../../../../utils/shared/time.ts';
import type { Account } from '../../config/config.ts';
import { sameText } from '../../console/admin/ticket.ts';
import { readFields } from '../../http/fields.ts';
import { smallBody } from '../../http/guard.ts';
import { createLimit } from '../../http/limit.ts';
import type { Enter } from '../../session/entry.ts';
import { LOGIN_COOKIE } from './login.ts';

const CALLBACKS_A_MINUTE = 20;

export interface CallbackOptions {
  accounts: readonly Account[];
  enter: Enter;
  /** True when it is known whose login the account takes. */
  isPinned(account: Account): Promise<boolean>;
  now(): number;
}

/** `GET` and `POST /api/auth/callback`, the redirect URL of the FastAPI system. */
export function callbackRoutes(options: CallbackOptions): Hono {
  const callback = callbackRoute(options);
  const routes = new Hono();
  routes.get('/api/auth/callback', callback);
  routes.post('/api/auth/callback', smallBody, callback);
  return routes;
}

/** The token goes the way of a delivery, and the browser on to our own page, with nothing of the request in its address. */
function callbackRoute({ accounts, enter, isPinned, now }: CallbackOptions): Handler {
  const admits = createLimit(CALLBACKS_A_MINUTE, MINUTE);

  return async (context) => {
    const login = await loginIn(context, accounts);
    const result = login === null ? 'no_token' : await take(context, login);
    deleteCookie(context, LOGIN_COOKIE, { path: '/api/auth' });
    context.header('referrer-policy', 'no-referrer');
    return context.redirect(`/?login=${result}`, 303);
  };

  async function take(context: Context, { account, token, state }: Login) {
    if (!(await isPinned(account)) && !isOurs(context, account.name, state)) return 'not_begun_here';
    if (!admits(now())) return 'rate_limited';
    const outcome = await enter(account.name, token);
    return outcome.ok ? 'applied' : outcome.reason;
  }
}

interface Login {
  account: Account;
  token: string;
  state: string;
}

/** The one token of a broker that a redirect carries in its address or its form, or null. */
async function loginIn(context: Context, accounts: readonly Account[]): Promise<Login | null> {
  const parameters = new URLSearchParams(new URL(context.req.url).search);
  if (context.req.method === 'POST')
    for (const [name, value] of Object.entries(await readFields(context)))
      if (typeof value === 'string') parameters.append(name, value);
  for (const account of accounts) {
    const { token, stateParameter, isLogin } = brokers[account.name];
    const named = [...parameters].filter(([name]) => name.toLowerCase().replaceAll('_', '') === token.parameter);
    const values = [...new Set(named.map(([, value]) => value))];
    const [value = ''] = values;
    if (values.length !== 1 || !token.pattern.test(value) || !isLogin(parameters)) continue;
    return { account, token: value, state: stateParameter === null ? '' : (parameters.get(stateParameter) ?? '') };
  }
  return null;
}

/** Any page can send a browser here with a token of its own: only a login of this browser, or the broker's form, counts. */
function isOurs(context: Context, broker: BrokerId, state: string): boolean {
  const begun = getCookie(context, LOGIN_COOKIE) ?? '';
  if (brokerOrigins(brokers[broker]).includes(context.req.header('origin') ?? '')) return true;
  return begun !== '' && (brokers[broker].stateParameter === null || sameText(state, begun));
}
