import type { FromDashboard, ToDashboard } from '../../domain/hold/hold-messages.ts';
import { runtime } from './page-runtime.ts';

const LINK = 'dashboard';

export interface PageLink {
  open(): void;
  say(message: FromDashboard): void;
  /** Lets the background sleep; the next word opens the link again. */
  close(): void;
}

const FIRST_AGAIN_MS = 200;
const LAST_AGAIN_MS = 5_000;

/**
 * A content script's line to the background. The background dies every half minute of silence: while `isNeeded`, the
 * line is opened again, and `opened` says all that the new one has to know.
 */
export function openPageLink(events: {
  hear(message: ToDashboard): void;
  opened(): void;
  isNeeded(): boolean;
  /** The extension was removed or replaced: nobody will ever answer here again. */
  orphaned(): void;
}): PageLink {
  let port: chrome.runtime.Port | null = null;
  let failures = 0;

  function open(): chrome.runtime.Port | null {
    if (port !== null) return port;
    try {
      port = runtime.connect({ name: LINK });
    } catch {
      events.orphaned();
      return null;
    }
    port.onMessage.addListener((message) => {
      failures = 0;
      events.hear(message as ToDashboard);
    });
    port.onDisconnect.addListener(() => {
      port = null;
      if (!events.isNeeded()) return;
      const wait = Math.min(FIRST_AGAIN_MS * 2 ** failures, LAST_AGAIN_MS);
      failures += 1;
      setTimeout(() => void open(), wait);
    });
    events.opened();
    return port;
  }

  return {
    open: () => void open(),
    say: (message) => open()?.postMessage(message),
    close() {
      port?.disconnect();
      port = null;
    },
  };
}
