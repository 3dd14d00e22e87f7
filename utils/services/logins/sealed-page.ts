import { isStranded, showCapturedPage } from '../../platform/toolbar/tabs.ts';
import { readAll } from '../store/store.ts';

// The page takes a fraction of this to load and report; then the browser could not show it.
const PATIENCE_MS = 700;

const expected = new Set<number>();

/**
 * Sees to it that our page stands in a sealed redirect's place. The browser puts it there by itself where the broker's
 * page, or we, began the login; after a typed address or another page's link to a silent login it shows an error instead
 * (2026-11, Chromium 156: a page that only the broker may be sent to is refused to every other initiator).
 */
export function expectSealedPage(tab: number): void {
  expected.add(tab);
  setTimeout(() => {
    if (expected.has(tab)) void showSealedPage(tab);
  }, PATIENCE_MS);
}

/** Puts our page where a sealed request ended. A tab that was closed meanwhile needs none. */
export function showSealedPage(tab: number): Promise<void> {
  expected.delete(tab);
  return showCapturedPage(tab).catch(() => undefined);
}

/** Tabs that a rule sealed, and whose background died before it could put our page there. */
export async function showStrandedPages(): Promise<void> {
  for (const { tab } of (await readAll()).logins) if (await isStranded(tab)) await showSealedPage(tab);
}

/** Our page is there. */
export function sealedPageShown(tab: number | null): void {
  if (tab !== null) expected.delete(tab);
}
