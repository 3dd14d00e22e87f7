import type { Broker } from '../../shared/brokers/broker.ts';
import { MINUTE, SECOND } from '../../shared/time.ts';
import { parseUrl } from '../../shared/urls.ts';
import { isAhead } from '../base/moments.ts';
import type { Login } from './capture.ts';

/*
 * A login that ends on the broker's own page brings no redirect. The page is never read: its address, its status and the
 * time are all that is judged.
 */

/** How a login stands still: at the broker's last step, or on its pages for longer than a login takes. */
export type Stuck = 'last-step' | 'too-long';

type Page = NonNullable<Login['page']>['is'];

/** A page in place of the last step's redirect may still lead on by a script; one with an error does not. */
export const LAST_STEP_MS = 5 * SECOND;
/** A one-time password is long gone by then. */
export const LOGIN_TAKES_MS = 5 * MINUTE;
/** A log-out page may end its session by a script. */
export const LOG_OUT_MS = 3 * SECOND;

/** Which page of the broker an answer shows; null for any other host. */
function pageOf({ hosts, lastStep }: Broker, address: string, status: number): Page | null {
  const url = parseUrl(address);
  if (!url || !hosts.includes(url.hostname)) return null;
  if (url.pathname !== lastStep) return 'usual';
  return status >= 400 ? 'refused' : 'last';
}

/** The login whose tab shows a page of the broker now; null where that says nothing of it. */
export function onPage(login: Login, broker: Broker, seen: { url: string; status: number }, now: number): Login | null {
  const is = pageOf(broker, seen.url, seen.status);
  return is && { ...login, page: { is, at: now } };
}

/** When a login counts as stuck if its tab stays as it is, epoch ms; none where it cannot be told. */
export function stuckTime({ page, next, by, at }: Login): number[] {
  if (!page || next !== undefined) return [];
  if (page.is === 'refused') return [page.at];
  if (page.is === 'last') return [page.at + LAST_STEP_MS];
  // A login that the person began there may be followed by other things there.
  return by === 'us' ? [at + LOGIN_TAKES_MS] : [];
}

/** How a login stands still now, or null. */
export function stuckOf(login: Login, now: number): Stuck | null {
  const { page } = login;
  const [at] = stuckTime(login);
  if (!page || at === undefined || at > now || isAhead(page.at, now)) return null;
  return page.is === 'usual' ? 'too-long' : 'last-step';
}

/** Whether a tab has been on the broker's log-out page for long enough. A clock that was set back holds up nobody. */
export function isLogOutDone({ page, next }: Login, now: number): boolean {
  return next !== undefined && page !== undefined && Math.abs(now - page.at) >= LOG_OUT_MS;
}
