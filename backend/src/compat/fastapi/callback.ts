import { type Context, type Handler, Hono } from 'hono';
import { brokerOrigins, brokers } from '../../../../utils/shared/brokers/index.ts';
import { MINUTE } from '../../../../utils/shared/time.ts';
import type { BegunLogins } from '../../access/begun-logins.ts';
import { pathTo } from '../../access/path-to.ts';
import type { Account } from '../../config/account.ts';
import { brokerOf } from '../../config/account-name.ts';
import { createSenderLimit } from '../../http/limit.ts';
import type { SenderOf } from '../../http/sender.ts';
import type { Enter } from '../../session/entry.ts';
import { CALLBACK, type Login, loginIn } from './whose-login.ts';

const CALLBACKS_A_MINUTE = 20;

export interface CallbackOptions {
  accounts: readonly Account[];
  enter: Enter;
  logins: BegunLogins;
  /** True when it is known whose login the account takes. */
  isPinned(account: Account): Promise<boolean>;
  /** True for a browser on this machine, with no proxy between. */
  isThisMachine(context: Context): boolean;
  senderOf: SenderOf;
  now(): number;
}

/** `GET` and `POST /api/auth/callback`, the redirect URL of the FastAPI system; with an account's name behind it, of that account. */
export function callbackRoutes(options: CallbackOptions): Hono {
  const callback = callbackRoute(options);
  const routes = new Hono();
  for (const path of [CALLBACK, `${CALLBACK}/:account`]) {
    routes.get(path, callback);
    routes.post(path, callback);
  }
  return routes;
}

/** The token goes the way of a delivery, and the browser on to our own page, with nothing of the request in its address. */
function callbackRoute({ accounts, enter, logins, isPinned, isThisMachine, senderOf, now }: CallbackOptions): Handler {
  const admits = createSenderLimit(CALLBACKS_A_MINUTE, MINUTE);

  return async (context) => {
    const found = await loginIn(context, accounts, logins);
    const result = typeof found === 'string' ? found : await takeLogin(context, found);
    context.header('referrer-policy', 'no-referrer');
    return context.redirect(`${pathTo(context.req.path, '/')}?login=${result}`, 303);
  };

  async function takeLogin(context: Context, login: Login) {
    const begun = await logins.find(context, login.account.name, login.state);
    if (begun.began === 'again') return 'already_used';
    if (begun.began === 'none') {
      // Any page can send a browser here: those are counted, and never the login that was begun here.
      if (!admits(senderOf(context), now())) return 'rate_limited';
      if (!(await isTakenAnyway(context, login.account))) return 'not_begun_here';
    }
    const outcome = await enter(login.account.name, login.token, login.companions);
    // A token of somebody else that the broker or the pinned user refused leaves the login under way.
    if (outcome.ok && begun.began === 'here') await begun.end();
    return outcome.ok ? 'applied' : outcome.reason;
  }

  /** On this machine alone: the extension begins logins too, and a form of ICICI's own page brings no cookie of plain http. */
  async function isTakenAnyway(context: Context, account: Account): Promise<boolean> {
    if (!isThisMachine(context)) return false;
    const origins = brokerOrigins(brokers[brokerOf(account.name)]);
    return (await isPinned(account)) || origins.includes(context.req.header('origin') ?? '');
  }
}
