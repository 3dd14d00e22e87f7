import { browser } from '../browser.ts';
import { onPermissionsChanged } from '../runtime/permissions.ts';

const PERMISSION = { permissions: ['notifications' as const] };

/** Whether the person lets us show notifications at this moment. */
export function canNotify(): Promise<boolean> {
  return browser.permissions.contains(PERMISSION);
}

/** Asks for it; only from a click in our own page. */
export function askToNotify(): Promise<boolean> {
  return browser.permissions.request(PERMISSION);
}

export interface NotificationText {
  title: string;
  message: string;
  /** At most two; Firefox shows none. */
  buttons: readonly string[];
}

/** Shows a notification under a name; one of that name that is on the screen is replaced. */
export async function showNotification(name: string, { title, message, buttons }: NotificationText): Promise<void> {
  const basic = { type: 'basic' as const, iconUrl: browser.runtime.getURL('/icons/128.png'), title, message };
  const shown = import.meta.env.FIREFOX ? basic : { ...basic, buttons: buttons.map((one) => ({ title: one })) };
  await browser.notifications.create(name, shown);
}

/** The names of the notifications that are on the screen or in its list. */
export async function notificationsShown(): Promise<Set<string>> {
  return new Set(Object.keys(await browser.notifications.getAll()));
}

/** Takes one from the screen; without the permission there is none. */
export async function clearNotification(name: string): Promise<void> {
  const { notifications } = browser as Partial<typeof browser>;
  await notifications?.clear(name);
}

interface NotificationHandlers {
  click(name: string): void;
  button(name: string, index: number): void;
}

/** Hears what is pressed on notifications, from the permission on: without it the browser has no such thing. */
export function onNotifications({ click, button }: NotificationHandlers): void {
  const listen = () => {
    const { notifications } = browser as Partial<typeof browser>;
    if (!notifications || notifications.onClicked.hasListener(click)) return;
    notifications.onClicked.addListener(click);
    if (!import.meta.env.FIREFOX) notifications.onButtonClicked.addListener(button);
  };
  listen();
  onPermissionsChanged(listen);
}
