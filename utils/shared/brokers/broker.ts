import type { ExpiryRule } from '../expiry.ts';

/** What an error answer says about the session: three answers, never two. */
export type AuthVerdict = 'auth-required' | 'not-auth' | 'unknown';

/** How a broker says that a session has ended. It runs in pages too, so it needs nothing but text. */
export interface Signs {
  /** Stands in every answer that `classify` takes for an ended session; all other answers need no parsing. */
  hint: RegExp;
  /** Classifies an HTTP answer of the broker, or of a backend that passes it on. */
  classify(status: number, body: unknown): AuthVerdict;
  /** True where the broker says this of living sessions too: only another look can tell. `minutes`: since midnight in India. */
  isDoubtful?(body: unknown, minutes: number): boolean;
  /** True where the broker's own 401 is enough. In a page a bare 401 may be anybody's, so only a backend goes by it. */
  endsBy401?: boolean;
  /** True where a doubt that stays after several looks is an end. */
  doubtEnds?: boolean;
}

/** A login that is about to be opened. `state` is null where none is to come back; `consent` was made by the backend. */
export interface LoginRequest {
  apiKey: string;
  redirectUrl: string;
  state: string | null;
  consent?: string;
}

/** What a typed API key looks like instead; `own` is told by the broker's own sentence. */
export type KeyDoubt = 'user' | 'secret' | 'letters' | 'own';

/** A further value of the redirect that the exchange needs. `name` is its name in the contract. */
export interface Companion {
  name: string;
  /** Its names in the redirect, as {@link plainName} writes them. */
  names: readonly string[];
  pattern: RegExp;
}

/** Everything that tells one broker from another: data and a few pure functions, in one file a broker. */
export interface Broker {
  id: string;
  name: string;
  /** The day of a real login that confirmed this description; null: it is from documentation only. */
  confirmedOn: string | null;
  /** How a backend's variables begin, and the further credentials that its app has beside key and secret. */
  variables: { prefix: string; more: readonly string[] };
  /** Where a person registers an app and its redirect URL, and what the fields are called there. */
  console: { url: string; field: string; key: string };
  /** Hosts that serve the login; one of them sends the redirect. */
  hosts: readonly string[];
  /** The broker's login page. */
  loginUrl(login: LoginRequest): string;
  /** The path of the login's last step: what is shown there in place of the redirect is the login's end. Null: not known. */
  lastStep: string | null;
  /** Where a browser's web session ends, so that the next login asks who it is. Null: not known. */
  logOutUrl: string | null;
  /** True where the backend has to make a consent before the login can be opened. */
  needsConsent: boolean;
  /** The API key in a login URL of this broker, or null: tells which account a login opened by hand is for. */
  apiKeyIn(url: URL): string | null;
  /** The odd thing about a typed API key, or null. */
  doubt(apiKey: string): KeyDoubt | null;
  /** True where a blank at the end may belong to an API key. */
  keyMayEndBlank: boolean;
  token: {
    /** `one-time`: an exchanger may see it once. `day`: good for many exchanges until it expires. */
    kind: 'one-time' | 'day';
    /** The token's name as a person knows it. */
    shown: string;
    /** Its names in the redirect, as {@link plainName} writes them. */
    names: readonly string[];
    /** Its name in programs, where a paste may hold such a line; the pattern keeps out what else has that name. */
    alias?: { name: string; pattern: RegExp };
    pattern: RegExp;
    /** The same parameter in a redirect header, as a glob (`?` is one character or none). */
    glob: string;
    /** How long the token is worth delivering, in ms from its capture, or as long as a session. A JWT may say less. */
    lifeMs: number | 'session';
  };
  companions: readonly Companion[];
  /** Names of further parameters that this broker adds to a redirect URL. */
  adds: readonly string[];
  session: ExpiryRule;
  /** The time between two requests that a broker bears for long, in ms, whatever they ask for. */
  paceMs: number;
  /** The redirect parameter that carries the state, or null where the broker has none. */
  stateParameter: string | null;
  /** True where this broker may put a slash behind the registered redirect URL. */
  mayAddSlash: boolean;
  /** What was registered as redirect URL without its scheme, where this broker then sends the login to a page of its own; else null. */
  schemeless(url: URL): string | null;
  /** How the redirect arrives: as a redirect header of the broker, or also as a form post, link or script of its page. */
  arrives: 'header' | 'header-or-page';
  /** False where no answer of the broker tells whose session it is: then nobody can compare the user. */
  namesUser: boolean;
  /** True when the redirect's other parameters say that this is a successful login, and no basket order or failure. */
  isLogin(parameters: URLSearchParams): boolean;
  signs: Signs;
}
