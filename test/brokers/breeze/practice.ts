import { randomInt } from 'node:crypto';
import { nextIst } from '../../../utils/shared/time.ts';
import type { Fault } from '../faults.ts';
import type { App } from '../kite/practice.ts';
import type { Exchange, Seen } from '../message.ts';

/** What differs from one real redirect to the next; change it at any time. */
export interface BreezeShape {
  delivery: 'post+query' | 'post' | 'get' | 'text/plain';
  /** The form's field, or the query's name where there is no form. Beside a form the query says `apisession`. */
  spelling: 'API_Session' | 'apisession' | 'api_session';
}

/** A day's login: `apisession` goes through the redirect, `sessionKey` comes out of the exchange. */
export interface BreezeSession {
  apiKey: string;
  userId: string;
  apisession: string;
  sessionKey: string;
  expiresAt: number;
}

export interface BreezeSocket {
  user: string;
  token: string;
  joined: Set<string>;
}

export type BreezeOutcome = 'accepted' | 'invalid-session' | 'unknown-key' | 'unreadable' | Fault;

export interface BreezePractice {
  shape: BreezeShape;
  /** Every session ends when this signed call comes, as if another login had taken its place at that moment. */
  endsAt: 'optionchain' | null;
  readonly faults: ReadonlySet<Fault>;
  now(): number;
  readonly apps: Map<string, App>;
  /** Sessions by apisession. */
  readonly sessions: Map<string, BreezeSession>;
  /** Open tick sockets. */
  readonly sockets: Set<BreezeSocket>;
  readonly exchanges: Exchange<BreezeOutcome>[];
  readonly requests: Seen[];
  register(app: App): void;
  /** The apisession that a person's login to this app gives: the same one until midnight, {@link rotate} or {@link endSession}. */
  issue(apiKey: string, userId?: string): string;
  /** The session that `test` finds among the live ones. */
  find(test: (session: BreezeSession) => boolean): BreezeSession | null;
  /** The next login gives another apisession and ends the one before it. */
  rotate(): void;
  /** Ends every session: its apisession and its signed calls are invalid. Open sockets stay. */
  endSession(): void;
  /** Forgets the exchanges and requests seen; apps and sessions stay. */
  forget(): void;
}

export function createBreeze(faults: ReadonlySet<Fault>, now: () => number): BreezePractice {
  const outdated = new Set<BreezeSession>();
  const breeze: BreezePractice = {
    shape: { delivery: 'post+query', spelling: 'API_Session' },
    endsAt: null,
    faults,
    now,
    apps: new Map(),
    sessions: new Map(),
    sockets: new Set(),
    exchanges: [],
    requests: [],
    register(app) {
      breeze.apps.set(app.apiKey, app);
    },
    issue(apiKey, userId = breeze.apps.get(apiKey)?.userId ?? '') {
      const today = breeze.find((session) => session.apiKey === apiKey && session.userId === userId);
      if (today !== null && !outdated.has(today)) return today.apisession;
      if (today !== null) breeze.sessions.delete(today.apisession);
      const session = { apiKey, userId, apisession: digits(), sessionKey: digits(), expiresAt: nextIst(0, 0, now()) };
      breeze.sessions.set(session.apisession, session);
      return session.apisession;
    },
    find: (test) => [...breeze.sessions.values()].find((session) => session.expiresAt > now() && test(session)) ?? null,
    rotate() {
      for (const session of breeze.sessions.values()) outdated.add(session);
    },
    endSession: () => breeze.sessions.clear(),
    forget() {
      breeze.exchanges.length = 0;
      breeze.requests.length = 0;
    },
  };
  return breeze;
}

function digits(): string {
  return String(randomInt(10_000_000, 100_000_000));
}
