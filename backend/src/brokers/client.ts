import type { Companions } from '../../../utils/shared/contract.ts';

/** What a broker answered: a value, or its refusal as it stood. `status` 0: no answer at all. `words` are fit for a person. */
export type Reply<T> = { ok: true; value: T } | Failure;
export interface Failure {
  ok: false;
  status: number;
  body: unknown;
  words: string;
}

export type Exchange =
  /** `user`: null where the broker names none. `expiresAt`: what the broker itself said, epoch ms, where that is earlier than its rule. */
  | { ok: true; user: string | null; accessToken: string; expiresAt?: number }
  | {
      ok: false;
      reason: Refused;
      words: string;
      /** The token is used up though the exchange failed: it is never sent to the broker again. */
      isUsedUp?: boolean;
    };

/** `doubtful`: the broker said what it says of used tokens, and of good ones while it is busy. */
type Refused = 'token_spent' | 'doubtful' | 'configuration' | 'rate_limited' | 'unavailable';

export type Consent =
  | { ok: true; consent: string }
  | { ok: false; reason: 'configuration' | 'rate_limited' | 'unavailable'; words: string };

/** What may be asked of a broker with a session's access token. */
export interface BrokerApi {
  /** The cheapest call that only a living session answers; with the user id where the broker tells it. */
  verify(): Promise<Reply<{ user: string | null }>>;
  /** Instruments as `NSE:RELIANCE`. */
  quote(instruments: readonly string[]): Promise<Reply<unknown>>;
  profile(): Promise<Reply<unknown>>;
  funds(): Promise<Reply<unknown>>;
  /** Calls or puts of an index on NSE for one expiry, as `2026-11-24`. */
  optionChain(stock: string, expiry: string, right: 'call' | 'put'): Promise<Reply<unknown>>;
  /** Daily candles from one day to another, as `2026-11-24`. */
  dailyCandles(stock: string, from: string, to: string): Promise<Reply<unknown>>;
}

/** A broker as this backend uses it, with the quirks of its client kept inside. */
export interface BrokerClient {
  /** Turns a captured token into a session; `companions` are the further values of its redirect. */
  exchange(token: string, companions?: Companions): Promise<Exchange>;
  /** Makes the consent with which a login begins, where this broker asks for one. */
  consent?(): Promise<Consent>;
  /** `dayToken`: the token that the session was made from, where that is good for the day. `user`: whose session it is. */
  open(accessToken: string, dayToken?: string | null, user?: string | null): BrokerApi;
}

export const REQUEST_TIMEOUT_MS = 7_000;

/** A broker's text as one line of at most 200 characters, without anything secret it may have quoted. */
// The contract allows 200, and the broker's name goes in front.
const MAX_WORDS = 180;

export function words(text: string, ...secrets: string[]): string {
  const masked = secrets
    .filter((secret) => secret !== '')
    .reduce((rest, secret) => rest.replaceAll(secret, '****'), text);
  return masked
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, MAX_WORDS);
}
