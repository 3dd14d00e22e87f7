import type { Link } from '../session/chain.ts';
import type { AccountView } from '../view/overview.ts';
import type { HoldView } from './hold-messages.ts';
import { isRenewed } from './replay.ts';

/**
 * Where the login that a page waits for stands. A login from before the failure is it only while its session has yet to
 * begin: whatever it began and was proven for is over.
 */
export function holdView(
  account: Pick<AccountView, 'links' | 'advice' | 'sessionAt' | 'status' | 'says'>,
  since: number,
  place: Pick<HoldView, 'waiting' | 'pages' | 'turn' | 'isChosen'>,
): HoldView {
  const { links, advice, sessionAt: session } = account;
  const view = { session, links: null, says: null, ...place };
  if (isRenewed(session, since)) return { ...view, step: 'renewed' };
  if (links === null || !(isFrom(links, since) || isProofPending(links))) {
    const isStuck = account.status === 'setup' || account.status === 'paused';
    return { ...view, step: 'ask', says: isStuck ? account.says : null };
  }
  // A link that is tried again by itself, and later and later, can be tried at once.
  const isBroken = links.some(({ state }) => state === 'failed') || advice?.mend === 'retry';
  return { ...view, step: isBroken ? 'failed' : 'working', links, says: advice?.says ?? null };
}

function isFrom([captured]: readonly Link[], since: number): boolean {
  return (captured?.at ?? Number.NEGATIVE_INFINITY) >= since;
}

function isProofPending(links: readonly Link[]): boolean {
  const begins = links.find(({ name }) => name === 'exchanged') ?? links.at(-1);
  return begins?.state !== 'done' && !links.some(({ state }) => state === 'failed');
}
