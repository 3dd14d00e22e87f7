import { type Context, Hono } from 'hono';
import { csrfOf, SIGN_IN, tooMany } from '../../access/admit.ts';
import { pathTo } from '../../access/path-to.ts';
import type { AccountName } from '../../config/account-name.ts';
import { readFields, textField } from '../../http/fields.ts';
import { jsonOnly } from '../../http/guard.ts';
import type { Log } from '../../log/log.ts';
import { PAGE_POLICY } from '../page/policy.ts';
import type { Admin } from './admin.ts';
import { signInPage } from './page.ts';

const TOO_MANY = 'too many sign-ins: wait a minute';

export interface AdminRoutes {
  admin: Admin;
  /** The accounts, the one first whose login is meant where nobody names one. */
  accounts: readonly { name: AccountName }[];
  log: Log;
}

/** The sign-in by password or one-time key, the sign-out, and whether somebody is signed in. */
export function adminRoutes({ admin, accounts, log }: AdminRoutes): Hono {
  const routes = new Hono();

  /** The account whose login is to go on after the sign-in, or null. */
  const loginOf = (text: string): AccountName | null =>
    (text === 'first' ? accounts[0] : accounts.find(({ name }) => name === text))?.name ?? null;

  const page = async (context: Context, login: string, problem: string | null, status: 200 | 401 | 403 = 200) => {
    const isIn = (await admin.of(context)) !== null;
    context.header('content-security-policy', PAGE_POLICY);
    context.header('referrer-policy', 'same-origin');
    const csrf = isIn || !admin.hasPassword ? '' : admin.anonymousCsrf(context);
    const { hasPassword } = admin;
    return context.html(signInPage({ csrf, problem, login: loginOf(login), hasPassword, isIn }), status);
  };

  routes.get(SIGN_IN, (context) => page(context, context.req.query('login') ?? '', null));

  routes.post(SIGN_IN, async (context) => {
    if (!admin.mayTry(context)) return tooMany(context, TOO_MANY);
    const fields = await readFields(context);
    const login = textField(fields, 'login');
    if (!admin.isAnonymousCsrf(context, await csrfOf(context)))
      return page(context, login, 'This form was too old. Try again.', 403);
    if (!admin.isPassword(textField(fields, 'password'))) {
      log({ event: 'admin.refused' });
      return page(context, login, 'That is not the password.', 401);
    }
    admin.signIn(context);
    log({ event: 'admin.signed_in' });
    const broker = loginOf(login);
    // Not on to the broker: `form-action` holds for where a form's answer leads, so a browser would stop there.
    return context.redirect(broker === null ? '../' : `login?login=${broker}`, 303);
  });

  routes.post('/admin/key', jsonOnly, async (context) => {
    if (!admin.mayTry(context)) return tooMany(context, TOO_MANY);
    if (!(await admin.isOneTimeKey(textField(await readFields(context), 'key')))) {
      log({ event: 'admin.refused' });
      return context.json(
        { success: false, error: 'that key was used or is too old: npm run backend:open prints another' },
        401,
      );
    }
    admin.signIn(context);
    log({ event: 'admin.signed_in' });
    return context.json({ success: true });
  });

  routes.post('/admin/logout', async (context) => {
    const ticket = await admin.of(context);
    if (ticket !== null) await admin.signOut(context, ticket);
    return context.redirect(pathTo('/admin/logout', SIGN_IN), 303);
  });

  routes.get('/admin/me', (context) => context.json({ signed_in: true }));
  return routes;
}
