import type { Dashboard } from '../../domain/dashboards/dashboard.ts';
import { dialogPlace, type Place } from '../../domain/hold/hold-place.ts';
import { holdView } from '../../domain/hold/hold-view.ts';
import type { AccountView } from '../../domain/view/overview.ts';
import { askForLink, type Link } from '../../platform/runtime/links.ts';
import { readOverview } from '../store/overview.ts';
import { readAll, type Stored } from '../store/store.ts';

/** A dashboard page, or a frame of one, and what it last said. */
export interface Page extends Place {
  link: Link;
  dashboard: Dashboard;
  /** When the oldest of what waits was sent, epoch ms. */
  since: number;
}

/** The pages that have said what waits there. Of this life of the background only: they say it again to the next one. */
export const pages = new Set<Page>();

/** Tells every page where the login of its account stands, and whether its dialog belongs there. */
export async function tellPages(): Promise<void> {
  if (pages.size === 0) return;
  const stored = await readAll();
  for (const page of pages) if (!isOurs(page, stored)) letGo(page);
  const overview = await readOverview();
  for (const account of overview?.accounts ?? []) tellPagesOf(account);
}

/** Whether a page is still one of a dashboard that is on: a page that is open may outlive it. */
export function isOurs({ dashboard }: Pick<Page, 'dashboard'>, { accounts, dashboards }: Stored): boolean {
  const known = dashboards.find(({ id }) => id === dashboard.id);
  const account = accounts.find(({ id }) => id === known?.account);
  return known !== undefined && !known.unconfirmed && account !== undefined && !account.paused;
}

/** What it holds gets its own answers. */
export function letGo(page: Page): void {
  pages.delete(page);
  page.link.say({ type: 'not-yours' });
}

function tellPagesOf(account: AccountView): void {
  const ours = [...pages].filter(({ dashboard }) => dashboard.account === account.settings.id);
  const waiting = ours.filter(({ count }) => count > 0);
  const first = dialogPlace(ours);
  if (first && first.frame !== 0) askForLink(first.tab);
  const place = { waiting: waiting.reduce((sum, { count }) => sum + count, 0), pages: waiting.length };
  const oldest = Math.min(...waiting.map(({ since }) => since));
  for (const page of ours) {
    page.shownAt = page === first ? (page.shownAt ?? Date.now()) : null;
    // A top frame that only shows the dialog waits for its frames.
    const since = page.count > 0 ? page.since : oldest;
    const turn = Math.max(waiting.indexOf(page), 0);
    const view = holdView(account, since, { ...place, turn, isChosen: page === first });
    page.link.say({ type: 'view', view });
  }
}
