import { Companions } from '../../shared/contract.ts';
import { z } from '../../shared/schema.ts';
import { MINUTE } from '../../shared/time.ts';
import { Id } from '../accounts/settings.ts';
import { isAhead } from '../base/moments.ts';

/** The tab of a login that is just being opened. */
export const NO_TAB = -1;

export const LOGIN_LIFETIME_MS = 10 * MINUTE;

/** A request that named a token, as it was seen: kept from the event's first turn until it is judged, so that no kill loses it. */
export const Seen = z.strictObject({
  id: Id,
  tab: z.int(),
  url: z.string(),
  form: z.optional(z.record(z.string(), z.array(z.string()))),
  origin: z.nullable(z.string()),
  isHeader: z.boolean(),
});
export type Seen = z.infer<typeof Seen>;

/** A login under way in a tab: we opened it (`us`, with a one-use state), or the person did by hand. It arms the tab. */
export const Login = z.strictObject({
  tab: z.int(),
  account: Id,
  by: z.enum(['us', 'hand']),
  state: z.nullable(z.string()),
  at: z.int(),
});
export type Login = z.infer<typeof Login>;

/**
 * Who vouches for a redirect. `broker`: the broker's own redirect header, or a request that its page started.
 * `page`: our content script alone saw it. `paste`: a person's clipboard. `nobody`: any page can send a browser here.
 */
export type Provenance = 'broker' | 'page' | 'paste' | 'nobody';

export type Verdict =
  | { kind: 'accept' }
  | { kind: 'ask'; why: AskReason }
  | { kind: 'ignore' }
  | { kind: 'refuse'; why: 'not-from-broker' | 'wrong-state' };

export const AskReason = z.enum(['pasted', 'not-started-here', 'state-missing', 'page-only', 'elsewhere', 'no-scheme']);
export type AskReason = z.infer<typeof AskReason>;

export interface Evidence {
  account: string;
  state: string | null;
  provenance: Provenance;
  /** The login under way in the redirect's tab, if any. */
  login: Login | null;
  /** The ledger knows this token: a reload, a restored tab, or another channel of the same redirect. */
  seen: boolean;
  now: number;
}

/** Decides what a redirect is worth (CAP-01, 02, 03, 06): only a login tied to the broker and to the person is captured. */
export function judge(evidence: Evidence): Verdict {
  const { provenance, seen, state } = evidence;
  if (provenance === 'paste') return { kind: 'ask', why: 'pasted' };
  const login = liveLogin(evidence);
  if (seen && !login) return { kind: 'ignore' };
  if (provenance === 'nobody') return { kind: 'refuse', why: 'not-from-broker' };
  if (state !== null && state !== login?.state) return { kind: 'refuse', why: 'wrong-state' };
  // A page alone proves nothing, since anybody can link to it; with our state in it, it proves as much as to ask.
  if (provenance === 'page')
    return state !== null ? { kind: 'ask', why: 'page-only' } : { kind: 'refuse', why: 'not-from-broker' };
  if (!login) return { kind: 'ask', why: 'not-started-here' };
  return login.state !== null && state === null ? { kind: 'ask', why: 'state-missing' } : { kind: 'accept' };
}

function liveLogin({ login, account, now }: Evidence): Login | null {
  return login?.account === account && isLoginAlive(login, now) ? login : null;
}

/** Whether a login that was opened still arms its tab. One that was opened later than now saw another clock. */
export function isLoginAlive({ at }: Login, now: number): boolean {
  return !isAhead(at, now) && now - at <= LOGIN_LIFETIME_MS;
}

/** A captured token that waits for a person's yes; forgotten with the token's lifetime. */
export const Ask = z.strictObject({
  id: Id,
  account: Id,
  token: z.string(),
  companions: z.optional(Companions),
  why: AskReason,
  /** Where a login arrived that was not at the registered address. */
  place: z.optional(z.string().check(z.maxLength(8_000))),
  at: z.int(),
  expiresAt: z.int(),
});
export type Ask = z.infer<typeof Ask>;
