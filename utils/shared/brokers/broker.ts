import type { BrokerId, TokenKind } from '../contract.ts';
import type { ExpiryRule } from '../expiry.ts';

/** What an error answer says about the session: three answers, never two. */
export type AuthVerdict = 'auth-required' | 'not-auth' | 'unknown';

/** Everything that tells one broker from another. A new broker is one file of this shape, its id in the contract and a line in `index.ts`. */
export interface Broker {
  id: BrokerId;
  name: string;
  /** Where a person registers an app and its redirect URL, and what the fields are called there. */
  console: { url: string; field: string; key: string };
  /** Hosts that serve the login; the last one of the chain sends the redirect. */
  hosts: readonly string[];
  /** The broker's login page for an API key; `state` comes back in the redirect where the broker supports one. */
  loginUrl(apiKey: string, state: string): string;
  /** The API key in a login URL of this broker, or null: tells which account a login opened by hand is for. */
  apiKeyIn(url: URL): string | null;
  token: {
    kind: TokenKind;
    /** The redirect parameter, lower case, without underscores. */
    parameter: string;
    pattern: RegExp;
    /** The same parameter in a redirect header, as a glob (`?` is one character or none). */
    glob: string;
    /** How long the token itself is worth delivering, epoch ms to epoch ms. */
    expiresAt(capturedAt: number): number;
  };
  session: ExpiryRule;
  /** The redirect parameter that carries the state, or null where the broker has none. */
  stateParameter: string | null;
  /** What was registered as redirect URL without its scheme, where this broker then sends the login to a page of its own; else null. */
  schemeless(url: URL): string | null;
  /** How the redirect arrives: as a redirect header of the broker, or also as a form post or link of its page. */
  arrives: 'header' | 'header-or-page';
  /** True when the redirect's other parameters say that this is a successful login, and no basket order or failure. */
  isLogin(parameters: URLSearchParams): boolean;
  /** Classifies an HTTP answer of the broker or of a backend that passes it on. */
  classify(status: number, body: unknown): AuthVerdict;
}
