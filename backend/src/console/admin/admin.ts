import { randomBytes } from 'node:crypto';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { MINUTE, SECOND } from '../../../../utils/shared/time.ts';
import { parseUrl } from '../../../../utils/shared/urls.ts';
import { createLimit } from '../../http/limit.ts';
import type { AdminSessions } from '../../store/tables/admin-sessions.ts';
import { issueTicket, readTicket, sameText, TICKET_LIFETIME_MS, type Ticket, ticketKey } from './ticket.ts';

const TICKET_COOKIE = 'opening_bell_admin';
/** The name that Django gives it, so that a page written for Django finds it. */
const CSRF_COOKIE = 'csrftoken';
const SIGN_INS_A_MINUTE = 10;

export interface AdminOptions {
  adminSessions: AdminSessions;
  key: Buffer;
  password: string;
  publicUrl: string | null;
  now(): number;
}

export type Admin = ReturnType<typeof createAdmin>;

/** The one administrator of this backend: a password, a signed cookie, and a CSRF token for each sign-in. */
export function createAdmin({ adminSessions, key: dataKey, password, publicUrl, now }: AdminOptions) {
  const key = ticketKey(dataKey, password);
  const admits = createLimit(SIGN_INS_A_MINUTE, MINUTE);
  const publicHost = publicUrl === null ? null : parseUrl(publicUrl)?.host;

  const attributes = (context: Context) =>
    ({
      path: '/',
      sameSite: 'Strict',
      // A browser keeps no Secure cookie of plain http, and on 127.0.0.1 there is no other.
      secure: publicUrl?.startsWith('https:') === true && context.req.header('host') === publicHost,
    }) as const;

  const remember = (context: Context, csrf: string) =>
    setCookie(context, CSRF_COOKIE, csrf, { ...attributes(context), maxAge: TICKET_LIFETIME_MS / SECOND });

  return {
    /** Who sent this request, or null. */
    async of(context: Context): Promise<Ticket | null> {
      const ticket = readTicket(key, getCookie(context, TICKET_COOKIE) ?? '', now());
      return ticket === null || (await adminSessions.isEnded(ticket.id)) ? null : ticket;
    },

    isPassword: (given: string): boolean => sameText(given, password),

    /** False: too many sign-ins within a minute, right or wrong. */
    mayTry: (): boolean => admits(now()),

    /** A CSRF token for the sign-in form, remembered in a cookie as well. */
    anonymousCsrf(context: Context): string {
      const csrf = randomBytes(32).toString('base64url');
      remember(context, csrf);
      return csrf;
    },

    isAnonymousCsrf: (context: Context, given: string): boolean =>
      given !== '' && sameText(given, getCookie(context, CSRF_COOKIE) ?? ''),

    signIn(context: Context): void {
      const { ticket, text } = issueTicket(key, now());
      const maxAge = TICKET_LIFETIME_MS / SECOND;
      setCookie(context, TICKET_COOKIE, text, { ...attributes(context), httpOnly: true, maxAge });
      remember(context, ticket.csrf);
    },

    async signOut(context: Context, { id, expiresAt }: Ticket): Promise<void> {
      await adminSessions.end(id, expiresAt, now());
      deleteCookie(context, TICKET_COOKIE, { path: '/' });
      deleteCookie(context, CSRF_COOKIE, { path: '/' });
    },
  };
}
