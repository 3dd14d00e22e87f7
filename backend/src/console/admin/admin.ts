import { randomBytes } from 'node:crypto';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { MINUTE, SECOND } from '../../../../utils/shared/time.ts';
import { issueOneTime, spendOneTime } from '../../access/one-time.ts';
import { sameText } from '../../access/same-text.ts';
import { cookiePlace } from '../../http/cookies.ts';
import { createSenderLimit } from '../../http/limit.ts';
import type { SenderOf } from '../../http/sender.ts';
import type { Spent } from '../../store/tables/spent.ts';
import { issueTicket, readTicket, TICKET_LIFETIME_MS, type Ticket, ticketKey } from './ticket.ts';

const TICKET_COOKIE = 'opening_bell_admin';
/** The name that Django gives it, so that a page written for Django finds it. */
const CSRF_COOKIE = 'csrftoken';
const SIGN_INS_A_MINUTE = 10;

export interface AdminOptions {
  spent: Spent;
  key: Buffer;
  /** Null: only a one-time key signs in. */
  password: string | null;
  publicUrl: string | null;
  senderOf: SenderOf;
  now(): number;
}

export type Admin = ReturnType<typeof createAdmin>;

/** A key that signs the administrator in once. Whoever can read the key of the data can make one. */
export function oneTimeKey(dataKey: Buffer, now: number): string {
  return issueOneTime(dataKey, 'sign-in', '', now + TICKET_LIFETIME_MS);
}

/** The one administrator of this backend: a one-time key or a password, a signed cookie, and a CSRF token for each sign-in. */
export function createAdmin({ spent, key: dataKey, password, publicUrl, senderOf, now }: AdminOptions) {
  const key = ticketKey(dataKey, password ?? '');
  const admits = createSenderLimit(SIGN_INS_A_MINUTE, MINUTE);

  // Lax, not Strict: the broker's redirect leads back to our page. What changes anything is a POST with a CSRF token.
  const attributes = (context: Context) => ({ ...cookiePlace(context, publicUrl), sameSite: 'Lax' }) as const;

  const remember = (context: Context, csrf: string) =>
    setCookie(context, CSRF_COOKIE, csrf, { ...attributes(context), maxAge: TICKET_LIFETIME_MS / SECOND });

  return {
    hasPassword: password !== null,

    /** Who sent this request, or null. */
    async of(context: Context): Promise<Ticket | null> {
      const ticket = readTicket(key, getCookie(context, TICKET_COOKIE) ?? '', now());
      return ticket === null || (await spent.isSpent(ticket.id)) ? null : ticket;
    },

    isPassword: (given: string): boolean => password !== null && sameText(given, password),

    /** True once for each one-time key. */
    isOneTimeKey: async (given: string): Promise<boolean> =>
      (await spendOneTime({ key: dataKey, spent, now }, 'sign-in', '', given)) === 'first',

    /** False: too many sign-ins of this sender within a minute, right or wrong. */
    mayTry: (context: Context): boolean => admits(senderOf(context), now()),

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
      await spent.spend(id, expiresAt, now());
      const { path } = cookiePlace(context, publicUrl);
      deleteCookie(context, TICKET_COOKIE, { path });
      deleteCookie(context, CSRF_COOKIE, { path });
    },
  };
}
