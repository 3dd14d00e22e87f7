import { z } from '../../shared/schema.ts';
import { SECOND } from '../../shared/time.ts';
import { Id } from '../accounts/settings.ts';
import { type Login, NO_TAB, type Seen } from './capture.ts';

/**
 * What became of a tab's last redirect. `known`: its token was captured before. `empty`: the broker came back without a
 * login. `failed`: the browser could not store it. `lost`: a rule kept it from the network, and nobody here saw it. `hidden`: the
 * redirect page's service worker kept it from us.
 */
export const Outcome = z.strictObject({
  tab: z.int(),
  account: Id,
  what: z.enum(['captured', 'known', 'asked', 'refused', 'failed', 'empty', 'lost', 'hidden']),
  at: z.int(),
});
export type Outcome = z.infer<typeof Outcome>;

/** What our page says of the redirect whose place it took. */
export type Fate = { is: Outcome['what']; account: string } | { is: 'waiting' | 'nothing' };

// A background that wakes takes a second on a slow machine; an event that did not reach it by then will not.
const LOST_AFTER_MS = 4 * SECOND;

/** The fate of the redirect whose place our page took in a tab, `since` epoch ms. */
export function fateOf(
  tab: number,
  since: number,
  stored: { outcomes: readonly Outcome[]; seen: readonly Seen[]; logins: readonly Login[] },
  now: number,
): Fate {
  const outcome = stored.outcomes.find((one) => one.tab === tab);
  if (outcome) return { is: outcome.what, account: outcome.account };
  const isJudging = stored.seen.some((one) => one.tab === tab);
  if (isJudging || (now >= since && now - since < LOST_AFTER_MS)) return { is: 'waiting' };
  // A login whose tab was just being opened has none yet.
  const login = [tab, NO_TAB].flatMap((one) => stored.logins.find((known) => known.tab === one) ?? [])[0];
  return login ? { is: 'lost', account: login.account } : { is: 'nothing' };
}
