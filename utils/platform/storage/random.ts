import { toBase32 } from '../../shared/bytes.ts';

/** A fresh name that nobody can guess: the prefix and 26 base32 letters, 130 random bits. */
export function randomId(prefix: string): string {
  return prefix + toBase32(crypto.getRandomValues(new Uint8Array(17))).slice(0, 26);
}

/** A fresh name of a record of ours: 16 base32 letters. */
export function recordId(): string {
  return randomId('').slice(0, 16);
}
