import type { HoldView } from './hold-messages.ts';
import type { AccountView } from './overview.ts';
import { isRenewed } from './replay.ts';

/** Where the login that a page waits for stands. A login from before the failure is not it. */
export function holdView(
  account: AccountView,
  since: number,
  place: Pick<HoldView, 'waiting' | 'pages' | 'isChosen'>,
): HoldView {
  const { links, advice, sessionAt: session } = account;
  const view = { session, links: null, says: null, ...place };
  if (isRenewed(session, since)) return { ...view, step: 'renewed' };
  const isOurs = (links?.[0]?.at ?? Number.NEGATIVE_INFINITY) >= since;
  if (!isOurs || links === null) {
    const isStuck = account.status === 'setup' || account.status === 'paused';
    return { ...view, step: 'ask', says: isStuck ? account.says : null };
  }
  const isBroken = links.some(({ state }) => state === 'failed');
  return { ...view, step: isBroken ? 'failed' : 'working', links, says: advice?.says ?? null };
}
