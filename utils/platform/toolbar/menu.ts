import type { MenuItem } from '../../domain/accounts/menu.ts';
import { browser } from '../browser.ts';

/** Makes the context menu of the toolbar button exactly these entries. */
export async function setMenu(items: readonly MenuItem[]): Promise<void> {
  await browser.contextMenus.removeAll();
  for (const { id, title, parent } of items)
    browser.contextMenus.create({ id, title, contexts: ['action'], ...(parent === null ? {} : { parentId: parent }) });
}

export function onMenu(listener: (id: string) => void): void {
  browser.contextMenus.onClicked.addListener(({ menuItemId }) => listener(String(menuItemId)));
}
