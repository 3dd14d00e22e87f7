import { type Context, type Handler, Hono } from 'hono';
import { brokerOrigins, brokers } from '../../../../utils/shared/brokers/index.ts';
import { plainName, valuesOf } from '../../../../utils/shared/brokers/names.ts';
import type { Companions } from '../../../../utils/shared/contract.ts';
import { MINUTE } from '../../../../utils/shared/time.ts';
import type { BegunLogins } from '../../access/begun-logins.ts';
import { pathTo } from '../../access/path-to.ts';
import type { Account } from '../../config/config.ts';
import { readFields } from '../../http/fields.ts';
import { createSenderLimit } from '../../http/limit.ts';
import type { SenderOf } from '../../http/sender.ts';
import type { Enter } from '../../session/entry.ts';

const PATH = '/api/auth/callback';
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

/** `GET` and `POST /api/auth/callback`, the redirect URL of the FastAPI system. */
export function callbackRoutes(options: CallbackOptions): Hono {
  const callback = callbackRoute(options);
  const routes = new Hono();
  routes.get(PATH, callback);
  routes.post(PATH, callback);
  return routes;
}

/** The token goes the way of a delivery, and the browser on to our own page, with nothing of the request in its address. */
function callbackRoute({ accounts, enter, logins, isPinned, isThisMachine, senderOf, now }: CallbackOptions): Handler {
  const admits = createSenderLimit(CALLBACKS_A_MINUTE, MINUTE);

  return async (context) => {
    const login = await loginIn(context, accounts);
    const result = login === null ? 'no_token' : await takeLogin(context, login);
    context.header('referrer-policy', 'no-referrer');
    return context.redirect(`${pathTo(PATH, '/')}?login=${result}`, 303);
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
    return (
      (await isPinned(account)) || brokerOrigins(brokers[account.name]).includes(context.req.header('origin') ?? '')
    );
  }
}

interface Login {
  account: Account;
  token: string;
  companions: Companions;
  state: string;
}

/** The one token of a broker that a redirect carries in its address or its form, or null. */
async function loginIn(context: Context, accounts: readonly Account[]): Promise<Login | null> {
  const parameters = new URLSearchParams(new URL(context.req.url).search);
  if (context.req.method === 'POST')
    for (const [name, value] of Object.entries(await readFields(context)))
      if (typeof value === 'string') parameters.append(name, value);
  const [only, ...others] = accounts.flatMap((account) => loginOf(account, parameters) ?? []);
  // Two brokers may call their tokens alike: a token that may be of either is shown to neither.
  return only !== undefined && others.length === 0 ? only : null;
}

/** The login of one account's broker, or null. */
function loginOf(account: Account, parameters: URLSearchParams): Login | null {
  const { token, stateParameter, companions, isLogin } = brokers[account.name];
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
