import { Companions } from '../../shared/contract.ts';
import type { RedirectMode } from '../../shared/pairing.ts';
import { z } from '../../shared/schema.ts';
import { MINUTE } from '../../shared/time.ts';
import { Id } from '../accounts/settings.ts';
import { isAhead } from '../base/moments.ts';
import { type Arming, type Mark, PROVENANCE, type RefuseReason, type Sender, Start } from './provenance.ts';

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
  /** Something else led the request to this address after the page had begun it. */
  ledOn: z.optional(z.boolean()),
  /** Null until its headers were seen, which come after the request. */
  start: z.nullable(Start),
  /** The browser's name of the request, redirects included; none where its end alone was seen. */
  request: z.optional(z.string()),
});
export type Seen = z.infer<typeof Seen>;

/** A login under way in a tab: we opened it (`us`, with a one-use state), or the person did by hand. It arms the tab. */
export const Login = z.strictObject({
  tab: z.int(),
  account: Id,
  by: z.enum(['us', 'hand']),
  state: z.nullable(z.string()),
  /** The state in the address of a login page that was opened by hand: the browser was restarted, or it is a bookmark. */
  carried: z.optional(z.string()),
  at: z.int(),
  /** The broker's page that stands in the tab, and since when. */
  page: z.optional(z.strictObject({ is: z.enum(['usual', 'last', 'refused']), at: z.int() })),
  /** The login page that the tab is led to after the broker's log-out. */
  next: z.optional(z.string()),
});
export type Login = z.infer<typeof Login>;

/** What to do with a token. `spent`: its account's last login used it up. `waiting`: a question about it is open already. */
export type Verdict =
  | { kind: 'accept' | 'observe' | 'spent' | 'waiting' | 'ignore' }
  | { kind: 'ask'; why: AskReason }
  | { kind: 'refuse'; why: RefuseReason };

export const AskReason = z.enum([
  'pasted',
  'not-started-here',
  'state-missing',
  'page-only',
  'followed-link',
  'elsewhere',
  'no-scheme',
]);
export type AskReason = z.infer<typeof AskReason>;

export interface Evidence {
  sender: Sender;
  mode: RedirectMode;
  /** The state in the redirect, or null. */
  state: string | null;
  /** The login that the redirect belongs to: by its state in whatever tab, else the one in its tab. */
  login: Login | null;
  /** How a login arrived that was not at the registered address. */
  elsewhere: 'elsewhere' | 'no-scheme' | null;
  /** The ledger knows this token: a reload, a restored tab, or another channel of the same redirect. */
  seen: boolean;
  /** A one-time token that the account's last login was made with. */
  spent: boolean;
  /** The outbox delivers this token already. A killed background may have left it there before the ledger knew it. */
  delivering: boolean;
  /** A question about this token is open. */
  asked: boolean;
}

/** Decides what a redirect is worth (CAP-01, 02, 03, 06, 08): only a login tied to the broker and to the person is captured. */
export function judge(evidence: Evidence): Verdict {
  const { sender, mode, state, login, elsewhere, seen, spent, delivering, asked } = evidence;
  if (login === null && (seen || elsewhere !== null)) return { kind: 'ignore' };
  // A browser may tell of one redirect twice. The login that its state named is over then; the tab may be armed by hand.
  if (seen && state !== null && login?.state === null) return { kind: 'ignore' };
  const cell = PROVENANCE[sender][markOf(evidence)][armingOf(login)];
  if (typeof cell === 'object' && 'refuse' in cell) return { kind: 'refuse', why: cell.refuse };
  if (asked && (cell !== 'accept' || elsewhere !== null)) return { kind: 'waiting' };
  if (elsewhere !== null) return { kind: 'ask', why: elsewhere };
  // Nothing will be sent, so there is nothing to ask about.
  if (mode === 'observe') return { kind: 'observe' };
  // A yes could send nothing that is not on its way.
  if (cell !== 'accept') return delivering ? { kind: 'ignore' } : { kind: 'ask', why: cell.ask };
  return { kind: spent ? 'spent' : 'accept' };
}

function markOf({ state, login }: Evidence): Mark {
  // Whoever could choose the state of such an address could as well choose none.
  if (state === null || login?.carried === state) return 'none';
  return login !== null && login.state === state ? 'ours' : 'wrong';
}

function armingOf(login: Login | null): Arming {
  if (login === null) return 'none';
  return login.state === null ? 'armed' : 'marked';
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
  /** The request that a redirect header of the broker was an answer to. */
  request: z.optional(z.string()),
  at: z.int(),
  expiresAt: z.int(),
});
export type Ask = z.infer<typeof Ask>;
