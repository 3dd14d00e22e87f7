import type { Account } from '../config/account.ts';
import type { BackendKind } from './words.ts';

/** A reminder in words. No token fits, and no key but those that a broker's login address has anyway. */
export interface Message {
  /** What it is about, for programs. */
  kind: BackendKind | 'try';
  account: Account['name'];
  /** When it was said, epoch ms. */
  at: number;
  title: string;
  text: string;
  /** Where to log in. */
  link: string;
}

/** What became of one attempt. `again`: another attempt may end otherwise. */
export type Sent = { ok: true } | { ok: false; why: Why; again: boolean; retryAfterMs?: number };

/** No text of another server fits, nor an address or a secret. */
export type Why =
  | `answered ${number}`
  | 'did not answer in time'
  | 'cannot be reached'
  | `cannot be reached (${string})`;

/** One way to a person. */
export interface Channel {
  name: 'webhook' | 'ntfy' | 'telegram' | 'slack' | 'e-mail';
  /** False for what it learns in another way. */
  takes(kind: Message['kind']): boolean;
  send(message: Message): Promise<Sent>;
}
