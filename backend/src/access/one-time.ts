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

interface OneTime {
  key: Buffer;
  spent: Spent;
  now(): number;
}

/** Lets a text count, in whichever process it comes. */
export async function spendOneTime(one: OneTime, purpose: Purpose, subject: string, text: string): Promise<Spending> {
  const ours = readOneTime(one, purpose, subject, text);
  if (ours === null) return 'none';
  return (await one.spent.spend(ours.id, ours.expiresAt, one.now())) ? 'first' : 'again';
}

/** What a text would count as, which it may do later. */
export async function lookAtOneTime(one: OneTime, purpose: Purpose, subject: string, text: string): Promise<Spending> {
  const ours = readOneTime(one, purpose, subject, text);
  if (ours === null) return 'none';
  return (await one.spent.isSpent(ours.id)) ? 'again' : 'first';
}

function readOneTime({ key, now }: OneTime, purpose: Purpose, subject: string, text: string) {
  const [id = '', expiry = '', signature = ''] = text.split('.');
  if (!sameText(signature, sign(key, purpose, subject, `${id}.${expiry}`))) return null;
  const expiresAt = Number.parseInt(expiry, 36);
  return expiresAt > now() ? { id, expiresAt } : null;
}

function sign(key: Buffer, purpose: Purpose, subject: string, head: string): string {
  const signing = Buffer.from(hkdfSync('sha256', key, '', `one-time ${purpose}`, 32));
  return createHmac('sha256', signing).update(`${subject}\n${head}`).digest('base64url').slice(0, 32);
}
