import type { SessionCheck } from '../../shared/contract.ts';
import type { Preferences } from '../accounts/preferences.ts';
import type { Account, Destination } from '../accounts/settings.ts';
import type { Ask, Login } from '../capture/capture.ts';
import type { Notice } from '../capture/notice.ts';
import type { Delivery } from '../delivery/delivery.ts';
import type { SessionFacts } from './facts.ts';

/**
 * Everything stored, and the moment. `worker` names this life of the background, `busy` the destinations it is calling,
 * and `waits` its checks that wait for a change, which keep nobody from calling.
 */
export interface World {
  now: number;
  worker: string;
  accounts: readonly Account[];
  destinations: readonly Destination[];
  /** By destination. */
  facts: ReadonlyMap<string, SessionFacts>;
  /** By account. */
  notices: ReadonlyMap<string, Notice>;
  deliveries: readonly Delivery[];
  asks: readonly Ask[];
  logins: readonly Login[];
  busy: ReadonlySet<string>;
  waits: readonly Check[];
  granted: ReadonlySet<string>;
  clock: ClockState;
}

/** What the clock needs beside the time: `jumpedAt` is when it was last found to have been changed, or null. */
export interface ClockState {
  preferences: Preferences;
  jumpedAt: number | null;
  canNotify: boolean;
}

export type Call = { kind: 'deliver'; account: Account; destination: Destination; delivery: Delivery } | Check;

export interface Check {
  kind: 'check';
  account: Account;
  destination: Destination;
  /** What the facts named as the next check: another one then means that it was asked for again since. */
  dueAt: number | null;
  /** Set where the receiver may hold its answer until there is something to say. */
  wait?: SessionCheck['wait'];
}
