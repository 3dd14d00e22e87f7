import type { HoldSettings, Outcome } from '../../domain/hold/hold-messages.ts';
import type { Peeked } from './peek.ts';

/** A request that waits in this page, whatever made it. Its body never leaves the page. */
export interface Waiting {
  method: string;
  /** Absolute. */
  url: string;
  /** When it was sent, by {@link steady}. */
  sentAt: number;
  description: string;
  /** Sends it again, with this idempotency key where it has one; tells what became of it. */
  retry(key: string | null): Promise<Outcome>;
  /** Gives the page the original answer. */
  release(): void;
}

export interface Hold {
  /** True where an answer has to be held: the session has ended by it, and there is room. */
  isDue(peeked: Peeked | null): boolean;
  /** True where the beginning of a body rules that out. */
  isDecided(beginning: string): boolean;
  /** Waits until it is known how answers are judged here, but not for long. */
  ready(): Promise<void> | null;
  /** Takes a request in and gives its number, or null where the page itself, or the lack of room, says no. */
  keep(waiting: Waiting): number | null;
  /** The page gave the request up. */
  drop(id: number): void;
  settings(): HoldSettings | null;
}
