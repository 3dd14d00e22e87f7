import { browser } from '../browser.ts';

/** This extension's version, as its manifest has it. */
export function version(): string {
  return browser.runtime.getManifest().version;
}

/** An update is there and waits for us to stop; without this listener the browser would not ask. */
export function onUpdateAvailable(listener: () => void): void {
  browser.runtime.onUpdateAvailable.addListener(listener);
}

/** Ends this extension and starts its newest version. */
export function restart(): void {
  browser.runtime.reload();
}

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
