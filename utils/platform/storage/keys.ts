import { toHex } from '../../shared/bytes.ts';
import { keepRecord, readRecord, removeRecord, writeRecord } from './database.ts';

const HMAC = { name: 'HMAC', hash: 'SHA-256' } as const;
const text = new TextEncoder();

/** Keeps bytes as an HMAC key that can be used and never read again by any script, ours included. */
export async function keepKey(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  await writeRecord(`key:${name}`, await importKey(bytes));
}

/** The key of this name, or null when it was never kept or the database lost it. */
export async function readKey(name: string): Promise<CryptoKey | null> {
  const key = await readRecord(`key:${name}`);
  return key instanceof CryptoKey ? key : null;
}

/** The key of this name; where there is none yet, a new random one, which a full disk does not stop either. */
export async function ensureKey(name: string): Promise<CryptoKey> {
  const known = await readKey(name);
  if (known) return known;
  const made = await importKey(crypto.getRandomValues(new Uint8Array(32)));
  await keepRecord(`key:${name}`, made);
  return made;
}

/** The key of the record that holds it. */
export const recordOfKey = (name: string) => `key:${name}`;

export function removeKey(name: string): Promise<void> {
  return removeRecord(`key:${name}`);
}

export async function hmac(key: CryptoKey, message: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, text.encode(message)));
}

export function verifyHmac(key: CryptoKey, message: string, mac: Uint8Array<ArrayBuffer>): Promise<boolean> {
  return crypto.subtle.verify('HMAC', key, mac, text.encode(message));
}

/** The SHA-256 of a text, as hex: names a text, and proves nothing. */
export async function digest(message: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', text.encode(message)));
  return toHex(bytes);
}

function importKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes, HMAC, false, ['sign', 'verify']);
}
