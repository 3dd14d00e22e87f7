import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { HOUR } from '../../../../utils/shared/time.ts';
import { sameText } from '../../access/same-text.ts';

export const TICKET_LIFETIME_MS = 12 * HOUR;

/** A signed-in administrator: `id` names the sign-in, `csrf` is what each of its POSTs has to carry. */
export interface Ticket {
  id: string;
  expiresAt: number;
  csrf: string;
}

/** The signing key of the tickets. The password is part of it, so that a new password ends every sign-in. */
export function ticketKey(dataKey: Buffer, password: string): Buffer {
  return Buffer.from(hkdfSync('sha256', dataKey, password, 'administrator', 32));
}

/** A new ticket and the text of its cookie: `id.expiry.signature`. */
export function issueTicket(key: Buffer, now: number): { ticket: Ticket; text: string } {
  const id = randomBytes(18).toString('base64url');
  const expiresAt = now + TICKET_LIFETIME_MS;
  return {
    ticket: { id, expiresAt, csrf: sign(key, `csrf ${id}`) },
    text: `${id}.${expiresAt}.${sign(key, `ticket ${id}.${expiresAt}`)}`,
  };
}

/** The ticket of a cookie, or null when it is none of ours, was changed or has expired. */
export function readTicket(key: Buffer, text: string, now: number): Ticket | null {
  const [id = '', expiry = '', signature = ''] = text.split('.');
  if (!sameText(signature, sign(key, `ticket ${id}.${expiry}`))) return null;
  const expiresAt = Number(expiry);
  return expiresAt > now ? { id, expiresAt, csrf: sign(key, `csrf ${id}`) } : null;
}

function sign(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}
