import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { Spent } from '../store/tables/spent.ts';
import { sameText } from './same-text.ts';

/** What a one-time text is good for. */
export type Purpose = 'sign-in' | 'login';

/** A text that counts once, until `expiresAt`: `id.expiry.signature`. `subject` is part of the signature alone. */
export function issueOneTime(key: Buffer, purpose: Purpose, subject: string, expiresAt: number): string {
  const head = `${randomBytes(16).toString('base64url')}.${expiresAt.toString(36)}`;
  return `${head}.${sign(key, purpose, subject, head)}`;
}

/** `again`: it is ours and counted before. `none`: any other text, and one that is too old. */
export type Spending = 'first' | 'again' | 'none';

/** Lets a text count, in whichever process it comes. */
export async function spendOneTime(
  { key, spent, now }: { key: Buffer; spent: Spent; now(): number },
  purpose: Purpose,
  subject: string,
  text: string,
): Promise<Spending> {
  const [id = '', expiry = '', signature = ''] = text.split('.');
  if (!sameText(signature, sign(key, purpose, subject, `${id}.${expiry}`))) return 'none';
  const expiresAt = Number.parseInt(expiry, 36);
  if (expiresAt <= now()) return 'none';
  return (await spent.spend(id, expiresAt, now())) ? 'first' : 'again';
}

function sign(key: Buffer, purpose: Purpose, subject: string, head: string): string {
  const signing = Buffer.from(hkdfSync('sha256', key, '', `one-time ${purpose}`, 32));
  return createHmac('sha256', signing).update(`${subject}\n${head}`).digest('base64url').slice(0, 32);
}
