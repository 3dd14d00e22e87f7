import type { Context, MiddlewareHandler } from 'hono';
import { readFields, textField } from '../../http/fields.ts';
import type { Admin } from './admin.ts';
import { sameText } from './ticket.ts';

export const SWITCHED_OFF = 'the administrator is not switched on: set ADMIN_PASSWORD and start the backend again';
const SIGN_IN = '/admin/login';

/**
 * Lets the administrator through: by the signed cookie and, on a POST, the CSRF token that belongs to it; or, for a
 * program, by the password as a bearer, which no page can make a browser send.
 */
export function adminOnly(admin: Admin | null): MiddlewareHandler {
  return async (context, next) => {
    if (admin === null) return refuse(context, 403, SWITCHED_OFF);
    const bearer = /^Bearer (.+)$/i.exec(context.req.header('authorization') ?? '')?.[1];
    if (bearer !== undefined) {
      if (!admin.mayTry()) return tooMany(context);
      if (!admin.isPassword(bearer)) return refuse(context, 401, 'the password is wrong');
      return next();
    }
    const ticket = await admin.of(context);
    if (ticket === null) return refuse(context, 401, 'sign in as the administrator first', { login: SIGN_IN });
    if (context.req.method === 'POST' && !sameText(await csrfOf(context), ticket.csrf))
      return refuse(context, 403, 'the CSRF token is missing or wrong: load the page again');
    return next();
  };
}

export function tooMany(context: Context) {
  context.header('retry-after', '60');
  return refuse(context, 429, 'too many sign-ins: wait a minute');
}

/** The token of a POST, in the header or the form field that Django reads. */
export async function csrfOf(context: Context): Promise<string> {
  const inHeader = context.req.header('x-csrftoken');
  return inHeader ?? textField(await readFields(context), 'csrfmiddlewaretoken');
}

// `auth_required` speaks of the broker's session; a missing sign-in here must not look like one.
function refuse(context: Context, status: 401 | 403 | 429, error: string, more: object = {}) {
  return context.json({ success: false, auth_required: false, error, ...more }, status);
}
