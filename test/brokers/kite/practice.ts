import { randomBytes } from 'node:crypto';
import { nextIst, SECOND } from '../../../utils/shared/time.ts';
import type { Fault } from '../faults.ts';
import type { Exchange, Seen } from '../message.ts';
import type { Mode } from './packets.ts';

/** How long a request token can be exchanged, ms. */
export const REQUEST_TOKEN_MS = 120 * SECOND;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export interface App {
  apiKey: string;
  apiSecret: string;
  redirectUrl: string;
  userId: string;
  /** What an app has beside key and secret, by the names of its variables. */
  more?: Readonly<Record<string, string>>;
}

/** What differs from one real redirect to the next; change it at any time. */
export interface KiteShape {
  order: 'token-last' | 'token-first';
  withType: boolean;
  withAction: boolean;
  /** The page "allow this app" between login and redirect. */
  consent: boolean;
  /** A browser that has logged in before gets the redirect without a page. */
  silent: boolean;
  /** An app belongs to one client id: anybody else's login ends on Kite's page with “not enabled for the app”. */
  ownUserOnly?: boolean;
  /** How the last page leads to the redirect URL; Kite itself answers with a header. */
  departs?: 'header' | 'script' | 'form' | 'refresh-tag' | 'refresh-header';
  /** A further parameter of this many characters in the redirect. */
  ballast?: number;
}

export interface RequestToken {
  token: string;
  apiKey: string;
  userId: string;
  issuedAt: number;
  spent: boolean;
}

export interface KiteSession {
  apiKey: string;
  userId: string;
  accessToken: string;
  expiresAt: number;
}

export interface KiteSocket {
  apiKey: string;
  accessToken: string;
  subscribed: Map<number, Mode>;
}

export type KiteOutcome = 'accepted' | 'spent' | 'expired' | 'unknown' | 'checksum' | 'unknown-key' | 'input' | Fault;

export interface KitePractice {
  shape: KiteShape;
  readonly faults: ReadonlySet<Fault>;
  now(): number;
  readonly apps: Map<string, App>;
  /** Request tokens that were issued. */
  readonly tokens: Map<string, RequestToken>;
  /** Live sessions by access token. */
  readonly sessions: Map<string, KiteSession>;
  /** User ids by the cookie of a browser that has logged in. */
  readonly webSessions: Map<string, string>;
  /** Open ticker sockets. */
  readonly sockets: Set<KiteSocket>;
  readonly exchanges: Exchange<KiteOutcome>[];
  readonly requests: Seen[];
  register(app: App): void;
  /** A request token without a browser. */
  issue(apiKey: string, userId?: string): string;
  /** Opens the one session that an app can have; the one before it ends here, at the exchange. */
  open(apiKey: string, userId: string): KiteSession;
  /** The live session of an access token. */
  session(apiKey: string, accessToken: string): KiteSession | null;
  /** Ends every access session, as a logout at the broker does. Open sockets stay. */
  endSession(): void;
  /** Forgets the exchanges and requests seen; apps, tokens and sessions stay. */
  forget(): void;
}

export function createKite(faults: ReadonlySet<Fault>, now: () => number): KitePractice {
  const kite: KitePractice = {
    shape: { order: 'token-last', withType: true, withAction: true, consent: false, silent: false },
    faults,
    now,
    apps: new Map(),
    tokens: new Map(),
    sessions: new Map(),
    webSessions: new Map(),
    sockets: new Set(),
    exchanges: [],
    requests: [],
    register(app) {
      kite.apps.set(app.apiKey, app);
    },
    issue(apiKey, userId = kite.apps.get(apiKey)?.userId ?? '') {
      const token = random();
      kite.tokens.set(token, { token, apiKey, userId, issuedAt: now(), spent: false });
      return token;
    },
    open(apiKey, userId) {
      for (const old of kite.sessions.values()) if (old.apiKey === apiKey) kite.sessions.delete(old.accessToken);
      const session = { apiKey, userId, accessToken: random(), expiresAt: nextIst(6, 0, now()) };
      kite.sessions.set(session.accessToken, session);
      return session;
    },
    session(apiKey, accessToken) {
      const session = kite.sessions.get(accessToken);
      return session !== undefined && session.apiKey === apiKey && session.expiresAt > now() ? session : null;
    },
    endSession: () => kite.sessions.clear(),
    forget() {
      kite.exchanges.length = 0;
      kite.requests.length = 0;
    },
  };
  return kite;
}

/** 32 letters and digits, the form of all of Kite's tokens. */
export function random(): string {
  return Array.from(randomBytes(32), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
}
