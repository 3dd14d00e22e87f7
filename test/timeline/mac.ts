import { hash } from 'node:crypto';

/** A keyed hash that both ends of a simulated world share: as good as HMAC where nobody computes an attack, and much faster. */
export function mac(key: string, text: string): Buffer {
  return Buffer.from(hash('sha256', key + text, 'hex'), 'hex');
}
