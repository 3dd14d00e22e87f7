import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts `text` for one place only: `place` is authenticated too, so an encrypted value cannot be moved to another row. */
export function encrypt(key: Buffer, place: string, text: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(place));
  const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), encrypted]);
}

/** The text, or null when the key is another one or the bytes were changed. */
export function decrypt(key: Buffer, place: string, bytes: Uint8Array): string | null {
  try {
    const tagged = Buffer.from(bytes);
    const decipher = createDecipheriv(CIPHER, key, tagged.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(place)).setAuthTag(tagged.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    return decipher.update(tagged.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    return null;
  }
}

/** Recognises a token without holding it. Keyed, since the eight digits of a Breeze session fall to any plain hash. */
export function tokenHash(key: Buffer, account: string, token: string): string {
  return createHmac('sha256', key).update(`token\0${account}\0${token}`).digest('hex');
}
