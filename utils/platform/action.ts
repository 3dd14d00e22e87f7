import type { Badge } from '../domain/badge.ts';
import { browser } from './browser.ts';

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
