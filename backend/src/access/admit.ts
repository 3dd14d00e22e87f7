import type { Context, MiddlewareHandler } from 'hono';
import type { Admin } from '../console/admin/admin.ts';
import { readFields, textField } from '../http/fields.ts';
import type { Self } from '../http/names.ts';
import { pathTo } from './path-to.ts';
import { sameText } from './same-text.ts';
import type { Who } from './table.ts';
import { isThisMachine } from './this-machine.ts';

export const SIGN_IN = '/admin/login';

export interface Access {
  self: Self;
  admin: Admin;
  /** What the person's own programs show. */
  sessionKey: string;
  /** What a collector of metrics shows. */
  metricsKey: string;
  /** False: this sender has shown too many wrong keys within a minute. */
  mayMiss(context: Context): boolean;
}

/** Lets those through who may call the route. A right key counts as often as it comes: wrong ones never lock it out. */
export function admit(who: Who, access: Access): MiddlewareHandler {
  return async (context, next) => {
    const refusal = await refusalFor(who, access, context);
    if (refusal !== null) return refusal;
    await next();
  };
}

async function refusalFor(who: Who, access: Access, context: Context): Promise<Response | null> {
  if (who === 'anyone') return null;
  if ((who === 'this machine' || who === 'metrics') && isThisMachine(context, access.self)) return null;
  const bearer = /^Bearer (.+)$/i.exec(context.req.header('authorization') ?? '')?.[1];
  if (bearer !== undefined) return opens(who, access, bearer) ? null : missed(who, access, context);
  if (who === 'session key') return missed(who, access, context);

  const ticket = await access.admin.of(context);
  if (ticket === null)
    return who === 'page' ? toSignIn(context) : refuse(context, 401, NOT_SIGNED_IN, { login: SIGN_IN });
  // A page can make a browser send its cookie, but cannot read the token that belongs to it.
  const isForged = context.req.method === 'POST' && !sameText(await csrfOf(context), ticket.csrf);
  return isForged ? refuse(context, 403, 'the CSRF token is missing or wrong: load the page again') : null;
}

function opens(who: Who, { admin, sessionKey, metricsKey }: Access, bearer: string): boolean {
  if (sameText(bearer, sessionKey)) return true;
  if (who === 'session key') return false;
  return admin.isPassword(bearer) || (who === 'metrics' && sameText(bearer, metricsKey));
}

const NOT_SIGNED_IN = 'sign in as the administrator first, or show the key that npm run backend:key prints';

function missed(who: Who, access: Access, context: Context): Response {
  if (!access.mayMiss(context)) return tooMany(context, 'too many wrong keys');
  const error = 'the key does not fit: npm run backend:key prints it';
  // The person's own code takes `auth_required` for the end of the session, and this is none of its answers.
  return who === 'session key' ? context.json({ error }, 401) : refuse(context, 401, error);
}

export function tooMany(context: Context, error: string): Response {
  context.header('retry-after', '60');
  return refuse(context, 429, error);
}

/** The token of a POST, in the header or the form field that Django reads. */
export async function csrfOf(context: Context): Promise<string> {
  const inHeader = context.req.header('x-csrftoken');
  return inHeader ?? textField(await readFields(context), 'csrfmiddlewaretoken');
}

/** A login that a browser was about to begin goes on after the sign-in; how one ended is told there. */
function toSignIn(context: Context): Response {
  const { path } = context.req;
  const login = path === '/api/auth/login' ? (context.req.query('broker') ?? 'first') : context.req.query('login');
  const query = login === undefined ? '' : `?login=${encodeURIComponent(login)}`;
  return context.redirect(`${pathTo(path, SIGN_IN)}${query}`, 303);
}

// `auth_required` speaks of the broker's session; a missing sign-in here must not look like one.
function refuse(context: Context, status: 401 | 403 | 429, error: string, more: object = {}): Response {
  return context.json({ success: false, auth_required: false, error, ...more }, status);
}
