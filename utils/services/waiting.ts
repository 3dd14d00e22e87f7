import { brokers } from '../domain/brokers/index.ts';
import { LOGIN_LIFETIME_MS } from '../domain/capture.ts';
import type { Dashboard } from '../domain/dashboard.ts';
import { holdView } from '../domain/hold-view.ts';
import { FromDashboard } from '../domain/messages.ts';
import type { AccountView } from '../domain/overview.ts';
import { check } from '../domain/schema.ts';
import { SECOND } from '../domain/time.ts';
import { injectScript } from '../platform/inject.ts';
import { askForLink, type Link, type LinkEvents, onLink } from '../platform/links.ts';
import { locked } from '../platform/lock.ts';
import { openPopupWindow, showTab } from '../platform/tabs.ts';
import { obey } from './commands.ts';
import { log } from './log.ts';
import { onOverview, readOverview } from './overview.ts';
import { pulse } from './pulse.ts';
import { readAll, readCancelled, writeCancelled, writeLost } from './store.ts';

/** A dashboard page, or a frame of one, and what it last said. */
interface Page {
  link: Link;
  dashboard: Dashboard;
  count: number;
  since: number;
  visible: boolean;
}

// Of this life of the background only: pages say everything again to the next one.
const pages = new Set<Page>();
const chosen = new Map<string, Page>();
const opening = new Map<string, Promise<void>>();
const hinted = new Map<string, number>();

const HINT_MS = 10 * SECOND;

/** Takes the lines of the dashboards and keeps them told. Call it in the background's first turn. */
export function takeDashboards(): void {
  onLink('dashboard', take);
  onOverview(() => void tellAll());
}

function take(link: Link): LinkEvents {
  const greeted = greet(link);
  return {
    heard: (message) => void greeted.then((page) => page && hear(page, message)),
    closed: () => void greeted.then((page) => page && leave(page)),
  };
}

async function greet(link: Link): Promise<Page | null> {
  const { accounts, dashboards } = await readAll();
  const dashboard = dashboards.find(({ origin }) => origin === link.origin);
  const account = accounts.find(({ id }) => id === dashboard?.account);
  if (!dashboard || !account || account.paused) {
    link.say({ type: 'not-yours' });
    return null;
  }
  const { signals, rules, readLimitMs, actLimitMs, lookup } = dashboard;
  const settings = { signals, rules, readLimitMs, actLimitMs, lookup };
  const { name } = brokers[account.broker];
  link.say({ type: 'settings', settings, account: account.name, broker: name });
  const page = { link, dashboard, count: 0, since: 0, visible: false };
  pages.add(page);
  return page;
}

async function hear(page: Page, message: unknown): Promise<void> {
  const said = check(FromDashboard, message);
  if (!said.ok) return;
  const { account } = page.dashboard;
  switch (said.value.type) {
    case 'waiting':
      return wait(page, said.value);
    case 'dialog':
      return injectScript(page.link.tab, page.link.frame, '/content-scripts/dialog.js').catch(() => undefined);
    case 'log-in':
      return logInOnce(account);
    case 'paste':
      return openPopupWindow();
    case 'cancel':
      return cancel(account);
    case 'counted': {
      const { held, replayed, givenUp } = said.value;
      return log({ event: 'hold', account, held, replayed, givenUp });
    }
  }
}

async function wait(page: Page, said: Extract<FromDashboard, { type: 'waiting' }>): Promise<void> {
  const { account } = page.dashboard;
  Object.assign(page, { count: said.count, since: said.since, visible: said.visible });
  if (said.count > 0 && said.since <= (await readCancelled(account))) {
    page.link.say({ type: 'cancelled' });
    return;
  }
  await tellAll();
  // What the backend knows may be older than the failure: it is asked, but not for every failure of a page.
  if (said.count === 0 || Date.now() - (hinted.get(account) ?? 0) < HINT_MS) return;
  hinted.set(account, Date.now());
  await obey({ type: 'refresh' });
}

/** A page that goes takes what it held with it; how much that was is said in the settings. */
async function leave(page: Page): Promise<void> {
  pages.delete(page);
  const { account, id } = page.dashboard;
  if (chosen.get(account) === page) chosen.delete(account);
  if (page.count > 0) {
    log({ event: 'hold', account, held: 0, replayed: 0, givenUp: page.count });
    await locked(async () => writeLost(id, ((await readAll()).lost.get(id) ?? 0) + page.count));
    await pulse();
  }
  await tellAll();
}

async function tellAll(): Promise<void> {
  if (pages.size === 0) return;
  const overview = await readOverview();
  for (const account of overview?.accounts ?? []) tell(account);
}

function tell(account: AccountView): void {
  const ours = [...pages].filter(({ dashboard }) => dashboard.account === account.settings.id);
  const waiting = ours.filter(({ count }) => count > 0);
  const first = choose(account.settings.id, ours, waiting);
  const place = { waiting: waiting.reduce((sum, { count }) => sum + count, 0), pages: waiting.length };
  const oldest = Math.min(...waiting.map(({ since }) => since));
  for (const page of ours) {
    // A top frame that only shows the dialog waits for its frames.
    const since = page.count > 0 ? page.since : oldest;
    const view = holdView(account, since, { ...place, isChosen: page === first });
    page.link.say({ type: 'view', view });
  }
}

/** The one page that shows the dialog: the one a person looks at, and of its frames the top one. */
function choose(account: string, ours: readonly Page[], waiting: readonly Page[]): Page | null {
  const tabs = new Set(waiting.map(({ link }) => link.tab));
  const able = ours.filter((page) => page.count > 0 || (page.link.frame === 0 && tabs.has(page.link.tab)));
  const known = chosen.get(account);
  const rank = (page: Page) => (page.visible ? 4 : 0) + (page.link.frame === 0 ? 2 : 0) + (page === known ? 1 : 0);
  const [first = null] = [...able].sort((a, b) => rank(b) - rank(a));
  if (first) chosen.set(account, first);
  else chosen.delete(account);
  if (first && first.link.frame !== 0) askForLink(first.link.tab);
  return first;
}

/** One login an account, however many pages ask: a login page that is open is shown again. */
function logInOnce(account: string): Promise<void> {
  const known = opening.get(account);
  if (known) return known;
  const login = logIn(account).finally(() => opening.delete(account));
  opening.set(account, login);
  return login;
}

async function logIn(account: string): Promise<void> {
  const view = (await readOverview())?.accounts.find(({ settings }) => settings.id === account);
  if (view?.advice?.mend === 'retry' && view.links !== null) return void (await obey({ type: 'retry', account }));
  const { logins } = await readAll();
  const done = view?.links?.[0]?.at ?? 0;
  const open = logins.find(
    (one) => one.account === account && one.at > done && Date.now() - one.at < LOGIN_LIFETIME_MS,
  );
  if (open && (await showTab(open.tab))) return;
  await obey({ type: 'log-in', account });
}

async function cancel(account: string): Promise<void> {
  await writeCancelled(account, Date.now());
  for (const { link, dashboard } of pages) if (dashboard.account === account) link.say({ type: 'cancelled' });
}
