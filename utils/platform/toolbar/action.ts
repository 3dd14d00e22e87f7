import type { Badge } from '../../domain/view/badge.ts';
import { browser } from '../browser.ts';

/** Whether our button stands in the toolbar itself, not in its menu; null where the browser does not tell. */
export async function isPinned(): Promise<boolean | null> {
  // 2026-11: webextension-polyfill 0.12 does not know it; Chromium has it since 91.
  // https://developer.chrome.com/docs/extensions/reference/api/action#method-getUserSettings
  const settings = await globalThis.chrome?.action?.getUserSettings?.();
  return settings?.isOnToolbar ?? null;
}

/** Shows the icon, the badge and the tooltip on the toolbar button. */
export async function showBadge({ text, color, title, icon }: Badge): Promise<void> {
  await Promise.all([
    browser.action.setBadgeText({ text }),
    browser.action.setBadgeBackgroundColor({ color }),
    browser.action.setBadgeTextColor({ color: '#ffffff' }),
    browser.action.setTitle({ title }),
    browser.action.setIcon({ path: { 16: `/toolbar/${icon}-16.png`, 32: `/toolbar/${icon}-32.png` } }),
  ]);
}
