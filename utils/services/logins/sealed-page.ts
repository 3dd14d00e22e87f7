import { showCapturedPage } from '../../platform/toolbar/tabs.ts';

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
    // A tab that was closed meanwhile needs no page.
    if (expected.delete(tab)) void showCapturedPage(tab).catch(() => undefined);
  }, PATIENCE_MS);
}

/** Our page is there. */
export function sealedPageShown(tab: number | null): void {
  if (tab !== null) expected.delete(tab);
}
