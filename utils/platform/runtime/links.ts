import type { ToDashboard } from '../../domain/hold/hold-messages.ts';
import { browser, type Runtime } from '../browser.ts';

/** The background's end of a dashboard page's line. `origin` is the browser's word, not the page's. */
export interface Link {
  tab: number;
  frame: number;
  origin: string;
  say(message: ToDashboard): void;
  close(): void;
}

export interface LinkEvents {
  heard(message: unknown): void;
  closed(): void;
}

/** Takes every line that a content script of ours opens; register it in the first turn. */
export function onLink(name: string, take: (link: Link) => LinkEvents): void {
  browser.runtime.onConnect.addListener((port) => {
    const sender = port.sender as (Runtime.MessageSender & { origin?: string }) | undefined;
    const tab = sender?.tab?.id;
    if (port.name !== name || sender?.id !== browser.runtime.id || tab === undefined) return;
    const events = take({
      tab,
      frame: sender.frameId ?? 0,
      origin: sender.origin ?? (sender.url && URL.canParse(sender.url) ? new URL(sender.url).origin : 'null'),
      say: (message) => post(port, message),
      close: () => port.disconnect(),
    });
    port.onMessage.addListener((message) => events.heard(message));
    port.onDisconnect.addListener(() => events.closed());
  });
}

/** Asks the dashboard script in a tab's top frame for its line; where there is none, nothing happens. */
export function askForLink(tab: number): void {
  void browser.tabs.sendMessage(tab, { type: 'dashboard-wake' }, { frameId: 0 }).catch(() => undefined);
}

// A page can go at any moment, also between a decision and its message.
function post(port: Runtime.Port, message: ToDashboard): void {
  try {
    port.postMessage(message);
  } catch {
    // Its `closed` follows.
  }
}
