import { check } from '../../domain/base/check.ts';
import { FromDashboard } from '../../domain/hold/messages.ts';
import { injectScript } from '../../platform/runtime/inject.ts';
import { type Link, type LinkEvents, onLink } from '../../platform/runtime/links.ts';
import { locked } from '../../platform/storage/lock.ts';
import { openPopupWindow } from '../../platform/toolbar/tabs.ts';
import { brokers } from '../../shared/brokers/index.ts';
import { SECOND } from '../../shared/time.ts';
import { pulse } from '../pulse/pulse.ts';
import { readPreferences } from '../store/clock-store.ts';
import { log } from '../store/log.ts';
import { onOverview } from '../store/overview.ts';
import { readAll, readCancelled, writeCancelled, writeLost } from '../store/store.ts';
import { checkAll } from '../verbs/check-soon.ts';
import { isOurs, letGo, type Page, pages, tellPages } from './dashboard-pages.ts';
import { logInOnce } from './login-once.ts';

const hinted = new Map<string, number>();

const HINT_MS = 10 * SECOND;

/** Takes the lines of the dashboards and keeps them told. Call it in the background's first turn. */
export function takeDashboards(): void {
  onLink('dashboard', openLink);
  onOverview(() => void tellPages());
}

function openLink(link: Link): LinkEvents {
  const greeted = greet(link);
  return {
    heard: (message) => void greeted.then((page) => page && hear(page, message)),
    closed: () => void greeted.then((page) => page && leave(page)),
  };
}

async function greet(link: Link): Promise<Page | null> {
  const stored = await readAll();
  const dashboard = stored.dashboards.find(({ origin }) => origin === link.origin);
  const account = stored.accounts.find(({ id }) => id === dashboard?.account);
  if (!dashboard || !account || !isOurs({ dashboard }, stored)) {
    link.say({ type: 'not-yours' });
    return null;
  }
  const { signals, rules, readLimitMs, actLimitMs, lookup } = dashboard;
  const { market: usual, own } = await readPreferences();
  const market = account.clock?.market ?? usual;
  const { name, paceMs } = brokers[account.broker];
  const settings = { signals, rules, readLimitMs, actLimitMs, lookup, calendar: { market, own }, paceMs };
  link.say({ type: 'settings', settings, account: account.name, broker: name });
  const { tab, frame } = link;
  return { link, tab, frame, dashboard, count: 0, since: 0, visible: false, shownAt: null };
}

async function hear(page: Page, message: unknown): Promise<void> {
  const said = check(FromDashboard, message);
  if (!said.ok) return;
  // It may have been switched off, or forgotten, since the page came; nothing of it is written again.
  if (!isOurs(page, await readAll())) return letGo(page);
  const { account } = page.dashboard;
  switch (said.value.type) {
    case 'waiting':
      return wait(page, said.value);
    case 'dialog':
      return injectScript(page.tab, page.frame, '/dialog.js').catch(() => undefined);
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
  const { count, since, visible } = said;
  Object.assign(page, { count, since, visible });
  // Only now: a page that has not said yet what waits there would be told to close its dialog.
  if (!pages.has(page)) page.shownAt = said.shownAt;
  pages.add(page);
  if (said.count > 0 && said.since <= (await readCancelled(account))) {
    page.link.say({ type: 'cancelled' });
    return;
  }
  await tellPages();
  // What the backend knows may be older than the failure: it is asked, but not for every failure of a page.
  if (said.count === 0 || Date.now() - (hinted.get(account) ?? 0) < HINT_MS) return;
  hinted.set(account, Date.now());
  await checkAll();
}

/** A page that goes takes what it held with it; how much that was is said in the settings. */
async function leave(page: Page): Promise<void> {
  pages.delete(page);
  const { account, id } = page.dashboard;
  if (page.count > 0) {
    await locked(async () => {
      const { dashboards, lost } = await readAll();
      // Its page may outlive it: of what was forgotten nothing is written again.
      if (!dashboards.some((one) => one.id === id)) return;
      log({ event: 'hold', account, held: 0, replayed: 0, givenUp: page.count });
      await writeLost(id, (lost.get(id) ?? 0) + page.count);
    });
    await pulse();
  }
  await tellPages();
}

async function cancel(account: string): Promise<void> {
  await writeCancelled(account, Date.now());
  for (const { link, dashboard } of pages) if (dashboard.account === account) link.say({ type: 'cancelled' });
}
