import { browser } from './browser.ts';

/** The browser started; without this listener Firefox would not start the background at all. */
export function onStartup(listener: () => void): void {
  browser.runtime.onStartup.addListener(listener);
}

/** The extension was installed for the first time, not updated. */
export function onInstalled(listener: () => void): void {
  browser.runtime.onInstalled.addListener(({ reason }) => {
    if (reason === 'install') listener();
  });
}
