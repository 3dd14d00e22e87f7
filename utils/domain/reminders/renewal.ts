import { suspectUntil } from '../../shared/expiry.ts';
import { closeOf } from '../../shared/market.ts';
import { z } from '../../shared/schema.ts';
import { MINUTE, SECOND } from '../../shared/time.ts';
import type { Preferences } from '../accounts/preferences.ts';
import { Id } from '../accounts/settings.ts';
import { ruleOf } from '../session/term.ts';
import type { AccountView } from '../view/overview.ts';

/** After these waits the second and the third attempt follow; there is no fourth. */
const WAITS_MS = [2 * MINUTE, 6 * MINUTE];
export const MOST_ATTEMPTS = WAITS_MS.length + 1;

/** How long a background tab may take: a login that goes by itself needs a second. */
export const ATTEMPT_MS = 30 * SECOND;

/** The attempts to renew one session by itself. */
export const Attempts = z.strictObject({ account: Id, session: z.string(), count: z.int(), lastAt: z.int() });
export type Attempts = z.infer<typeof Attempts>;

type Renewed = Pick<AccountView, 'settings' | 'status' | 'term' | 'ask'>;

/**
 * When to try to renew a session by itself, epoch ms, or null: only where the person switched it on, only while the session
 * is ending, over or rejected, on a trading day before its close, and only when a login made then lasts.
 */
export function renewalAt(
  account: Renewed,
  attempts: Attempts | null,
  preferences: Preferences,
  now: number,
): number | null {
  const { settings, status, term, ask } = account;
  if (!settings.clock?.renewsItself || term === null || ask !== null) return null;
  if (!['due-soon', 'renew-now', 'expired', 'rejected'].includes(status)) return null;
  const close = closeOf(now, preferences);
  if (close === null || now >= close) return null;
  const earliest = suspectUntil(ruleOf(settings), now) ?? now;
  const tried = attempts?.session === term.key ? attempts : null;
  if (tried === null) return earliest;
  const wait = WAITS_MS[tried.count - 1];
  // A last attempt in the future was made under another clock.
  return wait === undefined ? null : Math.max(earliest, Math.min(tried.lastAt, now) + wait);
}

export function attempted(account: string, session: string, before: Attempts | null, now: number): Attempts {
  const count = before?.session === session ? before.count + 1 : 1;
  return { account, session, count, lastAt: now };
}
