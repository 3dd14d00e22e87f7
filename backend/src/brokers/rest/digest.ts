import { createHash } from 'node:crypto';

/** The checksum of most brokers: the hex SHA-256 of the parts, written one behind the other. */
export function sha256hex(...parts: string[]): string {
  return createHash('sha256').update(parts.join('')).digest('hex');
}
