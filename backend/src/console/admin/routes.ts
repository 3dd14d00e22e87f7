import { type Context, Hono } from 'hono';
import { readFields, textField } from '../../http/fields.ts';
import { smallBody } from '../../http/guard.ts';
import type { Log } from '../../log/log.ts';
import { PAGE_POLICY } from '../page/policy.ts';
import type { Admin } from './admin.ts';
import { signInPage } from './page.ts';
import { adminOnly, csrfOf, SWITCHED_OFF, tooMany } from './require.ts';

/** `/admin/login`, `/admin/logout` and `/admin/me`. */
export function adminRoutes(admin: Admin | null, log: Log): Hono {
  const routes = new Hono();
  if (admin === null) {
    routes.all('/admin/*', (context) => context.json({ success: false, error: SWITCHED_OFF }, 403));
    return routes;
  }

  const form = (context: Context, problem: string | null, status: 200 | 401 | 403 = 200) => {
    context.header('content-security-policy', PAGE_POLICY);
    return context.html(signInPage(admin.anonymousCsrf(context), problem), status);
  };

  routes.get('/admin/login', async (context) =>
    (await admin.of(context)) === null ? form(context, null) : context.redirect('/'),
  );
  routes.post('/admin/login', smallBody, async (context) => {
    if (!admin.mayTry()) return tooMany(context);
    const fields = await readFields(context);
    if (!admin.isAnonymousCsrf(context, await csrfOf(context)))
      return form(context, 'This form was too old. Try again.', 403);
    if (!admin.isPassword(textField(fields, 'password'))) {
      log({ event: 'admin.refused' });
      return form(context, 'That is not the password.', 401);
    }
    admin.signIn(context);
    log({ event: 'admin.signed_in' });
    return context.redirect('/', 303);
  });
  routes.post('/admin/logout', smallBody, adminOnly(admin), async (context) => {
    const ticket = await admin.of(context);
    if (ticket !== null) await admin.signOut(context, ticket);
    return context.redirect('/', 303);
  });
  routes.get('/admin/me', async (context) => context.json({ signed_in: (await admin.of(context)) !== null }));
  return routes;
}
