import type { MenuItem } from '../../domain/accounts/menu.ts';
import { browser } from '../browser.ts';

/** 2026-11: Firefox for Android has none, https://developer.mozilla.org/docs/Mozilla/Add-ons/WebExtensions/API/contextMenus. */
function menus() {
  return (browser as Partial<typeof browser>).contextMenus;
}

/** Makes the context menu of the toolbar button exactly these entries, where the browser has one. */
export async function setMenu(items: readonly MenuItem[]): Promise<void> {
  await menus()?.removeAll();
  for (const { id, title, parent } of items)
    menus()?.create({ id, title, contexts: ['action'], ...(parent === null ? {} : { parentId: parent }) });
}

export function onMenu(listener: (id: string) => void): void {
  menus()?.onClicked.addListener(({ menuItemId }) => listener(String(menuItemId)));
}
