import { keyOf, say } from '../base/words.ts';
import type { Account } from './settings.ts';

export const MENU_ACTIONS = ['log-in', 'check', 'pause', 'resume'] as const;
export type MenuAction = (typeof MENU_ACTIONS)[number];

/** An entry in the context menu of the toolbar button; an entry with a parent stands in its submenu. */
export interface MenuItem {
  id: string;
  title: string;
  parent: string | null;
}

// 2026-11: chrome.contextMenus.ACTION_MENU_TOP_LEVEL_LIMIT.
// https://developer.mozilla.org/docs/Mozilla/Add-ons/WebExtensions/API/menus/ACTION_MENU_TOP_LEVEL_LIMIT
const TOP_LEVEL = 6;

/** Log in, check now and pause, for the only account at the top, for several each in a submenu of its own. */
export function menuFor(
  accounts: readonly Pick<Account, 'id' | 'name' | 'broker' | 'paused'>[],
  nameOf: (broker: Account['broker']) => string,
): MenuItem[] {
  const [only, another] = accounts;
  if (!only) return [];
  if (!another) return itemsFor(only, null);
  return accounts
    .slice(0, TOP_LEVEL)
    .flatMap((account) => [
      { id: account.id, title: `${nameOf(account.broker)} ${account.name}`.replaceAll('&', '&&'), parent: null },
      ...itemsFor(account, account.id),
    ]);
}

function itemsFor({ id, paused }: Pick<Account, 'id' | 'paused'>, parent: string | null): MenuItem[] {
  const actions: MenuAction[] = paused ? ['resume'] : ['log-in', 'check', 'pause'];
  return actions.map((action) => ({ id: `${action}:${id}`, title: say(`menu_${keyOf(action)}`), parent }));
}

/** What an entry asks for, or null for one that only holds others. */
export function readMenuId(id: string): { action: MenuAction; account: string } | null {
  const [name, account] = id.split(':');
  const action = MENU_ACTIONS.find((one) => one === name);
  return action && account ? { action, account } : null;
}
