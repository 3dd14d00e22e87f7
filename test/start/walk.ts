import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { backends } from '../../backend/src/brokers/list.ts';
import { LINKS, type LinkName } from '../../utils/domain/session/chain.ts';
import type { BrokerId } from '../../utils/shared/contract.ts';
import type { Practice } from '../support/backend/practice.ts';
import type { Browser, Tab } from '../support/browsers/browser.ts';
import type { Popup } from '../support/browsers/popup.ts';
import { HANGS_MS, until } from '../support/until.ts';

export interface SeenLink {
  name: string;
  state: string;
  at: number | null;
  note: string;
}

export interface Walk {
  /** The first link that is not done, or null when the session is live. */
  broken: LinkName | null;
  /** What the popup says is wrong, or where popup and backend disagree. */
  says: string;
  links: SeenLink[];
  retried: { label: string; state: string }[];
}

/** A page of a practice broker that does not go on by itself. */
const PAGE = 'main:not(:has(#auto))';

/** How long a link may stay undone; counted from the moment at which `from` holds for what is seen, so that a slow machine loses nothing. */
export interface Patience {
  ms: number;
  from?: (seen: Seen) => boolean;
}

/**
 * The whole way as a person goes it: the toolbar popup's *Log in*, the broker's own page, and back in the popup the
 * proof chain, held against what the backend has stored.
 */
export async function walk(account: BrokerId, browser: Browser, practice: Practice, patience: Patience): Promise<Walk> {
  const after = await logIn(account, browser, patience);
  const disagreement = after.broken === null ? disagrees(account, practice, after.links) : null;
  return disagreement === null ? after : { ...after, broken: 'verified', says: disagreement };
}

/** The same with any backend: what it stores is its own. */
export async function logIn(account: BrokerId, browser: Browser, patience: Patience): Promise<Walk> {
  const since = Date.now();
  const popup = await browser.popup();
  const tab = await browser.loginTab(() => popup.click(`[data-account="${account}"] [data-action="log-in"]`));
  await tab.waitForSelector(PAGE, { timeout: HANGS_MS });
  if (await hasButton(tab)) {
    const page = await tab.url();
    await tab.click('#login');
    // Until the broker has answered, nothing can be broken: a fault that is switched off now would never have been there.
    await until(
      async () => (await tab.url()) !== page || !(await hasButton(tab).catch(() => true)),
      (isLeft) => isLeft,
    );
  }
  const after = await watchPopup(account, browser, since, patience);
  await tab.close();
  const broken =
    linksOf(account).find((name) => after.links.find((link) => link.name === name)?.state !== 'done') ?? null;
  return { ...after, broken };
}

function hasButton(tab: Tab): Promise<boolean> {
  return tab.evaluate(() => document.querySelector('#login') !== null);
}

type Seen = Pick<Walk, 'links' | 'says' | 'retried'>;

/** Reads the popup until this login is live and nothing is being retried, or a link failed for good, or patience ends. */
async function watchPopup(
  account: BrokerId,
  browser: Browser,
  since: number,
  { ms, from = () => true }: Patience,
): Promise<Seen> {
  let deadline = Date.now() + HANGS_MS;
  let popup = await browser.popup();
  for (;;) {
    // The popup closes as soon as something else has the focus; a person opens it again.
    const read = await readPopup(popup, account).catch(() => null);
    if (read === null && Date.now() < deadline) {
      popup = await browser.popup();
      continue;
    }
    if (read === null) throw new Error('the popup does not stay open');
    const isOurs = (read.links[0]?.at ?? 0) >= since;
    const seen = isOurs ? read : { ...read, links: [] };
    const isOver = seen.links.some(({ state }) => state === 'failed') || (isOurs && isComplete(seen, account));
    if (isOver || Date.now() > deadline) return seen;
    if (from(seen)) deadline = Math.min(deadline, Date.now() + ms);
    await new Promise((wait) => setTimeout(wait, 50));
  }
}

/** A broker whose prices are not streamed here is proven to its session, no further. */
function linksOf(account: BrokerId): readonly LinkName[] {
  return backends[account].feed === null ? LINKS.filter((name) => name !== 'live') : LINKS;
}

function isComplete({ links, retried }: Seen, account: BrokerId): boolean {
  const isWaiting = retried.some(({ state }) => state === 'parked' || state === 'queued' || state === 'running');
  const isDone = (name: LinkName) => links.some((link) => link.name === name && link.state === 'done');
  return links.length === LINKS.length && linksOf(account).every(isDone) && !isWaiting;
}

function readPopup(popup: Popup, account: string): Promise<Seen> {
  return popup.read((document, name) => {
    const card = document.querySelector(`[data-account="${name}"]`);
    const all = (selector: string) => [...(card?.querySelectorAll<HTMLElement>(selector) ?? [])];
    return {
      links: all('[data-link]').map((item) => ({
        name: item.dataset.link ?? '',
        state: item.dataset.state ?? '',
        at: item.dataset.at === undefined ? null : Number(item.dataset.at),
        note: item.querySelector('em')?.textContent ?? '',
      })),
      says: all('.says, .note')
        .map(({ innerText }) => innerText)
        .join(' '),
      retried: all('[data-job]').map(({ dataset }) => ({ label: dataset.job ?? '', state: dataset.state ?? '' })),
    };
  }, account);
}

/** A green chain has to be the backend's own truth: its stored session is verified, and not before the login was captured. */
function disagrees(account: BrokerId, { backend }: Practice, links: readonly SeenLink[]): string | null {
  const database = new DatabaseSync(join(backend.dataDir, 'opening-bell.sqlite'), { readOnly: true });
  try {
    const session = database
      .prepare('SELECT state, exchanged_at, verified_at FROM sessions WHERE account = ?')
      .get(account);
    const capturedAt = links[0]?.at ?? 0;
    if (session?.state !== 'verified') return `The popup says live, the backend has ${session?.state ?? 'no session'}.`;
    return Number(session.exchanged_at) >= capturedAt
      ? null
      : 'The popup says live, the backend holds an older session.';
  } finally {
    database.close();
  }
}
